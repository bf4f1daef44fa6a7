"""Variety of activities and inequality: entropy, its related and unrelated parts, Theil's index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vigie.measures.concentration import Floats, shares


@dataclass(frozen=True, slots=True)
class Variety:
    """Entropy in bits and its exact decomposition: `total` = `unrelated` + `related`."""

    total: float
    unrelated: float
    related: float


@dataclass(frozen=True, slots=True)
class Inequality:
    """Theil's T in nats and its exact decomposition: `total` = `between` + `within` groups."""

    total: float
    between: float
    within: float


def entropy(values: ArrayLike) -> float:
    """Measure the variety of a structure, in bits: 0 (one activity) to log2 n (n equal ones).

    H = -sum_a s_a log2 s_a, absent activities counting for nothing; NaN when all are absent. Cost: O(n).
    Source: Shannon (1948).

    >>> entropy([1, 1, 1, 1])
    2.0
    """
    parts = shares(values)
    present = parts[parts > 0]
    if not present.size:
        return float("nan")
    return float(-(present * np.log2(present)).sum()) + 0.0


def variety(values: ArrayLike, groups: Sequence[str]) -> Variety:
    """Split the variety of a structure between and within groups of related activities, in bits.

    Unrelated variety is the entropy of the groups; related variety the mean of the entropies inside each group,
    weighted by its share; their sum is the entropy exactly, and is returned as such. Cost: O(n log n).
    Source: Frenken, Van Oort and Verburg (2007).

    >>> variety([1, 1, 1, 1], ["10", "10", "25", "25"])
    Variety(total=2.0, unrelated=1.0, related=1.0)
    """
    amounts = np.asarray(values, dtype=np.float64)
    index, totals = _grouped(amounts, groups)
    unrelated = entropy(totals)
    weights = shares(totals)
    inside = [entropy(amounts[index == group]) for group in range(totals.size)]
    related = float(sum(weight * own for weight, own in zip(weights, inside, strict=True) if weight > 0))
    return Variety(unrelated + related, unrelated, related)


def theil(values: ArrayLike, groups: Sequence[str] | None = None) -> Inequality:
    """Measure inequality between holders by Theil's T, in nats, and split it between and within groups.

    T = (1/n) sum_i (y_i / m) ln(y_i / m), m the mean: 0 (even) to ln n; a zero holder counts for nothing in
    the sum but counts in n. Without groups, all is "within". NaN when nothing is held. Cost: O(n log n).
    Source: Theil (1967).

    >>> round(theil([1, 1, 2]).total, 12)
    0.058891517828
    """
    held = np.asarray(values, dtype=np.float64)
    whole = _theil(held)
    if groups is None:
        return Inequality(whole, 0.0, whole)
    index, totals = _grouped(held, groups)
    sizes = np.bincount(index)
    relative = totals / sizes / held.mean()
    weights = totals / held.sum()
    between = float((weights[weights > 0] * np.log(relative[weights > 0])).sum())
    within = float(sum(w * _theil(held[index == g]) for g, w in enumerate(weights) if w > 0))
    return Inequality(between + within, between, within)


def _theil(held: Floats) -> float:
    if not held.sum() > 0:
        return float("nan")
    relative = held / held.mean()
    present = relative[relative > 0]
    return float((present * np.log(present)).sum() / held.size)


def _grouped(amounts: Floats, groups: Sequence[str]) -> tuple[NDArray[np.intp], Floats]:
    """Return the group number of each amount and the sum of each group."""
    _, index = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
    return index, np.bincount(index, weights=amounts).astype(np.float64)
