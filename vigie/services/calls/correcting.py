"""Correcting a published call: what changed is dated for everybody, and told to those who answered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain import calls as words
from vigie.domain.french import short_date
from vigie.errors import Conflict, FieldFault
from vigie.services.calls.publishing import Content, changeable, checked
from vigie.services.calls.reading import CallReading, corrections, received
from vigie.store import spelling
from vigie.store.journal.introductions import Call, CallAnswer, CallCorrection
from vigie.store.journal.people import Organisation, Person
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.calls.answers import CallTold
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Journal, Unit


class Correcting:
    """Corrects calls, shortens or prolongs them, and writes to whoever should know."""

    def __init__(self, journal: Journal, mail: Mail, reading: CallReading) -> None:
        self._journal, self._mail, self._reading = journal, mail, reading

    def correct(self, scope: Scope, identifier: str, content: Content) -> CallTold:
        """Change what a call says; the same content again changes nothing.

        Raises `FieldFault` when something of it cannot be accepted, `Conflict` when the call is closed or moderated.
        """
        try:
            with self._journal.writing(scope) as unit:
                unit.one(select(Call.id).where(Call.id == identifier).with_for_update())
                self._correct(unit, changeable(unit, identifier), content)
        except AlreadyDone:
            pass
        return self._reading.one(scope, identifier)

    def confirmed(self, unit: Unit, call: Call, answer: CallAnswer) -> None:
        """Tell somebody whose answer was only now confirmed what changed since they wrote it."""
        since = [row for row in corrections(unit, call.id) if row.substantial and row.created_at >= answer.created_at]
        changed = {name for row in since for name in row.changed.split()}
        if changed and answer.email:
            self._write(unit, answer.email, call, changed, _ANSWERED)

    def _correct(self, unit: Unit, call: Call, content: Content) -> None:
        if call.state != words.PUBLISHED:
            raise Conflict(f"Cet appel est {words.STATES[call.state]} : il ne se corrige plus.")
        given = checked(content, unit.today, call.closes_on)
        if call.public_buyer and given.closes_on is None:
            raise FieldFault("closes_on", "Une préparation d’achat dit jusqu’à quel jour répondre.")
        merged = unit.merge(call, {name: getattr(given, name) for name in words.CORRECTED})
        if not merged:
            return
        changed = list(merged)
        given = replace(given, **{name: merged.get(name, getattr(call, name)) for name in words.CORRECTED})
        unit.act("call.corrected", call.id)
        substantial = call.public_buyer or _substantial(call, given)
        unit.add(
            CallCorrection(
                call_id=call.id,
                person_id=unit.scope.person,
                changed=" ".join(changed),
                substantial=substantial,
                kind=call.kind,
                closes_on=call.closes_on,
                title=call.title if call.public_buyer else None,
                text=call.text if call.public_buyer else None,
                visibility=call.visibility,
            )
        )
        for name in changed:
            setattr(call, name, getattr(given, name))
        unit.flush()
        self._tell(unit, call, changed, substantial=substantial)

    def _tell(self, unit: Unit, call: Call, changed: Collection[str], *, substantial: bool) -> None:
        """Write to those who answered when the substance changed, and to the author when somebody else corrected."""
        if substantial:
            addresses = {answer.email for answer in unit.all(received([call.id])) if answer.email}
            for address in sorted(addresses):
                self._write(unit, address, call, changed, _ANSWERED)
        author = unit.find(Person, call.author_id) if call.author_id != unit.scope.person else None
        if author is not None and author.email:
            self._write(unit, author.email, call, changed, _AUTHOR)

    def _write(self, unit: Unit, address: str, call: Call, changed: Collection[str], sentences: str) -> None:
        organisation = unit.get(Organisation, call.organisation_id)
        what = ", ".join(words.CORRECTED[name] for name in words.CORRECTED if name in changed)
        if "closes_on" in changed and call.closes_on:
            what += f" (désormais le {short_date(call.closes_on)})"
        self._mail.post(
            unit,
            recipient=address,
            subject=f"L’appel «\u00a0{call.title}\u00a0» a été corrigé",
            body=sentences.format(
                title=call.title, organisation=organisation.name, what=what, link=self._mail.link(f"/appels/{call.id}")
            ),
            about=call.id,
        )


_ANSWERED = (
    "Bonjour,\n\nVous avez répondu à l’appel «\u00a0{title}\u00a0», porté par {organisation}. Il a été corrigé "
    "depuis\u00a0: {what}. Relisez-le ici\u00a0:\n{link}\n\nVotre réponse reste transmise telle quelle. Si la "
    "correction la change, répondez de nouveau sur la même page.\n"
)
_AUTHOR = (
    "Bonjour,\n\n{organisation} a corrigé votre appel «\u00a0{title}\u00a0»\u00a0: {what}. Relisez-le "
    "ici\u00a0:\n{link}\n"
)


def _substantial(call: Call, given: Content) -> bool:
    """Tell whether more than capitals, accents, spaces and punctuation changed."""
    if (call.kind, call.closes_on) != (given.kind, given.closes_on):
        return True
    pairs = ((call.title or "", given.title), (call.text or "", given.text))
    return any(spelling.words(before) != spelling.words(after) for before, after in pairs)
