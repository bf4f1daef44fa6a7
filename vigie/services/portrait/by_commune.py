"""What is loaded of every commune in one generation, read once when first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from vigie.services.figures.cores import ground
from vigie.services.figures.employment import base_year
from vigie.services.figures.exchanges import exchanges
from vigie.services.figures.renewals import openings_and_closures
from vigie.services.loaded import STOCK
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir

    from vigie.measures.cores import Ground
    from vigie.services.figures.exchanges import Exchanges
    from vigie.services.loaded import Loaded
    from vigie.store.warehouse import Warehouse


class CommuneRenewal(NamedTuple):
    """Employers of a commune that opened, and that closed, in the last full year."""

    opened: int
    closed: int


class CommuneFigures:
    """Which communes hold establishments, jobs, inhabitants; what opened and closed in each."""

    def __init__(self, warehouse: Warehouse, loaded: Loaded) -> None:
        self._warehouse, self._loaded = warehouse, loaded

    @cached_property
    def job_years(self) -> tuple[int, int] | None:
        """Base year and last year of the source of jobs; `None` when none is loaded."""
        table = self._warehouse.table("jobs")
        years = sorted(row["year"] for row in self._warehouse.rows(table.select("year").distinct()))
        first = base_year(years)
        return None if first is None else (first, years[-1])

    @cached_property
    def with_jobs(self) -> frozenset[str]:
        """Communes that the last year of the source of jobs holds."""
        if self.job_years is None:
            return frozenset()
        table = self._warehouse.table("jobs")
        held = table.filter(table.year == parameter("year", "int16")).select("commune").distinct()
        return frozenset(row["commune"] for row in self._warehouse.rows(held, {"year": self.job_years[1]}))

    @cached_property
    def with_establishments(self) -> frozenset[str]:
        """Communes that have an open establishment."""
        held = self._warehouse.table("active_count").select("commune").distinct()
        return frozenset(row["commune"] for row in self._warehouse.rows(held) if row["commune"])

    @cached_property
    def people(self) -> Mapping[str, int]:
        """Inhabitants of each commune in the last vintage of the geographic code."""
        table = self._warehouse.table("territory")
        communes = table.filter(table.kind == "commune", table.detail.isnull(), table.population.notnull())
        latest = communes.filter(communes.vintage == communes.vintage.max())
        return {row["code"]: row["population"] for row in self._warehouse.rows(latest.select("code", "population"))}

    @cached_property
    def ground(self) -> Ground:
        """What cores of territories are found from."""
        return ground(self._warehouse.table, self._warehouse.rows)

    @cached_property
    def has_births(self) -> bool:
        """Tell whether the history of establishments told of any creation."""
        return bool(self._warehouse.rows(self._warehouse.table("birth").select("year").limit(1)))

    @cached_property
    def has_seats(self) -> bool:
        """Tell whether some employer is counted by its head office."""
        return bool(self._warehouse.rows(self._warehouse.table("seat").select("commune").limit(1)))

    @cached_property
    def exchanges(self) -> Exchanges | None:
        """The input-output table."""
        return exchanges(self._warehouse.table, self._warehouse.rows)

    @property
    def full_year(self) -> int | None:
        """Last calendar year that ended before the day of the stock; `None` when the stock has no day."""
        day = self._loaded.vintage.get(STOCK)
        return int(day[:4]) - 1 if day else None

    @cached_property
    def renewal(self) -> Mapping[str, CommuneRenewal]:
        """Employers that opened and closed in the last full year, by commune; empty where nothing is dated."""
        table = self.openings_and_closures()
        if table is None:
            return {}
        counted = table.group_by("commune").agg(
            opened=table.opened.sum().cast("int64"), closed=(~table.opened).sum().cast("int64")
        )
        rows = self._warehouse.rows(counted, {"year": self.full_year})
        return {row["commune"]: CommuneRenewal(row["opened"], row["closed"]) for row in rows if row["commune"]}

    def openings_and_closures(self) -> ir.Table | None:
        """Return the employers that opened or closed in the year given when the expression is executed.

        See `renewals.openings_and_closures`; `None` when the stock has no day.
        """
        if self.full_year is None:
            return None
        return openings_and_closures(self._warehouse.table, parameter("year", "int16"))
