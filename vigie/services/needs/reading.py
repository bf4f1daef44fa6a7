"""Needs as the officers of the organisation read them: those that wait, and one, which is then said to be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.needs import NeedState, Readers
from vigie.errors import NotFound
from vigie.services.acts import Act, Doing, Nothing, Telling, needs, nothing
from vigie.services.capabilities import Capability
from vigie.services.communes import commune_name
from vigie.services.followup.reading import names
from vigie.services.needs.answers import NeedLine, NeedRecord
from vigie.services.needs.chosen import adviser_asked
from vigie.services.needs.steps import said_before, steps_of
from vigie.store.journal.followup import Reminder
from vigie.store.journal.needs import StatedNeed

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.acts import ActRunner
    from vigie.store.journal.port import Journal, Reader

MOST_SHOWN = 100
_TOLD = (NeedState.RECEIVED.value, NeedState.PROPOSED.value, NeedState.CLOSED.value, NeedState.WITHDRAWN.value)
WAITING = (NeedState.RECEIVED.value,)

SEEN = Act(
    "need.seen",
    "besoin lu par un agent",
    needs=needs(Thing.STATED_NEEDS, Right.WRITE),
    summary="Lire un besoin",
    done="",
    takes=Nothing,
    tells=nothing,
)
CAPABILITY = Capability("Besoins dits sans compte", acts=(SEEN,))


@SEEN.does
def see(doing: Doing, need: str, _: Nothing) -> None:
    """Note when a need was first read: who stated it is told so."""
    row = doing.unit.get(StatedNeed, need)
    row.seen_at = row.seen_at or doing.unit.now


class NeedReading:
    """Reads needs, within the organisation to which they were said."""

    def __init__(self, journal: Journal, acts: ActRunner) -> None:
        self._journal, self._acts = journal, acts

    def all(self, scope: Scope) -> tuple[NeedLine, ...]:
        """Return the needs that were confirmed, those that wait first, the oldest of them first; a hundred at most."""
        scope.require(Thing.STATED_NEEDS, Right.READ)
        with self._journal.reading(scope) as reader:
            rows = reader.all(confirmed().order_by(StatedNeed.confirmed_at.desc(), StatedNeed.id).limit(MOST_SHOWN))
            waiting = [row for row in rows[::-1] if row.state in WAITING]
            return lines(reader, [*waiting, *(row for row in rows if row.state not in WAITING)])

    def one(self, scope: Scope, need: str) -> NeedRecord:
        """Return a need; the access is traced, and who stated it reads that somebody read it."""
        scope.require(Thing.STATED_NEEDS, Right.READ)
        found = self._acts.tell(scope, read_need, need)
        if not found.line.seen and scope.may(Thing.STATED_NEEDS, Right.WRITE):
            self._acts.do(scope, SEEN, need, Nothing())
            found = self._acts.tell(scope, read_need, need)
        return found

    def of_dossier(self, scope: Scope, dossier: str) -> tuple[NeedLine, ...]:
        """Return the needs that a dossier came from, the latest first; none for whoever reads no need."""
        if not scope.may(Thing.STATED_NEEDS, Right.READ):
            return ()
        with self._journal.reading(scope) as reader:
            mine = confirmed().where(StatedNeed.dossier_id == dossier)
            return lines(reader, reader.all(mine.order_by(StatedNeed.confirmed_at.desc(), StatedNeed.id)))


def read_need(telling: Telling, need: str) -> NeedRecord:
    """Return a confirmed need of the organisation; raises `NotFound` for any other."""
    telling.scope.require(Thing.STATED_NEEDS, Right.READ)
    row = told(telling.reader, need)
    telling.note("need.read", row.id, row.siren)
    earlier = said_before(telling.reader, row)
    may = telling.scope.may(Thing.STATED_NEEDS, Right.WRITE)
    return NeedRecord(
        line=lines(telling.reader, [row])[0],
        readers=row.readers,
        name=row.name or "",
        email=row.email or "",
        phone=row.phone or "",
        adviser=adviser.service if (adviser := adviser_asked(telling.reader, row.adviser_id)) else "",
        steps=steps_of(telling.reader, row),
        proposal=row.proposal or "",
        outcome=row.outcome,
        result=row.result or "",
        published=row.call_id,
        earlier=lines(telling.reader, earlier),
        may=_may(row) if may else (),
    )


def told(reader: Reader, need: str) -> StatedNeed:
    """Return a need whose address was confirmed; raises `NotFound` for one that nobody may read yet."""
    row = reader.get(StatedNeed, need)
    if row.state not in _TOLD:
        raise NotFound(ABSENT)
    return row


def confirmed() -> Select[StatedNeed]:
    """Return the needs that may be read."""
    return select(StatedNeed).where(StatedNeed.state.in_(_TOLD), StatedNeed.deleted_at.is_(None))


def lines(reader: Reader, rows: Sequence[StatedNeed]) -> tuple[NeedLine, ...]:
    """Return needs as lists show them."""
    owners = names(reader, [row.owner_id for row in rows])
    reminders = reader.known(Reminder, (row.reminder_id for row in rows if row.reminder_id)) if rows else {}
    due = {key: one.due_on for key, one in reminders.items() if one.done_at is None and one.deleted_at is None}
    return tuple(
        NeedLine(
            id=row.id,
            text=row.text or "",
            siren=row.siren,
            commune=row.commune,
            commune_name=commune_name(row.commune),
            state=row.state,
            confirmed_at=row.confirmed_at or row.created_at,
            due_on=due.get(row.reminder_id),
            owner=row.owner_id,
            owner_name=owners.get(row.owner_id, ""),
            seen=row.seen_at is not None,
            dossier=row.dossier_id,
        )
        for row in rows
    )


def _may(row: StatedNeed) -> tuple[str, ...]:
    """Return what can be done with a need now."""
    if row.state not in (NeedState.RECEIVED.value, NeedState.PROPOSED.value) or row.erased_at is not None:
        return ()
    publish = ("publish",) if row.readers != Readers.CONTACT.value and not row.call_id else ()
    return ("answer", *publish, "close")
