"""Consultations, statements, ballots without person, time or order, and what was published of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "consultation": ("shared", ("organisation_id", "state")),
    "statement": ("shared", ("organisation_id", "consultation_id", "state")),
    "ballot_key": ("private", ("organisation_id",)),
    "ballot": ("private", ("organisation_id", "consultation_id")),
    "ballot_origin": ("private", ("organisation_id", "consultation_id")),
    "hall_code": ("private", ("organisation_id", "consultation_id")),
    "published_count": ("shared", ("organisation_id", "consultation_id")),
}
"""The wall of each table, and its indexes."""


def upgrade() -> None:
    """Make the tables."""
    _make_what_is_asked()
    _make_what_is_said()
    for table, (wall, columns) in TABLES.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
        if on_postgres():
            raise_wall(table, wall)


def _make_what_is_asked() -> None:
    """Make the questions, their statements and what is published of them."""
    op.create_table(
        "consultation",
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("territory", sa.String(length=40), nullable=False),
        sa.Column("college", sa.String(length=20), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("becomes", sa.Text(), nullable=False),
        sa.Column("becomes_on", sa.Date(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("shares_with", sa.String(length=20), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        *_ours("consultation", dated=True),
    )
    op.create_table(
        "statement",
        sa.Column("consultation_id", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("seed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("author_id", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=True),
        sa.Column("refused_at", MOMENT, nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        *_ours("statement", dated=True),
    )
    op.create_table(
        "published_count",
        sa.Column("consultation_id", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("closing", sa.Boolean(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        *_ours("published_count"),
    )


def _make_what_is_said() -> None:
    """Make ballots and places, without hidden row number in SQLite, their key and the codes of halls."""
    op.create_table(
        "ballot_key",
        sa.Column("consultation_id", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        *_ours("ballot_key"),
        sa.UniqueConstraint("consultation_id", name="uq_ballot_key_consultation_id"),
    )
    op.create_table(
        "ballot",
        sa.Column("consultation_id", sa.String(length=20), nullable=False),
        sa.Column("voter", sa.String(length=64), nullable=False),
        sa.Column("votes", sa.JSON(), nullable=False),
        sa.Column("counted", sa.JSON(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        *_ours("ballot"),
        sa.UniqueConstraint("consultation_id", "voter", name="uq_ballot_consultation_id_voter"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot_origin",
        sa.Column("consultation_id", sa.String(length=20), nullable=False),
        sa.Column("bucket", sa.String(length=64), nullable=False),
        sa.Column("newcomers", sa.Integer(), nullable=False),
        *_ours("ballot_origin"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hall_code",
        sa.Column("consultation_id", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        *_ours("hall_code"),
    )


def _ours(table: str, *, dated: bool = False) -> list[Any]:
    days = [sa.Column("created_at", MOMENT, nullable=False), sa.Column("deleted_at", MOMENT, nullable=True)]
    seen = [sa.Column("visibility", sa.String(length=20), nullable=False)] if TABLES[table][0] == "shared" else []
    return [
        sa.Column("id", sa.String(length=20), nullable=False),
        *(days if dated else []),
        *seen,
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def downgrade() -> None:
    """Forget consultations, with everything that was said in them."""
    for table in reversed(TABLES):
        op.drop_table(table)
