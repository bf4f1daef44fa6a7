"""Files to take away: CSV (RFC 4180), CSV that Excel opens as it is, XLSX, ODS; no cell that spreadsheets would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

from vigie.domain import french
from vigie.domain.formulas import shielded
from vigie.interfaces.sheets import Cell, Sheet, SheetColumn, ods, written, xlsx


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written: separator, mark at its head, decimal sign, whether codes are shielded from Excel."""

    separator: str
    head: str
    decimal: str
    shielded: bool


PLAIN = Dialect(",", "", ".", shielded=False)
EXCEL = Dialect(";", "\ufeff", ",", shielded=True)


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its type on the web, and how sheets become one; a CSV holds the first sheet only."""

    media_type: str
    into: Callable[[Sequence[Sheet], IO[bytes]], None]

    def write(self, sheets: Sequence[Sheet]) -> bytes:
        """Return the file of sheets that are not long."""
        buffer = io.BytesIO()
        self.into(sheets, buffer)
        return buffer.getvalue()


def csv_lines(sheet: Sheet, dialect: Dialect) -> Iterator[str]:
    """Write a sheet as CSV, one line at a time; the first carries the French names of the columns."""
    yield dialect.head + _line([column.title for column in sheet.columns], dialect)
    for row in sheet.rows:
        yield _line([_cell(column, cell, dialect) for column, cell in zip(sheet.columns, row, strict=True)], dialect)


def _csv(dialect: Dialect) -> FileKind:
    def into(sheets: Sequence[Sheet], target: IO[bytes]) -> None:
        for line in csv_lines(sheets[0], dialect):
            target.write(line.encode())

    return FileKind("text/csv; charset=utf-8", into)


KINDS: Mapping[str, FileKind] = {
    "csv": _csv(PLAIN),
    "excel.csv": _csv(EXCEL),
    "xlsx": FileKind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
    "ods": FileKind("application/vnd.oasis.opendocument.spreadsheet", ods),
}


def _line(cells: Sequence[str], dialect: Dialect) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=dialect.separator, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()


def _cell(column: SheetColumn, value: Cell, dialect: Dialect) -> str:
    value = written(value)
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", dialect.decimal)
    text = value.isoformat() if isinstance(value, date) else str(value)
    if dialect.shielded and column.kind == "identifier":
        return french.identifier(text)
    if dialect.shielded and column.kind == "code":
        return f"{french.NBSP}{text}"
    return shielded(text) if isinstance(value, str) else text
