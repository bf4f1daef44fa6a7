"""Establishments of territories: how many, employing or not, of what size, craft and head offices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vigie.domain.finding_table import Unknown
from vigie.measures.mapping import per_thousand
from vigie.measures.workforce import headcount
from vigie.services.figures.basis import Basis, measures, share
from vigie.services.figures.populations import population
from vigie.services.loaded import REFERENCE, STOCK
from vigie.sources import nomenclature

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.domain.finding_table import FindingTable, Floats
    from vigie.services.figures.basis import Coded, Flags

MEDIUM = ("11", "12", "21", "22", "31")
"""Size bands of 10 to 249 employees."""


@measures("establishments")
def establishments(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the number of open establishments."""
    total = _counted(basis)
    return _of_stock(basis, "establishments", np.where(total > 0, total, np.nan), Unknown.NOTHING, whole=True)


@measures("employers")
def employers(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the number of those that employ."""
    return _flagged(basis, "employers", "O")


@measures("non_employers")
def non_employers(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the number of those that do not."""
    return _flagged(basis, "non_employers", "N")


@measures("establishments_by_activity")
def establishments_by_activity(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the number of open establishments whose activity is known."""
    return _of_known_activity(basis, "establishments_by_activity", np.ones(basis.groups.place.size, dtype=bool))


@measures("employers_by_activity")
def employers_by_activity(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the number of employers whose activity is known."""
    return _of_known_activity(basis, "employers_by_activity", _employing(basis))


@measures("establishments_by_size")
def establishments_by_size(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the number of open establishments whose size band is published."""
    total = _counted(basis)
    known = _counted(basis, basis.groups.band.where(lambda band: band is not None))
    return _of_stock(
        basis, "establishments_by_size", np.where(total > 0, known, np.nan), Unknown.NOTHING,
        coverage=share(known, total), whole=True,
    )  # fmt: skip


@measures("medium_sites")
def medium_sites(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the number of employers of 10 to 249."""
    employing, bands = _employing(basis), basis.groups.band
    total = _counted(basis, employing)
    known = _counted(basis, employing & bands.where(lambda band: band is not None))
    value = _counted(basis, employing & bands.where(lambda band: band in MEDIUM))
    why = [Unknown.NO_FLAG if some else Unknown.NOTHING for some in total]
    return _of_stock(
        basis, "medium_sites", np.where(known > 0, value, np.nan), why, coverage=share(known, total), whole=True
    )


@measures("jobs_by_band")
def jobs_by_band(basis: Basis) -> tuple[FindingTable, ...]:
    """Return jobs estimated from the size bands of employers."""
    groups, employing = basis.groups, _employing(basis)
    counts = [_counted(basis, employing & (groups.band.index == rank)) for rank in range(len(groups.band.values))]
    value, low, high = (np.full(basis.size, np.nan) for _ in range(3))
    known, total = np.zeros(basis.size), sum(counts, start=np.zeros(basis.size))
    for row in np.flatnonzero(total):
        bands = {band: int(amounts[row]) for band, amounts in zip(groups.band.values, counts, strict=True)}
        found = headcount({band: amount for band, amount in bands.items() if amount})
        known[row] = found.known
        if found.known:
            value[row], low[row] = found.middle, found.low
            high[row] = np.nan if found.high is None else found.high
    return _of_stock(basis, "jobs_by_band", value, Unknown.NO_BAND, coverage=share(known, total), bounds=(low, high))


@measures("craft_share")
def craft_share(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the share of crafts among employers, in per cent."""
    return _share_of(basis, "craft_share", lambda statuses: statuses.craft)


@measures("head_office_share")
def head_office_share(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the share of head offices among employers, in per cent."""
    return _share_of(basis, "head_office_share", lambda statuses: statuses.head_office)


@measures("employer_density")
def employer_density(basis: Basis) -> tuple[FindingTable, ...]:
    """Return employers for 1,000 inhabitants."""
    people, total = population(basis)[-1].value, _counted(basis)
    known = total - _counted(basis, basis.groups.employer.where(lambda flag: flag is None))
    count = _counted(basis, _employing(basis))
    sure = ~np.isnan(people) & (people > 0) & (known > 0) & ~basis.partial
    rates = [per_thousand(one, base) if ok else None for one, base, ok in zip(count, people, sure, strict=True)]
    value = np.asarray([np.nan if rate is None else rate for rate in rates], dtype=np.float64)
    return _of_stock(
        basis, "employer_density", value, Unknown.NO_DENSITY, coverage=np.where(sure, share(known, total), np.nan),
        ratio=(count, people), sources=(STOCK, REFERENCE),
    )  # fmt: skip


def _of_stock(
    basis: Basis, indicator: str, value: Floats, why: Any, *, sources: tuple[str, ...] = (STOCK,), **more: Any
) -> tuple[FindingTable, ...]:
    return (basis.table(indicator, basis.stock_day, value, sources=sources, why=why, **more),)


def _counted(basis: Basis, kept: Flags | None = None) -> Floats:
    return basis.total(basis.groups.place, basis.groups.establishments, kept)


def _employing(basis: Basis) -> Flags:
    return basis.groups.employer.where(lambda flag: flag == "O")


def _flagged(basis: Basis, indicator: str, flag: str) -> tuple[FindingTable, ...]:
    total = _counted(basis)
    unknown = _counted(basis, basis.groups.employer.where(lambda one: one is None))
    value = np.where(total > unknown, _counted(basis, basis.groups.employer.where(lambda one: one == flag)), np.nan)
    bounds = np.where(unknown > 0, value, np.nan), np.where(unknown > 0, value + unknown, np.nan)
    why = [Unknown.NO_FLAG if some else Unknown.NOTHING for some in total]
    return _of_stock(basis, indicator, value, why, coverage=share(total - unknown, total), bounds=bounds, whole=True)


def _of_known_activity(basis: Basis, indicator: str, kept: Flags) -> tuple[FindingTable, ...]:
    total = _counted(basis, kept)
    known = _counted(basis, kept & basis.groups.naf.where(lambda naf: (naf or "")[:2] in nomenclature.tree()))
    return _of_stock(
        basis, indicator, np.where(total > 0, known, np.nan), Unknown.NOTHING, coverage=share(known, total), whole=True
    )


def _share_of(basis: Basis, indicator: str, read: Callable[[Any], Coded]) -> tuple[FindingTable, ...]:
    statuses = basis.statuses
    employing, flag = statuses.employer.where(lambda one: one == "O"), read(statuses)
    yes, no, unknown = (
        basis.total(statuses.place, statuses.establishments, employing & flag.where(test))
        for test in (lambda one: one is True, lambda one: one is False, lambda one: one is None)
    )
    told = bool(read(basis.national.statuses).where(bool).any())
    known = yes + no
    value = np.where(known > 0, share(yes, known) * 100, np.nan) if told else np.full(basis.size, np.nan)
    return _of_stock(
        basis, indicator, value, Unknown.NOT_TOLD,
        coverage=share(known if told else np.zeros(basis.size), known + unknown), ratio=(yes, known),
    )  # fmt: skip
