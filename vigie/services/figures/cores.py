"""What cores of territories are found from, read once for the whole country, and the cores of many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import ibis

from vigie.domain.territory import TerritoryKind
from vigie.measures.cores import Core, Ground, core_of
from vigie.services.places import CITIES, city_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import ibis.expr.types as ir


class CoreFound(NamedTuple):
    """What is told of a core: the rule that found it, how many communes it counts, of how many in the territory."""

    rule: str | None
    communes: int
    among: int

    @property
    def whole(self) -> bool:
        """Tell whether nothing of the territory lies outside it, as of a commune alone."""
        return self.among in (1, self.communes)


def ground(table_of: Callable[[str], ir.Table], rows: Callable[[ir.Table], list[dict[str, Any]]]) -> Ground:
    """Read poles, jobs of the last year, open establishments and areas of every commune; districts count in their city.

    `table_of` gives a table by name, `rows` executes an expression.
    """
    members = table_of("membership").filter(lambda table: table.kind == TerritoryKind.POLE.value)
    poles = rows(members.filter(members.vintage == members.vintage.max()).select("commune"))
    jobs = table_of("jobs").filter(lambda table: table.year == table.year.max())
    sites = table_of("active_count")
    places = table_of("territory").filter(lambda table: (table.kind == "commune") & table.area.notnull())
    areas = rows(places.filter(places.vintage == places.vintage.max()).select("code", "area"))
    return Ground(
        frozenset(city_of(row["commune"]) for row in poles),
        _by_city(rows(jobs.group_by("commune").agg(amount=jobs.jobs.sum()))),
        _by_city(rows(sites.group_by("commune").agg(amount=sites.establishments.sum()))),
        {row["code"]: row["area"] for row in areas},
    )


def core_among(communes: Iterable[str], given: Ground) -> tuple[Core, CoreFound]:
    """Return the core of some communes, districts by their city, and what is told of it."""
    cities = {city_of(commune) for commune in communes}
    core = core_of(cities, given)
    return core, CoreFound(None if core.rule is None else core.rule.value, len(core.communes), len(cities))


def city(commune: ir.StringValue) -> ir.StringValue:
    """Return the city of a column of communes, as `places.city_of` does of one."""
    branches = [(commune.startswith(start), ibis.literal(code)) for start, code in CITIES.items()]
    return ibis.cases(*branches, else_=commune)


def _by_city(rows: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in rows:
        if row["commune"] and row["amount"]:
            city = city_of(row["commune"])
            found[city] = found.get(city, 0.0) + float(row["amount"])
    return found
