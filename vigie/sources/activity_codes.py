"""Activity codes as files carry them: a code is what its nomenclature says it is, and may be one of five."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.domain.actors import Nomenclature
from vigie.sources.cells import outside, unlike
from vigie.sources.faults import Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

NOMENCLATURES = tuple(str(n) for n in Nomenclature)
UNKNOWN = ("00.00Z", "00.0Z", "00.00")  # INSEE's "not determined", in NAF rev. 2, in those before, in the NAP

# A subclass of NAF rev. 2 and of NAF 2025 is written the same way; older codes are shorter.
PRESENT_FORM = r"^[0-9]{2}\.[0-9]{2}[A-Z]$"
_OLDER_FORM = r"^[0-9]{2}\.?([0-9][A-Z]|[0-9]{2})$"
_ANY_FORM = r"^[0-9]{2}\.?([0-9]{1,2}[A-Z]|[0-9]{2})$"


def known(cell: ir.StringValue) -> ir.StringValue:
    """Return an activity code; null when it is the one that says "not determined"."""
    return ibis.ifelse(cell.isin(UNKNOWN), ibis.null("string"), cell)


def scheme(declared: ir.StringValue, cell: ir.StringValue, start: ir.DateValue | None = None) -> ir.StringValue:
    """Return the nomenclature of a code: the declared one, else what its form tells; null without a code.

    "25.62B" is NAF rev. 2 (NAF 2025 is always declared), "80.1Z" NAF rev. 1, or NAF 1993 for a period that began
    before 2003, "80.10" NAP.
    """
    older: ir.StringValue | str = str(Nomenclature.NAF_REV1)
    if start is not None:
        older = ibis.ifelse(start < ibis.date(2003, 1, 1), str(Nomenclature.NAF_1993), older)
    guessed = ibis.cases(
        (cell.re_search(PRESENT_FORM), str(Nomenclature.NAF_REV2)),
        (cell.re_search("[A-Z]$"), older),
        (cell.notnull(), str(Nomenclature.NAP)),
        else_=ibis.null("string"),
    )
    return ibis.ifelse(cell.isnull(), ibis.null("string"), ibis.coalesce(declared, guessed))


def rules(raw: ir.Table, activity: str, nomenclature: str) -> list[Rule]:
    """Return the rules of an activity code and of the nomenclature it is said to belong to."""
    cell, declared = raw[activity], raw[nomenclature]
    present = declared.isin(("NAFRev2", "NAF2025"))
    # One constant pattern a case: an engine compiles a pattern that varies anew for each row.
    right = ibis.cases(
        (declared.isnull(), cell.re_search(_ANY_FORM)),
        (present, cell.re_search(PRESENT_FORM)),
        else_=cell.re_search(_OLDER_FORM),
    )
    return [
        Rule(nomenclature, "nomenclature", outside(declared, NOMENCLATURES)),
        Rule(activity, "naf", (cell.notnull() & ~right).fill_null(False)),
    ]


def present_rule(raw: ir.Table, activity: str) -> Rule:
    """Return the rule of a code that can only be of NAF rev. 2 or NAF 2025."""
    return Rule(activity, "naf", unlike(raw[activity], PRESENT_FORM))
