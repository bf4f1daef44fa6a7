"""SIREN and SIRET checked as Ibis expressions; the same rules as `vigie.domain.actors`, for millions of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.domain.actors import LA_POSTE_SIREN
from vigie.sources.faults import Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

_EXPONENT = r"^\d([.,]\d+)?[eE]\+?\d+$"
_SIRET, _SIREN = 14, 9


def keyed(table: ir.Table, column: str) -> ir.Table:
    """Add, for `siret_rules` and `siren_rules`, a column whose last digit is Luhn's sum (0 when the key is right).

    Digits are taken two by two from the right. Of a pair 10a + b, a is the one doubled; as 2a − 9·[a > 4] and
    2a + [a > 4] differ by a multiple of ten, the pair counts for b + 2a + [a > 4] = pair − 8a + [pair > 49]. Each pair
    is a column, so that it is computed once.
    """
    number = table[column].try_cast("int64")
    names = [f"{column}_pair_{rank}" for rank in range(_SIRET // 2)]
    pairs = table.mutate(**{name: (number // 100**rank) % 100 for rank, name in enumerate(names)})
    total: ir.IntegerValue | None = None
    for name in names:
        pair = pairs[name]
        part = pair - 8 * (pair // 10) + (pair > 49).cast("int64")
        total = part if total is None else total + part
    return pairs.mutate(**{_key(column): total}).drop(*names)


def siret_rules(table: ir.Table, column: str) -> list[Rule]:
    """Return the rules of a required SIRET: fourteen digits, Luhn, or for La Poste a sum multiple of five."""
    cell = table[column]
    not_by_fives = _digit_sum(cell.try_cast("int64"), _SIRET) % 5 != 0
    by_luhn = table[_key(column)] % 10 != 0
    wrong = by_luhn & ibis.ifelse(cell.startswith(LA_POSTE_SIREN), not_by_fives, True)
    return _identifier_rules(table, column, _SIRET, "siret", wrong)


def siren_rules(table: ir.Table, column: str) -> list[Rule]:
    """Return the rules of a required SIREN: nine digits, Luhn."""
    return _identifier_rules(table, column, _SIREN, "siren", table[_key(column)] % 10 != 0)


def _identifier_rules(table: ir.Table, column: str, size: int, name: str, wrong: ir.BooleanValue) -> list[Rule]:
    cell = table[column]
    digits = cell.re_search(r"^[0-9]+$")
    return [
        Rule(column, f"{name}_empty", cell.isnull()),
        Rule(column, f"{name}_exponent", cell.re_search(_EXPONENT) & ~digits),
        Rule(column, f"{name}_short", digits & (cell.length() < size)),
        Rule(column, f"{name}_form", ~digits | (cell.length() != size)),
        Rule(column, f"{name}_key", wrong),
    ]


def _key(column: str) -> str:
    return f"{column}_key"


def _digit_sum(number: ir.IntegerValue, size: int) -> ir.IntegerValue:
    first, *others = ((number // 10**rank) % 10 for rank in range(size))
    for digit in others:
        first = first + digit
    return first
