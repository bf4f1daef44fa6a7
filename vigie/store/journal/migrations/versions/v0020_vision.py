"""A vision with its priorities, actions, uses, targets and yearly words."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _word(name: str, length: int = 20) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


Tables = dict[str, tuple[tuple[str, ...], list[sa.Column[Any]]]]


def _tables() -> Tables:
    """Return the indexes and the own columns of each table."""
    return _what_is_wanted() | _what_is_followed()


def _what_is_wanted() -> Tables:
    return {
        "vision": (
            ("state",),
            [
                _word("title", 200),
                _text("text"),
                _text("values"),
                _text("scenario"),
                _word("territory", 40),
                _word("state"),
                _word("replaces"),
                sa.Column("published_at", MOMENT, nullable=True),
                sa.Column("replaced_at", MOMENT, nullable=True),
            ],
        ),
        "priority": (("vision_id",), [_word("vision_id"), _word("title", 200), _text("text")]),
        "vision_action": (
            ("vision_id", "priority_id"),
            [
                _word("vision_id"),
                _word("priority_id"),
                _word("title", 200),
                _word("carrier", 200),
                _word("partners", 400),
                _word("means", 400),
                sa.Column("due_on", sa.Date(), nullable=True),
                _word("state"),
                _text("note"),
                sa.Column("said_on", sa.Date(), nullable=False),
            ],
        ),
        "action_use": (
            ("vision_id", "action_id"),
            [_word("vision_id"), _word("action_id"), _word("kind"), _word("label", 200), _word("address", 200)],
        ),
    }


def _what_is_followed() -> Tables:
    return {
        "vision_target": (
            ("vision_id", "priority_id"),
            [
                _word("vision_id"),
                _word("priority_id"),
                _word("indicator", 60),
                _word("territory", 40),
                sa.Column("baseline", sa.Float(), nullable=False),
                sa.Column("baseline_on", sa.Date(), nullable=False),
                sa.Column("target", sa.Float(), nullable=False),
                sa.Column("due_on", sa.Date(), nullable=False),
                _word("label", 300),
                _word("unit", 100),
                sa.Column("seen", sa.Float(), nullable=True),
                sa.Column("seen_at", MOMENT, nullable=True),
            ],
        ),
        "vision_year": (
            ("vision_id",),
            [
                _word("vision_id"),
                sa.Column("year", sa.Integer(), nullable=False),
                sa.Column("kept_at", MOMENT, nullable=False),
                sa.Column("told", sa.JSON(), nullable=False),
            ],
        ),
    }


def upgrade() -> None:
    """Make the tables."""
    for table, (indexes, columns) in _tables().items():
        op.create_table(table, *columns, *_ours(table, dated=table != "vision_year"))
        for column in ("organisation_id", *indexes):
            op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
        if on_postgres():
            raise_wall(table, "shared")


def _ours(table: str, *, dated: bool) -> list[Any]:
    days = [sa.Column("created_at", MOMENT, nullable=False), sa.Column("deleted_at", MOMENT, nullable=True)]
    return [
        _word("id"),
        *(days if dated else []),
        _word("visibility"),
        _word("organisation_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def downgrade() -> None:
    """Forget visions, with what was done for them."""
    for table in reversed(_tables()):
        op.drop_table(table)
