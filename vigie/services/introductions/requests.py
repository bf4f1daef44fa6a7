"""Reading what heads of firms ask for: one's own, or all of the organisation for its officers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from vigie.domain.access import ABSENT, Right, Role, Scope, Thing
from vigie.domain.introductions import RequestState
from vigie.errors import Conflict, NotFound
from vigie.store.journal.introductions import IntroductionRequest
from vigie.store.journal.people import Membership, Person

if TYPE_CHECKING:
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
