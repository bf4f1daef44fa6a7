"""How well an order finds what happened: reciprocal ranks, and whether one order beats another beyond chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from vigie.domain.finding import Interval
from vigie.measures.concentration import Floats


def reciprocal_ranks(scores: ArrayLike, found: Sequence[int], apart: Sequence[int]) -> Floats:
    """Return 1/rank of what happened, one value a case: 1 when it stood first.

    `scores` has one row per case and one column per candidate, the highest first; `found` is the candidate that came
    true, `apart` the one that cannot (where one comes from). Equal scores share the mean of their ranks. The mean of
    the answer is the MRR. Cost: O(n) in cells. Source: Voorhees (1999).

    >>> reciprocal_ranks([[0.1, 0.7, 0.2], [0.5, 0.5, 9.0]], [2, 0], [0, 2]).round(6).tolist()
    [0.5, 0.666667]
    """
    table = np.array(scores, dtype=np.float64)
    rows = np.arange(table.shape[0])
    table[rows, np.asarray(apart)] = -np.inf
    own = table[rows, np.asarray(found)][:, None]
    above, equal = (table > own).sum(axis=1), (table == own).sum(axis=1)
    ranks: Floats = 1.0 / (1.0 + above + (equal - 1) / 2.0)
    return ranks


def paired_bootstrap(one: ArrayLike, other: ArrayLike, draws: int = 2_000, seed: int = 0) -> Interval:
    """Return the 95 % interval of the mean gap between two scores of the same cases, cases being drawn again.

    An interval that excludes zero says that the gap is not chance. Repeatable: the draws depend on `seed` alone. Unit:
    that of the scores. Cost: O(draws · cases). Source: Efron (1979); Sakai (2006) for paired systems.

    >>> paired_bootstrap([1, 1, 1], [0, 0, 0], draws=10)
    Interval(low=1.0, high=1.0, kind='confidence', level=0.95)
    """
    gaps = np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    chance = np.random.default_rng(seed)
    means = [gaps[chance.integers(gaps.size, size=gaps.size)].mean() for _ in range(draws)]
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(low), float(high), "confidence", 0.95)


def bootstrap_by_group(
    one: ArrayLike, other: ArrayLike, groups: ArrayLike, draws: int = 2_000, seed: int = 0
) -> Interval:
    """Return the 95 % interval of the mean gap between two scores of the same cases, whole groups being drawn again.

    Cases of one group (all that one seeker was told) are not independent: drawing cases would say too narrow an
    interval. `groups` numbers the group of each case. Repeatable. Cost: O(draws · groups). Source: Field and Welsh
    (2007) for the cluster bootstrap.

    >>> bootstrap_by_group([1, 1, 3], [0, 0, 2], [0, 0, 1], draws=10)
    Interval(low=1.0, high=1.0, kind='confidence', level=0.95)
    """
    gaps = np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    _, numbered = np.unique(np.asarray(groups), return_inverse=True)
    sums, counts = np.bincount(numbered, weights=gaps), np.bincount(numbered)
    drawn = np.random.default_rng(seed).integers(sums.size, size=(draws, sums.size))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(low), float(high), "confidence", 0.95)
