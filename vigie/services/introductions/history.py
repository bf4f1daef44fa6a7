"""What the journal's events tell of an introduction, read again as steps of its state machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.introductions import IntroductionStep, Step
from vigie.store.journal.introductions import Introduction, Side
from vigie.store.journal.records import JournalEvent

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader

PREFIX = "introduction."
_NAMES = {f"{PREFIX}{step.value}": step for step in Step}
_SAID_BY_A_SIDE = {
    Step.ACCEPTED: "consent",
    Step.REFUSED: "consent",
    Step.WITHDRAWN: "consent",
    Step.RATED: "satisfaction",
}
_SAID_OF_BOTH = {Step.PROPOSED: "state", Step.MET: "met_on", Step.CONCLUDED: "closed_at", Step.ABANDONED: "closed_at"}


@dataclass(frozen=True, slots=True)
class StepRead:
    """A step with when it was taken, by whom, in what role and how they came."""

    happening: IntroductionStep
    at: datetime
    person_id: str
    role: str
    via: str


def of(reader: Reader, identifier: str) -> tuple[StepRead, ...]:
    """Return the steps of an introduction, the first one first."""
    events = reader.all(
        select(JournalEvent)
        .where(JournalEvent.subject == identifier, JournalEvent.kind.in_(_NAMES))
        .order_by(JournalEvent.seq)
    )
    positions = dict(
        reader.rows(select(Side.id, Side.position).where(Side.introduction_id == identifier).order_by(Side.position))
    )
    return tuple(_told(events, positions))


def _told(events: Iterable[JournalEvent], positions: dict[str, str]) -> Iterator[StepRead]:
    for event in events:
        happening = _happening(_NAMES[event.kind], event.rows, positions)
        if happening is not None:
            yield StepRead(happening, event.at, event.person_id, event.role, event.via)


def _happening(step: Step, rows: list[dict[str, Any]], positions: dict[str, str]) -> IntroductionStep | None:
    """Return the step that an event carries; one act may leave in several events, of which one carries it."""
    for row in rows:
        values = row["set"]
        if row["table"] == Side.__tablename__ and _SAID_BY_A_SIDE.get(step, "") in values:
            return IntroductionStep(step, position=positions[row["id"]], satisfaction=values.get("satisfaction"))
        if row["table"] == Introduction.__tablename__ and _SAID_OF_BOTH.get(step, "") in values:
            return IntroductionStep(
                step,
                on=date.fromisoformat(values["met_on"]) if values.get("met_on") else None,
                outcome=values.get("outcome", ""),
                why_not=values.get("why_not", ""),
                amount=values.get("amount"),
                jobs=values.get("jobs"),
            )
    return None
