"""What every door needs of a declared question: its parameters, its answer as a table and as a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, cast

from vigie.domain import french
from vigie.domain.declared import Field, fields_of
from vigie.interfaces.asking import Parameter, among, day, flag, whole
from vigie.interfaces.present_files import source_sheet
from vigie.interfaces.present_level import level_sheets, require_small
from vigie.interfaces.sheets import Sheet, SheetColumn, described
from vigie.interfaces.views import TableView
from vigie.services.comparing.level_table import LevelTable

if TYPE_CHECKING:
    from vigie.services.questions import AnswerTable, Question

_SHEET_TITLE = 31
"""Longest title of a sheet that spreadsheets accept, in characters."""


def parameters(question: Question[Any]) -> tuple[Parameter, ...]:
    """Return what can be asked, as addresses and the API read it."""
    return tuple(
        Parameter(one.name, one.names, " ".join(filter(None, (f"{one.label}.", one.hint))), _reader(one), one.many)
        for one in fields_of(question.takes)
    )


def table(question: Question[Any], told: AnswerTable) -> TableView:
    """Return the rows of an answer as a page and a terminal show them."""
    fields = fields_of(question.rows)
    return TableView(
        caption=told.title,
        columns=tuple(map(_heading, fields)),
        rows=tuple(tuple(shown(getattr(row, one.name)) for one in fields) for row in told.rows),
        numeric=tuple(one.type in (int, float) for one in fields),
    )


def sheets(question: Question[Any], told: AnswerTable, ending: str = "csv") -> tuple[Sheet, ...]:
    """Return an answer as a file to take away: its rows, the meaning of its columns, its sources.

    Raises `RequestFault` for a table too large for the kind of file that `ending` names.
    """
    if isinstance(told, LevelTable):
        require_small(told, ending)
        return level_sheets(told)
    fields = fields_of(question.rows)
    rows = [[getattr(row, one.name) for one in fields] for row in told.rows]
    sheet = Sheet(question.title[:_SHEET_TITLE], tuple(map(_column, fields)), rows)
    return sheet, described(sheet), source_sheet(told.sources, told.simulated)


def shown(value: Any) -> str:
    """Return a value in French; what is not known is said."""
    if value is None:
        return french.UNKNOWN
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int | float):
        # A share or a nearness below one is read in hundredths: 0,08 beside 0,12, not 0,1 twice.
        return french.number(value, 2 if isinstance(value, float) and 0 < abs(value) < 1 else None)
    return french.long_date(value) if isinstance(value, date) else str(value)


def _heading(one: Field) -> str:
    """Return the title of a column, with the unit of its numbers where the title does not say it."""
    said = not one.unit or one.unit.casefold() in one.label.casefold() or one.type not in (int, float)
    return one.label if said else f"{one.label} ({one.unit})"


def _column(one: Field) -> SheetColumn:
    kind = one.shape if one.shape in ("identifier", "code") else ""
    return SheetColumn(one.label, one.unit, one.hint, cast('Literal["", "identifier", "code"]', kind))


def _reader(one: Field) -> Callable[[str], Any]:
    if one.words is not None:
        return among({word: one.type(word) for word in one.words})
    readers: dict[type, Callable[[str], Any]] = {date: day, bool: flag}
    if one.type is int:
        return whole(*(one.bounds or (0, 1_000_000)))
    return readers.get(one.type, str.strip)
