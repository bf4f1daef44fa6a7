"""What measures are computed on: columns of counts for many territories at once, a portrait's being of one.

Every column has a `place`: the number of the territory that a row counts for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vigie.domain.finding_table import FindingTable, Floats, Unknown
from vigie.services.figures.reach import ENOUGH
from vigie.services.loaded import STOCK

if TYPE_CHECKING:
    from vigie.services.figures.cores import CoreFound
    from vigie.services.figures.exchanges import Exchanges

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A column of few distinct values: `values`, and the index of that of each row."""

    values: tuple[Any, ...]
    index: Places

    @classmethod
    def of(cls, column: Sequence[Any]) -> Coded:
        """Code a column of plain values."""
        seen: dict[Any, int] = {}
        index = [seen.setdefault(value, len(seen)) for value in column]
        return cls(tuple(seen), np.asarray(index, dtype=np.int64))

    def where(self, test: Callable[[Any], bool]) -> Flags:
        """Tell for each row whether its value passes a test, made once for each distinct value."""
        return np.asarray([test(value) for value in self.values], dtype=bool)[self.index]


class Groups(NamedTuple):
    """Open establishments by activity, size band and employer flag."""

    place: Places
    naf: Coded
    nomenclature: Coded
    band: Coded
    employer: Coded
    establishments: Floats


class Statuses(NamedTuple):
    """Open establishments by employer, craft and head-office flags."""

    place: Places
    employer: Coded
    craft: Coded
    head_office: Coded
    establishments: Floats


class Flows(NamedTuple):
    """Creations, closures and moves by year."""

    place: Places
    year: Places
    creations: Floats
    closures: Floats
    arrivals: Floats
    departures: Floats


class Births(NamedTuple):
    """Establishments created by year and making, in the core of the place or outside it, closed since or not."""

    place: Places
    year: Places
    making: Coded
    core: Flags
    born: Floats
    still_open: Floats


class Seats(NamedTuple):
    """Open employers by division and size band, led from here, from elsewhere, or from a place that is not known."""

    place: Places
    state: Coded
    division: Coded
    band: Coded
    establishments: Floats


class Censuses(NamedTuple):
    """Populations by vintage of the geographic code; `year` and `population` are NaN when not known."""

    place: Places
    vintage: Places
    year: Floats
    population: Floats
    communes: Floats
    known: Floats


class JobCells(NamedTuple):
    """Jobs by activity and year; `jobs` is NaN where all figures are secret."""

    place: Places
    naf: Coded
    year: Places
    jobs: Floats
    cells: Floats
    secret: Floats


class Basis(ABC):
    """Counts of territories; columns are read when they are first asked for.

    `territories` are their keys; `reach` is the share of each one's population where establishments are loaded, NaN
    when it is not known. `stock_day` is the date of the establishments, empty when the files do not say;
    `has_links` tells whether successions are loaded. `national` is everything loaded, in one row.
    """

    territories: tuple[str, ...]
    reach: Floats
    stock_day: str
    has_links: bool

    @property
    @abstractmethod
    def national(self) -> Basis:
        """Return everything loaded, as one territory."""

    @property
    @abstractmethod
    def groups(self) -> Groups:
        """Open establishments by activity, size band and employer flag."""

    @property
    @abstractmethod
    def statuses(self) -> Statuses:
        """Open establishments by flags."""

    @property
    @abstractmethod
    def flows(self) -> Flows:
        """Creations, closures and moves by year."""

    @property
    @abstractmethod
    def births(self) -> Births | None:
        """Creations by year, making and core; `None` where no history is loaded."""

    @property
    @abstractmethod
    def seats(self) -> Seats | None:
        """Employers by where they are led from; `None` where no file says who employs."""

    @property
    @abstractmethod
    def exchanges(self) -> Exchanges | None:
        """The input-output table of the country; `None` without one."""

    @property
    @abstractmethod
    def cores(self) -> Sequence[CoreFound]:
        """What is told of the core of each territory."""

    @property
    @abstractmethod
    def censuses(self) -> Censuses:
        """Populations by vintage."""

    @property
    @abstractmethod
    def jobs(self) -> JobCells:
        """Jobs by activity and year."""

    @property
    @abstractmethod
    def renewal(self) -> tuple[Floats, Floats] | None:
        """Employers opened and closed in the last full year; `None` where nothing is dated."""

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What measures make of the columns and share among them, by name."""
        return {}

    @property
    def size(self) -> int:
        """Number of territories."""
        return len(self.territories)

    @property
    def partial(self) -> Flags:
        """Tell where establishments are loaded for a part of the territory only."""
        return self.reach < ENOUGH

    def total(self, place: Places, amounts: Floats, kept: Flags | None = None) -> Floats:
        """Add up amounts by territory, those of the rows kept."""
        if kept is not None:
            place, amounts = place[kept], amounts[kept]
        return np.bincount(place, weights=amounts, minlength=self.size).astype(np.float64)

    def table(  # noqa: PLR0913 - one argument for each thing that a table of findings must tell
        self,
        indicator: str,
        vintage: str,
        value: Floats,
        *,
        sources: tuple[str, ...],
        why: Unknown | Sequence[Unknown | None],
        coverage: Floats | None = None,
        bounds: tuple[Floats, Floats] | None = None,
        ratio: tuple[Floats, Floats] | None = None,
        whole: bool = False,
    ) -> FindingTable:
        """Write a table of findings; `why` says why the values that are NaN are, for all or one by one.

        Where establishments are loaded for a part of a territory only, what is drawn from them covers that part; where
        none is, nothing is known.
        """
        covered = self._unknown() if coverage is None else coverage
        reasons = np.empty(self.size, dtype=object)
        reasons[:] = why if isinstance(why, Unknown) else list(why)
        if STOCK in sources:
            covered = np.where(self.partial, np.where(np.isnan(covered), 1.0, covered) * self.reach, covered)
            value = np.where(self.reach == 0.0, np.nan, value)
            reasons[self.reach == 0.0] = Unknown.NOTHING
        unknown = np.isnan(value)
        reasons[~unknown] = None
        low, high = bounds or (self._unknown(), self._unknown())
        over, under = ratio or (self._unknown(), self._unknown())
        return FindingTable(
            indicator, vintage, self.territories, value,
            tuple(reasons.tolist()), covered,
            np.where(unknown, np.nan, low), np.where(unknown, np.nan, high), over, under, sources, whole,
        )  # fmt: skip

    def unknown(self, indicator: str, vintage: str, why: Unknown, *sources: str) -> FindingTable:
        """Write a table where nothing is known."""
        return self.table(indicator, vintage, self._unknown(), sources=sources, why=why)

    def _unknown(self) -> Floats:
        return np.full(self.size, np.nan)


def share(known: Floats, total: Floats) -> Floats:
    """Return the share of a base that was known, NaN where the base is empty."""
    return np.divide(known, total, out=np.full_like(known, np.nan), where=total > 0)


Measuring = Callable[[Basis], tuple[FindingTable, ...]]
MEASURES: dict[str, Measuring] = {}
"""What computes each indicator, by the identifier of its card: one table a vintage, the present one last."""


def measures(indicator: str) -> Callable[[Measuring], Measuring]:
    """Register what computes an indicator."""

    def register(measuring: Measuring) -> Measuring:
        if indicator in MEASURES:
            raise ValueError(f"two functions measure {indicator}")
        MEASURES[indicator] = measuring
        return measuring

    return register
