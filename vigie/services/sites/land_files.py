"""Files of the inventory of land in a national layout: checked whole, brought in, given back as they were published."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from vigie.domain import french
from vigie.domain.access import Right, Thing
from vigie.domain.land import OF_LAYOUT, LandKind
from vigie.errors import LinesRefused
from vigie.services.acts import Act, Doing, FormPage, Nothing, PreparedForm, Telling, needs, nothing
from vigie.services.capabilities import Capability
from vigie.services.followup.answers import JsonAnswer
from vigie.services.sites.land_lines import corrected, held_of, is_natural, meant, shown
from vigie.services.sites.shown import follow
from vigie.sources.land_files import LandDialect, plain, read_land_file, written_again
from vigie.sources.land_layouts import layouts
from vigie.store.journal.base import new_id
from vigie.store.journal.land import LandFile, LandUnit
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from vigie.domain.access import Scope
    from vigie.sources.land_files import LandFileRead
    from vigie.store.journal.port import Journal, Reader, Unit

FILES = "/bureau/locaux/fichiers"
MOST_BYTES = 20_000_000
_GOES = (
    "Ses lignes quittent l’inventaire avec lui ; propriétaires et contacts sont effacés 30 jours après. "
    "Ce qui a été saisi à la main reste."
)


@dataclass(frozen=True, slots=True)
class LandFileTold(JsonAnswer):
    """A file that was brought, or only checked (`id` is empty): its layout, its lines, how many were known already.

    `left` are those of its lines that are still in the inventory.
    """

    id: str
    layout: str
    title: str
    lines: int
    known: int
    left: int
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class LandFileGiven:
    """A file given back: its name, its content, how many lines, how many about natural persons were left out."""

    name: str
    content: bytes
    lines: int
    left_out: int


def _stands(telling: Telling, land_file: str) -> PreparedForm:
    telling.scope.require(Thing.DOSSIERS, Right.WRITE)
    title = layouts()[telling.reader.get(LandFile, land_file).layout].title
    return PreparedForm(title=f"Retirer le fichier « {title} »")


WITHDRAWN = Act(
    "land.file_withdrawn",
    "fichier de terrains retiré",
    needs=needs(Thing.DOSSIERS, Right.WRITE),
    at="DELETE land/files/{land_file}",
    form_at="locaux/fichiers/{land_file}/retirer",
    summary="Retirer un fichier de l’inventaire, et ses lignes",
    note="Ses lignes ne sont plus dans l’inventaire.",
    done="Le fichier et ses lignes sont retirés.",
    takes=Nothing,
    tells=nothing,
    page=FormPage("Retirer ce fichier", _GOES, "Retirer le fichier et ses lignes", FILES, danger=True, prepare=_stands,
                  above={"Terrains et locaux": "/bureau/locaux", "Fichiers": ""}),
)  # fmt: skip
CAPABILITY = Capability("Fichiers de terrains", acts=(WITHDRAWN,))


@WITHDRAWN.does
def withdraw(doing: Doing, land_file: str, _: Nothing) -> None:
    """Take a file out of the inventory with the units that it brought."""
    doing.unit.withdraw(doing.unit.get(LandFile, land_file))
    for row in doing.unit.all(_units_of(land_file)):
        doing.unit.withdraw(row)
    follow(doing.unit)


class LandFiles:
    """The files of the inventory of an organisation, for its officers."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def check(self, scope: Scope, name: str, data: bytes) -> LandFileTold:
        """Read and check a file without keeping anything; raises `StructureFault`, `LinesRefused`."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            read = _read(name, data, reader.today)
            known = len(_known(reader, read))
        return LandFileTold("", read.layout.id, read.layout.title, len(read.lines), known, 0, None)

    def bring(self, scope: Scope, name: str, data: bytes) -> LandFileTold:
        """Keep a file and each of its lines; a line that bears the identifier of a known one takes its place.

        It is taken whole or not at all. Raises `StructureFault` when it is of no layout, `LinesRefused` with all
        that is wrong in its lines.
        """
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            read = _read(name, data, reader.today)  # reading takes seconds: nobody else's writes wait meanwhile
        file = LandFile(id=new_id(), layout=read.layout.id, dialect=asdict(read.dialect), head=list(read.head),
                        count=len(read.lines))  # fmt: skip
        try:
            with self._journal.writing(scope) as unit:
                unit.act("land.file_brought", file.id)
                _write(unit, file, read)
        except AlreadyDone as done:
            return self.read(scope, done.subject)
        return self.read(scope, file.id)

    def read(self, scope: Scope, land_file: str) -> LandFileTold:
        """Return one file; raises `NotFound` without the right or the row."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            row = reader.get(LandFile, land_file)
            return _told(row, len(reader.all(_units_of(land_file))))

    def listed(self, scope: Scope) -> tuple[LandFileTold, ...]:
        """Return the files of the organisation, the last first."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            live = select(LandUnit.file_id).where(LandUnit.deleted_at.is_(None), LandUnit.file_id != "")
            left = Counter(reader.all(live))
            files = select(LandFile).where(LandFile.deleted_at.is_(None))
            ordered = reader.all(files.order_by(LandFile.created_at.desc(), LandFile.id))
            return tuple(_told(row, left[row.id]) for row in ordered)

    def give(self, scope: Scope, land_file: str, *, whole: bool) -> LandFileGiven:
        """Return a file in its layout, as it was published but for what was corrected or withdrawn since.

        Unless it is asked for `whole`, which officers keep for themselves, it holds neither owners nor contacts, and
        no line about a natural person. Raises `NotFound`.
        """
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            row = reader.get(LandFile, land_file)
            units = {one.rank: one for one in reader.all(_units_of(land_file))}
            given = _given(row, units, whole=whole)
        self._journal.trace(scope, "land.file_read" if whole else "land.file_published", land_file)
        return given


def standards() -> tuple[str, ...]:
    """Return what is read, with the standard of each."""
    return tuple(f"{one.title} ({one.standard})" for one in layouts().values())


def checked(name: str, data: bytes, today: date) -> LandFileTold:
    """Check a file for nobody in particular; raises `StructureFault`, `LinesRefused`."""
    read = _read(name, data, today)
    return LandFileTold("", read.layout.id, read.layout.title, len(read.lines), 0, 0, None)


def _read(name: str, data: bytes, today: date) -> LandFileRead:
    file = name.replace("\\", "/").rpartition("/")[2][:100] or "fichier"
    read = read_land_file(data, file, today)
    if read.faults:
        wrong = french.counted(len({one.line for one in read.faults}), "ligne fautive", "lignes fautives")
        raise LinesRefused(
            f"Fichier « {file} » ({read.layout.title}) : {wrong} ; rien n’a été gardé. Corrigez-les, puis recommencez.",
            read.faults,
        )
    return read


def _units_of(land_file: str) -> Select[LandUnit]:
    return select(LandUnit).where(LandUnit.file_id == land_file, LandUnit.deleted_at.is_(None))


def _known(reader: Reader, read: LandFileRead) -> Mapping[str, LandUnit]:
    """Return the units that a file speaks of again, by their identifier there."""
    kind = OF_LAYOUT[read.layout.id].value
    asked = select(LandUnit).where(LandUnit.kind == kind, LandUnit.reference != "", LandUnit.deleted_at.is_(None))
    wanted = {str(line.values[read.layout.key]) for line in read.lines}
    return {row.reference: row for row in reader.all(asked) if row.reference in wanted}


def _write(unit: Unit, file: LandFile, read: LandFileRead) -> None:
    known = _known(unit, read)
    before = {row.file_id for row in known.values()} - {""}
    zones = {
        row.reference: row.title
        for row in unit.all(select(LandUnit).where(LandUnit.kind == LandKind.ZONE.value, LandUnit.deleted_at.is_(None)))
    }
    kept = []
    for rank, line in enumerate(read.lines):
        fields = meant(read.layout, line.values, zones)
        held = held_of(read, line)
        fields |= {"file_id": file.id, "rank": rank, "held": json.dumps(held, ensure_ascii=False) if held else None}
        row = known.get(str(line.values[read.layout.key]))
        if row is None:
            unit.add(LandUnit(kind=OF_LAYOUT[read.layout.id].value, **fields))
        else:
            for name, value in fields.items():
                setattr(row, name, value)
        kept.append(shown(read.header, line.cells, held))
    file.known, file.lines = len(known), json.dumps(kept, ensure_ascii=False)
    unit.add(file)
    unit.flush()
    for former in before:
        if not unit.all(_units_of(former)):
            unit.withdraw(unit.get(LandFile, former))
    follow(unit)


def _given(file: LandFile, units: Mapping[int, LandUnit], *, whole: bool) -> LandFileGiven:
    layout, dialect = layouts()[file.layout], LandDialect(**file.dialect)
    header = [plain(one).strip() for one in file.head]
    rows, left_out = [], 0
    for rank, cells in enumerate(json.loads(file.lines or "[]")):
        unit = units.get(rank)
        if unit is None:
            continue
        if not whole and is_natural(layout, header, cells):
            left_out += 1
            continue
        rows.append(corrected(layout, header, (cells, unit), dialect.separator, whole=whole))
    name = f"{file.layout}{'' if whole else '-public'}.csv"
    return LandFileGiven(name, written_again(dialect, [file.head, *rows]), len(rows), left_out)


def _told(row: LandFile, left: int) -> LandFileTold:
    return LandFileTold(
        row.id, row.layout, layouts()[row.layout].title, row.count, row.known, left, row.created_at
    )  # fmt: skip
