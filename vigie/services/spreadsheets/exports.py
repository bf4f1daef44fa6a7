"""Dossiers to take away, with the columns that imports read: the list on the screen, whole, and nothing else."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import IO, TYPE_CHECKING, TypeVar

from sqlalchemy import select

from vigie.domain.access import Right, Thing
from vigie.domain.followup import DossierKind, DossierState
from vigie.domain.spreadsheets import OTHER_CONTACTS, ColumnMeaning
from vigie.services.capabilities import Capability
from vigie.services.communes import commune_name
from vigie.services.followup.reading import DossierFilter, every
from vigie.services.job_kinds import JobKind, JobState
from vigie.services.jobs.asking import ask
from vigie.services.jobs.files import KEPT
from vigie.services.spreadsheets.summary import parted
from vigie.store.journal.followup import Contact, Dossier, DossierTag, Reminder
from vigie.store.journal.jobs import Job

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.jobs.files import JobFiles
    from vigie.services.jobs.running import Run
    from vigie.store.journal.port import Journal, Reader

Cell = str | date | None
Row = TypeVar("Row", Contact, DossierTag, Reminder)
_AT_ONCE = 500
WRITTEN = tuple(column for column in ColumnMeaning if column is not ColumnMeaning.POSTAL_CODE)
"""Columns of the files taken away; a dossier keeps the code of its commune, not a postcode."""


LONG = 1_000
"""Dossiers beyond which a file is made by a job."""
EXPORT = JobKind("export-dossiers", "Fichier de dossiers à emporter", ("dossier", "dossiers"))
CAPABILITY = Capability("Tableurs", jobs=(EXPORT,))


@dataclass(frozen=True, slots=True)
class DossierTable:
    """Dossiers as a table: titles, and a row each, by `WRITTEN` then the other contacts; rows are read once."""

    titles: tuple[str, ...]
    rows: Iterable[tuple[Cell, ...]]


WriteTable = Callable[[DossierTable, str, IO[bytes]], None]


class Exports:
    """What officers take away."""

    def __init__(self, journal: Journal, files: JobFiles) -> None:
        self._journal, self._files = journal, files

    def dossiers(self, scope: Scope, asked: DossierFilter) -> DossierTable:
        """Return all the dossiers of a filter, in its order, whatever its page; the export is traced.

        A dossier is one row: its first contact by name in the columns that imports read, the others beside; the next
        reminder that is not done.
        """
        scope.require(Thing.EXPORTS, Right.READ)
        scope.require(Thing.DOSSIERS, Right.READ)
        self._journal.trace(scope, "dossiers.exported")
        with self._journal.reading(scope) as reader:
            chosen = every(reader, asked)
            return DossierTable(_TITLES, [row for part in _parts(chosen) for row in _rows(reader, part)])

    def ask(self, scope: Scope, asked: DossierFilter, kind: str) -> str:
        """Leave the file of more than a thousand dossiers to a job, and return it; empty when they are fewer.

        Who asks again before it is done is given the same job.
        """
        scope.require(Thing.EXPORTS, Right.READ)
        scope.require(Thing.DOSSIERS, Right.WRITE)
        params = json.dumps({"filter": asdict(asked), "kind": kind})
        going = (Job.kind == EXPORT.word, Job.state.in_((JobState.WAITING.value, JobState.RUNNING.value)))
        with self._journal.reading(scope) as reader:
            total = len(every(reader, asked))
            if total <= LONG:
                return ""
            mine = select(Job.id).where(*going, Job.person_id == scope.person, Job.params == params).limit(1)
            already = next(iter(reader.all(mine)), "")
        if already:
            return already
        with self._journal.writing(scope) as unit:
            return ask(unit, EXPORT, total=total, params=params)

    def work(self, write: WriteTable) -> Callable[[Run], None]:
        """Return what makes such a file, some hundreds of dossiers read at a time."""

        def make(run: Run) -> None:
            asked = json.loads(run.params)
            with run.journal.reading(run.scope) as reader:
                chosen = every(reader, DossierFilter(**asked["filter"]))
            table = DossierTable(_TITLES, _told_rows(run, chosen))
            self._files.make(run.job, lambda target: write(table, asked["kind"], target))
            with run.writing() as unit:
                row = unit.get(Job, run.job)
                row.file_name, row.expires_at = f"dossiers.{asked['kind']}", unit.now + KEPT
                run.end(unit)

        return make


_TITLES = (*(column.label for column in WRITTEN), OTHER_CONTACTS)


def _parts(chosen: Sequence[str]) -> Iterator[Sequence[str]]:
    return (chosen[start : start + _AT_ONCE] for start in range(0, len(chosen), _AT_ONCE))


def _told_rows(run: Run, chosen: Sequence[str]) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of dossiers, saying after each part how far the file is."""
    done = 0
    for part in _parts(chosen):
        with run.journal.reading(run.scope) as reader:
            rows = _rows(reader, part)
        yield from rows
        done += len(part)
        run.tell(done, len(chosen))


def _rows(reader: Reader, part: Sequence[str]) -> list[tuple[Cell, ...]]:
    dossiers = {row.id: row for row in reader.all(select(Dossier).where(Dossier.id.in_(part)))}
    contacts = _grouped(reader, Contact, part)
    tags, reminders = _grouped(reader, DossierTag, part), _grouped(reader, Reminder, part)
    return [
        _row(dossiers[one], contacts.get(one, ()), tags.get(one, ()), reminders.get(one, ()))
        for one in part
        if one in dossiers and dossiers[one].erased_at is None
    ]


def _grouped(reader: Reader, table: type[Row], dossiers: Sequence[str]) -> Mapping[str, Sequence[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in reader.all(select(table).where(table.dossier_id.in_(dossiers), table.deleted_at.is_(None))):
        found[row.dossier_id].append(row)
    return found


def _row(
    dossier: Dossier, contacts: Sequence[Contact], tags: Sequence[DossierTag], reminders: Sequence[Reminder]
) -> tuple[Cell, ...]:
    people = sorted(contacts, key=lambda one: (one.name or "", one.id))
    first = people[0] if people else None
    waiting = min((one for one in reminders if one.done_at is None), key=lambda one: (one.due_on, one.id), default=None)
    activity, comment = parted(dossier.summary or "")
    cells: dict[ColumnMeaning, Cell] = {
        ColumnMeaning.DOSSIER: dossier.id,
        ColumnMeaning.KIND: DossierKind(dossier.kind).label,
        ColumnMeaning.NAME: dossier.title,
        ColumnMeaning.SIREN: dossier.siren,
        ColumnMeaning.SIRET: dossier.siret,
        ColumnMeaning.COMMUNE: commune_name(dossier.commune) if dossier.commune else "",
        ColumnMeaning.COMMUNE_CODE: dossier.commune,
        ColumnMeaning.CONTACT: first.name if first else None,
        ColumnMeaning.FUNCTION: first.function if first else None,
        ColumnMeaning.EMAIL: first.email if first else None,
        ColumnMeaning.PHONE: first.phone if first else None,
        ColumnMeaning.ACTIVITY: activity,
        ColumnMeaning.COMMENT: comment,
        ColumnMeaning.LAST_CONTACT: dossier.last_contact_on,
        ColumnMeaning.REMINDER: waiting.due_on if waiting else None,
        ColumnMeaning.REMINDER_REASON: waiting.reason if waiting else None,
        ColumnMeaning.TAGS: ", ".join(sorted(tag.label for tag in tags)),
        ColumnMeaning.STATE: DossierState(dossier.state).label,
    }
    others = " ; ".join(filter(None, map(_in_words, people[1:])))
    return (*(cells[column] or None for column in WRITTEN), others or None)


def _in_words(one: Contact) -> str:
    return ", ".join(filter(None, [one.name, one.function, one.email, one.phone]))
