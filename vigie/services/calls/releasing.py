"""What the calls of a network add to its figures, as events tell it day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain import calls as words
from vigie.domain.releases import Change, ReleaseGroup
from vigie.store.journal.introductions import Call
from vigie.store.journal.records import JournalEvent

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader

GROUPS = tuple(ReleaseGroup(frozenset({kind})) for kind in words.KINDS)
"""Each kind is published for itself: no total stands beside them, so that none is found from the others."""


def changes(reader: Reader) -> Iterator[Change]:
    """Yield what each call of the organisation adds, at each day on which an event changed it.

    Its owner is its firm, or its author where it is nobody's firm.
    """
    held: dict[str, dict[str, Any]] = defaultdict(dict)
    for event in reader.rows(
        select(JournalEvent.at, JournalEvent.rows)
        .where(JournalEvent.kind.startswith("call."))
        .order_by(JournalEvent.seq)
    ):
        for row in event.rows:
            if row["table"] == Call.__tablename__:
                call = held[row["id"]]
                call |= row["set"]
                whose = frozenset({str(call.get("siren") or call.get("author_id") or row["id"])})
                yield Change(reader.day(event.at), row["id"], whose, _adds(call))


def _adds(call: dict[str, Any]) -> dict[str, int]:
    counted = call.get("visibility") == words.NETWORK and not call.get("deleted_at")
    return {call["kind"]: 1} if counted else {}
