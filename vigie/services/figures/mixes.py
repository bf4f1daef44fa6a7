"""The activities of territories beside those of a reference, counted the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from vigie.measures.concentration import location_quotient
from vigie.services.figures.basis import Coded
from vigie.services.loaded import JOBS, STOCK

if TYPE_CHECKING:
    from vigie.domain.finding_table import Floats
    from vigie.services.figures.basis import Basis, Places

PROPERTY_AND_HOLDINGS = ("68.20", "64.20", "64.21")
"""Left out of comparisons of structures: letting of own property, holdings (64.21 in NAF 2025)."""
SMALLEST = {"jobs": 100, "employers": 30}
"""Below, one firm that comes or leaves changes every quotient: nothing is said of the structure."""
SMALLEST_DIVISION = {"jobs": 20, "employers": 5}
"""Below, a division is a firm or two, which a specialisation would name."""
SMALLEST_SHARE = 0.01
"""One job of a hundred: a smaller activity may be specific to a territory, it is not what the territory does."""


@dataclass(frozen=True, eq=False)
class Mixes:
    """Amounts by activity (finest code) in each territory and in the reference, counted the same way.

    `kind` is "jobs" or "employers"; `unknown` is the amount of each territory whose activity is not known; `vintage`
    is the year or day counted. Rows of `place`, `naf`, `amount` are sorted by territory; each activity once in each.
    """

    kind: str
    vintage: str
    size: int
    place: Places
    naf: Coded
    amount: Floats
    reference: Mapping[str, float]
    unknown: Floats

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources of the amounts."""
        return (JOBS,) if self.kind == "jobs" else (STOCK,)

    @cached_property
    def totals(self) -> Floats:
        """Amount of each territory whose activity is known."""
        return np.bincount(self.place, weights=self.amount, minlength=self.size).astype(np.float64)

    @cached_property
    def divisions(self) -> tuple[list[str], Floats, Floats]:
        """Codes of the reference's divisions, amounts of each territory (territories × divisions), of the reference."""
        codes = sorted({naf[:2] for naf in self.reference})
        ranks = {code: rank for rank, code in enumerate(codes)}
        there = np.zeros(len(codes))
        for naf, amount in self.reference.items():
            there[ranks[naf[:2]]] += amount
        columns = np.asarray([ranks.get(str(naf)[:2], -1) for naf in self.naf.values], dtype=np.int64)[self.naf.index]
        inside = columns >= 0
        cells = self.place[inside] * len(codes) + columns[inside]
        flat = np.bincount(cells, weights=self.amount[inside], minlength=self.size * len(codes)).astype(np.float64)
        return codes, flat.reshape(self.size, len(codes)), there

    @cached_property
    def quotients(self) -> Floats:
        """Location quotient of the divisions big enough for it to mean something, NaN for the others.

        Big enough: 1 % of the territory, and at least 5 establishments or 20 jobs.
        """
        _, here, there = self.divisions
        least = np.maximum(SMALLEST_DIVISION[self.kind], SMALLEST_SHARE * here.sum(axis=1, keepdims=True))
        quotients: Floats = np.where(here >= least, location_quotient(here, there), np.nan)
        return quotients

    @cached_property
    def _starts(self) -> Places:
        """Where the rows of each territory begin, and where those of the last end."""
        return np.searchsorted(self.place, np.arange(self.size + 1)).astype(np.int64)

    @property
    def too_small(self) -> np.ndarray:
        """Tell which territories are so small that these measures would tell nothing else."""
        return self.totals < SMALLEST[self.kind]

    @property
    def alone(self) -> np.ndarray:
        """Tell which territories have nothing outside them to be compared with."""
        return sum(self.reference.values()) <= self.totals

    def row(self, territory: int) -> Mapping[str, float]:
        """Return the amounts of one territory by activity."""
        start, end = self._starts[territory], self._starts[territory + 1]
        pairs = zip(self.naf.index[start:end], self.amount[start:end], strict=True)
        return {self.naf.values[code]: float(amount) for code, amount in pairs}


def mixes_of(basis: Basis) -> Mixes:
    """Return the activities of territories beside those of their reference, counted once for all measures."""
    if "mixes" not in basis.kept:
        basis.kept["mixes"] = _mixes(basis)
    found: Mixes = basis.kept["mixes"]
    return found


def _mixes(basis: Basis) -> Mixes:
    """Count activities in jobs where they are loaded, else in employers without property companies and holdings."""
    national = basis.national
    if national.jobs.year.size:
        last = int(national.jobs.year.max())
        return _made(basis, "jobs", str(last), _jobs(basis, last), _jobs(national, last), np.zeros(basis.size))
    spoken = _main_nomenclature(national)
    here, unknown = _employers(basis, spoken)
    return _made(basis, "employers", basis.stock_day, here, _employers(national, spoken)[0], unknown)


Cells = tuple["Places", Coded, "Floats"]


def _made(basis: Basis, kind: str, vintage: str, here: Cells, there: Cells, unknown: Floats) -> Mixes:
    place, naf, amount = _gathered(here)
    _, codes, amounts = _gathered(there)
    reference = {str(codes.values[code]): float(one) for code, one in zip(codes.index, amounts, strict=True)}
    return Mixes(kind, vintage, basis.size, place, naf, amount, reference, unknown)


def _gathered(cells: Cells) -> Cells:
    """Add up the rows of one territory and activity, and sort them by territory then activity."""
    place, naf, amount = cells
    order = np.argsort(np.asarray([str(one) for one in naf.values])) if naf.values else np.zeros(0, dtype=np.int64)
    ranks = np.empty_like(order)
    ranks[order] = np.arange(order.size)
    keys = place * max(1, order.size) + (ranks[naf.index] if order.size else naf.index)
    distinct, inverse = np.unique(keys, return_inverse=True)
    sums = np.bincount(inverse, weights=amount, minlength=distinct.size).astype(np.float64)
    width = max(1, order.size)
    return distinct // width, Coded(tuple(naf.values[one] for one in order), distinct % width), sums


def _jobs(basis: Basis, year: int) -> Cells:
    cells = basis.jobs
    kept = (cells.year == year) & (np.nan_to_num(cells.jobs) > 0)
    return cells.place[kept], Coded(cells.naf.values, cells.naf.index[kept]), cells.jobs[kept]


def _main_nomenclature(national: Basis) -> str | None:
    groups = national.groups
    counts = [
        (float(groups.establishments[groups.nomenclature.index == rank].sum()), -rank, name)
        for rank, name in enumerate(groups.nomenclature.values)
    ]
    return max(counts)[2] if counts else None


def _employers(basis: Basis, spoken: str | None) -> tuple[Cells, Floats]:
    """Count employers by code in one nomenclature; those without a code in it are unknown."""
    groups = basis.groups
    kept = groups.employer.where(lambda flag: flag == "O")
    kept &= ~groups.naf.where(lambda naf: (naf or "")[:5] in PROPERTY_AND_HOLDINGS)
    coded = groups.naf.where(lambda naf: naf is not None) & groups.nomenclature.where(lambda name: name == spoken)
    inside = kept & coded
    cells = groups.place[inside], Coded(groups.naf.values, groups.naf.index[inside]), groups.establishments[inside]
    return cells, basis.total(groups.place, groups.establishments, kept & ~coded)
