"""What the key of a request stands for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLE, COLUMN = "event", "request_content"


def upgrade() -> None:
    """Keep a hash of the act and content beside the key; that of older requests is not known."""
    op.add_column(TABLE, sa.Column(COLUMN, sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    """Forget it."""
    op.drop_column(TABLE, COLUMN)
