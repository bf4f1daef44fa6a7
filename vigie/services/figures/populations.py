"""Populations and their change, on the territories of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vigie.domain.finding_table import Unknown
from vigie.measures.dynamics import change
from vigie.services.figures.basis import Basis, measures, share
from vigie.services.figures.employment import base_year, job_years
from vigie.services.loaded import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vigie.domain.finding_table import FindingTable, Floats


@measures("population")
def population(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the population by census, the present one as the latest vintage of the geographic code gives it."""
    found = basis.censuses
    tables = [
        basis.table("population", str(year), people, sources=(REFERENCE,), why=Unknown.PART_OF_CENSUS, whole=True)
        for year, people in _by_census(basis).items()
    ]
    if not found.vintage.size:
        return (basis.unknown("population", "", Unknown.NO_CENSUS, REFERENCE),)
    latest = found.vintage == found.vintage.max()
    people, year, known, communes = (
        _spread(basis, latest, column) for column in (found.population, found.year, found.known, found.communes)
    )
    why = [Unknown.NO_CENSUS if np.isnan(one) else Unknown.PART_OF_CENSUS for one in year]
    last = "" if np.isnan(year).all() else str(int(np.nanmax(year)))
    present = basis.table(
        "population", last, people, sources=(REFERENCE,), why=why, coverage=share(known, communes), whole=True
    )
    return (*(one for one in tables if one.vintage != last), present)


@measures("population_change")
def population_change(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the change between the base year of jobs, or the first census known, and the last census, in per cent."""
    points, base = _by_census(basis), base_year(job_years(basis))
    value, first, last = (np.full(basis.size, np.nan) for _ in range(3))
    for row, earlier, later in _known_ends(points, base):
        first[row], last[row] = earlier, later
        ratio = change(earlier, later)
        value[row] = np.nan if ratio is None else ratio * 100
    vintage = str(max(points, default=""))
    return (
        basis.table(
            "population_change", vintage, value, sources=(REFERENCE,), why=Unknown.ONE_CENSUS, ratio=(last, first)
        ),
    )


def known_span(points: Mapping[int, float | None], base: int | None = None) -> tuple[int, int] | None:
    """Return the years that a change goes from and to: `base` where its population is known, else the first known.

    `None` when the population of two years is not known.
    """
    known = sorted(year for year, value in points.items() if value)
    if len(known) < 2:
        return None
    first = base if base is not None and base in known[:-1] else known[0]
    return first, known[-1]


def _known_ends(points: Mapping[int, Floats], base: int | None) -> Iterator[tuple[int, float, float]]:
    """Give the populations that `known_span` would choose, territory by territory, as rank, first and last.

    All the territories are read at once: asking `known_span` of 35 000 communes took half of a small refresh.
    """
    if not points:
        return
    years, people = list(points), np.vstack(list(points.values()))
    known = np.nan_to_num(people) != 0.0
    opening, closing = known.argmax(axis=0), len(years) - 1 - known[::-1].argmax(axis=0)
    if base in years:
        rank = years.index(base)
        opening = np.where(known[rank] & (rank < closing), rank, opening)
    for row in np.flatnonzero(known.sum(axis=0) >= 2):
        yield int(row), float(people[opening[row], row]), float(people[closing[row], row])


def _by_census(basis: Basis) -> dict[int, Floats]:
    """Return populations by year of census: several vintages of the geographic code repeat the same one."""
    found = basis.censuses
    points: dict[int, Floats] = {}
    for vintage in np.unique(found.vintage):
        kept = found.vintage == vintage
        years = found.year[kept]
        for year in np.unique(years[~np.isnan(years)]):
            points.setdefault(int(year), np.full(basis.size, np.nan))
            rows = kept & (found.year == year)
            points[int(year)][found.place[rows]] = found.population[rows]
    return dict(sorted(points.items()))


def _spread(basis: Basis, kept: np.ndarray, column: Floats) -> Floats:
    values = np.full(basis.size, np.nan)
    values[basis.censuses.place[kept]] = column[kept]
    return values
