"""What territories are made of compared with a reference: specialisation, concentration, variety."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from vigie.domain.finding_table import Unknown
from vigie.measures.concentration import above_reference, herfindahl, krugman
from vigie.measures.intervals import wilson
from vigie.measures.variety import Variety, variety
from vigie.services.figures.basis import Basis, measures, share
from vigie.services.figures.mixes import SMALLEST_DIVISION, mixes_of
from vigie.sources.nomenclature import MANUFACTURING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vigie.domain.finding_table import FindingTable, Floats
    from vigie.services.figures.mixes import Mixes


@measures("specialisation")
def specialisation(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the quotient of the most specific activity of each territory."""
    quotients = mixes_of(basis).quotients
    some = ~np.isnan(quotients).all(axis=1) if quotients.size else np.zeros(basis.size, dtype=bool)
    value = np.full(basis.size, np.nan)
    if some.any():
        value[some] = np.nanmax(quotients[some], axis=1)
    return _told(basis, "specialisation", value, Unknown.NO_SPECIALITY, compared=True)


@measures("jobs_above")
def jobs_above(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the jobs that each territory holds beyond its share of the reference, activity by activity."""
    if mixes_of(basis).kind != "jobs":
        return (basis.unknown("jobs_above", "", Unknown.NO_JOBS),)
    value = np.zeros(basis.size)
    for cell in cells_above(mixes_of(basis)):
        value[cell.territory] += round(cell.above)
    return _told(basis, "jobs_above", value, Unknown.NO_JOBS_HERE, compared=True, whole=True)


@measures("industry_share")
def industry_share(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the share of manufacturing in jobs, or in employers where no source of jobs is loaded, in per cent."""
    return share_of_activities(basis, "industry_share", lambda naf: str(naf)[:2] in MANUFACTURING)


def share_of_activities(basis: Basis, indicator: str, among: Callable[[Any], bool]) -> tuple[FindingTable, ...]:
    """Return the share of some activities in jobs, or in employers without a source of jobs, in per cent."""
    mixes = mixes_of(basis)
    held = basis.total(mixes.place, mixes.amount, mixes.naf.where(among))
    value = np.where(mixes.totals > 0, share(held, mixes.totals) * 100, np.nan)
    return (
        basis.table(
            indicator, mixes.vintage, value, sources=mixes.sources, why=Unknown.NO_JOB_KNOWN,
            coverage=np.where(mixes.totals > 0, share(mixes.totals, mixes.totals + mixes.unknown), np.nan),
            ratio=(held, mixes.totals),
        ),
    )  # fmt: skip


@measures("krugman")
def krugman_index(basis: Basis) -> tuple[FindingTable, ...]:
    """Return how far the activities of each territory are from those of the reference."""
    _, here, there = mixes_of(basis).divisions
    return _told(basis, "krugman", krugman(here, there), Unknown.NO_JOB_KNOWN, compared=True)


@measures("concentration_hhi")
def concentration(basis: Basis) -> tuple[FindingTable, ...]:
    """Return how concentrated the activities of each territory are."""
    return _told(basis, "concentration_hhi", herfindahl(mixes_of(basis).divisions[1]), Unknown.NO_JOB_KNOWN)


@measures("variety")
def varieties(basis: Basis) -> tuple[FindingTable, ...]:
    """Return how varied the activities of each territory are, in bits."""
    value = np.full(basis.size, np.nan)
    mixes = mixes_of(basis)
    for row in np.flatnonzero(~mixes.too_small):
        value[row] = variety_of(mixes, int(row)).total
    return _told(basis, "variety", value, Unknown.NO_JOB_KNOWN)


def variety_of(mixes: Mixes, territory: int) -> Variety:
    """Return the variety of one territory, between divisions and inside them."""
    amounts = mixes.row(territory)
    codes = sorted(amounts)
    return variety([amounts[code] for code in codes], [code[:2] for code in codes])


class CellAbove(NamedTuple):
    """One activity that a territory holds more of than the reference: jobs here and beyond its share, with bounds."""

    territory: int
    code: str
    amount: float
    above: float
    low: float
    high: float
    quotient: float


def cells_above(mixes: Mixes) -> Iterator[CellAbove]:
    """Yield the activities held beyond the reference, those that are neither too small nor within chance."""
    codes, here, there = mixes.divisions
    if not codes:
        return
    totals, beyond = here.sum(axis=1), above_reference(here, there)
    for row, column in np.argwhere(here >= SMALLEST_DIVISION["jobs"]):
        amount, total = float(here[row, column]), float(totals[row])
        expected = total * float(there[column]) / float(there.sum())
        low, high = (bound * total - expected for bound in wilson(amount, total))
        if low > 0:
            yield CellAbove(int(row), codes[column], amount, float(beyond[row, column]), low, high, amount / expected)


def _told(
    basis: Basis, indicator: str, value: Floats, why: Unknown, *, compared: bool = False, whole: bool = False
) -> tuple[FindingTable, ...]:
    """Write a measure of structure, unknown where it would only tell how small a territory is."""
    mixes = mixes_of(basis)
    left_out = mixes.too_small | mixes.alone if compared else mixes.too_small
    reasons = [
        Unknown.SMALL if small else Unknown.NO_REFERENCE if none and compared else why
        for small, none in zip(mixes.too_small, mixes.alone, strict=True)
    ]
    covered = share(mixes.totals, mixes.totals + mixes.unknown)
    return (
        basis.table(
            indicator, mixes.vintage, np.where(left_out, np.nan, value), sources=mixes.sources, why=reasons,
            coverage=np.where(left_out, np.nan, covered), whole=whole,
        ),
    )  # fmt: skip
