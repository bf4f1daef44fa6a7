"""Published cells to typed values, as Ibis expressions; what is withheld or unknown becomes null, never zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

WITHHELD = "[ND]"  # written by INSEE in place of what a person has refused to publish
UNKNOWN_DATE = "1900-01-01"
_FIRST_YEAR, _LAST_YEAR = 1500, 2100


def code(column: ir.StringValue) -> ir.StringValue:
    """Return a cell as published; null when empty or withheld. The functions below take cells cleaned by it."""
    return column.nullif("").nullif(WITHHELD)


def text(cell: ir.StringValue) -> ir.StringValue:
    """Return a label without outer spaces; null when there is nothing else."""
    return cell.strip().nullif("")


def joined(separator: str, parts: Sequence[ir.StringValue]) -> ir.StringValue:
    """Join labels, leaving out those that are null; null when all are."""
    return ibis.literal(separator).join([text(part) for part in parts]).nullif("")


def day(cell: ir.StringValue) -> ir.DateValue:
    """Return the day of a date or date and time; null when impossible, or INSEE's mark of the unknown."""
    return cell.left(10).nullif(UNKNOWN_DATE).try_cast("date")


def not_a_day(cell: ir.StringValue) -> ir.BooleanValue:
    """Tell whether a cell is filled with something else than a day between 1500 and 2100."""
    parsed = cell.left(10).try_cast("date")
    return cell.notnull() & (parsed.isnull() | ~parsed.year().between(_FIRST_YEAR, _LAST_YEAR))


def outside(cell: ir.StringValue, accepted: Sequence[str]) -> ir.BooleanValue:
    """Tell whether a cell is filled with something else than the accepted codes."""
    return cell.notnull() & cell.notin(accepted)


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
    the four signs before a command of the DDE form `name|…!`, and a byte below 9 anywhere.
    """
    formula = r"=\s*([A-Za-z.]+\(|[-+(]*\d|\"|\$?[A-Za-z]{1,3}\$?\d)|@[A-Za-z.]+\(|[=+\-@][A-Za-z]+\|.*!"
    return column.re_search(rf"^\s*({formula})|[\x00-\x08]").fill_null(False)
