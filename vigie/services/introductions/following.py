"""Following introductions: what members do once they are proposed, and the reminders of the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from vigie.domain.access import ABSENT, Right, Role, Scope, Thing
from vigie.domain.attestation import WAITING, HeadAct
from vigie.domain.days import past
from vigie.domain.introductions import POSITIONS, Consent, IntroductionState, IntroductionStep, Step
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.accounts.speaking import may_for
from vigie.services.introductions.parties import objected_at
from vigie.services.introductions.reading import IntroductionReading, require_own
from vigie.services.introductions.steps import CarriedIntroduction, Steps, hold
from vigie.store.journal.introductions import Introduction, Side
from vigie.store.journal.people import Organisation, Person
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.services.introductions.answers import IntroductionTold
    from vigie.services.keys import Keys
    from vigie.store.journal.port import Journal, Unit

REMIND_AFTER = timedelta(days=15)
"""Two working weeks: nobody is chased for a fortnight's absence."""
MOST_REMINDERS = 2
_SKEW = timedelta(hours=1)
"""Beyond it, a moment to come is of a clock that was set back since: nobody waits for it."""
Work = Callable[["Unit", CarriedIntroduction], None]


class IntroductionSteps:
    """Steps taken by members: the head's answers, the officer's notes."""

    def __init__(self, journal: Journal, keys: Keys, steps: Steps, reading: IntroductionReading) -> None:
        self._journal, self._keys, self._steps, self._reading = journal, keys, steps, reading

    def answer(self, scope: Scope, identifier: str, *, accept: bool) -> IntroductionTold:
        """Accept or refuse for the firm that the asker speaks for."""
        return self._for_own_firm(scope, identifier, Step.ACCEPTED if accept else Step.REFUSED)

    def withdraw(self, scope: Scope, identifier: str) -> IntroductionTold:
        """Take back the yes of the firm that the asker speaks for."""
        return self._for_own_firm(scope, identifier, Step.WITHDRAWN)

    def rate(self, scope: Scope, identifier: str, satisfaction: int, comment: str = "") -> IntroductionTold:
        """Say how satisfied the firm is that the asker speaks for."""
        return self._for_own_firm(scope, identifier, Step.RATED, satisfaction, comment.strip()[:1000])

    def met(self, scope: Scope, identifier: str, on: date) -> IntroductionTold:
        """Note the day the parties met; a partner may note it for what was shared with them."""

        def note(unit: Unit, held: CarriedIntroduction) -> None:
            if on > unit.today:
                raise Conflict("Ce jour n’est pas encore passé : notez la rencontre quand elle a eu lieu.")
            if odd := past(on, unit.today):
                raise FieldFault("met_on", odd)
            self._steps.take(unit, held, IntroductionStep(Step.MET, on=on))

        own = Right.WRITE_OWN if scope.role is Role.PARTNER else Right.WRITE
        return self._change(scope, identifier, note, own)

    def conclude(self, scope: Scope, identifier: str, outcome: IntroductionStep) -> IntroductionTold:
        """Note what came of an introduction, or why nothing did."""
        return self._change(scope, identifier, lambda unit, held: self._take(unit, held, outcome))

    def abandon(self, scope: Scope, identifier: str) -> IntroductionTold:
        """Give an introduction up."""
        return self._change(
            scope, identifier, lambda unit, held: self._take(unit, held, IntroductionStep(Step.ABANDONED))
        )

    def renew(self, scope: Scope, identifier: str, position: str) -> IntroductionTold:
        """Send a new link to a side that did not answer; the former one ends."""

        def ask(unit: Unit, held: CarriedIntroduction) -> None:
            side = held.sides.get(position)
            if side is None:
                raise NotFound("Cette mise en relation n’a que deux parties, « a » et « b ».")
            _require_waiting(held, side)
            unit.act("introduction.renewed", identifier)
            side.invited_at = unit.now
            unit.flush()
            self._steps.ask(unit, held, position)

        return self._change(scope, identifier, ask)

    def drop_objectors(self) -> None:
        """Give up, in every organisation, the proposals to firms that object and did not ask for them."""
        for organisation in self._organisations():
            with self._journal.writing(_command(organisation)) as unit:
                self._give_up_to_objectors(unit)

    def _organisations(self) -> Sequence[str]:
        with self._journal.reading(Scope()) as reader:
            return reader.all(select(Organisation.id).where(Organisation.deleted_at.is_(None)))

    def _give_up_to_objectors(self, unit: Unit) -> None:
        for siren in _asked_firms(unit):
            if objected_at(unit, self._keys, siren) is not None:
                self._give_up(unit, siren)

    def _give_up(self, unit: Unit, siren: str) -> None:
        for identifier in _proposed_to(unit, siren):
            self._steps.take(unit, hold(unit, identifier), IntroductionStep(Step.ABANDONED))

    def remind(self) -> int:
        """Remind, in every organisation, the sides silent for 15 days, twice at most; return how many letters.

        Proposals to firms that objected since are given up rather than reminded.
        """
        written = 0
        for organisation in self._organisations():
            with self._journal.writing(_command(organisation)) as unit:
                self._give_up_to_objectors(unit)
                for side in _silent(unit):
                    self._remind(unit, side)
                    written += 1
        return written

    def _remind(self, unit: Unit, side: Side) -> None:
        held = hold(unit, side.introduction_id)
        unit.act("introduction.reminded", side.introduction_id)
        side.reminders, side.invited_at = side.reminders + 1, unit.now
        unit.flush()
        self._steps.ask(unit, held, side.position, again=True)

    def _take(self, unit: Unit, held: CarriedIntroduction, happening: IntroductionStep) -> None:
        self._steps.take(unit, held, happening)

    def _for_own_firm(
        self, scope: Scope, identifier: str, step: Step, satisfaction: int | None = None, comment: str = ""
    ) -> IntroductionTold:
        def reply(unit: Unit, held: CarriedIntroduction) -> None:
            position = next((each for each in POSITIONS if held.sides[each].siren == scope.siren), "")
            if not scope.siren or not position:
                raise NotFound(ABSENT)
            _require_known(unit, held.sides[position])
            self._steps.take(unit, held, IntroductionStep(step, position, satisfaction=satisfaction), comment)

        return self._change(scope, identifier, reply, Right.WRITE_OWN)

    def _change(self, scope: Scope, identifier: str, work: Work, right: Right = Right.WRITE) -> IntroductionTold:
        rights = scope.require(Thing.INTRODUCTIONS, right)
        try:
            with self._journal.writing(scope) as unit:
                held = hold(unit, identifier)
                if Right.WRITE not in rights:
                    require_own(unit, held)
                work(unit, held)
        except AlreadyDone:
            pass
        return self._reading.one(scope, identifier)


def _require_known(unit: Unit, side: Side) -> None:
    """Let a head answer at the desk once attested, or at the address that was asked: it proves as much as its link."""
    person = unit.find(Person, unit.scope.person)
    address = (person.email or "").casefold() if person else ""
    asked = bool(address) and (side.contact_email or "").casefold() == address
    if not asked and not may_for(unit, side.siren, HeadAct.ANSWER):
        raise Conflict(f"{WAITING} Pour répondre dès maintenant, utilisez le lien du courriel.")


def _require_waiting(held: CarriedIntroduction, side: Side) -> None:
    if held.introduction.state != IntroductionState.PROPOSED.value or side.consent != Consent.WAITING.value:
        raise Conflict("Cette partie a déjà répondu : il n’y a plus de lien à renvoyer.")


def _proposed_to(unit: Unit, siren: str) -> list[str]:
    wanted = (
        select(Side.introduction_id)
        .join(Introduction, Introduction.id == Side.introduction_id)
        .where(Side.siren == siren, Side.asked.is_(False), Introduction.state == IntroductionState.PROPOSED.value)
    )
    return sorted(unit.all(wanted)) if siren else []


def _asked_firms(unit: Unit) -> list[str]:
    """Return the firms that are asked something they did not ask for."""
    wanted = (
        select(Side.siren)
        .join(Introduction, Introduction.id == Side.introduction_id)
        .where(Side.siren != "", Side.asked.is_(False), Introduction.state == IntroductionState.PROPOSED.value)
        .distinct()
    )
    return sorted(unit.all(wanted))


def _silent(unit: Unit) -> list[Side]:
    wanted = (
        select(Side)
        .join(Introduction, Introduction.id == Side.introduction_id)
        .where(
            Introduction.state == IntroductionState.PROPOSED.value,
            Side.consent == Consent.WAITING.value,
            Side.reminders < MOST_REMINDERS,
            or_(Side.invited_at <= unit.now - REMIND_AFTER, Side.invited_at > unit.now + _SKEW),
            Side.deleted_at.is_(None),
            Introduction.deleted_at.is_(None),
        )
        .order_by(Side.id)
    )
    return list(unit.all(wanted))


def _command(organisation: str) -> Scope:
    return Scope(role=Role.SUPER_ADMIN, organisation=organisation, via="command")
