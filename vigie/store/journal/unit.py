"""One transaction of the journal: what it reads, what it changes, and which version of a row was read.

A version is made of the content itself, not counted: two saved texts that say the same have one version, a change of
what nobody edits (the day of the last contact) makes no new one, and no column has to be kept in step. Hashes by
column tell which of two people changed what: what only one of them touched is merged, what both did is a conflict.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnDefault, Select, func, inspect, select
from sqlalchemy.orm import Session

from vigie.domain.access import ABSENT
from vigie.domain.zones import PARIS, day_in, zone_info
from vigie.errors import Clash, EditConflict, KeyReused, NotFound, Repeated
from vigie.store.journal.base import Base, Dated
from vigie.store.journal.firms import Declaration
from vigie.store.journal.followup import Contact, Dossier, Exchange, Portfolio, WatchThreshold
from vigie.store.journal.introductions import Call
from vigie.store.journal.people import Organisation, Person
from vigie.store.journal.records import Audit, JournalEvent
from vigie.store.journal.tenancy import NOTE, SCOPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.domain.access import Scope
    from vigie.store.journal.port import Row, Value

EDITED: dict[type[Base], tuple[str, ...]] = {
    Dossier: ("kind", "title", "summary", "siren", "siret", "commune", "owner_id", "source", "prospecting"),
    Contact: ("name", "function", "email", "phone", "source", "informed_on"),
    Exchange: ("kind", "direction", "happened_on", "body", "contact_id"),
    Portfolio: ("name",),
    WatchThreshold: ("least", "naf", "commune", "kilometres"),
    Call: ("kind", "title", "text", "closes_on"),
    Declaration: ("field", "visibility", "text"),
    Organisation: ("name", "territory", "cog", "legal_basis", "retention_months", "retention_visa", "zone"),
}
"""The columns that people edit, in the order in which a version tells them."""
_LENGTH = 8


def version_of(row: Base) -> str:
    """Return the version of a row: eight hexadecimal digits for each column that people edit."""
    return "".join(mark_of(row, name, getattr(row, name)) for name in EDITED[type(row)])


def marks(row: Base, version: str) -> dict[str, str]:
    """Return the mark that a version holds of each column; of another row's version, marks that match nothing."""
    names = EDITED[type(row)]
    return {name: version[rank * _LENGTH : (rank + 1) * _LENGTH] for rank, name in enumerate(names)}


def mark_of(row: Base, column: str, value: Any) -> str:
    """Return the mark of a value in a column; browsers end lines their own way, which is no change."""
    text = "" if value is None else str(value).replace("\r\n", "\n")
    return hashlib.sha256(f"{getattr(row, 'id', '')}\n{column}\n{text}".encode()).hexdigest()[:_LENGTH]


_DETAIL = 200


class AlreadyDone(Repeated):
    """The same request was answered before; `subject` is what it made, so that it can be answered again."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        super().__init__("Cette demande a déjà été enregistrée.")


class SqlUnit:
    """Reads and writes through a session; see `port.Reader` and `port.Unit`."""

    def __init__(self, session: Session, scope: Scope, now: datetime, settle: Callable[[Session, Scope], None]) -> None:
        self._session, self._now, self._settle = session, now, settle
        self._scope = scope
        self._event: JournalEvent | None = None
        self._sent = False
        self._zones: dict[str, str] = {}
        session.info[NOTE] = self._note
        self.moving(scope)

    @property
    def scope(self) -> Scope:
        """Who asks."""
        return self._scope

    @property
    def now(self) -> datetime:
        """Return the moment of the transaction."""
        return self._now

    @property
    def today(self) -> date:
        """Return the day that it is in the asker's organisation."""
        return self.day(self._now)

    def day(self, moment: datetime, organisation: str = "") -> date:
        """Return the day of a moment in an organisation, the asker's when none is named."""
        return day_in(self._zone(organisation or self._scope.organisation), moment)

    def midnight(self, day: date) -> datetime:
        """Return the moment when a day begins in the asker's organisation."""
        return datetime.combine(day, time.min, zone_info(self._zone(self._scope.organisation)))

    def _zone(self, organisation: str) -> str:
        if organisation not in self._zones:
            asked = select(Organisation.zone).where(Organisation.id == organisation)
            with self._session.no_autoflush:
                self._zones[organisation] = self._session.scalar(asked) or PARIS
        return self._zones[organisation]

    def moving(self, scope: Scope) -> None:
        """Go on as another asker in the same transaction; what was pending is written as the former one."""
        self._session.flush()
        self.finish()
        self._session.flush()
        self._scope = scope
        self._event = None
        self._session.info[SCOPE] = scope
        self._settle(self._session, scope)

    def find(self, table: type[Row], identifier: str) -> Row | None:
        """Return a row by its identifier, withdrawn or not; `None` behind the wall."""
        return self._session.scalars(select(table).where(inspect(table).primary_key[0] == identifier)).one_or_none()

    def known(self, table: type[Row], identifiers: Iterable[str]) -> Mapping[str, Row]:
        """Return rows by identifier, withdrawn or not, in one question; those behind the wall are absent."""
        wanted = sorted({identifier for identifier in identifiers if identifier})
        if not wanted:
            return {}
        key = inspect(table).primary_key[0]
        return {str(getattr(row, str(key.key))): row for row in self.all(select(table).where(key.in_(wanted)))}

    def get(self, table: type[Row], identifier: str) -> Row:
        """Return a row by its identifier; raises `NotFound` when it is not there, withdrawn, or behind the wall."""
        row = self.find(table, identifier)
        if row is None or getattr(row, "deleted_at", None) is not None:
            raise NotFound(ABSENT)
        return row

    def all(self, statement: Select[Value]) -> Sequence[Value]:
        """Return the first column of every row."""
        return self._session.scalars(statement).all()

    def one(self, statement: Select[Value]) -> Value | None:
        """Return the first column of the only row; `None` when there is none."""
        return self._session.scalars(statement).one_or_none()

    def rows(self, statement: Select[*tuple[Any, ...]]) -> Sequence[Any]:
        """Return the rows of a statement of several columns."""
        return self._session.execute(statement).all()

    def count(self, statement: Select[*tuple[Any, ...]]) -> int:
        """Return how many rows a statement has."""
        counted = statement.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
        return int(self._session.scalar(counted) or 0)

    def act(self, kind: str, subject: str = "") -> None:
        """Say what is being done; raises `AlreadyDone` when the same request was already answered.

        Raises `KeyReused` when the key of the request was used for something else.
        """
        self._session.flush()
        asked = self._scope
        if asked.request_key and self._event is None:
            before = self._session.scalars(
                select(JournalEvent).where(
                    JournalEvent.request_key == asked.request_key, JournalEvent.person_id == asked.person
                )
            ).one_or_none()
            if before is not None:
                raise AlreadyDone(before.subject) if _is_same(before, asked, kind) else KeyReused()
        key = asked.request_key if self._event is None else ""
        self.finish()
        self._event, self._sent = self._happening(kind, subject, key), False

    def finish(self) -> None:
        """Write the act that was said but changed no row."""
        if self._event is not None and not self._sent:
            self._session.flush()
            if not self._sent:
                self._session.add(self._event)
                self._sent = True

    def _happening(self, kind: str, subject: str, request_key: str = "") -> JournalEvent:
        asked = self._scope
        return JournalEvent(
            organisation_id=asked.organisation,
            at=self._now,
            person_id=asked.person,
            role=asked.role.value,
            via=asked.via,
            kind=kind,
            subject=subject,
            request_key=request_key,
            request_content=asked.request_content if request_key else "",
            rows=[],
        )

    def add(self, row: Row) -> Row:
        """Write a row, dated and owned by the asker's organisation unless it says otherwise."""
        for name, value in (("organisation_id", self._scope.organisation), ("created_at", self._now)):
            if hasattr(row, name) and not getattr(row, name):
                setattr(row, name, value)
        for name, default in _defaults(type(row)):
            # Defaults are set now, not by the engine, so that the event holds them.
            if getattr(row, name) is None:
                setattr(row, name, default.arg(None) if callable(default.arg) else default.arg)
        self._session.add(row)
        return row

    def merge(self, row: Base, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return which columns are to take which values, given the version that the asker had read."""
        self._session.flush()
        self._session.refresh(row, with_for_update=True)
        wanted = {name: value for name, value in values.items() if getattr(row, name) != value}
        asked, now = self._scope, version_of(row)
        if not asked.seen or asked.seen == now:
            return wanted
        read, clashes = marks(row, asked.seen), []
        for name in [name for name in wanted if name in read]:
            if not asked.exact and mark_of(row, name, wanted[name]) == read[name]:
                del wanted[name]  # the asker left it as they read it: what somebody else wrote stays
            elif asked.exact or mark_of(row, name, getattr(row, name)) != read[name]:
                clashes.append(Clash(name, getattr(row, name), wanted[name]))
        if clashes or asked.exact:
            raise EditConflict(clashes, now, *self._last_change(row))
        return wanted

    def change(self, row: Base, values: Mapping[str, Any]) -> None:
        """Write what `merge` returns."""
        for name, value in self.merge(row, values).items():
            setattr(row, name, value)

    def _last_change(self, row: Any) -> tuple[str, datetime | None]:
        """Return who changed a row last, by name, and when."""
        last = self._session.scalars(
            select(JournalEvent).where(JournalEvent.subject == row.id).order_by(JournalEvent.seq.desc()).limit(1)
        ).one_or_none()
        if last is None:
            return "", None
        return self._session.scalar(select(Person.name).where(Person.id == last.person_id)) or "", last.at

    def withdraw(self, row: Base) -> None:
        """Mark a row as deleted."""
        if not isinstance(row, Dated):
            raise TypeError(f"{type(row).__name__} cannot be withdrawn")
        row.deleted_at = self._now

    def erase(self, row: Base) -> None:
        """Empty the personal columns of a row, for good."""
        for column in row.__table__.columns:
            if column.info.get("personal"):
                setattr(row, column.key, None if column.nullable else "")
        if hasattr(row, "erased_at"):
            row.erased_at = self._now

    def trace(self, kind: str, subject: str = "", siren: str = "", detail: str = "") -> None:
        """Note an access in the audit; `detail` is a path of Vigie, never a text that somebody wrote."""
        self._session.add(Audit(**access(self._scope, self._now, kind, subject, siren, detail)))

    def flush(self) -> None:
        """Send what is pending to the engine."""
        self._session.flush()

    def _note(self, session: Session) -> None:
        """Write in the event of the current act what each changed row becomes."""
        made, changed = session.new, session.dirty  # both are made anew each time they are asked for
        changes = [
            change
            for rows, fresh in ((made, True), (changed, False))
            for row in rows
            if (change := _change(row, fresh=fresh))
        ]
        if not changes:
            return
        if self._event is None:
            raise RuntimeError("a change of the journal was not announced: call act() first")
        if self._sent:
            # The event already left, and events are never rewritten: the rest of the act is another one.
            self._event = self._happening(self._event.kind, self._event.subject)
        self._event.rows = changes
        session.add(self._event)
        self._sent = True


def _is_same(before: JournalEvent, asked: Scope, kind: str) -> bool:
    """Tell whether an act with the key of this request is the one asked for again."""
    if before.request_content and asked.request_content:
        return before.request_content == asked.request_content
    return before.kind == kind  # written before contents were kept, or asked by a command


def access(
    asked: Scope, at: datetime, kind: str, subject: str = "", siren: str = "", detail: str = ""
) -> dict[str, Any]:
    """Return what the audit keeps of an access."""
    return {
        "organisation_id": asked.organisation,
        "at": at,
        "person_id": asked.person,
        "role": asked.role.value,
        "via": asked.via,
        "kind": kind,
        "subject": subject,
        "siren": siren,
        "detail": detail[:_DETAIL],
    }


def _change(row: Any, *, fresh: bool) -> dict[str, Any] | None:
    """Return what an event keeps of a changed row, `None` when it keeps nothing."""
    if not row.evented:
        return None
    table: type[Base] = type(row)
    columns = _columns(table)
    if not fresh:
        attributes = inspect(row).attrs
        columns = [(name, hidden) for name, hidden in columns if attributes[name].history.has_changes()]
    if not columns:
        return None
    kept = {name: plain(getattr(row, name)) for name, hidden in columns if not hidden and name != "id"}
    return {"table": row.__tablename__, "id": row.id, "set": kept, "personal": [name for name, hide in columns if hide]}


@cache
def _columns(table: type[Base]) -> list[tuple[str, bool]]:
    """Return the columns of a table, each with whether it can be erased."""
    return [(column.key, bool(column.info.get("personal"))) for column in table.__table__.columns]


@cache
def _defaults(table: type[Base]) -> list[tuple[str, ColumnDefault]]:
    """Return the columns that say what they hold when nothing is said."""
    found = ((column.key, getattr(column, "default", None)) for column in table.__table__.columns)
    return [(name, default) for name, default in found if isinstance(default, ColumnDefault)]


def plain(value: Any) -> Any:
    """Return a value as JSON holds it."""
    return value.isoformat() if isinstance(value, date | datetime) else value
