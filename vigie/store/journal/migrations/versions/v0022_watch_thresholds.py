"""What each officer watches of their territories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLE = "watch_threshold"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        TABLE,
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("naf", sa.String(length=10), nullable=False),
        sa.Column("commune", sa.String(length=5), nullable=False),
        sa.Column("kilometres", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
    )
    for column in ("organisation_id", "person_id"):
        op.create_index(f"ix_{TABLE}_{column}", TABLE, [column], unique=False)
    if on_postgres():
        raise_wall(TABLE, "private")


def downgrade() -> None:
    """Forget what was watched: everybody's thresholds are those of the start again."""
    op.drop_table(TABLE)
