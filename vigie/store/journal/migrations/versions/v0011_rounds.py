"""What the server does at its hours, and when it last did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLE, MOMENT = "round", sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table of rounds."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("fault", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_round"),
    )
    if on_postgres():
        raise_wall(TABLE, "open")


def downgrade() -> None:
    """Forget it: the host's own schedule does the same by commands."""
    op.drop_table(TABLE)
