"""Published cells to typed values, as Ibis expressions; what is withheld or unknown becomes null, never zero."""

from __future__ import annotations

import re
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

import ibis

from vigie.domain.formulas import FORMULA_SIGNS
from vigie.domain.signs import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

WITHHELD = "[ND]"  # written by INSEE in place of what a person has refused to publish
UNKNOWN_DATE = "1900-01-01"
PLAIN = "plain"  # column of a table `labelled`
_FIRST_DAY, _LAST_DAY = ibis.date(1500, 1, 1), ibis.date(2100, 12, 31)
_SIGNS = re.escape(FORMULA_SIGNS)
_SEPARATOR = "\x1f"  # found in no label; one that held it would merely be looked at more closely


def code(column: ir.StringValue) -> ir.StringValue:
    """Return a cell as published; null when empty or withheld. The functions below take cells cleaned by it."""
    return column.nullif("").nullif(WITHHELD)


def text(cell: ir.StringValue) -> ir.StringValue:
    """Return a label without outer spaces nor signs that are not seen; null when there is nothing else."""
    return cell.re_replace(UNSEEN, "").strip().nullif("")


def joined(separator: str, parts: Sequence[ir.StringValue]) -> ir.StringValue:
    """Join labels without outer spaces, leaving out those that are null; null when all are."""
    return ibis.literal(separator).join(parts).nullif("")


def labelled(table: ir.Table, columns: Sequence[str]) -> ir.Table:
    r"""Add `plain`: no label has an outer space, a control byte, a sign that is not seen, or begins a formula.

    All are looked at together, since nearly every row is plain: what follows then neither trims them (`text`) nor
    looks at each one (`not_a_label`).
    """
    cells = ibis.literal(_SEPARATOR).join(["", *(table[name] for name in columns), ""])
    odd = rf"{_SEPARATOR}[\x00- {_SIGNS}]|[\x00-\x08]|[\x00- ]{_SEPARATOR}|{UNSEEN}"
    return table.mutate(**{PLAIN: ~cells.re_search(odd)})


def parsed(table: ir.Table, columns: Sequence[str]) -> ir.Table:
    """Add, for `day` and `not_a_day`, the day that each cell writes, so that it is read once."""
    return table.mutate(**{_day(name): table[name].left(10).try_cast("date") for name in columns})


def day(row: ir.Table, column: str) -> ir.DateValue:
    """Return the day of a date or date and time; null when impossible, or INSEE's mark of the unknown."""
    return ibis.ifelse(row[column].startswith(UNKNOWN_DATE), ibis.null("date"), row[_day(column)])


def not_a_day(row: ir.Table, column: str) -> ir.BooleanValue:
    """Tell whether a cell is filled with something else than a day between 1500 and 2100."""
    return row[column].notnull() & ~row[_day(column)].between(_FIRST_DAY, _LAST_DAY).fill_null(False)


def _day(column: str) -> str:
    return f"{column}_day"


def outside(cell: ir.StringValue, accepted: Sequence[str]) -> ir.BooleanValue:
    """Tell whether a cell is filled with something else than the accepted codes; put the most frequent ones first.

    One comparison a code: from five on, DuckDB turns a list into a join, which costs twice as much.
    """
    return reduce(and_, (cell != code for code in accepted), cell.notnull())


def unlike(cell: ir.StringValue, pattern: str) -> ir.BooleanValue:
    """Tell whether a cell is filled with something else than what a regular expression describes."""
    return cell.notnull() & ~cell.re_search(pattern)


def flag(cell: ir.StringValue) -> ir.BooleanValue:
    """Return "true" and "false" as published, in small or capital letters; null when empty."""
    lower = cell.lower()
    return ibis.cases((lower == "true", True), (lower == "false", False), else_=ibis.null("boolean"))


def not_a_label(column: ir.StringValue) -> ir.BooleanValue:
    r"""Tell whether a label is unmistakably something else: a spreadsheet formula, or control bytes.

    A name may begin with "+", "-", "@" or even "=": those stay as they are, and exports neutralise them. What is
    refused is "=" before a function call, a digit, a quote or a cell reference, "@" before a function call, any of
    the signs before a command of the DDE form `name|…!`, and a byte below 9 anywhere.
    """
    formula = rf"=\s*([A-Za-z.]+\(|[-+(]*\d|\"|\$?[A-Za-z]{{1,3}}\$?\d)|@[A-Za-z.]+\(|[{_SIGNS}][A-Za-z]+\|.*!"
    return column.re_search(rf"^\s*({formula})|[\x00-\x08]").fill_null(False)
