"""How far the accesses kept beside the journal were moved into the audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLE = "access_spool"


def upgrade() -> None:
    """Make the table; PostgreSQL, where accesses wait for nobody, leaves it empty."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("mark", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_spool"),
    )
    if on_postgres():
        raise_wall(TABLE, "open")


def downgrade() -> None:
    """Forget the marks: what waits beside the journal is read by no earlier version, so serve once before."""
    op.drop_table(TABLE)
