"""Jobs of territories, where a source of jobs is loaded: level and change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vigie.domain.finding_table import Unknown
from vigie.measures.dynamics import change
from vigie.services.figures.basis import Basis, measures, share
from vigie.services.loaded import JOBS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.domain.finding_table import FindingTable

SPAN = 5
"""Years over which a change of jobs is measured, everywhere: one base year for figures, charts and maps."""


def job_years(basis: Basis) -> list[int]:
    """Return the years of the source of jobs, the first one first; empty when none is loaded."""
    return [int(year) for year in np.unique(basis.national.jobs.year)]


def base_year(years: Sequence[int]) -> int | None:
    """Return the year that changes of jobs start from: five years before the last, or the nearest that is known.

    >>> base_year([2015, 2019, 2020, 2025]), base_year([2024, 2025]), base_year([])
    (2020, 2024, None)
    """
    return max((year for year in years if year <= years[-1] - SPAN), default=years[0]) if years else None


@measures("jobs")
def jobs(basis: Basis) -> tuple[FindingTable, ...]:
    """Return published jobs, year by year; where every figure is secret the number is not known."""
    years = job_years(basis)
    if not years:
        return (basis.unknown("jobs", "", Unknown.NO_JOBS),)
    return tuple(_of_year(basis, year) for year in years)


@measures("jobs_change")
def jobs_change(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the change of jobs over five years, in per cent."""
    years = job_years(basis)
    if not years:
        return (basis.unknown("jobs_change", "", Unknown.NO_JOBS),)
    first, last = base_year(years) or years[0], years[-1]
    if first == last:
        return (basis.unknown("jobs_change", str(last), Unknown.ONE_YEAR, JOBS),)
    before, after = _of_year(basis, first), _of_year(basis, last)
    start, end = np.nan_to_num(before.value), np.nan_to_num(after.value)
    ratios = [change(one, other) for one, other in zip(start, end, strict=True)]
    value = np.asarray([np.nan if ratio is None else ratio * 100 for ratio in ratios], dtype=np.float64)
    here = ~np.isnan(after.coverage)
    return (
        basis.table(
            "jobs_change", str(last), np.where(here, value, np.nan), sources=(JOBS,), why=Unknown.ONE_YEAR,
            coverage=np.fmin(before.coverage, after.coverage), ratio=(end, start),
        ),
    )  # fmt: skip


def _of_year(basis: Basis, year: int) -> FindingTable:
    cells = basis.jobs
    kept = cells.year == year
    given, secret = basis.total(cells.place, cells.cells, kept), basis.total(cells.place, cells.secret, kept)
    amounts = basis.total(cells.place, np.nan_to_num(cells.jobs), kept)
    why = [Unknown.SECRET if some else Unknown.NO_JOBS_HERE for some in given]
    return basis.table(
        "jobs", str(year), np.where(given > secret, amounts, np.nan), sources=(JOBS,), why=why,
        coverage=share(given - secret, given), whole=True,
    )  # fmt: skip
