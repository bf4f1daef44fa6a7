"""What a map of values shows: a rate for each place, and the class of its tint."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

CLASSES, FEW_CLASSES = 5, 4
"""Tints that an eye tells apart; fewer on a map of few shapes, where each would hold one or two."""
FEW_SHAPES = 12


def per_thousand(count: float, base: float | None) -> float | None:
    """Return a count for 1,000 of a base (inhabitants); `None` when the base is unknown or empty. Cost: O(1).

    >>> per_thousand(28, 1000), per_thousand(28, 0), per_thousand(28, None)
    (28.0, None, None)
    """
    return count / base * 1000 if base else None


def classes_for(shapes: int) -> int:
    """Return how many classes tell shapes apart on a map: at most four under twelve shapes, five otherwise.

    >>> classes_for(11), classes_for(12)
    (4, 5)
    """
    return FEW_CLASSES if shapes < FEW_SHAPES else CLASSES


def natural_breaks(values: Sequence[float], classes: int) -> tuple[float, ...]:
    """Return the upper bounds of the classes that part values with the least variance inside them.

    Exact dynamic programming on the distinct values, in their unit, weighed by how often each is seen; there are
    never more classes than distinct values. Raises `ValueError` without a class. Cost: O(classes × n²).
    Source: W. D. Fisher, "On grouping for maximum homogeneity", JASA 53, 1958.

    >>> natural_breaks([1, 2, 2, 30, 31, 90], 3)
    (2.0, 31.0, 90.0)
    """
    if classes < 1:
        raise ValueError(f"a map has at least one class, not {classes}")
    known, weights = np.unique(np.asarray(values, dtype=float), return_counts=True)
    count = len(known)
    if count <= classes:
        return tuple(known.tolist())
    sums, squares, totals = (np.concatenate([[0.0], np.cumsum(one)]) for one in (
        known * weights, known**2 * weights, weights
    ))  # fmt: skip
    best = np.full(count + 1, np.inf)
    best[0], cuts = 0.0, np.zeros((classes, count + 1), dtype=int)
    for rank in range(classes):
        fresh = np.full(count + 1, np.inf)
        for end in range(1, count + 1):
            begins = np.arange(end)
            amount = sums[end] - sums[begins]
            inside = squares[end] - squares[begins] - amount**2 / (totals[end] - totals[begins])
            spread = best[begins] + np.maximum(inside, 0)
            cuts[rank, end] = int(np.argmin(spread))
            fresh[end] = spread[cuts[rank, end]]
        best = fresh
    bounds, end = [], count
    for rank in reversed(range(classes)):
        bounds.append(float(known[end - 1]))
        end = cuts[rank, end]
    return tuple(reversed(bounds))


def class_of(value: float, bounds: Sequence[float]) -> int:
    """Return the class of a value (0 is the lowest) among those that `bounds` end; the last holds what is beyond.

    >>> [class_of(value, (2, 31, 90)) for value in (2, 3, 100)]
    [0, 1, 2]
    """
    return next((rank for rank, bound in enumerate(bounds) if value <= bound), len(bounds) - 1)
