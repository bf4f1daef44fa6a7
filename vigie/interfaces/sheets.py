"""A table to take away, whatever the kind of file: columns with their unit and meaning, rows of typed cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from vigie.domain import french
from vigie.domain.signs import seen

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
