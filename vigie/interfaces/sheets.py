"""Sheets to take away: ODS, XLSX.

The libraries that write ODS are either unmaintained or hold the whole document as a tree; a spreadsheet without
formulas is five short XML files in a zip.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, Literal
from xml.sax.saxutils import escape, quoteattr

from vigie.domain import formulas, french
from vigie.domain.signs import seen

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_WIDTH_OF_A_LETTER = 0.19
"""Centimetres that a character takes, about, in the font of a sheet (10 points)."""
_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{path}:1.0"'
    for name, path in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"),
                       ("number", "datastyle"), ("fo", "xsl-fo-compatible"), ("manifest", "manifest"))
)  # fmt: skip
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MANIFEST = (
    f'{_HEAD}<manifest:manifest {_NAMESPACES} manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MEDIA_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_STYLES = (
    '<number:date-style style:name="jour"><number:day number:style="long"/><number:text>/</number:text>'
    '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
    "</number:date-style>"
    '<style:style style:name="tete" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="date" style:family="table-cell" style:data-style-name="jour"/>'
)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES = re.compile("[ \t\r\n]+")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def ods(sheets: Sequence[Sheet], target: IO[bytes]) -> None:
    """Write the workbook, row after row: heads in bold, days as days, numbers as numbers, the rest as text."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        # The type comes first and is not compressed, so that the file is known by its first bytes.
        archive.writestr(zipfile.ZipInfo("mimetype", _EPOCH), MEDIA_TYPE, zipfile.ZIP_STORED)
        archive.writestr(zipfile.ZipInfo("META-INF/manifest.xml", _EPOCH), _MANIFEST, zipfile.ZIP_DEFLATED)
        place = zipfile.ZipInfo("content.xml", _EPOCH)
        place.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(place, "w", force_zip64=True) as content:
            for part in _content(sheets):
                content.write(part.encode())


def _content(sheets: Sequence[Sheet]) -> Iterator[str]:
    widths = sorted({column.width for sheet in sheets for column in sheet.columns})
    yield f'{_HEAD}<office:document-content {_NAMESPACES} office:version="1.3"><office:automatic-styles>{_STYLES}'
    for width in widths:
        yield (
            f'<style:style style:name="l{width}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * _WIDTH_OF_A_LETTER:.1f}cm"/></style:style>'
        )
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    for sheet in sheets:
        yield f"<table:table table:name={quoteattr(_text(sheet.title))}>"
        yield from (f'<table:table-column table:style-name="l{column.width}"/>' for column in sheet.columns)
        heads = "".join(_cell(french.typeset(column.title), ' table:style-name="tete"') for column in sheet.columns)
        yield f"<table:table-header-rows><table:table-row>{heads}</table:table-row></table:table-header-rows>"
        for row in sheet.rows:
            yield f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>"
        yield "</table:table>"
    yield "</office:spreadsheet></office:body></office:document-content>"


def _cell(cell: Cell, style: str = "") -> str:
    value = written(cell)
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        said = escape(_text(value))
        return f'<table:table-cell office:value-type="string"{style}><text:p>{said}</text:p></table:table-cell>'
    if isinstance(value, date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"'
            f' table:style-name="date"><text:p>{french.short_date(value)}</text:p></table:table-cell>'
        )
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
        "</table:table-cell>"
    )


def _text(text: str) -> str:
    """Return a text without what XML cannot hold, its runs of spaces as one: OpenDocument reads them so."""
    return _SPACES.sub(" ", _NOT_XML.sub("\ufffd", text))


_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_FIRST_YEAR = 1900
"""Excel has no day before: older ones are written as text."""
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "text": {"num_format": "@"},
    # A text that begins like a formula stays one even after somebody edits its cell.
    "quoted": {"num_format": "@", "quote_prefix": True},
    "day": {"num_format": "dd/mm/yyyy", "align": "left"},
}


def xlsx(sheets: Sequence[Sheet], target: IO[bytes]) -> None:
    """Write the workbook: heads in bold and frozen, filters, days as days, numbers as numbers, the rest as text.

    Rows are written as they come, in a file of the machine: none is held in memory.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - only a workbook needs it: a tenth of a second for each start

    with Workbook(target, _OPTIONS) as book:
        formats = {name: book.add_format(dict(look)) for name, look in _FORMATS.items()}
        for sheet in sheets:
            page = book.add_worksheet(sheet.title)
            page.freeze_panes(1, 0)
            for place, column in enumerate(sheet.columns):
                page.set_column(place, place, column.width)
                page.write_string(0, place, french.typeset(column.title), formats["head"])
            last = 1
            for last, row in enumerate(sheet.rows, start=1):
                for place, cell in enumerate(row):
                    _write(page, (last, place), cell, formats)
            page.autofilter(0, 0, last, len(sheet.columns) - 1)


def _write(page: Any, at: tuple[int, int], cell: Cell, formats: Mapping[str, Any]) -> None:
    cell = written(cell)
    if cell is None:
        return
    if isinstance(cell, str):
        page.write_string(*at, cell, formats["quoted" if formulas.runs(cell) else "text"])
    elif isinstance(cell, date) and cell.year < _FIRST_YEAR:
        page.write_string(*at, french.short_date(cell), formats["text"])
    elif isinstance(cell, date):
        page.write_datetime(*at, cell, formats["day"])
    else:
        page.write_number(*at, cell)


FILE_LABELS: Mapping[str, str] = {
    "csv": "CSV",
    "excel.csv": "CSV pour Excel",
    "xlsx": "Excel (XLSX)",
    "ods": "LibreOffice (ODS)",
}
"""The kinds of files that sheets are written to, by the word that ends their names (see `exports.py`)."""
Cell = str | int | float | bool | date | None


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its French title, the unit of its values, what must be known to read them.

    `kind` tells texts made of digits: an "identifier" (SIRET) or a "code" (commune) is never a number.
    """

    title: str
    unit: str = ""
    meaning: str = ""
    kind: Literal["", "identifier", "code"] = ""
    width: int = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """A named table; each row has a cell for each column, `None` where nothing is known.

    Rows that are many are read as they are written, once.
    """

    title: str
    columns: tuple[SheetColumn, ...]
    rows: Iterable[Sequence[Cell]]


def described(*sheets: Sheet) -> Sheet:
    """Return the sheet that tells the unit and the meaning of every column of others."""
    columns = (SheetColumn("Feuille", width=18), SheetColumn("Colonne", width=30), SheetColumn("Unité", width=22),
               SheetColumn("Comment la lire", width=80))  # fmt: skip
    rows = [
        tuple(map(french.typeset, (sheet.title, column.title, column.unit or "sans unité", column.meaning)))
        for sheet in sheets
        for column in sheet.columns
    ]
    return Sheet("Colonnes et unités", columns, rows)


def written(cell: Cell) -> str | int | float | date | None:
    """Return a cell as spreadsheets hold it: yes and no in French, no sign that turns a line, the rest as it is."""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    return seen(cell) if isinstance(cell, str) else cell
