"""What introductions add to the figures of their organisation, as events tell it day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.introductions import OUTCOMES, STATE_FAMILIES, IntroductionState
from vigie.domain.releases import Change, ReleaseGroup
from vigie.services.introductions.steps import PREFIX
from vigie.store.journal.introductions import Introduction, Side
from vigie.store.journal.records import JournalEvent

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader

WITHOUT = "without"
DECLARED = ("amount", "jobs")
CONCLUDED = "family concluded"
_ENDS = tuple(f"outcome {outcome}" for outcome in (*OUTCOMES, WITHOUT))
GROUPS = (
    *(ReleaseGroup(frozenset({f"family {family}"})) for family in STATE_FAMILIES),
    ReleaseGroup(frozenset(_ENDS), whole=CONCLUDED),
    ReleaseGroup(frozenset(DECLARED)),
)
"""What is published together: what is declared, and each count for itself; outcomes are told all at once, with how many
were concluded, so that none of them is found as what the others leave."""


def changes(reader: Reader) -> Iterator[Change]:
    """Yield what each introduction of the organisation adds, at each day on which an event changed it."""
    owners: dict[str, set[str]] = defaultdict(set)
    for side in reader.rows(select(Side.introduction_id, Side.siren, Side.id)):
        owners[side.introduction_id].add(side.siren or side.id)
    held: dict[str, dict[str, Any]] = defaultdict(dict)
    told = (
        select(JournalEvent.at, JournalEvent.rows)
        .where(JournalEvent.kind.startswith(PREFIX))
        .order_by(JournalEvent.seq)
    )
    for event in reader.rows(told):
        for row in event.rows:
            if row["table"] == Introduction.__tablename__:
                held[row["id"]] |= row["set"]
                whose = frozenset(owners.get(row["id"], ()))
                yield Change(reader.day(event.at), row["id"], whose, adds(held[row["id"]]))


def adds(values: Mapping[str, Any]) -> dict[str, int]:
    """Return what an introduction adds to each figure; nothing once it is withdrawn."""
    if values.get("deleted_at") or not values.get("state"):
        return {}
    family = next(name for name, states in STATE_FAMILIES.items() if values["state"] in states)
    found = {f"state {values['state']}": 1, f"family {family}": 1}
    if values["state"] == IntroductionState.CONCLUDED.value:
        found[f"outcome {values.get('outcome') or WITHOUT}"] = 1
    return found | {name: values[name] for name in DECLARED if values.get(name) is not None}
