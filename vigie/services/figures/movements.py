"""Creations, closures and moves of territories, year by year, where they are dated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vigie.domain.finding_table import Unknown
from vigie.measures.dynamics import flow_rate
from vigie.services.figures.basis import Basis, measures
from vigie.services.loaded import HISTORY, STOCK, SUCCESSION

if TYPE_CHECKING:
    from vigie.domain.finding_table import FindingTable, Floats

YEARS_SHOWN = 12


def last_full_year(basis: Basis) -> int | None:
    """Return the last calendar year that ended before the date of the stock; `None` when nothing is dated."""
    years = basis.national.flows.year
    if not years.size:
        return None
    last = int(years.max())
    return min(int(basis.stock_day[:4]) - 1, last) if basis.stock_day else last - 1


@measures("creations")
def creations(basis: Basis) -> tuple[FindingTable, ...]:
    """Return creations, for the last full year and those before."""
    return _flow(basis, "creations")


@measures("closures")
def closures(basis: Basis) -> tuple[FindingTable, ...]:
    """Return closures, for the last full year and those before."""
    return _flow(basis, "closures")


@measures("creation_rate")
def creation_rate(basis: Basis) -> tuple[FindingTable, ...]:
    """Return creations for a hundred establishments."""
    return _rate(basis, "creation_rate", "creations")


@measures("closure_rate")
def closure_rate(basis: Basis) -> tuple[FindingTable, ...]:
    """Return closures for a hundred establishments."""
    return _rate(basis, "closure_rate", "closures")


@measures("moves")
def moves(basis: Basis) -> tuple[FindingTable, ...]:
    """Return arrivals less departures, for the last full year."""
    year = last_full_year(basis)
    if year is None:
        return (basis.unknown("moves", "", Unknown.UNDATED, STOCK),)
    if not basis.has_links:
        return (basis.unknown("moves", str(year), Unknown.NO_LINKS, STOCK),)
    value = _in(basis, year, "arrivals") - _in(basis, year, "departures")
    return (basis.table("moves", str(year), value, sources=(SUCCESSION, STOCK), why=Unknown.NOTHING, whole=True),)


@measures("employer_balance")
def employer_balance(basis: Basis) -> tuple[FindingTable, ...]:
    """Return employers opened less employers closed in the last full year."""
    year = last_full_year(basis)
    if year is None or basis.renewal is None:
        return (basis.unknown("employer_balance", "", Unknown.UNDATED, STOCK),)
    opened, closed = basis.renewal
    return (
        basis.table(
            "employer_balance", str(year), opened - closed, sources=(STOCK, HISTORY, SUCCESSION), why=Unknown.NOTHING,
            whole=True,
        ),
    )  # fmt: skip


def _flow(basis: Basis, name: str) -> tuple[FindingTable, ...]:
    year = last_full_year(basis)
    if year is None:
        return (basis.unknown(name, "", Unknown.UNDATED, STOCK),)
    return tuple(
        basis.table(
            name, str(each), _in(basis, each, name), sources=(STOCK, SUCCESSION), why=Unknown.NOTHING, whole=True
        )
        for each in range(year - YEARS_SHOWN + 1, year + 1)
    )


def _rate(basis: Basis, indicator: str, name: str) -> tuple[FindingTable, ...]:
    year = last_full_year(basis)
    if year is None:
        return (basis.unknown(indicator, "", Unknown.UNDATED, STOCK),)
    now = basis.total(basis.groups.place, basis.groups.establishments)
    later = _net(basis, basis.flows.year > year)
    net, flow = _net(basis, basis.flows.year == year), _in(basis, year, name)
    rates = [
        flow_rate(int(one), int(end), int(gain)) for one, end, gain in zip(flow, now - later, net, strict=True)
    ]  # fmt: skip
    value = np.asarray([np.nan if rate is None else rate * 100 for rate in rates], dtype=np.float64)
    return (
        basis.table(
            indicator, str(year), value, sources=(STOCK, SUCCESSION), why=Unknown.EMPTY_YEAR,
            ratio=(flow, now - later - net),
        ),
    )  # fmt: skip


def _in(basis: Basis, year: int, name: str) -> Floats:
    return basis.total(basis.flows.place, getattr(basis.flows, name), basis.flows.year == year)


def _net(basis: Basis, kept: np.ndarray) -> Floats:
    found = basis.flows
    return basis.total(found.place, found.creations + found.arrivals - found.closures - found.departures, kept)
