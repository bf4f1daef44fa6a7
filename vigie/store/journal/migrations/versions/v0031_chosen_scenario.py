"""The scenario of a workshop that a vision chose, and what is seen of its indicators."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; visions written before chose none, but in words."""
    op.add_column("vision", sa.Column("workshop_id", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("vision", sa.Column("hypotheses", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("vision", sa.Column("signs", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    """Forget which scenarios were chosen; their words stay."""
    for column in ("signs", "hypotheses", "workshop_id"):
        op.drop_column("vision", column)
