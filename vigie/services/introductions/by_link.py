"""What somebody without account does from a letter: read, accept, refuse, take a yes back, say how satisfied."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vigie.domain.introductions import Consent, IntroductionState, IntroductionStep, Step
from vigie.services.firms.relations import of_person
from vigie.services.introductions import letters
from vigie.services.introductions.answers import LinkTold
from vigie.services.introductions.links import CONSENT, OPEN, SATISFACTION, WITHDRAWAL, bearer, held, standing, usable
from vigie.services.introductions.steps import CarriedIntroduction, Steps, hold, read
from vigie.store.cells import distance_km
from vigie.store.journal.introductions import ConsentKey, Side
from vigie.store.journal.people import Person

if TYPE_CHECKING:
    from vigie.services.register import FirmRegister
    from vigie.store.journal.port import Journal, Reader

PURPOSES = (CONSENT, WITHDRAWAL, SATISFACTION)
LONGEST_COMMENT = 1000


class ByLink:
    """Reads a link without using it, and uses it once."""

    def __init__(self, journal: Journal, steps: Steps, register: FirmRegister) -> None:
        self._journal, self._steps, self._register = journal, steps, register

    def look(self, token: str) -> LinkTold:
        """Return what a link shows; looking uses nothing."""
        with self._journal.reading(bearer(token)) as reader:
            found = _told(reader, held(reader, token))
            sides = _sirens(reader, token)
        return self._beside(found, *sides)

    def _beside(self, told: LinkTold, own: str, other: str) -> LinkTold:
        """Add what the other party does, and how far it is."""
        seen, mine = self._register.sight(other), self._register.sight(own)
        if seen is None:
            return told
        far = distance_km(*mine.place, *seen.place) if mine and mine.place and seen.place else None
        return replace(told, other_activity=seen.activity, other_commune=seen.commune, distance_km=far)

    def answer(self, token: str, *, accept: bool) -> LinkTold:
        """Accept or refuse a proposal; raises `Conflict` when the link has no more use."""
        return self._use(token, CONSENT, Step.ACCEPTED if accept else Step.REFUSED)

    def withdraw(self, token: str) -> LinkTold:
        """Take a yes back, as long as the contacts were not exchanged."""
        return self._use(token, WITHDRAWAL, Step.WITHDRAWN)

    def rate(self, token: str, satisfaction: int, comment: str = "") -> LinkTold:
        """Say how satisfied a side is, from 1 to 5, with a word if it likes."""
        return self._use(token, SATISFACTION, Step.RATED, satisfaction, comment.strip()[:LONGEST_COMMENT])

    def _use(
        self, token: str, purpose: str, step: Step, satisfaction: int | None = None, comment: str = ""
    ) -> LinkTold:
        with self._journal.writing(bearer(token)) as unit:
            key = usable(unit, token, purpose)
            side = unit.get(Side, key.side_id)
            introduction = hold(unit, side.introduction_id)
            self._steps.take(
                unit, introduction, IntroductionStep(step, side.position, satisfaction=satisfaction), comment
            )
            key.used_at = unit.now
            return _told(unit, key)


def _sirens(reader: Reader, token: str) -> tuple[str, str]:
    """Return the firms of whoever bears a link and of the other party, empty where there is none."""
    side = reader.get(Side, held(reader, token).side_id)
    return side.siren, read(reader, side.introduction_id).other(side.position).siren


def _told(reader: Reader, key: ConsentKey) -> LinkTold:
    side = reader.get(Side, key.side_id)
    introduction = read(reader, side.introduction_id)
    row, other = introduction.introduction, introduction.other(side.position)
    now = standing(key, reader)
    if now == OPEN and not _of_use(key.purpose, introduction, side):
        now = "closed"
    author = reader.find(Person, row.proposed_by)
    return LinkTold(
        purpose=key.purpose,
        standing=now,
        organisation=introduction.organisation.name,
        expires_at=key.expires_at,
        proposed_by=(author.name or "") if author else "",
        reason=row.reason or "",
        own=side.label or "",
        other=other.label or "",
        competitors=row.competitors,
        consent=side.consent,
        state=row.state,
        satisfaction=side.satisfaction,
        legal=letters.legal(introduction.organisation),
        phone=of_person(reader, introduction.organisation.name, row.proposed_by).phone,
    )


def _of_use(purpose: str, held_: CarriedIntroduction, side: Side) -> bool:
    """Tell whether the step that a link is for is still legal."""
    state = held_.introduction.state
    if purpose == SATISFACTION:
        return state == IntroductionState.CONCLUDED.value and side.satisfaction is None
    wanted = Consent.WAITING if purpose == CONSENT else Consent.ACCEPTED
    return state == IntroductionState.PROPOSED.value and side.consent == wanted.value
