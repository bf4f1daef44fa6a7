"""SIREN and SIRET checked as Ibis expressions; the same rules as `vigie.domain.actors`, for millions of rows."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING

import ibis

from vigie.domain.actors import LA_POSTE_SIREN
from vigie.sources.faults import RejectRule

if TYPE_CHECKING:
    import ibis.expr.types as ir

_EXPONENT = r"^\d([.,]\d+)?[eE]\+?\d+$"
_SIRET, _SIREN = 14, 9
# The same byte seven times: fourteen digits at most, and a number that is never negative.
_LOW, _FIVE_OR_MORE, _ONE = (int(byte * 7, 16) for byte in ("0f", "0b", "01"))


def keyed(table: ir.Table, column: str) -> ir.Table:
    """Add, for `siret_rules` and `siren_rules`, the steps of a quick proof that a key is right.

    Read as hexadecimal, each of the digits is four bits of one number, and all are summed at once, two by two in each
    byte. Of a pair of digits a and b, a is the one doubled; as 2a − 9·[a > 4] and 2a + [a > 4] differ by a multiple of
    ten, the pair counts for b + 2a + [a > 4], which is less than 29. The remainder by 255 is the sum of the bytes. Each
    step is a column, so that nothing is computed twice.
    """
    bits = table.mutate(bits=("0x" + table[column]).try_cast("int64"))
    pair = bits.mutate(single=bits["bits"] & _LOW, doubled=(bits["bits"] >> 4) & _LOW)
    over = ((pair["doubled"] + _FIVE_OR_MORE) >> 4) & _ONE
    total = (pair["single"] + 2 * pair["doubled"] + over) % 255
    return pair.mutate(**{_sum(column): total}).drop("bits", "single", "doubled")


def siret_rules(table: ir.Table, column: str) -> list[RejectRule]:
    """Return the rules of a required SIRET: fourteen digits, Luhn, or for La Poste a sum multiple of five.

    The table is `keyed` by that column.
    """
    cell = table[column]
    not_by_fives = _digit_sum(cell.try_cast("int64"), _SIRET) % 5 != 0
    by_luhn = _luhn(cell) % 10 != 0
    wrong = by_luhn & ibis.ifelse(cell.startswith(LA_POSTE_SIREN), not_by_fives, True)
    return _identifier_rules(table, column, _SIRET, "siret", wrong)


def siren_rules(table: ir.Table, column: str) -> list[RejectRule]:
    """Return the rules of a required SIREN: nine digits, Luhn; the table is `keyed` by that column."""
    return _identifier_rules(table, column, _SIREN, "siren", _luhn(table[column]) % 10 != 0)


def _identifier_rules(table: ir.Table, column: str, size: int, name: str, wrong: ir.BooleanValue) -> list[RejectRule]:
    cell = table[column]
    digits = cell.re_search(r"^[0-9]+$")
    proved = cell.re_search(f"^[0-9]{{{size}}}$") & (table[_sum(column)] % 10 == 0)
    rules = [
        RejectRule(column, f"{name}_empty", cell.isnull()),
        RejectRule(column, f"{name}_exponent", cell.re_search(_EXPONENT) & ~digits),
        RejectRule(column, f"{name}_short", digits & (cell.length() < size)),
        RejectRule(column, f"{name}_form", ~digits | (cell.length() != size)),
        RejectRule(column, f"{name}_key", wrong),
    ]
    return [rule._replace(sound=proved) for rule in rules]


def _sum(column: str) -> str:
    return f"{column}_sum"


def _luhn(cell: ir.StringValue) -> ir.IntegerValue:
    """Return Luhn's sum of up to fourteen digits, from ordinary arithmetic: the judge of keys that are not proved."""
    number = cell.try_cast("int64")
    digits = [(number // 10**rank) % 10 for rank in range(_SIRET)]
    first, *others = (
        digit if rank % 2 == 0 else 2 * digit + (digit > 4).cast("int64") for rank, digit in enumerate(digits)
    )
    return reduce(add, others, first)


def _digit_sum(number: ir.IntegerValue, size: int) -> ir.IntegerValue:
    first, *others = ((number // 10**rank) % 10 for rank in range(size))
    return reduce(add, others, first)
