"""What the tables say of places, as expressions: the same for one perimeter and for all territories of a kind.

`placed` adds to rows that bear a `commune` the number of the place that holds it (`place`), and leaves the others out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

Placing = Callable[["ir.Table"], "ir.Table"]
FLOWS = ("creations", "closures", "arrivals", "departures")


def alone(table: ir.Table) -> ir.Table:
    """Put every row in one place: that of the perimeter, or of the country, to which the rows were restricted."""
    return table.mutate(place=ibis.literal(0, "int64"))


def groups(active: ir.Table, placed: Placing) -> ir.Table:
    """Count open establishments by activity, size band and employer flag."""
    table = placed(active)
    keys = {"naf": table.naf, "nomenclature": table.naf_nomenclature, "band": table.size_band}
    return table.group_by("place", **keys, employer=table.employer).agg(
        establishments=table.establishments.sum().cast("int64")
    )


def statuses(active: ir.Table, placed: Placing) -> ir.Table:
    """Count open establishments by employer, craft and head-office flags."""
    table = placed(active)
    return table.group_by("place", "employer", "craft", "head_office").agg(
        establishments=table.establishments.sum().cast("int64")
    )


def flows(demography: ir.Table, placed: Placing) -> ir.Table:
    """Sum creations, closures, arrivals and departures by year."""
    table = placed(demography)
    return table.group_by("place", "year").agg(**{name: table[name].sum().cast("int64") for name in FLOWS})


def births(birth: ir.Table, placed: Placing) -> ir.Table:
    """Sum creations by year and making, in the core of each place and outside: `placed` also tells which (`core`)."""
    table = placed(birth)
    return table.group_by("place", "year", "making", "core").agg(
        born=table.born.sum().cast("int64"), still_open=table.still_open.sum().cast("int64")
    )


def seats(seat: ir.Table, placed: Placing) -> ir.Table:
    """Count employers by where they are led from: `placed` also tells whether their head office is `inside`."""
    table = placed(seat)
    state = ibis.cases((table.seat.isnull(), "unknown"), (table.inside, "here"), else_="elsewhere")
    return table.group_by("place", "division", "size_band", state=state).agg(
        establishments=table.establishments.sum().cast("int64")
    )


def jobs(table: ir.Table, placed: Placing, last_year: ir.Value, before: Callable[[ir.Value], ir.Value]) -> ir.Table:
    """Sum jobs by subclass in the last year, by what `before` makes of the code in the years before.

    `cells` counts the figures (commune × subclass), `secret` those that are not published.
    """
    held = placed(table)
    code = ibis.ifelse(held.year == last_year, held.naf, before(held.naf))
    return held.group_by("place", naf=code, year=held.year).agg(
        jobs=held.jobs.sum().cast("int64"), cells=held.count(), secret=held.jobs.isnull().sum().cast("int64")
    )


def by_vintage(territory: ir.Table) -> ir.Table:
    """Sum the populations of placed communes for each vintage of the geographic code."""
    return territory.group_by("place", "vintage").agg(
        year=territory.population_year.max(),
        population=territory.population.sum().cast("int64"),
        communes=territory.count(),
        known=territory.population.count(),
    )


def summed(values: ir.Table, placed: Placing) -> ir.Table:
    """Sum published values of communes, with the number of those known and of those given."""
    held = placed(values)
    return held.group_by("place", "indicator", "vintage").agg(
        total=held.value.sum(),
        known=held.value.count(),
        given=held.count(),
        secret=(held.status == "secret").sum().cast("int64"),
    )


def averaged(values: ir.Table, weights: ir.Table, placed: Placing) -> ir.Table:
    """Average published values of communes by weights (`commune`, `indicator`, `weight`), with the weights known."""
    held = placed(values.inner_join(weights, ["commune", "indicator"]))
    counts = held.value.notnull()
    return held.group_by("place", "indicator", "vintage").agg(
        weighted=(held.value * held.weight).sum(),
        weights=held.weight.sum(where=counts),
        every_weight=held.weight.sum(),
        secret=(held.status == "secret").sum().cast("int64"),
    )


def divided(pairs: ir.Table, placed: Placing) -> ir.Table:
    """Sum both terms of a ratio (`over`, `under`) over the communes where both are published."""
    held = placed(pairs)
    both = held.over.notnull() & held.under.notnull()
    return held.group_by("place", "indicator", "vintage").agg(
        over=held.over.sum(where=both), under=held.under.sum(where=both), known=both.sum().cast("int64"),
        given=held.count(), secret=held.secret.fill_null(False).sum().cast("int64"),
    )  # fmt: skip
