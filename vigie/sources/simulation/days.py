"""Days as integers since 1970-01-01, and their texts."""

from __future__ import annotations

import datetime
from functools import cache

import numpy as np

from vigie.sources.simulation.columns import Texts, only, taken, texts
from vigie.sources.simulation.streams import Flags, Floats, Integers

_FIRST = datetime.date(1900, 1, 1).toordinal()
_LAST = datetime.date(2100, 12, 31).toordinal()
_UNIX = datetime.date(1970, 1, 1).toordinal()
NEVER = _LAST - _UNIX  # a closing day that does not come
UNKNOWN = _FIRST - _UNIX  # INSEE writes 1900-01-01 when a day is not known
OLDEST = datetime.date(1945, 1, 1).toordinal() - _UNIX


def day_number(day: datetime.date) -> int:
    """Return the number of a day."""
    return day.toordinal() - _UNIX


@cache
def _texts() -> Texts:
    return texts([datetime.date.fromordinal(number).isoformat() for number in range(_FIRST, _LAST + 1)])


def iso(days: Integers, known: Flags | None = None) -> Texts:
    """Return days as ISO text, null where `known` is false."""
    written = taken(_texts(), days - UNKNOWN)
    return written if known is None else only(written, known)


def years_before(uniform: Floats, shares: tuple[float, ...], bounds: tuple[float, ...]) -> Integers:
    """Return ages in days: a class of ages drawn by its share, then a day within the class's bounds (in years)."""
    cumulated = np.cumsum(shares) / sum(shares)
    cumulated[-1] = 1.0
    start = np.concatenate(([0.0], cumulated[:-1]))
    which = np.searchsorted(cumulated, uniform, side="right")
    within = (uniform - start[which]) / (cumulated[which] - start[which])
    edges = np.array(bounds)
    years = edges[which] + within * (edges[which + 1] - edges[which])
    return np.asarray(np.floor(years * 365.25), dtype=np.int64)


def month_after(epoch: datetime.date, months: int) -> datetime.date:
    """Return the day some months after another (negative: before); the epoch's day must exist in every month."""
    total = epoch.year * 12 + epoch.month - 1 + months
    return datetime.date(total // 12, total % 12 + 1, epoch.day)
