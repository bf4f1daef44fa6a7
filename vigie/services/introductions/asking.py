"""The head of a firm asks to be introduced to another: only the officers of the organisation read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import ABSENT, Right, Role, Scope, Thing
from vigie.domain.calls import PUBLISHED
from vigie.domain.introductions import RequestState
from vigie.errors import Conflict, FieldFault, NotFound, Objected
from vigie.services.introductions import parties
from vigie.services.introductions.proposing import LONGEST_REASON, going_on
from vigie.services.introductions.requests import Requests, hold, settle
from vigie.store.journal.base import new_id
from vigie.store.journal.introductions import Call, IntroductionRequest, Side
from vigie.store.journal.people import Person
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.services.introductions.parties import FirmNames
    from vigie.services.introductions.requests import RequestTold
    from vigie.services.keys import Keys
    from vigie.services.know import LegalUnit as Firm
    from vigie.store.journal.port import Journal, Reader, Unit

MOST_WAITING = 10
MASKED = (
    "Cette entreprise a demandé la diffusion partielle de ses informations : elle n’est mise en relation que si elle "
    "le demande elle-même."
)
UNKNOWN = (
    "L’unité légale de cette entreprise n’est pas chargée : on ne sait pas si elle a demandé la diffusion partielle. "
    "Elle n’est mise en relation que si elle le demande elle-même."
)


@dataclass(frozen=True, slots=True)
class IntroductionWish:
    """Whom a firm wants to meet and why, in its head's words; `call_id` is the call that made it want to."""

    siren: str
    reason: str
    call_id: str = ""


class Asking:
    """Takes requests, and lets them be withdrawn."""

    def __init__(self, journal: Journal, keys: Keys, requests: Requests) -> None:
        self._journal, self._keys, self._requests = journal, keys, requests

    def sought(self, scope: Scope, siren: str, directory: FirmNames) -> Firm:
        """Return the firm that the asker could ask to meet.

        Raises what its public page answers, `Objected` or `NotFound`, and `Conflict` for what that page says: that it
        asked for a partial diffusion, or closed.
        """
        _require_head(scope)
        with self._journal.reading(scope) as reader:
            return self._sought(reader, siren, directory)

    def ask(self, scope: Scope, wanted: IntroductionWish, directory: FirmNames) -> RequestTold:
        """Write a request; raises as `sought` does, and `FieldFault` for words that cannot be kept."""
        _require_head(scope)
        identifier = new_id()
        try:
            with self._journal.writing(scope) as unit:
                unit.act("request.asked", identifier)
                self._write(unit, identifier, wanted, directory)
        except AlreadyDone as before:
            identifier = before.subject
        return self._requests.one(scope, identifier)

    def withdraw(self, scope: Scope, identifier: str) -> RequestTold:
        """Take a request of the asker's firm back, as long as it waits."""
        _require_head(scope)
        try:
            with self._journal.writing(scope) as unit:
                row = hold(unit, identifier)
                unit.act("request.withdrawn", identifier)
                if row.siren != scope.siren:
                    raise NotFound(ABSENT)
                settle(unit, row, RequestState.WITHDRAWN)
        except AlreadyDone:
            pass
        return self._requests.one(scope, identifier)

    def _sought(self, reader: Reader, siren: str, directory: FirmNames) -> Firm:
        firm = directory.firm(siren).unit
        if parties.objected_at(reader, self._keys, firm.siren) is not None:
            raise Objected
        if firm.siren == reader.scope.siren:
            raise Conflict("C’est l’entreprise pour laquelle vous parlez : choisissez-en une autre.")
        if firm.masked:
            raise Conflict(MASKED if firm.diffusion != "U" else UNKNOWN)
        if firm.state == "C":
            raise Conflict("Cette entreprise a cessé son activité.")
        return firm

    def _write(self, unit: Unit, identifier: str, wanted: IntroductionWish, directory: FirmNames) -> None:
        scope, firm = unit.scope, self._sought(unit, wanted.siren, directory)
        if wanted.call_id:
            _require_call(unit, wanted.call_id, firm.siren)
        reason = wanted.reason.strip()
        if not reason:
            raise FieldFault("reason", "Dites en quelques mots pourquoi vous voulez rencontrer cette entreprise.")
        if len(reason) > LONGEST_REASON:
            raise FieldFault("reason", f"La raison compte {len(reason)} caractères : {LONGEST_REASON} au plus.")
        person = unit.get(Person, scope.person)
        parties.forbid_reach((reason,), (Side(contact_name=person.name),))
        waiting = _waiting_of(unit, scope.siren)
        if firm.siren in waiting:
            raise Conflict("Votre demande pour cette entreprise attend déjà une réponse.")
        if len(waiting) >= MOST_WAITING:
            raise Conflict(
                f"{MOST_WAITING} de vos demandes attendent déjà une réponse : laissez-leur le temps d’être lues."
            )
        if going_on(unit, scope.siren) & going_on(unit, firm.siren):
            raise Conflict("Une mise en relation avec cette entreprise est déjà en cours.")
        unit.add(
            IntroductionRequest(
                id=identifier,
                person_id=scope.person,
                siren=scope.siren,
                sought_siren=firm.siren,
                call_id=wanted.call_id,
                reason=reason,
                state=RequestState.WAITING.value,
            )
        )


def _require_head(scope: Scope) -> None:
    scope.require(Thing.INTRODUCTIONS, Right.WRITE_OWN)
    if scope.role is not Role.HEAD or not scope.siren:
        raise NotFound(ABSENT)


def _require_call(reader: Reader, identifier: str, siren: str) -> None:
    call = reader.get(Call, identifier)
    if call.siren != siren or call.state != PUBLISHED:
        raise NotFound(ABSENT)


def _waiting_of(reader: Reader, siren: str) -> set[str]:
    """Return the firms that a firm already asked to meet, and waits for."""
    mine = (IntroductionRequest.siren == siren, IntroductionRequest.state == RequestState.WAITING.value)
    return set(reader.all(select(IntroductionRequest.sought_siren).where(*mine)))
