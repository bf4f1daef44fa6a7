"""What an officer makes of a request: a proposal, which asks both firms, or an answer that says why not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from vigie.domain.access import Right, Scope, Thing
from vigie.domain.french import short_date
from vigie.domain.introductions import RequestState
from vigie.errors import FieldFault
from vigie.services.introductions import parties
from vigie.services.introductions.parties import Party
from vigie.services.introductions.proposing import Proposal
from vigie.services.introductions.requests import Requests, asker, hold, settle
from vigie.store.journal.people import Organisation, Person
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.services.introductions.answers import IntroductionTold
    from vigie.services.introductions.parties import FirmNames
    from vigie.services.introductions.proposing import Proposing
    from vigie.services.introductions.reading import IntroductionReading
    from vigie.services.introductions.requests import RequestTold
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.introductions import IntroductionRequest
    from vigie.store.journal.port import Journal, Unit

LONGEST_ANSWER = 1000


@dataclass(frozen=True, slots=True)
class Granted:
    """What an officer adds to a request: words for both firms, how each is presented, whom to write to.

    A reason left empty is the asker's; contacts left empty are who asked, and for the other firm those known of it.
    """

    reason: str = ""
    first: Party = field(default_factory=Party)
    second: Party = field(default_factory=Party)


class Granting:
    """Answers requests."""

    def __init__(
        self, journal: Journal, mail: Mail, proposing: Proposing, told: tuple[IntroductionReading, Requests]
    ) -> None:
        self._journal, self._mail, self._proposing = journal, mail, proposing
        self._introductions, self._requests = told

    def propose(self, scope: Scope, identifier: str, granted: Granted, directory: FirmNames) -> IntroductionTold:
        """Propose what a head asked for; both firms are asked, the asking one too: the reason may not be its own words.

        Raises as `Proposing.propose` does, and `Conflict` when the request does not wait any more.
        """
        scope.require(Thing.INTRODUCTIONS, Right.WRITE)
        try:
            with self._journal.writing(scope) as unit:
                row = hold(unit, identifier)
                made = self._proposing.write(unit, _proposal(unit, row, granted), directory)
                unit.act("request.proposed", row.id)
                settle(unit, row, RequestState.PROPOSED)
                row.introduction_id = made
        except AlreadyDone as before:
            made = before.subject
        return self._introductions.one(scope, made)

    def decline(self, scope: Scope, identifier: str, reason: str) -> RequestTold:
        """Tell the asker why nothing will come of a request; the firm they wanted to meet learns nothing of it."""
        scope.require(Thing.INTRODUCTIONS, Right.WRITE)
        answer = reason.strip()
        if not answer:
            raise FieldFault("answer", "Dites pourquoi : qui a demandé reçoit ces mots.")
        if len(answer) > LONGEST_ANSWER:
            raise FieldFault("answer", f"La réponse compte {len(answer)} caractères : {LONGEST_ANSWER} au plus.")
        try:
            with self._journal.writing(scope) as unit:
                row = hold(unit, identifier)
                unit.act("request.declined", row.id)
                settle(unit, row, RequestState.DECLINED)
                row.answer = answer
                self._tell(unit, row, answer)
        except AlreadyDone:
            pass
        return self._requests.one(scope, identifier)

    def _tell(self, unit: Unit, row: IntroductionRequest, answer: str) -> None:
        person, organisation = unit.find(Person, row.person_id), unit.get(Organisation, row.organisation_id)
        if person is None or not person.email:
            return
        self._mail.post(
            unit,
            recipient=person.email,
            subject="Votre demande de mise en relation",
            body=f"Bonjour,\n\n{organisation.name} a lu votre demande de mise en relation du "
            f"{short_date(unit.day(row.created_at))} et n’y donne pas suite, pour cette raison\u00a0:\n\n{answer}\n\n"
            "L’autre entreprise n’en a rien su. Retrouvez vos demandes ici\u00a0:\n"
            f"{self._mail.link('/bureau/mises-en-relation')}\n",
            about=row.id,
            once=f"request:{row.id}",
        )


def _proposal(unit: Unit, row: IntroductionRequest, granted: Granted) -> Proposal:
    """Return the proposal of a request: who asked comes first, and the firm sought is never said to have asked."""
    person = asker(unit, row)
    contact = parties.ContactDetails(person.name or "", person.email or "") if person else parties.ContactDetails()
    first = replace(
        granted.first,
        siren=row.siren,
        dossier_id="",
        contact_name=granted.first.contact_name or contact.name,
        contact_email=granted.first.contact_email or contact.email,
        asked=True,
    )
    second = replace(granted.second, siren=row.sought_siren, dossier_id="", asked=False)
    return Proposal(first, second, granted.reason or row.reason or "", row.call_id)
