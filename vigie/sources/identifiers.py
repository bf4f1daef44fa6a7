"""SIREN and SIRET checked as Ibis expressions; the same rules as `vigie.domain.actors`, for millions of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain.actors import LA_POSTE_SIREN
from vigie.sources.faults import Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

_EXPONENT = r"^\d([.,]\d+)?[eE]\+?\d+$"


def siret_rules(table: ir.Table, column: str) -> list[Rule]:
    """Return the rules of a required SIRET: fourteen digits, Luhn, or for La Poste a sum multiple of five."""
    cell = table[column]
    number = cell.try_cast("int64")
    la_poste = cell.startswith(LA_POSTE_SIREN) & (_digit_sum(number, 14) % 5 == 0)
    wrong = (_luhn(number, 14) % 10 != 0) & ~la_poste
    return _identifier_rules(cell, column, 14, "siret", wrong)


def siren_rules(table: ir.Table, column: str) -> list[Rule]:
    """Return the rules of a required SIREN: nine digits, Luhn."""
    cell = table[column]
    return _identifier_rules(cell, column, 9, "siren", _luhn(cell.try_cast("int64"), 9) % 10 != 0)


def _identifier_rules(cell: ir.StringValue, column: str, size: int, name: str, wrong: ir.BooleanValue) -> list[Rule]:
    digits = cell.re_search(r"^[0-9]+$")
    return [
        Rule(column, f"{name}_empty", cell.isnull()),
        Rule(column, f"{name}_exponent", cell.re_search(_EXPONENT) & ~digits),
        Rule(column, f"{name}_short", digits & (cell.length() < size)),
        Rule(column, f"{name}_form", ~digits | (cell.length() != size)),
        Rule(column, f"{name}_key", wrong),
    ]


def _digits(number: ir.IntegerValue, size: int) -> list[ir.IntegerValue]:
    """Return the digits of a number from the right."""
    return [(number // 10**rank) % 10 for rank in range(size)]


def _digit_sum(number: ir.IntegerValue, size: int) -> ir.IntegerValue:
    first, *others = _digits(number, size)
    for digit in others:
        first = first + digit
    return first


def _luhn(number: ir.IntegerValue, size: int) -> ir.IntegerValue:
    """Return a sum whose last digit is Luhn's: 2d − 9·[d > 4] and 2d + [d > 4] differ by a multiple of ten."""
    total: ir.IntegerValue | None = None
    for rank, digit in enumerate(_digits(number, size)):
        part = digit * 2 + (digit > 4).cast("int64") if rank % 2 else digit
        total = part if total is None else total + part
    return total
