"""Value capture, by proxy: head offices elsewhere, largest sites, activities that may keep margins, imports bought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from vigie.domain.finding_table import Unknown
from vigie.measures.capture import Bounded, amount_share, amounts_of, known_share, largest
from vigie.services.figures.basis import Basis, measures, share
from vigie.services.figures.mixes import mixes_of
from vigie.services.figures.structures import share_of_activities
from vigie.services.loaded import FLOWS, JOBS, STOCK, UNITS
from vigie.sources.cards_reader import read_yaml

if TYPE_CHECKING:
    from vigie.domain.finding_table import FindingTable, Floats
    from vigie.services.figures.basis import Flags, Seats
    from vigie.services.figures.exchanges import Exchanges

HERE, ELSEWHERE, NOT_KNOWN = "here", "elsewhere", "unknown"
LARGEST, FEWEST = 10, 30
"""Sites whose share is told, and sites of known size below which they would be most of them."""
_LED = (STOCK, UNITS)


@dataclass(frozen=True, slots=True)
class CaptureGroup:
    """Activities of the list that go together."""

    id: str
    label: str
    codes: tuple[str, ...]


@cache
def capture_groups() -> tuple[CaptureGroup, ...]:
    """Return the list of activities that may keep the margin of what others make."""
    told: list[Mapping[str, str | Sequence[str]]] = read_yaml(
        (files("vigie.measures") / "capture_activities.yml").read_text(encoding="utf-8")
    )
    return tuple(CaptureGroup(str(one["id"]), str(one["label"]), tuple(one["codes"])) for one in told)


@measures("outside_head_share")
def outside_head_share(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the share of employers whose head office is elsewhere, in per cent."""
    seats = basis.seats
    if seats is None:
        return (basis.unknown("outside_head_share", basis.stock_day, Unknown.NO_SEAT, STOCK),)
    here, elsewhere, unknown = (
        basis.total(seats.place, seats.establishments, _told_in(seats, one)) for one in (HERE, ELSEWHERE, NOT_KNOWN)
    )
    found = known_share(elsewhere, here, unknown)
    covered = share(here + elsewhere, here + elsewhere + unknown)
    return (_led(basis, "outside_head_share", found, covered, ratio=(elsewhere, here + elsewhere)),)


@measures("outside_head_jobs")
def outside_head_jobs(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the share of the jobs of employers, known by size bands, whose head office is elsewhere, in per cent."""
    seats = basis.seats
    if seats is None:
        return (basis.unknown("outside_head_jobs", basis.stock_day, Unknown.NO_SEAT, STOCK),)
    elsewhere, here = (amounts_of(_by_band(basis, seats, _told_in(seats, one))) for one in (ELSEWHERE, HERE))
    sized = seats.band.where(lambda band: band not in (None, "NN"))
    known = sized & ~_told_in(seats, NOT_KNOWN)
    covered = share(*(basis.total(seats.place, seats.establishments, kept) for kept in (known, None)))
    return (_led(basis, "outside_head_jobs", amount_share(elsewhere, here), covered),)


@measures("largest_sites_share")
def largest_sites_share(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the share of the ten largest employers in the jobs known by size bands, in per cent."""
    groups = basis.groups
    employing = groups.employer.where(lambda flag: flag == "O")
    sized = {
        band: basis.total(groups.place, groups.establishments, employing & (groups.band.index == rank))
        for rank, band in enumerate(groups.band.values)
        if band not in (None, "NN", "00")
    }
    total = basis.total(groups.place, groups.establishments, employing)
    known = np.sum(list(sized.values()), axis=0) if sized else np.zeros(basis.size)
    found = Bounded(*(np.full(basis.size, np.nan) for _ in range(3)))
    for row in np.flatnonzero(known >= FEWEST):
        some = largest({band: float(count[row]) for band, count in sized.items()}, LARGEST)
        of_row = amount_share(
            *(amounts_of({band: np.asarray([count]) for band, count in part.items()}) for part in some)
        )
        for bound, told in zip(found, of_row, strict=True):
            bound[row] = told[0]
    why = [Unknown.FEW_SIZED if some else Unknown.NO_BAND for some in known]
    return (
        basis.table(
            "largest_sites_share", basis.stock_day, found.value * 100, sources=(STOCK,), why=why,
            coverage=share(known, total), bounds=(found.low * 100, found.high * 100),
        ),
    )  # fmt: skip


@measures("capture_share")
def capture_share(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the share of the activities of the list in jobs, or in employers without a source of jobs, in per cent."""
    listed = {code for group in capture_groups() for code in group.codes}
    return share_of_activities(basis, "capture_share", listed.__contains__)


@measures("import_content")
def imports(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the import content of what local activities buy, in per cent, with the imports of their suppliers above.

    Each job of a division is taken to buy what a job of its sector buys in the country.
    """
    exchanges = basis.exchanges
    if exchanges is None:
        return (basis.unknown("import_content", "", Unknown.NO_EXCHANGES, FLOWS, JOBS),)
    if mixes_of(basis).kind != "jobs":
        return (basis.unknown("import_content", str(exchanges.year), Unknown.NO_JOBS, FLOWS, JOBS),)
    bought, told = purchases_of(basis, exchanges), exchanges.content
    total = bought.sum(axis=1)
    direct, whole = (share(bought @ np.nan_to_num(one), total) * 100 for one in (told.direct, told.whole))
    placed, jobs = _placed(basis, exchanges), mixes_of(basis).totals
    return (
        basis.table(
            "import_content", str(exchanges.year), direct, sources=(FLOWS, JOBS), why=Unknown.NO_JOBS_HERE,
            coverage=np.where(np.isnan(direct), np.nan, share(placed, jobs)), bounds=(direct, whole),
        ),
    )  # fmt: skip


def purchases_of(basis: Basis, exchanges: Exchanges) -> Floats:
    """Return what the jobs of each territory buy (territories × sectors), in the unit of the table."""
    mixes = mixes_of(basis)
    national = np.zeros(len(exchanges.output))
    for naf, amount in mixes.reference.items():
        if naf[:2] in exchanges.sectors:
            national[exchanges.sectors[naf[:2]]] += amount
    per_job = np.divide(exchanges.purchases, national, out=np.zeros_like(national), where=national > 0)
    return _by_sector(basis, exchanges) * per_job


def _by_sector(basis: Basis, exchanges: Exchanges) -> Floats:
    mixes = mixes_of(basis)
    ranks = np.asarray([exchanges.sectors.get(str(naf)[:2], -1) for naf in mixes.naf.values], dtype=np.int64)
    found = np.zeros((basis.size, len(exchanges.output)))
    if ranks.size:
        sector = ranks[mixes.naf.index]
        kept = sector >= 0
        np.add.at(found, (mixes.place[kept], sector[kept]), mixes.amount[kept])
    return found


def _placed(basis: Basis, exchanges: Exchanges) -> Floats:
    placed: Floats = _by_sector(basis, exchanges).sum(axis=1)
    return placed


def _told_in(seats: Seats, state: str) -> Flags:
    return seats.state.where(lambda told: told == state)


def _by_band(basis: Basis, seats: Seats, kept: Flags) -> dict[str | None, Floats]:
    nobody: dict[str | None, Floats] = {None: np.zeros(basis.size)}  # where no employer is counted at all
    return nobody | {
        band: basis.total(seats.place, seats.establishments, kept & (seats.band.index == rank))
        for rank, band in enumerate(seats.band.values)
    }


def _led(
    basis: Basis, indicator: str, found: Bounded, covered: Floats, ratio: tuple[Floats, Floats] | None = None
) -> FindingTable:
    """Write a share of what is led from elsewhere; of the whole country nothing is elsewhere."""
    inside = np.asarray([not key.startswith("france:") for key in basis.territories], dtype=bool)
    value = np.where(inside, found.value, np.nan) * 100
    why = [Unknown.NO_SEAT if one else Unknown.NOTHING_OUTSIDE for one in inside]
    low, high = (np.where(found.low < found.high, bound * 100, np.nan) for bound in (found.low, found.high))
    return basis.table(
        indicator, basis.stock_day, value, sources=_LED, why=why, coverage=np.where(np.isnan(value), np.nan, covered),
        bounds=(low, high), ratio=ratio,
    )  # fmt: skip
