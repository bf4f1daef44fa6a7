"""The time zone of each organisation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLE, COLUMN = "organisation", "zone"


def upgrade() -> None:
    """Give every organisation the zone of Paris: its administrator chooses another."""
    op.add_column(TABLE, sa.Column(COLUMN, sa.String(length=40), nullable=False, server_default="Europe/Paris"))


def downgrade() -> None:
    """Forget it."""
    op.drop_column(TABLE, COLUMN)
