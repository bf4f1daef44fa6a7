"""Intervals of shares."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959964
"""Quantile of the normal law for 95 %."""


def wilson(count: float, total: float, z: float = Z95) -> tuple[float, float]:
    """Return the bounds of a share (0 to 1) observed on `total` units, by Wilson's score.

    (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n). Raises `ValueError` without units. Source: Wilson (1927).

    >>> [round(bound, 4) for bound in wilson(10, 100)]
    [0.0552, 0.1744]
    """
    if total <= 0:
        raise ValueError("a share needs units")
    share, square = count / total, z * z / total
    centre = share + square / 2
    half = z * sqrt(share * (1 - share) / total + square / (4 * total))
    low, high = (centre - half) / (1 + square), (centre + half) / (1 + square)
    return max(0.0, min(low, share)), min(1.0, max(high, share))  # rounding leaves neither 0 nor 1 outside
