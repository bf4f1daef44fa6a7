"""A network of ties without direction, numbered from 0, with its triangles: what every measure of it is made from.

Written on sparse matrices rather than with networkx: `tests/unit/measures/test_networks.py` shows it equal,
`benchmarks/networks.py` how much faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_AT_ONCE = 4_000_000
"""Pairs of ties looked at in one go when triangles are counted: some 200 MB."""


@dataclass(frozen=True)
class Graph:
    """n nodes and m ties `first[i]` < `second[i]`, each once, with a positive weight."""

    size: int
    first: Ints
    second: Ints
    weight: Floats

    @property
    def ties(self) -> int:
        """Return how many ties there are: m."""
        return int(self.first.size)

    @cached_property
    def degrees(self) -> Ints:
        """Return how many ties each node has: shape (n,)."""
        return np.bincount(np.concatenate([self.first, self.second]), minlength=self.size)

    @cached_property
    def adjacency(self) -> Any:
        """Return the 0/1 adjacency (n × n, CSR of SciPy)."""
        ones = np.ones(2 * self.ties)
        rows, columns = np.concatenate([self.first, self.second]), np.concatenate([self.second, self.first])
        return sparse.csr_array((ones, (rows, columns)), shape=(self.size, self.size))

    @cached_property
    def triangles(self) -> Ints:
        """Return every triangle once: shape (t, 3).

        Ties are led from the lesser to the greater degree, so that a hub of a million ties opens no pair of its own.
        Cost: O(m^1.5). Source: Latapy (2008).
        """
        rank = np.empty(self.size, dtype=np.int64)
        rank[np.lexsort((np.arange(self.size), self.degrees))] = np.arange(self.size)
        swapped = rank[self.first] > rank[self.second]
        low, high = np.where(swapped, self.second, self.first), np.where(swapped, self.first, self.second)
        order = np.lexsort((rank[high], low))
        low, high = low[order], high[order]
        counts = np.bincount(low, minlength=self.size)
        starts = np.cumsum(counts) - counts
        keys = np.sort(low * self.size + high)
        # Each tie low→high is closed by every other tie of `low` that comes after it.
        after = starts[low] + counts[low] - np.arange(low.size) - 1
        bounds = np.searchsorted(np.cumsum(after), np.arange(_AT_ONCE, int(after.sum()) + _AT_ONCE, _AT_ONCE)) + 1
        found, begin = [np.zeros((0, 3), dtype=np.int64)], 0
        for end in np.unique(np.minimum(bounds, low.size)):
            tie = np.repeat(np.arange(begin, end), after[begin:end])
            offset = np.arange(tie.size) - np.repeat(np.cumsum(after[begin:end]) - after[begin:end], after[begin:end])
            other = high[tie + 1 + offset]
            near, far = high[tie], other
            led = np.where(rank[near] < rank[far], near * self.size + far, far * self.size + near)
            at = np.minimum(np.searchsorted(keys, led), keys.size - 1)
            closed = keys[at] == led
            found.append(np.column_stack([low[tie][closed], near[closed], far[closed]]))
            begin = int(end)
        return np.concatenate(found)

    @cached_property
    def triangle_counts(self) -> Ints:
        """Return how many triangles each node is in: shape (n,)."""
        return np.bincount(self.triangles.ravel(), minlength=self.size)


def graph(first: Ints, second: Ints, size: int, weight: Floats | None = None) -> Graph:
    """Return a network from pairs of nodes; a pair written twice is one tie whose weights add, a loop is left out.

    Cost: O(m log m).

    >>> graph(np.array([0, 1, 2]), np.array([1, 0, 2]), 3).ties
    1
    """
    weights = np.ones(first.size) if weight is None else weight
    apart = first != second
    low, high = np.minimum(first, second)[apart], np.maximum(first, second)[apart]
    keys, inverse = np.unique(low.astype(np.int64) * size + high, return_inverse=True)
    summed = np.bincount(inverse, weights=weights[apart], minlength=keys.size)
    return Graph(size, keys // size, keys % size, summed.astype(np.float64))
