"""Answering calls, with or without an account, and making an introduction of an answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain import calls as words
from vigie.domain.access import Right, Role, Scope, Thing
from vigie.domain.addresses import address_key
from vigie.domain.attestation import HeadAct
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.accounts.rate_limits import Limit, RateLimiter, origin_of
from vigie.services.accounts.speaking import may_for
from vigie.services.calls.answers import ReceiptTold
from vigie.services.calls.publishing import tell_late
from vigie.services.calls.reading import CallReading, is_open, is_own, readable
from vigie.services.introductions.letters import ONE_RULE
from vigie.services.introductions.links import ANSWER, Links, bearer, held, standing, usable
from vigie.services.introductions.parties import Party, email
from vigie.services.introductions.proposing import Proposal, Proposing
from vigie.store.journal.base import new_id
from vigie.store.journal.introductions import Call, CallAnswer
from vigie.store.journal.people import Membership, Organisation, Person
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.services.introductions.answers import IntroductionTold
    from vigie.services.introductions.parties import FirmNames
    from vigie.services.introductions.reading import IntroductionReading as Introductions
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Journal, Reader, Unit

LONGEST_NAME, LONGEST_BODY = 120, 4000
BY_ADDRESS = Limit("call-answer", 5, timedelta(hours=1))
"""A firm answers a few calls in one sitting; each answer without account sends a letter."""
BY_ORIGIN = Limit("call-answer-origin", 20, timedelta(hours=1))
"""Several firms of one building may answer at once; a program is stopped early."""


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """What somebody answers; name and address are needed without an account only."""

    body: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """What is written to those who answer: letters, and links that confirm."""

    mail: Mail
    links: Links


class Answering:
    """Takes answers, proves their addresses, hands them to the officer."""

    def __init__(self, journal: Journal, guarding: RateLimiter, post: Post, reading: CallReading) -> None:
        self._journal, self._guarding, self._reading = journal, guarding, reading
        self._mail, self._links = post.mail, post.links

    def answer(self, scope: Scope, identifier: str, given: AnswerEntry, whence: str = "") -> ReceiptTold:
        """Answer a call; without an account, a letter asks to confirm before the author reads anything.

        `whence` is the network address, of which a keyed hash is counted. Raises `TooManyAttempts` past five answers
        an hour for an address, `Conflict` when the call takes no more answers.
        """
        if not scope.person:
            sender = email(given.email, "vous", "email")
            self._guarding.enter((BY_ADDRESS, address_key(sender)), (BY_ORIGIN, origin_of(whence) if whence else ""))
        try:
            with self._journal.writing(scope) as unit:
                call = self._reading.readable(unit, identifier)
                return self._write(unit, call, given)
        except AlreadyDone:
            call_told = self._reading.one(scope, identifier)
            return ReceiptTold(identifier, call_told.title, call_told.organisation, bool(scope.person))

    def look(self, token: str) -> ReceiptTold:
        """Return the answer that a link confirms; looking confirms nothing."""
        with self._journal.reading(bearer(token)) as reader:
            key = held(reader, token)
            answer = reader.get(CallAnswer, key.subject_id)
            return _receipt(reader, answer, standing(key, reader))

    def confirm(self, token: str) -> ReceiptTold:
        """Confirm an answer: from now on the author reads it."""
        with self._journal.writing(bearer(token)) as unit:
            key = usable(unit, token, ANSWER)
            answer = unit.get(CallAnswer, key.subject_id)
            unit.act("call.answer.confirmed", answer.call_id)
            answer.state, key.used_at = words.RECEIVED, unit.now
            unit.flush()
            call = unit.get(Call, answer.call_id)
            self._announce(unit, call)
            tell_late(self._mail, unit, call, answer)
            return _receipt(unit, answer, standing(key, unit))

    def _write(self, unit: Unit, call: Call, given: AnswerEntry) -> ReceiptTold:
        asker = unit.scope
        person = unit.find(Person, asker.person) if asker.person else None
        name, address = (given.name, given.email) if person is None else (person.name or "", person.email or "")
        row = _checked(CallAnswer(id=new_id(), call_id=call.id), name, address, given.body)
        row.state = words.RECEIVED if person else words.UNCONFIRMED
        row.person_id, row.siren = asker.person, _firm(unit, call)
        # The answer belongs to the organisation that carries the call, whoever answers.
        unit.moving(replace(asker, organisation=call.organisation_id))
        unit.act("call.answered", call.id)
        if not is_open(call, unit.day(unit.now, call.organisation_id)):
            raise Conflict("Cet appel ne prend plus de réponses.")
        if is_own(asker, call):
            raise Conflict("Cet appel est le vôtre.")
        unit.add(row)
        unit.flush()
        organisation = unit.get(Organisation, call.organisation_id)
        if person is None:
            link = self._links.make(unit, ANSWER, subject=row.id)
            self._mail.post(
                unit,
                recipient=row.email or "",
                subject=f"Confirmez votre réponse à «\u00a0{call.title}\u00a0»",
                body=_confirmation(call, organisation, link),
                about=row.id,
            )
        else:
            self._announce(unit, call)
        return _receipt(unit, row, "open")

    def _announce(self, unit: Unit, call: Call) -> None:
        """Tell the author of a call that it was answered; the answer itself is read at the desk."""
        author = unit.find(Person, call.author_id)
        if author is not None and author.email:
            link = self._mail.link(f"/appels/{call.id}")
            self._mail.post(
                unit,
                recipient=author.email,
                subject=f"Une réponse à «\u00a0{call.title}\u00a0»",
                body=f"Bonjour,\n\nVotre appel «\u00a0{call.title}\u00a0» a reçu une réponse. "
                f"Lisez-la ici\u00a0:\n{link}\n",
                about=call.id,
            )


class Introducing:
    """Makes an introduction of an answer."""

    def __init__(self, journal: Journal, proposing: Proposing, introductions: Introductions) -> None:
        self._journal, self._proposing, self._introductions = journal, proposing, introductions

    def introduce(self, scope: Scope, call_id: str, answer_id: str, directory: FirmNames) -> IntroductionTold:
        """Propose to introduce a call's author and somebody who answered; both are asked, as for any introduction."""
        scope.require(Thing.INTRODUCTIONS, Right.WRITE)
        try:
            with self._journal.writing(scope) as unit:
                call = readable(unit, call_id)
                answer = unit.get(CallAnswer, answer_id)
                if answer.call_id != call.id or answer.state != words.RECEIVED:
                    raise NotFound("Cette réponse n’existe pas, ou n’est pas encore confirmée.")
                reason = f"{words.KINDS[call.kind].capitalize()} «\u00a0{call.title}\u00a0»"
                made = self._proposing.write(
                    unit, Proposal(_author(unit, call), _answering(answer), reason, call.id), directory
                )
        except AlreadyDone as before:
            made = before.subject
        return self._introductions.one(scope, made)


def _firm(reader: Reader, call: Call) -> str:
    """Return the firm in whose name the asker answers: elsewhere than in their organisation, once it is attested."""
    asker = reader.scope
    if asker.role is not Role.HEAD:
        return ""
    known = asker.organisation == call.organisation_id or may_for(reader, asker.siren, HeadAct.ANSWER)
    return asker.siren if known else ""


def _author(reader: Reader, call: Call) -> Party:
    person = reader.find(Person, call.author_id)
    organisation = reader.get(Organisation, call.organisation_id)
    roles = reader.all(
        select(Membership.role).where(
            Membership.person_id == call.author_id,
            Membership.organisation_id == call.organisation_id,
            Membership.deleted_at.is_(None),
        )
    )
    inhabitant = Role.INHABITANT.value in roles
    label = "" if call.siren else ("Un habitant qui a publié un appel" if inhabitant else organisation.name)
    return Party(
        siren=call.siren,
        label=label,
        contact_name=(person.name or "") if person else "",
        contact_email=(person.email or "") if person else "",
        asked=True,
    )


def _answering(answer: CallAnswer) -> Party:
    label = "" if answer.siren else "une personne qui a répondu à l’appel"
    return Party(
        siren=answer.siren, label=label, contact_name=answer.name or "", contact_email=answer.email or "", asked=True
    )


def _checked(row: CallAnswer, name: str, address: str, body: str) -> CallAnswer:
    row.name, row.body = " ".join(name.split()), body.strip()
    if not row.name:
        raise FieldFault("name", "Donnez votre nom : l’auteur de l’appel doit savoir qui lui répond.")
    if not row.body:
        raise FieldFault("body", "Il manque votre réponse.")
    if len(row.name) > LONGEST_NAME or len(row.body) > LONGEST_BODY:
        raise FieldFault("body", f"La réponse compte {len(row.body)} caractères : {LONGEST_BODY} au plus.")
    row.email = email(address, "vous", "email")
    return row


def _receipt(reader: Reader, answer: CallAnswer, link: str) -> ReceiptTold:
    call = reader.get(Call, answer.call_id)
    return ReceiptTold(
        call_id=call.id,
        title=call.title or "",
        organisation=reader.get(Organisation, call.organisation_id).name,
        confirmed=answer.state == words.RECEIVED,
        standing=link,
        name=answer.name or "",
        body=answer.body or "",
    )


def _confirmation(call: Call, organisation: Organisation, link: str) -> str:
    return (
        f"Bonjour,\n\nUne réponse à l’appel «\u00a0{call.title}\u00a0» de {organisation.name} a été écrite avec cette "
        "adresse. Si c’est bien la vôtre, confirmez-la\u00a0:\n"
        f"{link}\n\nSans confirmation, personne ne la lit. Une fois confirmée, l’auteur de l’appel en lit les "
        f"mots, {organisation.name} aussi votre nom et votre adresse. {ONE_RULE} Tout est gardé "
        f"{organisation.retention_months}\u00a0mois après le dernier contact. Vous pouvez à tout moment demander à "
        "lire, à corriger ou à effacer ces données. Vous pouvez aussi vous opposer à ce qu’elles servent à vous "
        "contacter.\n"
    )
