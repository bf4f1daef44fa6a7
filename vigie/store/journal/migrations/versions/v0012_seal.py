"""What recognises the secret of the installation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLE = "seal"


def upgrade() -> None:
    """Make the table; the secret in use is recognised from the next start on."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seal"),
    )
    if on_postgres():
        raise_wall(TABLE, "open")


def downgrade() -> None:
    """Forget it."""
    op.drop_table(TABLE)
