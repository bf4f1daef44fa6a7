"""Steps of introductions, and their history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain import introductions as machine
from vigie.domain.introductions import POSITIONS, Consent, IntroductionState, IntroductionStep, Progress, Step
from vigie.errors import Conflict
from vigie.services.introductions import letters
from vigie.services.introductions.links import CONSENT, LIFETIME, SATISFACTION, WITHDRAWAL, Links
from vigie.services.introductions.parties import objected_at
from vigie.store.journal.introductions import Introduction, Side, Tie
from vigie.store.journal.people import Organisation
from vigie.store.journal.records import JournalEvent

if TYPE_CHECKING:
    from vigie.services.introductions.letters import LetterText
    from vigie.services.keys import Keys
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Reader, Unit

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


@dataclass(frozen=True, slots=True)
class CarriedIntroduction:
    """An introduction, its sides by position, and the organisation that carries it."""

    introduction: Introduction
    sides: dict[str, Side]
    organisation: Organisation

    def other(self, position: str) -> Side:
        """Return the side facing a position."""
        return self.sides[POSITIONS[1 - POSITIONS.index(position)]]


def read(reader: Reader, identifier: str) -> CarriedIntroduction:
    """Return an introduction with its sides; raises `NotFound` when it is not there or behind the wall."""
    introduction = reader.get(Introduction, identifier)
    sides = reader.all(select(Side).where(Side.introduction_id == identifier))
    organisation = reader.get(Organisation, introduction.organisation_id)
    return CarriedIntroduction(introduction, {side.position: side for side in sides}, organisation)


def hold(unit: Unit, identifier: str) -> CarriedIntroduction:
    """Return an introduction to be changed: whoever holds it second waits, and sees what the first did."""
    unit.one(select(Introduction.id).where(Introduction.id == identifier).with_for_update())
    return read(unit, identifier)


def progress(held: CarriedIntroduction) -> Progress:
    """Return where an introduction stands, from its rows."""
    row = held.introduction
    return Progress(
        state=IntroductionState(row.state),
        consents={position: Consent(held.sides[position].consent) for position in POSITIONS},
        met_on=row.met_on,
        outcome=row.outcome,
        why_not=row.why_not,
        amount=row.amount,
        jobs=row.jobs,
        satisfaction={
            position: side.satisfaction for position, side in held.sides.items() if side.satisfaction is not None
        },
    )


class Steps:
    """Takes a step, whoever asks for it; rights are looked at before."""

    def __init__(self, keys: Keys, mail: Mail, links: Links) -> None:
        self._keys, self._mail, self.links = keys, mail, links

    def take(self, unit: Unit, held: CarriedIntroduction, happening: IntroductionStep, comment: str = "") -> Progress:
        """Write a step and what comes of it; raises `Conflict` when it is not legal."""
        row = held.introduction
        unit.act(f"introduction.{happening.step.value}", row.id)
        reached = machine.after(progress(held), happening)
        if reached.state is IntroductionState.INTRODUCED and happening.step is Step.ACCEPTED:
            self._forbid_objectors(unit, held, happening.position)
        before = row.state
        _write(unit, held, happening, reached)
        if comment:
            held.sides[happening.position].comment = comment
        if happening.step is Step.CONCLUDED and reached.outcome:
            _tie(unit, held)
        unit.flush()
        self._tell(unit, held, happening, IntroductionState(before))
        return reached

    def ask(self, unit: Unit, held: CarriedIntroduction, position: str, *, again: bool = False) -> None:
        """Write to a side for its answer; former links end."""
        side = held.sides[position]
        self.links.retire(unit, CONSENT, side.id)
        link = self.links.make(unit, CONSENT, side=side.id)
        compose = letters.reminder if again else letters.proposal
        self.write(unit, held, side, compose(held.organisation, held.introduction, held.other(position), link))

    def write(self, unit: Unit, held: CarriedIntroduction, side: Side, written: LetterText) -> None:
        """Post a letter to a side; a side whose address was erased receives none."""
        if side.contact_email:
            self._mail.post(
                unit,
                recipient=side.contact_email,
                subject=written.subject,
                body=written.body,
                about=held.introduction.id,
            )

    def _tell(
        self, unit: Unit, held: CarriedIntroduction, happening: IntroductionStep, before: IntroductionState
    ) -> None:
        state, organisation = IntroductionState(held.introduction.state), held.organisation
        if state is IntroductionState.INTRODUCED and happening.step is Step.ACCEPTED:
            for position, side in held.sides.items():
                other = held.other(position)
                self.write(unit, held, side, letters.introduced(organisation, held.introduction, other))
        elif happening.step is Step.ACCEPTED:
            side, other = held.sides[happening.position], held.other(happening.position)
            link = self.links.make(unit, WITHDRAWAL, side=side.id)
            self.write(unit, held, side, letters.accepted(organisation, other, link, unit.day(unit.now + LIFETIME)))
        elif before is IntroductionState.PROPOSED and state in (
            IntroductionState.DECLINED,
            IntroductionState.ABANDONED,
        ):
            for position, side in held.sides.items():
                if side.consent == Consent.ACCEPTED.value:
                    self.write(unit, held, side, letters.called_off(organisation, held.other(position)))
        elif happening.step is Step.CONCLUDED:
            for position, side in held.sides.items():
                link = self.links.make(unit, SATISFACTION, side=side.id)
                self.write(unit, held, side, letters.satisfaction(organisation, held.other(position), link))

    def _forbid_objectors(self, unit: Unit, held: CarriedIntroduction, accepting: str) -> None:
        """Refuse to give away how to reach a firm that objected after it said yes."""
        other = held.other(accepting)
        objected = objected_at(unit, self._keys, other.siren) if other.siren else None
        if objected is not None and other.consented_at is not None and objected > other.consented_at:
            raise Conflict("L’autre partie s’est opposée depuis à être contactée : la mise en relation ne se fera pas.")


def _write(unit: Unit, held: CarriedIntroduction, happening: IntroductionStep, reached: Progress) -> None:
    row = held.introduction
    row.state = reached.state.value
    row.met_on, row.outcome, row.why_not = reached.met_on, reached.outcome, reached.why_not
    row.amount, row.jobs = reached.amount, reached.jobs
    if reached.state is IntroductionState.INTRODUCED and row.introduced_at is None:
        row.introduced_at = unit.now
    if reached.state not in machine.LIVE and row.closed_at is None:
        row.closed_at = unit.now
    for position, side in held.sides.items():
        if side.consent != reached.consents[position].value:
            side.consent, side.consented_at = reached.consents[position].value, unit.now
        side.satisfaction = reached.satisfaction.get(position)


def _tie(unit: Unit, held: CarriedIntroduction) -> None:
    """Write the tie that a cooperation makes; a party without SIREN ties nothing."""
    row, (first, second) = held.introduction, sorted(side.siren for side in held.sides.values())
    if first and second:
        since = row.met_on or unit.today
        unit.add(Tie(introduction_id=row.id, siren_a=first, siren_b=second, kind=row.outcome, since=since))
