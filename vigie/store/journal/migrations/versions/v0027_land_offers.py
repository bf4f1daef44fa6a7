"""Units of the inventory of land that their organisation shows to everybody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "land_offer",
        sa.Column("unit_id", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("commune", sa.String(length=5), nullable=False),
        sa.Column("area", sa.Integer(), nullable=True),
        sa.Column("occupation", sa.String(length=20), nullable=False),
        sa.Column("tenure", sa.String(length=20), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_land_offer"),
    )
    for column in ("organisation_id", "unit_id"):
        op.create_index(f"ix_land_offer_{column}", "land_offer", [column], unique=False)
    if on_postgres():
        raise_wall("land_offer", "shared")


def downgrade() -> None:
    """Forget what was shown; the units stay."""
    op.drop_table("land_offer")
