"""Closed answers on the situation of a firm: columns of what it says, erased with its words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLE, COLUMNS = "declaration", ("topic", "answer")


def upgrade() -> None:
    """Add the columns; nothing said before is a closed answer."""
    for name in COLUMNS:
        op.add_column(TABLE, sa.Column(name, sa.Text(), nullable=True))


def downgrade() -> None:
    """Forget them; the sentence that tells each answer stays as words."""
    for name in COLUMNS[::-1]:
        op.drop_column(TABLE, name)
