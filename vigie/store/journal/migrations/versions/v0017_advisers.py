"""Services that advise firms, and who is met there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "adviser",
        sa.Column("service", sa.String(length=200), nullable=False),
        sa.Column("antenna", sa.String(length=200), nullable=False),
        sa.Column("subjects", sa.String(length=400), nullable=False),
        sa.Column("communes", sa.String(length=4000), nullable=False),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("least_years", sa.Integer(), nullable=True),
        sa.Column("most_years", sa.Integer(), nullable=True),
        sa.Column("least_staff", sa.Integer(), nullable=True),
        sa.Column("most_staff", sa.Integer(), nullable=True),
        sa.Column("naf", sa.String(length=400), nullable=False),
        sa.Column("naf_refused", sa.String(length=400), nullable=False),
        sa.Column("forms", sa.String(length=400), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_adviser"),
    )
    op.create_index("ix_adviser_organisation_id", "adviser", ["organisation_id"], unique=False)
    if on_postgres():
        raise_wall("adviser", "private")


def downgrade() -> None:
    """Forget who advises; what was asked of them stays in dossiers."""
    op.drop_table("adviser")
