"""Delphi: what a panel answers, how far it agrees, and whether it orders things alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a panel answers on one item: `answers` counts them; `deviation` is `None` for one answer alone.

    `high` is the share (0 to 1) of the two highest marks; `consensus` is that of Tastle and Wierman, 1 when all answer
    alike, 0 when half of them stand at each end.
    """

    answers: int
    median: float
    spread: float
    deviation: float | None
    high: float
    consensus: float


def agreement(ratings: Sequence[float], scale: tuple[int, int] = (1, 5)) -> Agreement:
    """Return what a panel answers on one item, from ratings on a scale of whole marks, lowest and highest included.

    Quartiles are interpolated (type 7); the deviation divides by n - 1; consensus is 1 + Σ p_x log2(1 - |x - μ| / d),
    d the width of the scale. Cost: O(n log n). Source: Tastle and Wierman (2007).

    >>> agreement([1, 5]).consensus, agreement([3, 3, 3]).consensus
    (0.0, 1.0)
    """
    given = np.asarray(ratings, dtype=np.float64)
    low, median, high = np.percentile(given, [25, 50, 75])
    distance = np.abs(given - given.mean()) / (scale[1] - scale[0])
    return Agreement(
        answers=given.size,
        median=float(median),
        spread=float(high - low),
        deviation=float(given.std(ddof=1)) if given.size > 1 else None,
        high=float((given >= scale[1] - 1).mean()),
        consensus=1.0 + float(np.log2(1.0 - distance).mean()),
    )


def concordance(ratings: ArrayLike) -> float | None:
    """Return Kendall's W (0 to 1) of a panel: do its members order the items alike? Ties are corrected.

    `ratings` (members, items). W = 12 S / (m² (n³ - n) - m Σ T), S the squared deviations of sums of ranks, T = Σ (t³ -
    t) over the ties of each member. `None` for fewer than two members or items, or when everybody ties everything.
    Cost: O(m n log n). Source: Kendall and Babington Smith (1939).

    >>> concordance([[1, 2, 3], [1, 2, 3]]), concordance([[1, 2, 3], [3, 2, 1]])
    (1.0, 0.0)
    """
    table = np.asarray(ratings, dtype=np.float64)
    members, items = table.shape
    if members < 2 or items < 2:
        return None
    below = (table[:, :, None] > table[:, None, :]).sum(axis=2)
    equal = (table[:, :, None] == table[:, None, :]).sum(axis=2)
    sums = (below + (equal + 1) / 2).sum(axis=0)
    # Each of t equal marks counts t² - 1: together t (t² - 1) = t³ - t.
    ties = float((equal.astype(np.float64) ** 2 - 1).sum())
    whole = members**2 * (items**3 - items) - members * ties
    spread = float(((sums - sums.mean()) ** 2).sum())
    return 12 * spread / whole if whole > 0 else None
