"""Needs stated without an account, and who answers for which communes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("stated_need", "answerer")


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "stated_need",
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("commune", sa.String(length=5), nullable=False),
        sa.Column("readers", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("owner_id", sa.String(length=20), nullable=False),
        sa.Column("dossier_id", sa.String(length=20), nullable=False),
        sa.Column("reminder_id", sa.String(length=20), nullable=False),
        sa.Column("call_id", sa.String(length=20), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("proposed_at", MOMENT, nullable=True),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        *_ours("stated_need"),
    )
    op.create_table(
        "answerer",
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("communes", sa.String(length=4000), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        *_ours("answerer"),
    )
    for table, columns in (
        ("stated_need", ("organisation_id", "siren", "state", "dossier_id")),
        ("answerer", ("organisation_id", "person_id")),
    ):
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
    if on_postgres():
        for table in TABLES:
            raise_wall(table, "private")


def _ours(table: str) -> list[Any]:
    return [
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def downgrade() -> None:
    """Forget needs and who answers; the dossiers and reminders that they became stay."""
    for table in TABLES[::-1]:
        op.drop_table(table)
