"""The journal as people read it: what was done and what was read, merged, the latest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, literal, or_, select

from vigie.domain.access import Right, Role, Scope, Thing
from vigie.services.records.words import label_of
from vigie.store.journal.people import Membership, Organisation, Person
from vigie.store.journal.records import OVERSEEN, Audit, JournalEvent

if TYPE_CHECKING:
    from vigie.store.journal.port import Journal, Reader

PER_PAGE = 50
LAST_PAGE = 200
EXPORTED = 100_000
_FIRST_DAY, _LAST_DAY = date(1, 1, 2), date(9999, 12, 30)
"""Days whose midnights are moments in UTC too, in every zone; a bound beyond them leaves nothing out."""
Statement = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to keep: days where the asker is, one person, one family of kinds, one subject, acts or accesses."""

    since: date | None = None
    until: date | None = None
    person: str = ""
    family: str = ""
    subject: str = ""
    nature: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One act (something changed) or one access (something was read).

    `who` is a name, empty when the account was erased or is not of this organisation; `organisation` is named where
    several are listed.
    """

    at: datetime
    nature: str
    kind: str
    label: str
    person: str
    who: str
    role: str
    via: str
    subject: str
    siren: str
    detail: str
    organisation: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the line as programs read it."""
        return {
            "at": self.at.isoformat(), "nature": self.nature, "kind": self.kind, "label": self.label,
            "person": self.person, "who": self.who, "role": self.role, "via": self.via, "subject": self.subject,
            "siren": self.siren, "detail": self.detail, "organisation": self.organisation,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class JournalPage:
    """A page of lines, with what the filters can be set to: people and families present in this journal."""

    lines: tuple[AuditLine, ...]
    total: int
    page: int
    people: tuple[tuple[str, str], ...]
    families: tuple[str, ...]
    view: str

    @property
    def total_pages(self) -> int:
        """How many pages can be turned."""
        return min(LAST_PAGE, max(1, -(-self.total // PER_PAGE)))

    def as_dict(self) -> dict[str, Any]:
        """Return the page as programs read it."""
        return {
            "results": [line.as_dict() for line in self.lines], "total_results": self.total, "page": self.page,
            "total_pages": self.total_pages, "view": self.view,
        }  # fmt: skip


class Records:
    """Reads events and audit for who may: an admin their organisation, a head their firm, a super-admin sign-ins."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def journal(self, scope: Scope, wanted: AuditFilter) -> JournalPage:
        """Return one page; raises `NotFound` for who may read none of it."""
        view = _view(scope)
        self._journal.gather()
        with self._journal.reading(_reading(scope, view)) as reader:
            events, audits = _statements(reader, wanted, view)
            total = reader.count(events) + reader.count(audits)
            lines = _named(reader, _page(_merged(reader, events, audits, wanted.page * PER_PAGE), wanted.page), view)
            people = _people(reader) if view == "organisation" else ()
            return JournalPage(tuple(lines), total, wanted.page, people, _families(reader, scope, view), view)

    def export(self, scope: Scope, wanted: AuditFilter) -> tuple[AuditLine, ...]:
        """Return every line wanted, the latest 100 000 at most; taking the journal away is itself traced."""
        view = _view(scope)
        self._journal.trace(scope, "journal.exported")
        self._journal.gather()
        with self._journal.reading(_reading(scope, view)) as reader:
            events, audits = _statements(reader, wanted, view)
            return tuple(_named(reader, _merged(reader, events, audits, EXPORTED), view))


def _view(scope: Scope) -> str:
    """Return which journal the asker reads: the organisation's, their firm's, or the installation's sign-ins."""
    held = scope.require(Thing.AUDIT, Right.READ, Right.READ_OWN)
    if Right.READ not in held:
        return "firm"
    return "installation" if scope.role is Role.SUPER_ADMIN and scope.via != "emergency" else "organisation"


def _reading(scope: Scope, view: str) -> Scope:
    """Return the asker, who oversees every organisation when they read the installation's sign-ins."""
    return scope.overseeing() if view == "installation" else scope


def _statements(reader: Reader, wanted: AuditFilter, view: str) -> tuple[Statement, Statement]:
    """Ask for the events and the accesses wanted, in the same columns; a head, told no person, chooses none."""
    if view == "firm":
        wanted = replace(wanted, person="")
    events = select(
        JournalEvent.at, JournalEvent.seq, literal("act"), JournalEvent.kind, JournalEvent.person_id,
        JournalEvent.role, JournalEvent.via, JournalEvent.subject, literal(""), literal(""),
        JournalEvent.organisation_id,
    ).where(*_kept(reader, JournalEvent, wanted))  # fmt: skip
    audits = select(
        Audit.at, Audit.seq, literal("access"), Audit.kind, Audit.person_id, Audit.role, Audit.via, Audit.subject,
        Audit.siren, Audit.detail, Audit.organisation_id,
    ).where(*_kept(reader, Audit, wanted))  # fmt: skip
    if view == "firm":
        return events.where(literal(value=False)), audits.where(_of_firm(reader.scope))
    if view == "installation":
        events = events.where(or_(*(JournalEvent.kind.startswith(f"{family}.") for family in OVERSEEN)))
        audits = audits.where(or_(*(Audit.kind.startswith(f"{family}.") for family in OVERSEEN)))
    return events, audits


def _of_firm(scope: Scope) -> ColumnElement[bool]:
    """Keep the accesses to the asker's firm; an empty SIREN is that of every line without one, and opens nothing."""
    return Audit.siren == scope.siren if scope.siren else literal(value=False)


def _kept(reader: Reader, table: type[JournalEvent] | type[Audit], wanted: AuditFilter) -> list[ColumnElement[bool]]:
    kept: list[ColumnElement[bool]] = []
    if wanted.since and wanted.since >= _FIRST_DAY:
        kept.append(table.at >= reader.midnight(wanted.since))
    if wanted.until and wanted.until <= _LAST_DAY:
        kept.append(table.at < reader.midnight(wanted.until + timedelta(days=1)))
    if wanted.person:
        kept.append(table.person_id == wanted.person)
    if wanted.family:
        kept.append(table.kind.startswith(f"{wanted.family}.", autoescape=True))
    if wanted.subject:
        kept.append(table.subject == wanted.subject)
    if wanted.nature and wanted.nature != ("act" if table is JournalEvent else "access"):
        kept.append(literal(value=False))
    return kept


def _merged(reader: Reader, events: Statement, audits: Statement, limit: int) -> list[AuditLine]:
    """Return the latest lines of both, people and organisations by their identifiers."""
    rows = [
        *reader.rows(events.order_by(JournalEvent.at.desc(), JournalEvent.seq.desc()).limit(limit)),
        *reader.rows(audits.order_by(Audit.at.desc(), Audit.seq.desc()).limit(limit)),
    ]
    rows.sort(key=lambda row: (row[0], row[2], row[1]), reverse=True)
    return [
        AuditLine(at, nature, kind, label_of(kind), person, "", role, via, subject, siren, detail, organisation)
        for at, _, nature, kind, person, role, via, subject, siren, detail, organisation in islice(rows, limit)
    ]


def _page(lines: Sequence[AuditLine], page: int) -> Sequence[AuditLine]:
    return lines[(page - 1) * PER_PAGE : page * PER_PAGE]


def _named(reader: Reader, lines: Iterable[AuditLine], view: str) -> list[AuditLine]:
    """Put names on people, and on organisations where several are listed; a head is told roles only."""
    if view == "installation":
        places = dict(reader.rows(select(Organisation.id, Organisation.name)))
        return [replace(line, organisation=places.get(line.organisation, "")) for line in lines]
    if view == "firm":
        return [replace(line, person="", organisation="") for line in lines]
    names = dict(_people(reader))
    return [replace(line, who=names.get(line.person, ""), organisation="") for line in lines]


def _people(reader: Reader) -> tuple[tuple[str, str], ...]:
    """Return the people of the organisation, former members included, in the order of names."""
    members = select(Membership.person_id).where(Membership.organisation_id == reader.scope.organisation)
    rows = reader.rows(select(Person.id, Person.name).where(Person.id.in_(members)).order_by(Person.name))
    return tuple((identifier, name or "compte effacé") for identifier, name in rows)


def _families(reader: Reader, scope: Scope, view: str) -> tuple[str, ...]:
    """Return the first words of the kinds present in what the asker reads."""
    if view == "installation":
        return ("emergency", "session")
    accesses = select(Audit.kind).distinct()
    kinds = set(reader.all(accesses.where(_of_firm(scope)) if view == "firm" else accesses))
    if view == "organisation":
        kinds |= set(reader.all(select(JournalEvent.kind).distinct()))
    return tuple(sorted({kind.partition(".")[0] for kind in kinds}))
