"""Activity codes as files carry them: a code is what its nomenclature says it is, and may be one of five.

INSEE documents four values of the nomenclature column. What it will write for NAF 2025, the reference from 1 January
2027, is documented nowhere: a value that is not one of the four, or none, never leaves a row out. It is looked up
among likely spellings, else the code is read by its form and its day; `undocumented` lets the load say so once a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.domain.actors import Nomenclature
from vigie.sources.cells import unlike
from vigie.sources.faults import RejectRule

if TYPE_CHECKING:
    import ibis.expr.types as ir

DOCUMENTED = tuple(str(n) for n in Nomenclature if n is not Nomenclature.NAF_2025)
UNKNOWN = ("00.00Z", "00.0Z", "00.00")  # INSEE's "not determined", in NAF rev. 2, in those before, in the NAP
SWITCH = "2027-01-01"
"""Day on which NAF 2025 becomes the reference; compared to days as text, since files write them ISO 8601."""

# A subclass of NAF rev. 2 and of NAF 2025 is written the same way; older codes are shorter.
PRESENT_FORM = r"^[0-9]{2}\.[0-9]{2}[A-Z]$"
_OLDER_FORM = r"^[0-9]{2}\.?([0-9][A-Z]|[0-9]{2})$"
_ANY_FORM = r"^[0-9]{2}\.?([0-9]{1,2}[A-Z]|[0-9]{2})$"

# Likely spellings, in capitals and without punctuation.
_NAF_2025 = ("NAF2025", "NAF25", "NAFREV2025", "NAFREV25", "NAFREV3", "NAF3", "NAF2027", "NACEREV21", "NAFREV21")
_NAF_REV2 = ("NAFREV2", "NAF2", "NAF2008", "NAFREV22008", "NACEREV2", "NAFR2")
_LONGEST = 20


def known(cell: ir.StringValue) -> ir.StringValue:
    """Return an activity code; null when it is the one that says "not determined"."""
    return ibis.ifelse(cell.isin(UNKNOWN), ibis.null("string"), cell)


def scheme(
    declared: ir.StringValue,
    cell: ir.StringValue,
    *,
    before_2003: ir.BooleanValue | bool = False,
    switched: ir.BooleanValue | bool = False,
) -> ir.StringValue:
    """Return the nomenclature of a code: the declared one, else what its form and its day tell; null without a code.

    "25.62B" is NAF rev. 2, or NAF 2025 once `switched` (see `since_switch`); "80.1Z" is NAF rev. 1, or NAF 1993 where
    `before_2003`; "80.10" is NAP.
    """
    present, spelled = cell.re_search(PRESENT_FORM), _spelled(declared)
    return ibis.cases(
        (cell.isnull(), ibis.null("string")),
        (declared.isin(DOCUMENTED).fill_null(False), declared),
        (present & spelled.isin(_NAF_2025).fill_null(False), str(Nomenclature.NAF_2025)),
        (present & spelled.isin(_NAF_REV2).fill_null(False), str(Nomenclature.NAF_REV2)),
        (present & _told(switched), str(Nomenclature.NAF_2025)),
        (present, str(Nomenclature.NAF_REV2)),
        (cell.re_search("[A-Z]$") & _told(before_2003), str(Nomenclature.NAF_1993)),
        (cell.re_search("[A-Z]$"), str(Nomenclature.NAF_REV1)),
        else_=str(Nomenclature.NAP),
    )


def since_switch(begun: ir.StringValue, processed: ir.StringValue, active: ir.BooleanValue) -> ir.BooleanValue:
    """Tell whether a code was given since NAF 2025 is the reference.

    By the start of its period, or, for what is active, by the last change in the register: the switch is one.
    """
    return (begun >= SWITCH).fill_null(False) | (active & (processed >= SWITCH)).fill_null(False)


def undocumented(declared: ir.StringValue, cell: ir.StringValue) -> ir.StringValue:
    """Return what stands for the nomenclature of a code where INSEE documents no such value ("" when nothing does)."""
    odd = cell.notnull() & ~declared.isin(DOCUMENTED).fill_null(False)
    return ibis.ifelse(odd, declared.fill_null("")[:_LONGEST], ibis.null("string"))


def rules(raw: ir.Table, activity: str, nomenclature: str) -> list[RejectRule]:
    """Return the rule of an activity code, by the nomenclature it is said to belong to."""
    cell, declared = raw[activity], raw[nomenclature]
    # One constant pattern a case: an engine compiles a pattern that varies anew for each row.
    right = ibis.cases(
        ((declared == str(Nomenclature.NAF_REV2)).fill_null(False), cell.re_search(PRESENT_FORM)),
        (declared.isin(DOCUMENTED).fill_null(False), cell.re_search(_OLDER_FORM)),
        else_=cell.re_search(_ANY_FORM),
    )
    return [RejectRule(activity, "naf", (cell.notnull() & ~right).fill_null(False))]


def present_rule(raw: ir.Table, activity: str) -> RejectRule:
    """Return the rule of a code that can only be of NAF rev. 2 or NAF 2025."""
    return RejectRule(activity, "naf", unlike(raw[activity], PRESENT_FORM))


def _spelled(declared: ir.StringValue) -> ir.StringValue:
    return declared.upper().re_replace("[^A-Z0-9]", "")


def _told(answer: ir.BooleanValue | bool) -> ir.BooleanValue:
    return ibis.literal(answer) if isinstance(answer, bool) else answer.fill_null(False)
