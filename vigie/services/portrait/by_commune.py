"""Figures of every commune in one generation: what maps tint and what ranks compare, read once when first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from vigie.services.figures.employment import base_year
from vigie.services.figures.renewals import openings_and_closures
from vigie.services.loaded import STOCK
from vigie.sources.nomenclature import MANUFACTURING
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir

    from vigie.services.loaded import Loaded
    from vigie.store.warehouse import Warehouse


class CommuneJobs(NamedTuple):
    """Private jobs of a commune: in the base year, in the last one, and those of manufacturing in the last one."""

    before: int
    last: int
    made: int


class CommuneStock(NamedTuple):
    """Open establishments of a commune, and those that employ."""

    establishments: int
    employers: int


class CommuneRenewal(NamedTuple):
    """Employers of a commune that opened, and that closed, in the last full year."""

    opened: int
    closed: int


class CommuneFigures:
    """Figures of every commune loaded; a commune that a table does not hold is not in its mapping."""

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
    def jobs(self) -> Mapping[str, CommuneJobs]:
        """Jobs of each commune that the last year of the source holds; secret figures count for nothing."""
        if self.job_years is None:
            return {}
        first, last = self.job_years
        table = self._warehouse.table("jobs")
        now, made = table.year == last, table.naf[:2].isin(MANUFACTURING)
        counted = table.group_by("commune").agg(
            before=table.jobs.sum(where=table.year == first).fill_null(0).cast("int64"),
            last=table.jobs.sum(where=now).fill_null(0).cast("int64"),
            made=table.jobs.sum(where=now & made).fill_null(0).cast("int64"),
            held=now.any(),
        )
        rows = self._warehouse.rows(counted)
        return {row["commune"]: CommuneJobs(row["before"], row["last"], row["made"]) for row in rows if row["held"]}

    @cached_property
    def stock(self) -> Mapping[str, CommuneStock]:
        """Open establishments of each commune that has some."""
        table = self._warehouse.table("active_count")
        counted = table.group_by("commune").agg(
            establishments=table.establishments.sum().cast("int64"),
            employers=table.establishments.sum(where=table.employer == "O").fill_null(0).cast("int64"),
        )
        return {
            row["commune"]: CommuneStock(row["establishments"], row["employers"])
            for row in self._warehouse.rows(counted)
            if row["commune"]
        }

    @cached_property
    def people(self) -> Mapping[str, int]:
        """Inhabitants of each commune in the last vintage of the geographic code."""
        table = self._warehouse.table("territory")
        communes = table.filter(table.kind == "commune", table.detail.isnull(), table.population.notnull())
        latest = communes.filter(communes.vintage == communes.vintage.max())
        return {row["code"]: row["population"] for row in self._warehouse.rows(latest.select("code", "population"))}

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
