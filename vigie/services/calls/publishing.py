"""Publishing calls, and closing them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from vigie.domain import calls as words
from vigie.domain.access import ABSENT, Right, Role, Scope, Thing
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.accounts.speaking import membership_for, vouch
from vigie.services.calls.reading import CallReading, is_own, thing_of
from vigie.store.journal.base import new_id
from vigie.store.journal.introductions import Call
from vigie.store.journal.people import Organisation
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.services.calls.answers import CallTold
    from vigie.services.register import FirmRegister
    from vigie.store.journal.port import Journal, Unit

_MASKED = (
    "Votre entreprise a demandé la diffusion partielle de ses informations : rien d’elle ne paraît publiquement. "
    "Choisissez le réseau."
)
_UNKNOWN = (
    "L’unité légale de votre entreprise n’est pas chargée : on ne sait pas si elle a demandé la diffusion partielle, "
    "et rien d’elle ne paraît publiquement. Choisissez le réseau."
)
LONGEST_TITLE, LONGEST_TEXT = 150, 4000
LONGEST_OPENING = timedelta(days=366)
"""A call is a need of this year; beyond it is prolonged, which its readers are told."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a call says, and until when it takes answers."""

    kind: str
    title: str
    text: str
    closes_on: date | None = None


@dataclass(frozen=True, slots=True)
class CallDraft:
    """A call as its author writes it."""

    kind: str
    title: str
    text: str
    visibility: str = words.PUBLIC
    public_buyer: bool = False
    closes_on: date | None = None

    @property
    def content(self) -> Content:
        """Return what may still be corrected once it is published."""
        return Content(self.kind, self.title, self.text, self.closes_on)


class Publishing:
    """Publishes, closes and withdraws calls."""

    def __init__(self, journal: Journal, reading: CallReading, register: FirmRegister) -> None:
        self._journal, self._reading, self._register = journal, reading, register

    def publish(self, scope: Scope, draft: CallDraft) -> CallTold:
        """Publish a call; raises `FieldFault` when something of it cannot be accepted."""
        if draft.visibility not in words.VISIBILITIES:
            raise FieldFault(
                "visibility", "Choisissez qui peut lire l’appel : tout le monde, ou les membres du réseau."
            )
        scope.require(thing_of(draft.visibility), Right.WRITE, Right.WRITE_OWN)
        if draft.visibility == words.PUBLIC and scope.role is Role.HEAD:
            firm = self._register.firm(scope.siren)
            if firm is not None and firm.masked:
                raise FieldFault("visibility", _MASKED if firm.unit_known else _UNKNOWN)
        try:
            with self._journal.writing(scope) as unit:
                identifier = new_id()
                unit.act("call.published", identifier)
                self._write(unit, identifier, draft)
        except AlreadyDone as before:
            identifier = before.subject
        return self._reading.one(scope, identifier)

    def close(self, scope: Scope, identifier: str) -> CallTold:
        """Close a call: it stays readable and takes no more answers."""
        try:
            with self._journal.writing(scope) as unit:
                call = changeable(unit, identifier)
                unit.act("call.closed", identifier)
                if call.state != words.PUBLISHED:
                    raise Conflict(f"Cet appel est déjà {words.STATES[call.state]}.")
                call.state = words.CLOSED
        except AlreadyDone:
            pass
        return self._reading.one(scope, identifier)

    def withdraw(self, scope: Scope, identifier: str) -> None:
        """Take a call off; a sourcing stays, closed, so that everybody can read what was asked."""
        try:
            with self._journal.writing(scope) as unit:
                call = changeable(unit, identifier)
                unit.act("call.withdrawn", identifier)
                if call.public_buyer:
                    raise Conflict("Une préparation d’achat reste lisible par tous : vous pouvez seulement le clore.")
                unit.withdraw(call)
        except AlreadyDone:
            pass

    def _write(self, unit: Unit, identifier: str, draft: CallDraft) -> None:
        scope, today = unit.scope, unit.today
        content = checked(draft.content, today)
        if draft.public_buyer:
            _require_public_buyer(unit, draft)
        call = Call(
            id=identifier,
            kind=draft.kind,
            title=content.title,
            text=content.text,
            siren=scope.siren if scope.role is Role.HEAD else "",
            author_id=scope.person,
            public_buyer=draft.public_buyer,
            visibility=draft.visibility,
            opens_on=today,
            closes_on=draft.closes_on,
            state=words.PUBLISHED,
        )
        vouch(call, membership_for(unit, call.siren))
        unit.add(call)


def changeable(unit: Unit, identifier: str) -> Call:
    """Return a call that the asker may change: theirs, their firm's, or any of the organisation for its officers."""
    call = unit.get(Call, identifier)
    thing, scope = thing_of(call.visibility), unit.scope
    rights = scope.require(thing, Right.WRITE, Right.WRITE_OWN)
    inside = call.organisation_id == scope.organisation
    if not inside or (Right.WRITE not in rights and not is_own(scope, call)):
        raise NotFound(ABSENT)
    return call


def checked(content: Content, today: date, kept: date | None = None) -> Content:
    """Return a content put right; raises `FieldFault`. `kept` is a last day that may stay although it is past."""
    title, text = " ".join(content.title.split()), content.text.strip()
    if content.kind not in words.KINDS:
        raise FieldFault("kind", "Choisissez ce que vous publiez : un besoin, une offre ou un appel à co-innovation.")
    for field, name, value, longest in (
        ("title", "titre", title, LONGEST_TITLE),
        ("text", "texte", text, LONGEST_TEXT),
    ):
        if not value:
            raise FieldFault(field, f"Il manque le {name} de l’appel.")
        if len(value) > longest:
            raise FieldFault(field, f"Le {name} compte {len(value)} caractères : {longest} au plus.")
    until = content.closes_on
    if until is not None and until != kept and not today <= until <= today + LONGEST_OPENING:
        raise FieldFault("closes_on", "Le dernier jour pour répondre se choisit entre aujourd’hui et dans un an.")
    return Content(content.kind, title, text, until)


def _require_public_buyer(unit: Unit, draft: CallDraft) -> None:
    if not unit.scope.may(Thing.PUBLIC_CALLS, Right.WRITE):
        raise FieldFault("public_buyer", "Seuls les agents d’un acheteur public préparent ainsi un achat.")
    if unit.get(Organisation, unit.scope.organisation).kind != "collectivite":
        raise FieldFault("public_buyer", "Seule une collectivité prépare ainsi un achat public.")
    if draft.visibility != words.PUBLIC or draft.closes_on is None:
        said = "La même information est donnée à tous : cet appel est public, et dit jusqu’à quel jour répondre."
        raise FieldFault("closes_on", said)
