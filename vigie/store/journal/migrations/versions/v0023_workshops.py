"""Foresight workshops, and the factors, actors, objectives and questions that they speak of."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES: dict[str, tuple[str, ...]] = {
    "workshop": ("organisation_id", "state"),
    "workshop_item": ("organisation_id", "workshop_id"),
}
"""The indexes of each table."""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "workshop",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("territory", sa.String(length=40), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("vision_id", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("told", sa.JSON(), nullable=False),
        *_ours("workshop"),
    )
    op.create_table(
        "workshop_item",
        sa.Column("workshop_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("indicator", sa.String(length=80), nullable=False),
        sa.Column("within", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("from_room", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("refused_at", MOMENT, nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        *_ours("workshop_item"),
    )
    for table, columns in TABLES.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
        if on_postgres():
            raise_wall(table, "shared")


def _ours(table: str) -> list[Any]:
    return [
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def downgrade() -> None:
    """Forget workshops, with everything that was said in them."""
    for table in reversed(TABLES):
        op.drop_table(table)
