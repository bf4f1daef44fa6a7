"""A head may speak for several firms of an organisation, one session at a time for each.

On the way down, each keeps the oldest of their roles; the others end, and events tell it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEX, TABLE = "uq_membership_live", "membership"
LIVE = sa.text("deleted_at IS NULL")
MOMENT = sa.DateTime(timezone=True)
MEMBERSHIP = sa.table(
    TABLE,
    sa.column("id", sa.String),
    sa.column("organisation_id", sa.String),
    sa.column("person_id", sa.String),
    sa.column("created_at", MOMENT),
    sa.column("deleted_at", MOMENT),
)
EVENT = sa.table(
    "event",
    *(sa.column(name, sa.String) for name in ("organisation_id", "person_id", "role", "via", "kind", "subject")),
    sa.column("request_key", sa.String),
    sa.column("at", MOMENT),
    sa.column("rows", sa.JSON),
)


def upgrade() -> None:
    """Let live roles of a person differ by firm; keep which one a session opened."""
    _index(["organisation_id", "person_id", "siren"])
    op.add_column("sign_in", sa.Column("membership_id", sa.String(length=20), nullable=False, server_default=""))


def downgrade() -> None:
    """One live role for a person again."""
    now = datetime.now(UTC)
    for role in _others():
        op.execute(MEMBERSHIP.update().where(MEMBERSHIP.c.id == role.id).values(deleted_at=now))
        op.get_bind().execute(EVENT.insert(), _ended(role, now))
    _index(["organisation_id", "person_id"])
    op.drop_column("sign_in", "membership_id")


def _others() -> list[Any]:
    """Return the live roles beside the oldest one of each person in each organisation."""
    live = sa.select(MEMBERSHIP).where(MEMBERSHIP.c.deleted_at.is_(None))
    oldest: set[tuple[str, str]] = set()
    others = []
    for role in op.get_bind().execute(live.order_by(MEMBERSHIP.c.created_at, MEMBERSHIP.c.id)):
        known = (role.organisation_id, role.person_id)
        if known in oldest:
            others.append(role)
        oldest.add(known)
    return others


def _ended(role: Any, now: datetime) -> dict[str, Any]:
    changed = {"table": TABLE, "id": role.id, "set": {"deleted_at": now.isoformat()}, "personal": []}
    return {
        "organisation_id": role.organisation_id, "person_id": "", "role": "super_admin", "via": "command",
        "kind": "member.removed", "subject": role.id, "request_key": "", "at": now, "rows": [changed],
    }  # fmt: skip


def _index(columns: list[str]) -> None:
    op.drop_index(INDEX, TABLE)
    op.create_index(INDEX, TABLE, columns, unique=True, sqlite_where=LIVE, postgresql_where=LIVE)
