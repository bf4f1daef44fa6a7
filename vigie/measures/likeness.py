"""How alike territories are: distances over descriptors brought to one scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FARTHEST = 3.0
"""Difference, in spreads, beyond which two values are only « very different »: one outlier would decide alone."""


def spreads(values: Floats) -> Floats:
    """Return the spread of each descriptor (columns): interquartile range / 1.349, as a standard deviation if normal.

    The standard deviation where half of the values or more are the same; NaN where all are, or none is known. NaN
    values are left out. Cost: O(n log n) by column.
    """
    known = np.isfinite(values)
    found = np.full(values.shape[1], np.nan)
    for column in range(values.shape[1]):
        told = values[known[:, column], column]
        if not told.size:
            continue
        low, high = np.quantile(told, (0.25, 0.75))
        spread = (high - low) / 1.349 or float(told.std())
        found[column] = spread if spread > 0 else np.nan
    return found


def distances(values: Floats, row: int, spread: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Return the distance of one row to every row, in spreads, and the share of the weights that both know.

    d = sqrt(sum_k w_k min(|x_k - y_k| / s_k, 3)^2 / sum_k w_k) over the descriptors k that both know; NaN where they
    share none. A weighted Gower-like distance, quadratic and capped. Cost: O(rows × columns).

    >>> near, known = distances(np.array([[0.0, 1.0], [1.0, 1.0]]), 0, np.ones(2), np.ones(2))
    >>> round(float(near[1]), 3), float(known[1])
    (0.707, 1.0)
    """
    apart = differences(values, row, spread)
    both = np.isfinite(apart)
    weights = np.where(both, weight, 0.0)
    total = weights.sum(axis=1)
    squares = (np.where(both, np.minimum(np.abs(apart), FARTHEST), 0.0) ** 2 * weights).sum(axis=1)
    with np.errstate(invalid="ignore"):
        near = np.where(total > 0, np.sqrt(squares / np.where(total > 0, total, 1.0)), np.nan)
    return near, total / weight.sum()


def differences(values: Floats, row: int, spread: Floats) -> Floats:
    """Return how far every row is above one, by descriptor, in spreads; NaN where either is not known."""
    apart: Floats = (values - values[row]) / spread
    return apart
