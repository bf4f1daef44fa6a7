"""Letters: since when one cannot leave, and why it failed.

Those that failed before are dated of the day they were written: they can be sent again like the others.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLE = "letter"
LETTER = sa.table(
    TABLE,
    sa.column("state", sa.String),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("failing_since", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Add the two columns, and date the former failures."""
    op.add_column(TABLE, sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column(TABLE, sa.Column("fault", sa.String(length=20), nullable=False, server_default=""))
    op.execute(LETTER.update().where(LETTER.c.state == "failed").values(failing_since=LETTER.c.created_at))


def downgrade() -> None:
    """Remove them."""
    op.drop_column(TABLE, "fault")
    op.drop_column(TABLE, "failing_since")
