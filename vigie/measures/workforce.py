"""Workforce from size bands: bounds and midpoints, where what is not published is never taken for zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vigie.domain.actors import SIZE_BANDS


@dataclass(frozen=True, slots=True)
class Headcount:
    """Employees of establishments whose band is a number, in jobs; the others are counted apart.

    `high` is `None` when an open band (10 000 and more) leaves no upper bound. `without` counts "NN" (no employee,
    or nothing declared), `unpublished` the absent bands: they add nothing and are not zeros.
    """

    low: int
    middle: float
    high: int | None
    known: int
    without: int
    unpublished: int

    @property
    def coverage(self) -> float | None:
        """Share of establishments whose band is published, "NN" included; `None` without establishments."""
        total = self.known + self.without + self.unpublished
        return (self.known + self.without) / total if total else None


def headcount(establishments: Mapping[str | None, int]) -> Headcount:
    """Add up size bands: sum of lower bounds, midpoints and upper bounds, in jobs.

    The open band counts 10 000 in its midpoint; "00" (employees in the year, none at its end) counts zero, and is
    a published figure. Raises `KeyError` for a band that INSEE does not define. Cost: O(bands).
    Source: Insee, variable trancheEffectifsEtablissement.

    >>> headcount({"11": 2, "NN": 5, None: 1})
    Headcount(low=20, middle=29.0, high=38, known=2, without=5, unpublished=1)
    """
    low, middle, high, known = 0, 0.0, 0, 0
    unbounded = False
    for band, count in establishments.items():
        if band in (None, "NN"):
            continue
        least, most = SIZE_BANDS[band]
        low += least * count
        middle += (least if most is None else (least + most) / 2) * count
        high += (most or 0) * count
        unbounded |= most is None and count > 0
        known += count
    without, unpublished = establishments.get("NN", 0), establishments.get(None, 0)
    return Headcount(low, middle, None if unbounded else high, known, without, unpublished)
