"""Models learned from the introductions of an organisation, and the weights that it chose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MODEL, CHOICE = "learned_model", "weights_choice"


def upgrade() -> None:
    """Make both tables."""
    for table, own in (
        (MODEL, sa.Column("report", sa.JSON(), nullable=False)),
        (CHOICE, sa.Column("model_id", sa.String(length=20), nullable=False)),
    ):
        op.create_table(
            table,
            own,
            sa.Column("id", sa.String(length=20), nullable=False),
            sa.Column("created_at", MOMENT, nullable=False),
            sa.Column("deleted_at", MOMENT, nullable=True),
            sa.Column("organisation_id", sa.String(length=20), nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        )
        op.create_index(f"ix_{table}_organisation_id", table, ["organisation_id"], unique=False)
        if on_postgres():
            raise_wall(table, "private")


def downgrade() -> None:
    """Forget what was learned: every organisation's proposals use the stated weights again."""
    op.drop_table(CHOICE)
    op.drop_table(MODEL)
