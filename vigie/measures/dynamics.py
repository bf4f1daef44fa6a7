"""Change between two dates: shift-share, logarithmic growth, rates of creation and closure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from vigie.measures.concentration import Floats


@dataclass(frozen=True, slots=True)
class ShiftShare:
    """Change by activity, in the unit of the data: `total` = `national` + `structural` + `local`."""

    national: Floats
    structural: Floats
    local: Floats

    @property
    def total(self) -> Floats:
        """Change of each activity."""
        return self.national + self.structural + self.local


def shift_share(
    before: ArrayLike, after: ArrayLike, reference_before: ArrayLike, reference_after: ArrayLike
) -> ShiftShare:
    """Split the change of a territory into what the reference, its activities and itself explain.

    For each activity: national e·G, structural e·(g - G), local e·(r - g), where e is its level before, G the
    growth of the whole reference, g that of the activity in the reference, r that of the activity here. An
    activity absent from the reference before has no g: it is NaN where the territory had it, local otherwise.
    Cost: O(n). Source: Dunn (1960).

    >>> split = shift_share([90, 20], [100, 40], [400, 150], [440, 210])
    >>> split.total.round(9).tolist()
    [10.0, 20.0]
    """
    start, end = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    whole_start = np.asarray(reference_before, dtype=np.float64)
    whole_end = np.asarray(reference_after, dtype=np.float64)
    overall = whole_end.sum() / whole_start.sum() - 1.0
    growth = np.divide(whole_end, whole_start, out=np.full_like(whole_end, np.nan), where=whole_start > 0) - 1.0
    growth = np.where((start == 0) & np.isnan(growth), 0.0, growth)
    return ShiftShare(start * overall, start * (growth - overall), end - start - start * growth)


def log_growth(before: float | None, after: float | None) -> float | None:
    """Return the growth ln(E1/E0), which adds up over periods; `None` when either is unknown or not positive.

    Unit: none (0.01 is about 1 %). Cost: O(1).

    >>> log_growth(100, 100), log_growth(None, 5)
    (0.0, None)
    """
    if before is None or after is None or before <= 0 or after <= 0:
        return None
    return float(np.log(after / before))


def change(before: float | None, after: float | None) -> float | None:
    """Return the relative change E1/E0 - 1; `None` when either is unknown or the first is not positive.

    Unit: ratio (0.01 is 1 %). Cost: O(1).

    >>> change(100, 110), change(0, 5)
    (0.1, None)
    """
    if before is None or after is None or before <= 0:
        return None
    return round(after / before - 1.0, 12)


def flow_rate(flow: int | None, stock_after: int | None, net_change: int | None) -> float | None:
    """Relate a year's flow (creations, closures) to the stock at the start of that year.

    The stock at the start is the stock at the end less the net change of the year. Unit: ratio per year; `None`
    when anything is unknown or the stock is not positive. Cost: O(1). Source: Insee, taux de création.

    >>> flow_rate(10, 110, 10)
    0.1
    """
    if flow is None or stock_after is None or net_change is None or stock_after - net_change <= 0:
        return None
    return flow / (stock_after - net_change)
