"""A file of the officer's, whatever its kind, read as a header and rows of text; what is wrong is said in French."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from typing import Any, NoReturn

from vigie.errors import StructureFault
from vigie.services.spreadsheets.workbook import MARGIN, MOST_COLUMNS, MOST_ROWS, read_apart
from vigie.sources.archives import DAMAGED

MOST_BYTES = 20 * 1024 * 1024
_MOST_UNPACKED = 200 * 1024 * 1024
_LONGEST_CELL = 5_000
_LOOKED_AT = 30
_RUN = tuple("=+-@＝＋－＠")
_REMEDY = "Enregistrez le tableur au format XLSX, ODS ou CSV, puis apportez-le de nouveau."


@dataclass(frozen=True, slots=True)
class Row:
    """One row and its line in the file, counted from 1 as spreadsheets do."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read: `notes` are French sentences on what was detected; `sheet` is empty for a CSV."""

    file: str
    sheet: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


def read_sheet(data: bytes, file: str) -> Sheet:
    """Read a spreadsheet; raises `StructureFault` with file, sheet, line and column, and the remedy."""
    if len(data) > MOST_BYTES:
        _fault(file, "il pèse plus de 20 Mo.", remedy="Retirez les images et les feuilles inutiles, ou coupez-le.")
    if not data.strip(b"\x00 \t\r\n"):
        _fault(file, "ce fichier est vide.")
    if data.startswith(b"PK"):
        _check_zip(data, file)
        return _of_workbook(data, file)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _of_workbook(data, file)
    return _of_text(data, file)


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


def _of_workbook(data: bytes, file: str) -> Sheet:
    said = read_apart(data)
    if "fault" in said:
        word = str(said["fault"])
        _fault(file, _SAID[word], remedy=_DO.get(word, _REMEDY))
    name, others = str(said["sheet"]), [other for other in said["sheets"] if other != said["sheet"]]
    notes = [f"Feuille lue : « {name} »."]
    if others:
        listed = ", ".join(f"« {other} »" for other in others[:5])
        notes.append(f"Les autres feuilles ({listed}) sont laissées : pour en lire une, placez-la la première.")
    notes.append("Les formules comptent pour leur dernier résultat.")
    rows = [Row(number, tuple(cells)) for number, cells in enumerate(said["rows"], start=1)]
    return _headed(f"{file}, feuille {name}", name, rows, notes, file)


def _of_text(data: bytes, file: str) -> Sheet:
    text, encoding = _decoded(data, file)
    separator = _separator(text)
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            rows.append(Row(line, tuple(cells)))
            line = reader.line_num + 1
            if len(rows) > MOST_ROWS + MARGIN:
                break
    except csv.Error:
        _fault(file, "cette ligne ne peut pas être lue : un guillemet n’est sans doute jamais refermé.", line=line)
    spelled = {";": "le point-virgule", ",": "la virgule", "\t": "la tabulation"}[separator]
    notes = [f"Encodage détecté : {encoding} ; séparateur détecté : {spelled}."]
    return _headed(file, "", rows, notes, file)


def _decoded(data: bytes, file: str) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError:
            _fault(file, "son encodage UTF-16 est abîmé.")
    if b"\x00" in data or data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8")):
        _fault(file, "ce n’est pas un tableur.")
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        _fault(
            file, "cette ligne n’est ni en UTF-8 ni en Windows-1252.", line=line,
            remedy="Enregistrez le fichier en « CSV UTF-8 ».",
        )  # fmt: skip


def _separator(text: str) -> str:
    """Return the separator that cuts the first lines into the most columns, alike from one line to the next."""
    first = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
    sample = "\n".join(first)

    def regularity(separator: str) -> tuple[int, int]:
        try:
            widths = [len(cells) for cells in csv.reader(io.StringIO(sample), delimiter=separator)]
        except csv.Error:
            return (0, 0)
        usual = max(set(widths), key=widths.count)
        return (widths.count(usual) if usual > 1 else 0, usual)

    return max((";", "\t", ","), key=regularity)


def _headed(where: str, sheet: str, rows: list[Row], notes: list[str], file: str) -> Sheet:
    """Find the header, then check what follows it."""
    start = next((index for index, row in enumerate(rows) if sum(bool(cell.strip()) for cell in row.cells) > 1), None)
    if start is None:
        _fault(where, "aucune ligne n’a au moins deux cases remplies : l’en-tête est introuvable.",
               remedy="Mettez les noms des colonnes sur une ligne, au-dessus des données.")  # fmt: skip
    header = rows[start]
    width = max((place + 1 for place, cell in enumerate(header.cells) if cell.strip()), default=0)
    width = max(width, *(_width(row.cells) for row in rows[start:]))
    if width > MOST_COLUMNS:
        _fault(where, f"cette feuille a plus de {MOST_COLUMNS} colonnes.", line=header.line,
               remedy="Gardez les colonnes utiles seulement.")  # fmt: skip
    if start:
        notes = [*notes, f"En-tête lu à la ligne {header.line} ; ce qui le précède est laissé."]
    body = [row for row in rows[start + 1 :] if any(cell.strip() for cell in row.cells)]
    if len(body) > MOST_ROWS:
        _fault(where, "il y a plus de 20 000 lignes.", remedy="Coupez le fichier en plusieurs.")
    if not body:
        _fault(where, "il n’y a aucune ligne sous l’en-tête.", line=header.line,
               remedy="Vérifiez que vous avez choisi le bon fichier.")  # fmt: skip
    names = tuple(_title(header.cells, place) for place in range(width))
    return Sheet(file, sheet, names, tuple(_squared(row, width, names, where) for row in body), tuple(notes))


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


def _plain(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from running it."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:2] in _RUN else text


def _squared(row: Row, width: int, names: tuple[str, ...], where: str) -> Row:
    cells = tuple(_plain(cell) for cell in row.cells[:width])
    for place, cell in enumerate(cells):
        if len(cell) > _LONGEST_CELL:
            _fault(where, f"cette case compte plus de {_LONGEST_CELL} caractères.", line=row.line,
                   column=names[place], remedy="Raccourcissez-la ; dans un CSV, vérifiez ses guillemets.")  # fmt: skip
    return Row(row.line, cells + ("",) * (width - len(cells)))


def as_json(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as an import keeps it."""
    return {
        "file": sheet.file,
        "sheet": sheet.sheet,
        "header": list(sheet.header),
        "rows": [[row.line, *row.cells] for row in sheet.rows],
        "notes": list(sheet.notes),
    }


def of_json(kept: dict[str, Any]) -> Sheet:
    """Return a sheet from what an import keeps."""
    rows = tuple(Row(int(first), tuple(cells)) for first, *cells in kept["rows"])
    return Sheet(kept["file"], kept["sheet"], tuple(kept["header"]), rows, tuple(kept["notes"]))
