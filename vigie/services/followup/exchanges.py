"""Visits, calls, meetings, e-mails and internal notes of a dossier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.followup import Direction, ExchangeKind, comes_from_contact
from vigie.errors import FieldFault, NotFound
from vigie.services.followup.answers import JsonAnswer
from vigie.services.followup.reading import writable
from vigie.store.journal.base import new_id
from vigie.store.journal.followup import Contact, Dossier, Exchange
from vigie.store.journal.unit import AlreadyDone
from vigie.store.journal.versions import version_of

if TYPE_CHECKING:
    from datetime import date

    from vigie.domain.access import Scope
    from vigie.services.followup.entries import ExchangeEntry
    from vigie.store.journal.port import Journal, Reader, Unit


@dataclass(frozen=True, slots=True)
class KeptExchange(JsonAnswer):
    """An exchange as it was kept."""

    id: str
    dossier: str
    kind: str
    direction: str
    happened_on: date
    body: str | None
    contact: str
    version: str


class Exchanges:
    """Exchanges of the dossiers of an organisation.

    A dossier's last contact follows what comes from the contact; what we send alone never moves it.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def record(self, scope: Scope, dossier: str, entry: ExchangeEntry) -> KeptExchange:
        """Write an exchange in a dossier; raises `FieldFault` for a field that cannot be kept.

        A note is written by those who write notes only.
        """
        _allowed(scope, entry.kind)
        kept = entry.checked(self._journal.today(scope))
        made = Exchange(id=new_id(), dossier_id=dossier, author_id=scope.person, **_columns(kept))
        try:
            with self._journal.writing(scope) as unit:
                unit.act("exchange.recorded", made.id)
                row = writable(unit, dossier)
                contact = _contact(unit, dossier, kept.contact)
                _awaits(row, kept)
                _heard(row, contact, made)
                unit.add(made)
        except AlreadyDone as done:
            return self.read(scope, done.subject)
        return _told(made)

    def read(self, scope: Scope, exchange: str) -> KeptExchange:
        """Return an exchange, to change it."""
        scope.require(Thing.DOSSIERS, Right.READ)
        with self._journal.reading(scope) as reader:
            row = reader.get(Exchange, exchange)
            if row.kind == ExchangeKind.NOTE:
                scope.require(Thing.NOTES, Right.READ)
            return _told(row)

    def edit(self, scope: Scope, exchange: str, entry: ExchangeEntry) -> KeptExchange:
        """Change an exchange; a note is changed by its author only, and stays a note."""
        _allowed(scope, entry.kind)
        kept = entry.checked(self._journal.today(scope))
        try:
            with self._journal.writing(scope) as unit:
                unit.act("exchange.edited", exchange)
                row = _owned(unit, exchange)
                if (row.kind == ExchangeKind.NOTE) != (kept.kind == ExchangeKind.NOTE):
                    raise FieldFault("kind", "Une note interne reste une note, et un échange reste un échange.")
                dossier = writable(unit, row.dossier_id)
                contact = _contact(unit, row.dossier_id, kept.contact)
                others = _others(unit, row)
                was = row.happened_on if _proves(row) else None
                unit.change(row, _columns(kept))
                _forgotten(dossier, was, others)
                _heard(dossier, contact, row)
        except AlreadyDone:
            pass
        return self.read(scope, exchange)

    def withdraw(self, scope: Scope, exchange: str) -> str:
        """Take an exchange out of its dossier, and return the dossier; a note is withdrawn by its author only."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            found = reader.find(Exchange, exchange)
        if found is None:
            raise NotFound(ABSENT)
        try:
            with self._journal.writing(scope) as unit:
                unit.act("exchange.withdrawn", exchange)
                row = _owned(unit, exchange)
                dossier = writable(unit, row.dossier_id)
                others = _others(unit, row)
                _forgotten(dossier, row.happened_on if _proves(row) else None, others)
                unit.withdraw(row)
        except AlreadyDone:
            pass
        return found.dossier_id


def _allowed(scope: Scope, kind: str) -> None:
    scope.require(Thing.DOSSIERS, Right.WRITE)
    if kind == ExchangeKind.NOTE:
        scope.require(Thing.NOTES, Right.WRITE, Right.WRITE_OWN)


def _owned(unit: Unit, exchange: str) -> Exchange:
    """Return an exchange that the asker may change: a note is its author's alone."""
    row = unit.get(Exchange, exchange)
    if row.kind == ExchangeKind.NOTE:
        unit.scope.require(Thing.NOTES, Right.WRITE, Right.WRITE_OWN)
        if row.author_id != unit.scope.person:
            raise NotFound(ABSENT)
    return row


def _contact(reader: Reader, dossier: str, contact: str) -> Contact | None:
    if not contact:
        return None
    row = reader.find(Contact, contact)
    if row is None or row.dossier_id != dossier or row.deleted_at is not None:
        raise FieldFault("contact", "Choisissez un contact de ce dossier.")
    return row


def _others(reader: Reader, row: Exchange) -> list[date]:
    """Return the days of the other exchanges of the dossier that came from a contact."""
    live = (Exchange.dossier_id == row.dossier_id, Exchange.deleted_at.is_(None), Exchange.id != row.id)
    return [other.happened_on for other in reader.all(select(Exchange).where(*live)) if _proves(other)]


def _proves(row: Exchange) -> bool:
    return comes_from_contact(ExchangeKind(row.kind), Direction(row.direction))


def _heard(dossier: Dossier, contact: Contact | None, exchange: Exchange) -> None:
    """Move the last contact forward when the exchange comes from the contact."""
    if not _proves(exchange):
        return
    for row in (dossier, contact):
        if row is not None and (row.last_contact_on is None or row.last_contact_on < exchange.happened_on):
            row.last_contact_on = exchange.happened_on


def _forgotten(dossier: Dossier, day: date | None, others: list[date]) -> None:
    """Move the last contact back when it rested on an exchange that is changed or withdrawn."""
    if day is not None and dossier.last_contact_on == day:
        dossier.last_contact_on = max(others, default=None)


def _awaits(dossier: Dossier, entry: ExchangeEntry) -> None:
    """Start waiting, go on waiting since the first day, or stop; a note changes nothing unless it says so."""
    if entry.waiting is None and entry.kind == ExchangeKind.NOTE:
        return
    waits = entry.direction == Direction.SENT if entry.waiting is None else entry.waiting
    if not waits:
        dossier.waiting_since = None
    elif dossier.waiting_since is None or entry.direction != Direction.SENT:
        dossier.waiting_since = entry.happened_on


def _columns(entry: ExchangeEntry) -> dict[str, object]:
    return {
        "kind": entry.kind,
        "direction": entry.direction,
        "happened_on": entry.happened_on,
        "body": entry.body,
        "contact_id": entry.contact,
    }


def _told(row: Exchange) -> KeptExchange:
    return KeptExchange(
        row.id, row.dossier_id, row.kind, row.direction, row.happened_on, row.body, row.contact_id, version_of(row)
    )
