"""A file of the officer's, whatever its kind, read as a header and rows of text; what is wrong is said in French."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NoReturn

from vigie.domain.formulas import unshielded
from vigie.domain.signs import entered
from vigie.errors import StructureFault
from vigie.services.spreadsheets.columns import filled, header_of, headers_offered, way_of
from vigie.services.spreadsheets.encodings import (
    LABELS,
    SEPARATORS,
    Unclosed,
    decoded,
    encodings_offered,
    ranked,
    rows_of,
    separator_of,
)
from vigie.services.spreadsheets.grids import (
    FAILED,
    Offered,
    ReadSheet,
    Row,
    Way,
    WayOfReading,
    carried,
    failed,
    offered_of,
)
from vigie.services.spreadsheets.totals import TotalLines
from vigie.services.spreadsheets.workbook import MARGIN, MOST_COLUMNS, MOST_ROWS, read_apart
from vigie.sources.archives import DAMAGED

MOST_BYTES = 20 * 1024 * 1024
_MOST_UNPACKED = 200 * 1024 * 1024
_LONGEST_CELL = 5_000
_NAMED, _MOST_TOTALS = 10, 200
_REMEDY = "Enregistrez le tableur au format XLSX, ODS ou CSV, puis apportez-le de nouveau."


def read_sheet(data: bytes, file: str, how: WayOfReading | None = None) -> ReadSheet:
    """Read a spreadsheet; raises `StructureFault` with file, sheet, line and column, and the remedy.

    `how` is the officer's own choice, where a file can be read in several ways.
    """
    how = how or WayOfReading()
    if len(data) > MOST_BYTES:
        _fault(file, "il pèse plus de 20 Mo.", remedy="Retirez les images et les feuilles inutiles, ou coupez-le.")
    if not data.strip(b"\x00 \t\r\n"):
        _fault(file, "ce fichier est vide.")
    if data.startswith(b"PK"):
        _check_zip(data, file)
        return _of_workbook(data, file, how)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _of_workbook(data, file, how)
    return _of_text(data, file, how)


def _fault(
    file: str, what: str, *, line: int | None = None, column: str | None = None, remedy: str = _REMEDY
) -> NoReturn:
    raise StructureFault(what, file=file, line=line, column=column, remedy=remedy)


def _check_zip(data: bytes, file: str) -> None:
    """Refuse what is not a workbook, and what would unpack to more than it says or than can be borne."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
                _fault(file, "c’est une archive, pas un tableur.")
            if sum(member.file_size for member in archive.infolist()) > _MOST_UNPACKED:
                _fault(file, "une fois décompressé, il pèserait plus de 200 Mo.", remedy="Coupez-le en plusieurs.")
            if archive.testzip() is not None:
                _fault(file, "ce fichier est abîmé.")
    except DAMAGED as error:
        raise StructureFault("ce fichier est abîmé ou incomplet.", file=file, remedy=_REMEDY) from error


_SAID = {
    "broken": "ce fichier est abîmé, ou n’est pas un tableur.",
    "empty": "aucune de ses feuilles ne contient quoi que ce soit.",
    "too_long": "sa lecture a duré plus de deux minutes.",
    "too_large": "une case isolée tout en bas ou tout à droite rend sa feuille démesurée.",
    "too_many": "sa feuille s’étend au-delà de 21 000 lignes (20 000 au plus peuvent être lues).",
    "password": "ce classeur est protégé par un mot de passe.",
}
_DO = {
    "password": "Enregistrez-en une copie sans mot de passe.",
    "too_large": "Copiez le tableau seul dans une feuille neuve.",
    "too_many": "Coupez-le en plusieurs, ou effacez la case isolée tout en bas.",
    "empty": "Vérifiez que vous avez choisi le bon fichier.",
}


def _of_workbook(data: bytes, file: str, how: WayOfReading) -> ReadSheet:
    said = read_apart(data, how.sheet)
    if "fault" in said:
        word = str(said["fault"])
        _fault(file, _SAID[word], remedy=_DO.get(word, _REMEDY))
    name, hidden = str(said["sheet"]), set(said.get("hidden_sheets", ()))
    notes = [f"Feuille lue : « {name} »{' (masquée dans le classeur)' if name in hidden else ''}."]
    others = [other for other in said["sheets"] if other != name]
    if others:
        listed = ", ".join(f"« {other} »{' (masquée)' if other in hidden else ''}" for other in others[:5])
        notes.append(f"Autres feuilles, non lues : {listed}.")
    notes.append("Les formules comptent pour leur dernier résultat.")
    rows = failed(
        carried(said["rows"], said.get("merged", [])), {(line, place) for line, place in said.get("failed", ())}
    )
    masked = set(said.get("hidden_lines", ())), set(said.get("hidden_places", ()))
    if any(masked) and not how.hidden:
        rows, told = _unmasked(rows, *masked)
        notes.append(told)
    sheets = tuple(Way(one, f"{one} (masquée)" if one in hidden else one) for one in said["sheets"])
    offered = Offered(replace(how, encoding="", sheet=name), sheets=sheets, masks=any(masked))
    return _headed(f"{file}, feuille {name}", rows, notes, file, offered)


def _unmasked(rows: Sequence[Row], lines: set[int], places: set[int]) -> tuple[list[Row], str]:
    """Leave out what the spreadsheet hides, and say what."""
    kept = [
        replace(row, cells=tuple("" if place in places else cell for place, cell in enumerate(row.cells)))
        for row in rows
        if row.line - 1 not in lines
    ]
    said = [f"ligne {line + 1}" for line in sorted(lines)[:10]] + [f"colonne {letters(one)}" for one in sorted(places)]
    return kept, f"Masqué dans le tableur, et laissé : {', '.join(said)}."


def _of_text(data: bytes, file: str, how: WayOfReading) -> ReadSheet:
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff")):
        _fault(file, "ce n’est pas un tableur.")
    ways = tuple(Way(*one) for one in encodings_offered(data))
    encoding = how.encoding if how.encoding in LABELS else ranked(data)[0]
    text = decoded(data, encoding)
    if "\x00" in text:
        _fault(file, "ce n’est pas un tableur.")
    separator = separator_of(text)
    try:
        rows = list(rows_of(text, separator, MOST_ROWS + MARGIN + 1))
    except Unclosed as fault:
        _fault(
            file, "cette ligne ne peut pas être lue : un guillemet n’est sans doute jamais refermé.", line=fault.line
        )
    notes = [f"Encodage détecté : {LABELS[encoding]} ; séparateur détecté : {SEPARATORS.get(separator, separator)}."]
    offered = Offered(WayOfReading(encoding, "", how.header, firms=how.firms), encodings=ways if len(ways) > 1 else ())
    return _headed(file, rows, notes, file, offered)


def _headed(where: str, rows: Sequence[Row], notes: list[str], file: str, offered: Offered) -> ReadSheet:
    """Find the header, set totals apart, then check what follows."""
    rows = failed([replace(row, cells=tuple(map(entered, row.cells))) for row in rows])
    chosen = next((row for row in rows if row.line == offered.taken.header), None)
    header = chosen or header_of(rows)
    if header is None:
        _fault(where, "aucune ligne n’a au moins deux cases remplies : l’en-tête est introuvable.",
               remedy="Mettez les noms des colonnes sur une ligne, au-dessus des données.")  # fmt: skip
    after = [row for row in rows if row.line > header.line and filled(row)]
    width = max(_width(header.cells), *(_width(row.cells) for row in after), 0)
    if width > MOST_COLUMNS:
        _fault(where, f"cette feuille a plus de {MOST_COLUMNS} colonnes.", line=header.line,
               remedy="Gardez les colonnes utiles seulement.")  # fmt: skip
    if lost := [f"{letters(place)}{row.line}" for row in after for place, mark in row.marks if mark == FAILED]:
        more = f" et {len(lost) - _NAMED} autres" if len(lost) > _NAMED else ""
        notes.append(f"Cases sans résultat (#N/A, #REF!…), laissées vides : {', '.join(lost[:_NAMED])}{more}.")
    if any(filled(row) for row in rows if row.line < header.line):
        notes.append(f"En-tête lu à la ligne {header.line} ; ce qui le précède est laissé.")
    body, totals = _without_totals(header, after, set(offered.taken.firms), notes)
    if len(body) > MOST_ROWS:
        _fault(where, "il y a plus de 20 000 lignes.", remedy="Coupez le fichier en plusieurs.")
    if not body:
        _fault(where, "il n’y a aucune ligne sous l’en-tête.", line=header.line,
               remedy="Vérifiez que vous avez choisi le bon fichier.")  # fmt: skip
    names = tuple(_title(header.cells, place) for place in range(width))
    ways = headers_offered(rows)
    offered = replace(offered, headers=ways if len(ways) > 1 else (), totals=tuple(map(way_of, totals[:_MOST_TOTALS])),
                      taken=replace(offered.taken, header=header.line))  # fmt: skip
    squared = tuple(_squared(row, width, names, where) for row in body)
    return ReadSheet(file, offered.taken.sheet, names, squared, tuple(notes), offered)


def _without_totals(
    header: Row, after: list[Row], firms: set[int], notes: list[str]
) -> tuple[list[Row], Sequence[Row]]:
    """Return the lines to read, and those that look like totals; a table of nothing else is read whole."""
    told = TotalLines(header.cells, after)
    totals = [row for row in after if told.holds(row)]
    apart = [row.line for row in totals if row.line not in firms]
    if len(apart) == len(after):
        return after, ()
    if apart:
        more = f" et {len(apart) - _NAMED} autres" if len(apart) > _NAMED else ""
        notes.append(f"Lignes de total, mises à part : {', '.join(map(str, apart[:_NAMED]))}{more}.")
    return [row for row in after if row.line not in set(apart)], totals


def _width(cells: tuple[str, ...]) -> int:
    return max((place + 1 for place, cell in enumerate(cells) if cell.strip()), default=0)


def _title(cells: tuple[str, ...], place: int) -> str:
    written = " ".join(cells[place].split())[:100] if place < len(cells) else ""
    return written or f"colonne {letters(place)}"


def letters(place: int) -> str:
    """Return the letters under which spreadsheets know a column, counted from 0."""
    name, rest = "", place + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(65 + digit) + name
    return name


def _squared(row: Row, width: int, names: tuple[str, ...], where: str) -> Row:
    cells = tuple(unshielded(cell.strip()) for cell in row.cells[:width])
    for place, cell in enumerate(cells):
        if len(cell) > _LONGEST_CELL:
            _fault(where, f"cette case compte plus de {_LONGEST_CELL} caractères.", line=row.line,
                   column=names[place], remedy="Raccourcissez-la ; dans un CSV, vérifiez ses guillemets.")  # fmt: skip
    return Row(row.line, cells + ("",) * (width - len(cells)), row.marks)


def as_json(sheet: ReadSheet) -> dict[str, Any]:
    """Return a sheet as an import keeps it."""
    return {
        "file": sheet.file,
        "sheet": sheet.sheet,
        "header": list(sheet.header),
        "rows": [[row.line, *row.cells] for row in sheet.rows],
        "marks": {str(row.line): row.marks for row in sheet.rows if row.marks},
        "notes": list(sheet.notes),
        "offered": sheet.offered.as_json(),
    }


def of_json(kept: dict[str, Any]) -> ReadSheet:
    """Return a sheet from what an import keeps."""
    marks = {line: tuple((place, word) for place, word in odd) for line, odd in kept.get("marks", {}).items()}
    rows = tuple(Row(int(first), tuple(cells), marks.get(str(first), ())) for first, *cells in kept["rows"])
    offered = offered_of(kept.get("offered", {}))
    return ReadSheet(kept["file"], kept["sheet"], tuple(kept["header"]), rows, tuple(kept["notes"]), offered)
