"""MICMAC: which factors move a system and which are moved, directly, through others, and in the long run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Sums = tuple[int, ...]
POWERS = 8
"""Paths of eight influences: on systems of a workshop (10 to 30 factors) ranks no longer move by then; Godet stops at
the power where they do."""
# Two eigenvalues nearer than this are one to rounding: nothing then says which of their vectors is the limit.
_EQUAL = 1e-9


@dataclass(frozen=True, slots=True)
class PathSums:
    """Influence (row sums) and dependence (column sums) of each factor, counted along paths of one length: exact."""

    influence: Sums
    dependence: Sums


@dataclass(frozen=True, slots=True)
class LimitShares:
    """Where shares of influence and dependence go as paths grow; `growth` is the spectral radius."""

    growth: float
    influence: tuple[float, ...]
    dependence: tuple[float, ...]


def reaches(matrix: Sequence[Sequence[int]], powers: int = POWERS) -> list[PathSums]:
    """Return influence and dependence along paths of 1, 2, … influences: row and column sums of T, T², …

    `matrix` (n, n) holds the influence of the row on the column, as whole numbers; sums are exact, however long.
    Cost: O(powers · n²), as T^k · 1 needs no matrix product. Source: Godet, « De l'anticipation à l'action » (1991).

    >>> reaches([[0, 2], [1, 0]], 2)
    [PathSums(influence=(2, 1), dependence=(1, 2)), PathSums(influence=(2, 2), dependence=(2, 2))]
    """
    table = np.array(matrix, dtype=object)  # Python's integers: sums of T^k outgrow 64 bits
    influence, dependence = (np.full(len(table), 1, dtype=object) for _ in range(2))
    found = []
    for _ in range(powers):
        influence, dependence = table.dot(influence), dependence.dot(table)
        found.append(PathSums(tuple(influence.tolist()), tuple(dependence.tolist())))
    return found


def settled(found: Sequence[PathSums]) -> int | None:
    """Return the first power (from 1) after which no rank of influence or dependence moves; `None` when the last moves.

    >>> settled([PathSums((2, 1), (1, 2)), PathSums((1, 2), (2, 1)), PathSums((3, 5), (5, 3))])
    2
    """
    orders = [(_ranks(one.influence), _ranks(one.dependence)) for one in found]
    first = len(orders)
    while first > 1 and orders[first - 2] == orders[-1]:
        first -= 1
    return first if first < len(orders) else None


def limit(matrix: Sequence[Sequence[int]]) -> LimitShares | None:
    """Return the shares (sum 1) that influence and dependence tend to: the Perron vectors of T and Tᵀ.

    `None` where there is no limit: no loop (paths die out), or two eigenvalues as large as one another (shares then
    turn for ever, or depend on where paths start). Cost: O(n³).

    >>> limit([[0, 1], [0, 0]]) is None
    True
    """
    table = np.array(matrix, dtype=np.float64)
    right, left = _dominant(table), _dominant(table.T)
    if right is None or left is None:
        return None
    return LimitShares(right[0], right[1], left[1])


def _dominant(table: NDArray[np.float64]) -> tuple[float, tuple[float, ...]] | None:
    values, vectors = np.linalg.eig(table)
    order = np.argsort(-np.abs(values))
    first = values[order[0]]
    # A nilpotent matrix has eigenvalues that rounding leaves near zero, up to the n-th root of its precision.
    if abs(first) < 0.5 or abs(first.imag) > _EQUAL:  # whole numbers: a loop makes the radius 1 at least
        return None
    if len(order) > 1 and abs(first) - abs(values[order[1]]) < _EQUAL * abs(first):
        return None
    vector = np.abs(vectors[:, order[0]].real)
    return float(first.real), tuple((vector / vector.sum()).tolist())


def _ranks(sums: Sums) -> Sums:
    ordered = sorted(set(sums), reverse=True)
    return tuple(ordered.index(one) for one in sums)
