"""The inventory of land that an organisation keeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "land_unit",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("zone", sa.String(length=200), nullable=False),
        sa.Column("commune", sa.String(length=5), nullable=False),
        sa.Column("area", sa.Integer(), nullable=True),
        sa.Column("occupation", sa.String(length=20), nullable=False),
        sa.Column("tenure", sa.String(length=20), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("owner_email", sa.Text(), nullable=True),
        sa.Column("occupants", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_land_unit"),
    )
    op.create_index("ix_land_unit_organisation_id", "land_unit", ["organisation_id"], unique=False)
    if on_postgres():
        raise_wall("land_unit", "private")


def downgrade() -> None:
    """Forget the inventory."""
    op.drop_table("land_unit")
