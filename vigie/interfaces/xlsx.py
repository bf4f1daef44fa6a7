"""Sheets as an XLSX workbook: texts stay texts, whatever they begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import IO, Any

from vigie.domain import formulas, french
from vigie.interfaces.sheets import Cell, Sheet, written

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
