"""Who vouches for the heads of firms: provisional until a proof comes that is not the word of whoever let them in.

Heads that are there already become provisional, and what they say is not public until they are attested; who made each
objection is read in the events. On the way down, what was hidden or waited stays out of public pages, and events tell
it: an earlier version would show it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLE, MOMENT = "host_request", sa.DateTime(timezone=True)
ADDED = {
    "membership": ("attested_as", "attested_by", "attested_at"),
    "declaration": ("vouched_as", "vouched_by", "vouched_at"),
    "call": ("vouched_as", "vouched_by", "vouched_at"),
}
TOLD = {
    **ADDED, "declaration": (*ADDED["declaration"], "state"), "firm_domain": ("confirmed_at",),
    "objection": ("person_id",),
}  # fmt: skip
EVENT = sa.table(
    "event",
    *(sa.column(name, sa.String) for name in ("organisation_id", "person_id", "role", "via", "kind", "subject")),
    sa.column("request_key", sa.String),
    sa.column("at", MOMENT),
    sa.column("rows", sa.JSON),
)
_SAID = [sa.column(name, sa.String) for name in ("id", "organisation_id", "visibility", "vouched_as", "state")]
DECLARATION = sa.table("declaration", *_SAID, sa.column("declared_as", sa.String))
CALL = sa.table("call", *(sa.column(one.name, sa.String) for one in _SAID), sa.column("siren", sa.String))


def upgrade() -> None:
    """Add who vouches, who made an objection, what is asked of the host."""
    for table, columns in ADDED.items():
        for name in columns[:2]:
            op.add_column(table, sa.Column(name, sa.String(length=20), nullable=False, server_default=""))
        op.add_column(table, sa.Column(columns[2], MOMENT, nullable=True))
    op.add_column("declaration", sa.Column("state", sa.String(length=20), nullable=False, server_default="published"))
    op.add_column("firm_domain", sa.Column("confirmed_at", MOMENT, nullable=True))
    op.add_column("objection", sa.Column("person_id", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("objection", sa.Column("maker_key", sa.Text(), nullable=True))
    op.execute(
        "UPDATE objection SET person_id = COALESCE((SELECT MIN(event.person_id) FROM event WHERE event.subject ="
        " objection.id AND event.kind = 'objection.made'), '') WHERE proof = 'head'"
    )
    _make_requests()
    _tell_again()


def downgrade() -> None:
    """Take it away; nothing becomes public by it."""
    now = datetime.now(UTC)
    said = DECLARATION.c
    waiting = sa.and_(said.declared_as == "dirigeant", said.visibility == "public", said.vouched_as == "")
    _narrow(DECLARATION, said.state == "moderated", "officer", now)
    _narrow(DECLARATION, waiting, "network", now)
    _narrow(CALL, sa.and_(CALL.c.siren != "", CALL.c.visibility == "public", CALL.c.vouched_as == ""), "network", now)
    op.drop_table(TABLE)
    for table, name in (
        *((table, name) for table, columns in ADDED.items() for name in columns),
        ("declaration", "state"),
        ("firm_domain", "confirmed_at"),
        ("objection", "person_id"),
        ("objection", "maker_key"),
    ):
        op.drop_column(table, name)


def _narrow(table: sa.TableClause, which: sa.ColumnElement[bool], visibility: str, now: datetime) -> None:
    for row in op.get_bind().execute(sa.select(table.c.id, table.c.organisation_id).where(which)).all():
        op.execute(table.update().where(table.c.id == row.id).values(visibility=visibility))
        changed = {"table": table.name, "id": row.id, "set": {"visibility": visibility}, "personal": []}
        told = {
            "organisation_id": row.organisation_id, "person_id": "", "role": "super_admin", "via": "command",
            "kind": "moderation.decided", "subject": row.id, "request_key": "", "at": now, "rows": [changed],
        }  # fmt: skip
        op.get_bind().execute(EVENT.insert(), told)


def _tell_again() -> None:
    """Write again what events tell of these columns, when the journal comes back from an earlier version."""
    told: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for (changes,) in op.get_bind().execute(sa.select(EVENT.c.rows).order_by(sa.column("seq"))):
        for change in changes:
            kept = {name: value for name, value in change["set"].items() if name in TOLD.get(change["table"], ())}
            if kept or change["table"] == TABLE:
                told[change["table"], change["id"]] |= change["set"] if change["table"] == TABLE else kept
    for (name, identifier), values in told.items():
        table = sa.table(name, sa.column("id", sa.String), *(_column(one) for one in values))
        read = {one: _read(one, value) for one, value in values.items()}
        if name == TABLE:
            op.get_bind().execute(table.insert(), {"id": identifier} | read)
        else:
            op.execute(table.update().where(table.c.id == identifier).values(**read))


def _column(name: str) -> sa.ColumnClause[Any]:
    return sa.column(name, MOMENT if name.endswith("_at") else sa.String)


def _read(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if value and name.endswith("_at") else value


def _make_requests() -> None:
    op.create_table(
        TABLE,
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("asked_from", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("proof", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.String(length=20), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    for column in ("organisation_id", "person_id", "subject_id"):
        op.create_index(op.f(f"ix_{TABLE}_{column}"), TABLE, [column], unique=False)
    if on_postgres():
        raise_wall(TABLE, "private")
