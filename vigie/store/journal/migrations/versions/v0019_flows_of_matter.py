"""Flows of matter that firms declare: columns of what they say, erased with its words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLE, COLUMNS = "declaration", ("way", "matter", "band", "season")


def upgrade() -> None:
    """Add the columns; nothing said before is a flow."""
    for name in COLUMNS:
        op.add_column(TABLE, sa.Column(name, sa.Text(), nullable=True))


def downgrade() -> None:
    """Forget them; the sentence that tells each flow stays as words."""
    for name in COLUMNS[::-1]:
        op.drop_column(TABLE, name)
