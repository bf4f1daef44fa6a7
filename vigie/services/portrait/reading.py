"""What the tables say of a perimeter: a handful of expressions, each compiled once."""

from __future__ import annotations

from collections import Counter
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import ibis

from vigie.domain.territory import TerritoryKind
from vigie.services.figures import placing
from vigie.services.figures.cores import city, core_among
from vigie.services.places import Perimeter, is_district, within
from vigie.services.portrait.by_commune import CommuneRenewal
from vigie.sources import cog_lookup
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import ibis.expr.types as ir

    from vigie.measures.cores import Core
    from vigie.services.figures.cores import CoreFound
    from vigie.services.figures.exchanges import Exchanges
    from vigie.services.portrait.by_commune import CommuneFigures
    from vigie.store.warehouse import Warehouse


class EstablishmentGroup(NamedTuple):
    """Open establishments that share an activity, a size band and an employer flag."""

    naf: str | None
    nomenclature: str | None
    band: str | None
    employer: str | None
    establishments: int


class Status(NamedTuple):
    """Open establishments that share an employer flag, a craft flag and a head-office flag."""

    employer: str | None
    craft: bool | None
    head_office: bool | None
    establishments: int


class Flow(NamedTuple):
    """What happened in a calendar year, in establishments."""

    creations: int
    closures: int
    arrivals: int
    departures: int


class Birth(NamedTuple):
    """Establishments created in a year that made the same, in the core or outside; those still open among them."""

    year: int
    making: str
    core: bool
    born: int
    still_open: int


class LedSites(NamedTuple):
    """Open employers of a division and size band led from here, from elsewhere, or from a place not known (`state`)."""

    state: str
    division: str | None
    size_band: str | None
    establishments: int


class Census(NamedTuple):
    """Population of a perimeter in a vintage of the geographic code; `None` when one commune's is unknown."""

    vintage: int
    year: int | None
    population: int | None
    communes: int
    known: int


class JobCell(NamedTuple):
    """Jobs of an activity in a year: a subclass in the last year, a division before.

    `secret` counts the figures (commune × subclass) that are not published, among `cells`.
    """

    naf: str
    year: int
    jobs: int | None
    cells: int
    secret: int


class Facts:
    """Everything a portrait is computed from, for one perimeter; each part is read when it is first asked for."""

    def __init__(self, reader: FactsReader, perimeter: Perimeter) -> None:
        self._reader, self._perimeter = reader, perimeter

    @property
    def groups(self) -> tuple[EstablishmentGroup, ...]:
        """Open establishments by activity, size band and employer flag."""
        return self._counts[0]

    @property
    def statuses(self) -> tuple[Status, ...]:
        """Open establishments by employer, craft and head-office flags."""
        return self._counts[1]

    @cached_property
    def flows(self) -> Mapping[int, Flow]:
        """Creations, closures and moves by calendar year."""
        return self._reader.flows(self._perimeter)

    @cached_property
    def births(self) -> tuple[Birth, ...] | None:
        """Creations by year, making and core; `None` where no history is loaded."""
        return self._reader.births(self._perimeter)

    @cached_property
    def seats(self) -> tuple[LedSites, ...] | None:
        """Employers by where they are led from; `None` where no file says who employs."""
        return self._reader.seats(self._perimeter)

    @property
    def exchanges(self) -> Exchanges | None:
        """The input-output table of the country."""
        return self._reader.exchanges

    @cached_property
    def core(self) -> CoreFound:
        """What is told of the core of the perimeter."""
        return self._reader.core(self._perimeter)[1]

    @cached_property
    def censuses(self) -> tuple[Census, ...]:
        """Populations by vintage."""
        return self._reader.censuses(self._perimeter)

    @cached_property
    def jobs(self) -> tuple[JobCell, ...]:
        """Jobs by activity and year."""
        return self._reader.jobs(self._perimeter)

    @property
    def renewal(self) -> CommuneRenewal | None:
        """Employers that opened and closed in the last full year; `None` where nothing is dated."""
        return self._reader.renewal(self._perimeter)

    def count(self, key: Callable[[EstablishmentGroup], str | None]) -> Counter[str | None]:
        """Count open establishments by a property of their group."""
        totals: Counter[str | None] = Counter()
        for group in self.groups:
            totals[key(group)] += group.establishments
        return totals

    @cached_property
    def _counts(self) -> tuple[tuple[EstablishmentGroup, ...], tuple[Status, ...]]:
        return self._reader.counts(self._perimeter)


class FactsReader:
    """Reads the facts of a perimeter in one generation."""

    def __init__(self, warehouse: Warehouse, figures: CommuneFigures) -> None:
        self._warehouse, self._figures = warehouse, figures
        self._expressions: dict[tuple[str, bool], ir.Table] = {}

    def facts(self, perimeter: Perimeter) -> Facts:
        """Return the facts of a perimeter; nothing is read yet (four questions when everything is)."""
        return Facts(self, perimeter)

    def counts(self, perimeter: Perimeter) -> tuple[tuple[EstablishmentGroup, ...], tuple[Status, ...]]:
        """Count open establishments both ways, in one question."""
        groups, statuses = [], []
        for row in self._rows("counts", perimeter):
            if row.pop("of_status"):
                statuses.append(Status(**{name: row[name] for name in Status._fields}))
            else:
                groups.append(EstablishmentGroup(**{name: row[name] for name in EstablishmentGroup._fields}))
        return tuple(groups), tuple(statuses)

    def flows(self, perimeter: Perimeter) -> Mapping[int, Flow]:
        """Read what happened each year."""
        return {row.pop("year"): Flow(**row) for row in self._rows("flows", perimeter)}

    def births(self, perimeter: Perimeter) -> tuple[Birth, ...] | None:
        """Read creations by year, making and core."""
        if not self._figures.has_births:
            return None
        core, _ = self.core(perimeter)
        return tuple(Birth(**row) for row in self._rows("births", perimeter, {"core": sorted(core.communes)}))

    def seats(self, perimeter: Perimeter) -> tuple[LedSites, ...] | None:
        """Read employers by where they are led from."""
        if not self._figures.has_seats:
            return None
        return tuple(LedSites(**row) for row in self._rows("seats", perimeter))

    @property
    def exchanges(self) -> Exchanges | None:
        """The input-output table of the country."""
        return self._figures.exchanges

    def core(self, perimeter: Perimeter) -> tuple[Core, CoreFound]:
        """Return the core of a perimeter, and what is told of it."""
        communes = self._figures.people if perimeter.communes is None else perimeter.communes
        return core_among(communes, self._figures.ground)

    def jobs(self, perimeter: Perimeter) -> tuple[JobCell, ...]:
        """Read jobs by activity and year."""
        return tuple(JobCell(**row) for row in self._rows("jobs", perimeter))

    def censuses(self, perimeter: Perimeter) -> tuple[Census, ...]:
        """Read populations, the first vintage first."""
        territory = perimeter.territory
        alone = territory.kind is TerritoryKind.COMMUNE and is_district(territory.code)
        rows = self._rows("district" if alone else "censuses", perimeter)
        read = (
            Census(r["vintage"], r["year"], r["population"] if r["known"] == r["communes"] else None,
                   r["communes"], r["known"])
            for r in rows
        )  # fmt: skip
        return tuple(sorted(read))

    def renewal(self, perimeter: Perimeter) -> CommuneRenewal | None:
        """Add up the employers that opened and closed in the communes of a perimeter."""
        found = self._figures.renewal
        if not found:
            return None
        held = [found[code] for code in (perimeter.communes or found) if code in found]
        return CommuneRenewal(sum(one.opened for one in held), sum(one.closed for one in held))

    def _rows(
        self, name: str, perimeter: Perimeter, more: Mapping[str, list[str]] | None = None
    ) -> list[dict[str, Any]]:
        key = (name, perimeter.communes is None)
        if key not in self._expressions:
            self._expressions[key] = _EXPRESSIONS[name](self._warehouse, perimeter)
        given = {**perimeter.parameters, "last_year": self._last_year, "past_and_present": _past_and_present(perimeter)}
        given |= more or {}
        return self._warehouse.rows(self._expressions[key], given)

    @cached_property
    def _last_year(self) -> int:
        """Last year of the source of jobs, 0 when none is loaded."""
        jobs = self._warehouse.table("jobs")
        return self._warehouse.rows(jobs.agg(last=jobs.year.max()))[0]["last"] or 0


@cache
def _former_codes() -> Mapping[str, list[str]]:
    """Codes no longer in use, by the code that replaced them."""
    found: dict[str, list[str]] = {}
    for former, today in cog_lookup.code_book().former.items():
        found.setdefault(today, []).append(former)
    return found


def _past_and_present(perimeter: Perimeter) -> list[str]:
    """Return the codes of a perimeter's communes and those of the communes that they replaced."""
    communes = perimeter.communes or ()
    return [*communes, *(former for code in communes for former in _former_codes().get(code, ()))]


_COUNTED = ("of_status", *dict.fromkeys((*EstablishmentGroup._fields, *Status._fields)))


def _within(perimeter: Perimeter) -> placing.Placing:
    """Return what puts the rows of a perimeter's communes in one place."""
    return lambda table: placing.alone(within(table, perimeter))


def _counts(warehouse: Warehouse, perimeter: Perimeter) -> ir.Table:
    """Both counts in one table: a question costs more than its rows."""
    active = warehouse.table("active_count")
    groups, statuses = (count(active, _within(perimeter)) for count in (placing.groups, placing.statuses))
    text, flag = ibis.null("string"), ibis.null("boolean")
    return ibis.union(
        groups.mutate(craft=flag, head_office=flag, of_status=False).select(*_COUNTED),
        statuses.mutate(naf=text, nomenclature=text, band=text, of_status=True).select(*_COUNTED),
    )


def _flows(warehouse: Warehouse, perimeter: Perimeter) -> ir.Table:
    return placing.flows(warehouse.table("demography"), _within(perimeter)).drop("place")


def _births(warehouse: Warehouse, perimeter: Perimeter) -> ir.Table:
    core = parameter("core", "array<string>")

    def cored(table: ir.Table) -> ir.Table:
        return placing.alone(within(table, perimeter)).mutate(core=lambda rows: core.contains(city(rows.commune)))

    return placing.births(warehouse.table("birth"), cored).drop("place")


def _seats(warehouse: Warehouse, perimeter: Perimeter) -> ir.Table:
    inside = parameter("communes", "array<string>")

    def led(table: ir.Table) -> ir.Table:
        placed = placing.alone(within(table, perimeter))
        return placed.mutate(
            inside=placed.seat.notnull() if perimeter.communes is None else inside.contains(placed.seat)
        )

    return placing.seats(warehouse.table("seat"), led).drop("place")


def _jobs(warehouse: Warehouse, perimeter: Perimeter) -> ir.Table:
    last = parameter("last_year", "int16")
    return placing.jobs(warehouse.table("jobs"), _within(perimeter), last, lambda naf: naf[:2]).drop("place")


def _censuses(warehouse: Warehouse, perimeter: Perimeter) -> ir.Table:
    """Sum, for each vintage, the communes that make today's: a former commune counts in the one that replaced it."""
    table = warehouse.table("territory")
    if perimeter.communes is None:
        return _by_vintage(table.filter(table.kind == TerritoryKind.FRANCE.value))
    communes = table.filter(table.kind == TerritoryKind.COMMUNE.value, table.detail.isnull())
    codes = parameter("past_and_present", "array<string>").unnest().name("code").as_table()
    return _by_vintage(communes.semi_join(codes, "code"))


def _district(warehouse: Warehouse, perimeter: Perimeter) -> ir.Table:
    table = warehouse.table("territory")
    communes = table.filter(table.kind == TerritoryKind.COMMUNE.value).rename(commune="code")
    return _by_vintage(within(communes, perimeter))


def _by_vintage(table: ir.Table) -> ir.Table:
    return placing.by_vintage(placing.alone(table)).drop("place")


_EXPRESSIONS: Mapping[str, Callable[[Warehouse, Perimeter], ir.Table]] = {
    "counts": _counts,
    "flows": _flows,
    "births": _births,
    "seats": _seats,
    "jobs": _jobs,
    "censuses": _censuses,
    "district": _district,
}
