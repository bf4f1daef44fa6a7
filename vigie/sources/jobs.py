"""Urssaf's private jobs by commune × activity: published wide (two columns a year), read long.

An empty cell is a figure that is not given (statistical secrecy), and stays null; a zero is a zero. Pairs of commune
and activity that have neither jobs nor establishments in a year are left out, as the file itself leaves out those that
never had any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.domain.actors import Nomenclature
from vigie.sources.base import PreparedTable, cleaned
from vigie.sources.cells import unlike
from vigie.sources.commune_codes import in_reference
from vigie.sources.faults import RejectRule, split

if TYPE_CHECKING:
    import ibis.expr.types as ir

COMMUNE, ACTIVITY = "code_commune", "code_ape"
_JOBS, _ESTABLISHMENTS = "jobs_", "establishments_"
_APE = r"^[0-9]{2}\.?[0-9]{2}[A-Z]$"


def jobs(raw: ir.Table, communes: ir.Table, nomenclature: str = str(Nomenclature.NAF_REV2)) -> PreparedTable:
    """Prepare the wide table: columns `code_commune`, `code_ape`, `jobs_2006`…, `establishments_2006`…

    Gives the columns of table `jobs`, summed where communes have merged since; a sum of which one term is secret is
    null. `communes` gives for each `published` code the `commune` of the reference vintage.
    """
    measures = tuple(c for c in raw.columns if c.startswith((_JOBS, _ESTABLISHMENTS)))
    cells = cleaned(raw, (COMMUNE, ACTIVITY, *measures))
    counts = cells.mutate(**{_number(name): cells[name].try_cast("float64") for name in measures})
    table = in_reference(counts, COMMUNE, communes)
    checked = split(
        table,
        [
            RejectRule(COMMUNE, "commune_empty", table[COMMUNE].isnull()),
            RejectRule(COMMUNE, "commune", table["commune"].isnull()),
            RejectRule(ACTIVITY, "ape", table[ACTIVITY].isnull() | unlike(table[ACTIVITY], _APE).fill_null(True)),
            *(RejectRule(name, "count", _not_a_count(table, name)) for name in measures),
        ],
    )
    years = sorted({name.rsplit("_", 1)[1] for name in measures})
    return PreparedTable(_summed(_long(checked.accepted, years), nomenclature), checked.faults)


def _number(measure: str) -> str:
    return f"{measure}_number"


def _not_a_count(row: ir.Table, measure: str) -> ir.BooleanValue:
    number = row[_number(measure)]
    return row[measure].notnull() & ~((number >= 0) & (number == number.floor())).fill_null(False)


def _long(rows: ir.Table, years: list[str]) -> ir.Table:
    def count(name: str) -> ir.IntegerValue:
        present = name in rows.columns
        return rows[_number(name)].cast("int64") if present else ibis.null("int64")

    cells = [
        ibis.struct(
            {
                "year": ibis.literal(int(year), "int16"),
                "jobs": count(_JOBS + year),
                "establishments": count(_ESTABLISHMENTS + year),
            }
        )
        for year in years
    ]
    code = rows[ACTIVITY].replace(".", "")
    flat = rows.select(commune=rows["commune"], naf=code[:2] + "." + code[2:], cell=ibis.array(cells).unnest())
    long = flat.select("commune", "naf", **{name: flat["cell"][name] for name in ("year", "jobs", "establishments")})
    return long.filter((long["jobs"].fill_null(0) > 0) | (long["establishments"].fill_null(0) > 0))


def _summed(long: ir.Table, nomenclature: str) -> ir.Table:
    def total(name: str) -> ir.IntegerValue:
        complete = long[name].count() == long.count()
        return ibis.ifelse(complete, long[name].sum(), ibis.null("int64")).cast("int64")

    summed = long.group_by("commune", "naf", "year").aggregate(
        jobs=total("jobs"), establishments=total("establishments")
    )
    return summed.select(
        "commune", "naf", naf_nomenclature=ibis.literal(nomenclature), year=summed["year"],
        jobs=summed["jobs"], establishments=summed["establishments"],
    )  # fmt: skip
