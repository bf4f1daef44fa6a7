"""Dossiers to take away, with the columns that imports read: the list on the screen, whole, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from vigie.domain.access import Right, Thing
from vigie.domain.followup import DossierKind, DossierState
from vigie.domain.spreadsheets import OTHER_CONTACTS, ColumnMeaning
from vigie.services.communes import commune_name
from vigie.services.followup.finding import DossierFilter, every
from vigie.services.spreadsheets.summary import parted
from vigie.store.journal.followup import Contact, Dossier, DossierTag, Reminder

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.store.journal.port import Journal, Reader

Cell = str | date | None
Row = TypeVar("Row", Contact, DossierTag, Reminder)
_AT_ONCE = 500
WRITTEN = tuple(column for column in ColumnMeaning if column is not ColumnMeaning.POSTAL_CODE)
"""Columns of the files taken away; a dossier keeps the code of its commune, not a postcode."""


@dataclass(frozen=True, slots=True)
class DossierTable:
    """Dossiers as a table: titles, and a row each, by `WRITTEN` then the other contacts."""

    titles: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Exports:
    """What officers take away."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def dossiers(self, scope: Scope, asked: DossierFilter) -> DossierTable:
        """Return all the dossiers of a filter, in its order, whatever its page; the export is traced.

        A dossier is one row: its first contact by name in the columns that imports read, the others beside; the next
        reminder that is not done.
        """
        scope.require(Thing.EXPORTS, Right.READ)
        scope.require(Thing.DOSSIERS, Right.READ)
        self._journal.trace(scope, "dossiers.exported")
        with self._journal.reading(scope) as reader:
            return _table(reader, every(reader, asked))


def _table(reader: Reader, chosen: Sequence[str]) -> DossierTable:
    rows: list[tuple[Cell, ...]] = []
    for start in range(0, len(chosen), _AT_ONCE):
        part = chosen[start : start + _AT_ONCE]
        dossiers = {row.id: row for row in reader.all(select(Dossier).where(Dossier.id.in_(part)))}
        contacts = _grouped(reader, Contact, part)
        tags, reminders = _grouped(reader, DossierTag, part), _grouped(reader, Reminder, part)
        rows += [
            _row(dossiers[identifier], contacts.get(identifier, ()), tags.get(identifier, ()),
                 reminders.get(identifier, ()))
            for identifier in part
        ]  # fmt: skip
    return DossierTable((*(column.label for column in WRITTEN), OTHER_CONTACTS), tuple(rows))


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
