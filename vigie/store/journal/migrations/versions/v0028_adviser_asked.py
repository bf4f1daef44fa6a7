"""The adviser whom somebody chose to say a need to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; needs that were said before were said to nobody in particular."""
    op.add_column("stated_need", sa.Column("adviser_id", sa.String(length=20), nullable=False, server_default=""))


def downgrade() -> None:
    """Forget whom needs were said to."""
    op.drop_column("stated_need", "adviser_id")
