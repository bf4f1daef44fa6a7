"""Introductions that heads of firms ask for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLE = "introduction_request"


def upgrade() -> None:
    """Make the table and its wall."""
    op.create_table(
        TABLE,
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("sought_siren", sa.String(length=9), nullable=False),
        sa.Column("call_id", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("introduction_id", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.String(length=20), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    for column in ("organisation_id", "person_id", "siren"):
        op.create_index(op.f(f"ix_{TABLE}_{column}"), TABLE, [column], unique=False)
    if on_postgres():
        raise_wall(TABLE, "private")


def downgrade() -> None:
    """Remove it."""
    op.drop_table(TABLE)
