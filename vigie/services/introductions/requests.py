"""Requests to be introduced: asked for by heads, answered by officers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from vigie.domain.access import ABSENT, Right, Role, Scope, Thing
from vigie.domain.calls import PUBLISHED
from vigie.domain.introductions import RequestState
from vigie.errors import Conflict, FieldFault, NotFound, Objected
from vigie.services.introductions import parties
from vigie.services.introductions.proposing import LONGEST_REASON, going_on
from vigie.store.journal.base import new_id
from vigie.store.journal.introductions import Call, IntroductionRequest, Side
from vigie.store.journal.people import Membership, Person
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.services.introductions.parties import FirmNames
    from vigie.services.keys import Keys
    from vigie.services.know import LegalUnit as Firm
    from vigie.store.journal.port import Journal, Reader, Unit

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class RequestTold:
    """A request as its asker or an officer reads it; `email` is for officers, `may` names what can be done now."""

    id: str
    siren: str
    sought_siren: str
    call_id: str
    reason: str
    state: str
    created_at: datetime
    decided_at: datetime | None
    answer: str
    introduction_id: str
    name: str
    email: str = ""
    may: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the request as programs read it."""
        return asdict(self)


class Requests:
    """Reads requests, within what the asker may read."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def all(self, scope: Scope, state: str = "") -> tuple[RequestTold, ...]:
        """Return the requests of the asker's firm, or of the organisation for its officers, the latest first.

        Those that wait come the longest wait first; a hundred at most are told.
        """
        rights = scope.require(Thing.INTRODUCTIONS, Right.READ, Right.READ_OWN)
        wanted = _live() if not state else _live().where(IntroductionRequest.state == state)
        order = IntroductionRequest.created_at
        if Right.READ not in rights:
            wanted = wanted.where(IntroductionRequest.siren == _own(scope))
        first = order if state == RequestState.WAITING.value else order.desc()
        with self._journal.reading(scope) as reader:
            rows = reader.all(wanted.order_by(first, IntroductionRequest.id).limit(MOST_SHOWN))
            speaking = askers(reader, rows)
            return tuple(_told(reader, row, speaking.get(row.id)) for row in rows)

    def one(self, scope: Scope, identifier: str) -> RequestTold:
        """Return a request; an officer also reads where to reach who asks, which leaves a trace."""
        rights = scope.require(Thing.INTRODUCTIONS, Right.READ, Right.READ_OWN)
        officer = Right.READ in rights
        with self._journal.reading(scope) as reader:
            row = reader.get(IntroductionRequest, identifier)
            if not officer and row.siren != _own(scope):
                raise NotFound(ABSENT)
            found = told(reader, row, full=officer)
        if officer:
            self._journal.trace(scope, "request.read", identifier, row.siren)
        return found


def hold(unit: Unit, identifier: str) -> IntroductionRequest:
    """Return a request to be changed: whoever holds it second waits, and sees what the first did."""
    unit.one(select(IntroductionRequest.id).where(IntroductionRequest.id == identifier).with_for_update())
    return unit.get(IntroductionRequest, identifier)


def settle(unit: Unit, row: IntroductionRequest, state: RequestState) -> None:
    """Write where a request now stands; raises `Conflict` when it does not wait any more."""
    if row.state != RequestState.WAITING.value:
        raise Conflict("Cette demande n’attend plus de réponse.")
    row.state, row.decided_by, row.decided_at = state.value, unit.scope.person, unit.now


def waiting(reader: Reader) -> Sequence[IntroductionRequest]:
    """Return the requests of the organisation that wait for an officer."""
    return reader.all(_live().where(IntroductionRequest.state == RequestState.WAITING.value))


def askers(reader: Reader, rows: Sequence[IntroductionRequest]) -> Mapping[str, Person]:
    """Return who asked, by request, as long as they speak for the firm that asks."""
    speaks = select(Membership.person_id, Membership.organisation_id, Membership.siren).where(
        Membership.person_id.in_({row.person_id for row in rows}),
        Membership.state == "active",
        Membership.deleted_at.is_(None),
    )
    held = {tuple(role) for role in reader.rows(speaks)} if rows else set()
    people = reader.known(Person, (row.person_id for row in rows))
    return {
        row.id: people[row.person_id]
        for row in rows
        if row.person_id in people and (row.person_id, row.organisation_id, row.siren) in held
    }


def asker(reader: Reader, row: IntroductionRequest) -> Person | None:
    """Return who asked, as long as they speak for the firm that asks."""
    return askers(reader, [row]).get(row.id)


def told(reader: Reader, row: IntroductionRequest, *, full: bool = False) -> RequestTold:
    """Return what is told of a request; `full` adds where to reach who asks."""
    return _told(reader, row, asker(reader, row), full=full)


def _told(reader: Reader, row: IntroductionRequest, person: Person | None, *, full: bool = False) -> RequestTold:
    return RequestTold(
        id=row.id,
        siren=row.siren,
        sought_siren=row.sought_siren,
        call_id=row.call_id,
        reason=row.reason or "",
        state=row.state,
        created_at=row.created_at,
        decided_at=row.decided_at,
        answer=row.answer or "",
        introduction_id=row.introduction_id,
        name=(person.name or "") if person else "",
        email=(person.email or "") if person and full else "",
        may=_may(reader.scope, row),
    )


def _live() -> Select[IntroductionRequest]:
    return select(IntroductionRequest).where(IntroductionRequest.deleted_at.is_(None))


def _own(scope: Scope) -> str:
    """Return the firm whose requests the asker reads; « - » is nobody's."""
    return scope.siren if scope.role is Role.HEAD and scope.siren else "-"


def _may(scope: Scope, row: IntroductionRequest) -> tuple[str, ...]:
    if row.state != RequestState.WAITING.value:
        return ()
    if scope.may(Thing.INTRODUCTIONS, Right.WRITE):
        return ("propose", "decline")
    return ("withdraw",) if scope.may(Thing.INTRODUCTIONS, Right.WRITE_OWN) else ()


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
