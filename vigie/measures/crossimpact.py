"""Cross-impact balances: which scenarios hold together, given what each variant says of every other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Table = NDArray[np.float64]
    Scenarios = NDArray[np.int8]

MOST_COMBINATIONS = 4 * 10**9
"""20 descriptors of three variants, 31 of two: what pruning enumerates in seconds to minutes."""
MOST_FOUND = 100_000
"""Beyond, judgements say so little that a list means nothing (zeros everywhere make every scenario consistent)."""
MOST_LOOKED_AT = 10**8
"""A few minutes: judgements of 20 descriptors that bear on everything leave 3 millions to be weighed."""
_ROWS = 8_192
"""Partial scenarios carried on at once: some 8 MiB for 20 descriptors."""
# Sums of judgements written with decimals: a balance that misses by rounding is no miss.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Found:
    """The consistent scenarios (rows: rank of the variant of each descriptor), in the order of the descriptors.

    `looked_at` is how many partial scenarios were weighed; `whole` is false when there were more than `MOST_FOUND`.
    """

    scenarios: Scenarios
    looked_at: int
    whole: bool


def combinations(sizes: Sequence[int]) -> int:
    """Return how many scenarios descriptors of so many variants make."""
    product = 1
    for size in sizes:
        product *= size
    return product


def balances(matrix: ArrayLike, sizes: Sequence[int], scenario: Sequence[int]) -> Table:
    """Return the impact balance of every variant (n) under a scenario: the sum of the rows of its variants.

    `matrix` (n, n) is the judgement of the row on the column. Cost: O(D n). Source: Weimer-Jehle (2006).

    >>> balances([[0, 0, 1, -1], [0, 0, -1, 1], [2, -2, 0, 0], [0, 0, 0, 0]], [2, 2], [0, 0]).tolist()
    [2.0, -2.0, 1.0, -1.0]
    """
    chosen = _starts(sizes) + np.asarray(scenario)
    found: Table = np.asarray(matrix, dtype=np.float64)[chosen].sum(axis=0)
    return found


def margins(matrix: ArrayLike, sizes: Sequence[int], scenario: Sequence[int]) -> Table:
    """Return, for each descriptor, the balance of its variant less the highest of the others: consistent from 0 on."""
    sums = balances(matrix, sizes, scenario)
    parts = np.split(sums, np.cumsum(sizes)[:-1])
    pairs = zip(parts, scenario, strict=True)
    return np.array([part[at] - np.delete(part, at).max(initial=-np.inf) for part, at in pairs])


def consistent(matrix: ArrayLike, sizes: Sequence[int], tolerance: float = 0.0) -> Found:
    """Return every scenario where no descriptor has a variant that beats its own by more than the tolerance.

    Exact: descriptors are chosen one by one, and what no choice of the rest can repair is left. Cost: the number of
    partial scenarios kept, at worst the product of the sizes. Raises `ValueError` above `MOST_COMBINATIONS`, and when
    more than `MOST_LOOKED_AT` partial scenarios remain open.
    Source: Weimer-Jehle, « Cross-impact balances », Technological Forecasting and Social Change 73 (2006).

    >>> consistent([[0, 0, 1, -1], [0, 0, -1, 1], [1, -1, 0, 0], [-1, 1, 0, 0]], [2, 2]).scenarios.tolist()
    [[0, 0], [1, 1]]
    """
    if combinations(sizes) > MOST_COMBINATIONS:
        raise ValueError("too many combinations of variants")
    search = _ScenarioSearch(np.asarray(matrix, dtype=np.float64), sizes, tolerance)
    return search.run()


def holding(matrices: ArrayLike, sizes: Sequence[int], scenario: Sequence[int]) -> int:
    """Return under how many matrices of judgements a scenario is consistent: its robustness to what is said otherwise.

    `matrices` (draws, n, n). Cost: O(draws D n).

    >>> one = [[0, 0, 1, -1], [0, 0, -1, 1], [1, -1, 0, 0], [-1, 1, 0, 0]]
    >>> holding([one, [[-mark for mark in row] for row in one]], [2, 2], [0, 0])
    1
    """
    chosen = _starts(sizes) + np.asarray(scenario)
    sums: Table = np.asarray(matrices, dtype=np.float64)[:, chosen].sum(axis=1)
    best = np.maximum.reduceat(sums, _starts(sizes), axis=1)
    return int((sums[:, chosen] >= best - _ROUNDING).all(axis=1).sum())


def families(scenarios: ArrayLike) -> list[int]:
    """Return the family (0, 1…, as they come) of each scenario: those that a chain of single changes of variant joins.

    `scenarios` (count, descriptors). A family is a component of the graph whose edges join two scenarios that differ
    by one descriptor alone. Cost: O(count² D).

    >>> families([[0, 0, 0], [1, 1, 1], [0, 0, 1]])
    [0, 1, 0]
    """
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - a command on a matrix spares SciPy

    rows = np.asarray(scenarios)
    apart = (rows[:, None, :] != rows[None, :, :]).sum(axis=2)
    joined: list[int] = connected_components(apart <= 1, directed=False)[1].tolist()
    return joined


def _starts(sizes: Sequence[int]) -> NDArray[np.int64]:
    return np.cumsum([0, *sizes[:-1]])


class _ScenarioSearch:
    """A search depth first, by blocks of partial scenarios.

    A column of `gaps` is one question « does this variant of this descriptor stand up to that other one? »; a row is
    what one variant brings to it. The sum over the chosen variants, with the most that descriptors still open could
    bring (`hope`), must not fall short of the tolerance.
    """

    def __init__(self, table: Table, sizes: Sequence[int], tolerance: float) -> None:
        self.order = _most_telling(table, sizes)
        self.sizes = [sizes[at] for at in self.order]
        starts = _starts(sizes)
        rows = np.concatenate([np.arange(starts[at], starts[at] + sizes[at]) for at in self.order])
        table = table[np.ix_(rows, rows)]
        self.starts = _starts(self.sizes)
        held, other = self._questions()
        self.gaps: NDArray[Any] = table[:, held] - table[:, other]
        self.floor = -(tolerance + _ROUNDING)
        whole = np.array_equal(self.gaps, self.gaps.round())
        if whole and np.abs(self.gaps).sum(axis=0).max(initial=0.0) < 2**15:  # sums hold in two bytes
            self.gaps, self.floor = self.gaps.astype(np.int16), float(np.ceil(self.floor))
        self.hope = self._hopes()
        self.looked_at = 0

    def run(self) -> Found:
        """Return all consistent scenarios, in the order of the descriptors as they were given."""
        found: list[Scenarios] = []
        first = np.zeros((1, len(self.gaps[0])), dtype=self.gaps.dtype)
        waiting: list[tuple[Scenarios, NDArray[Any]]] = [(np.zeros((1, 0), dtype=np.int8), first)]
        while waiting and sum(map(len, found)) <= MOST_FOUND:
            chosen, sums = waiting.pop()
            if chosen.shape[1] == len(self.sizes):
                found.append(chosen)
                continue
            if self.looked_at > MOST_LOOKED_AT:
                raise ValueError("too many partial scenarios remain open")
            chosen, sums = self._carried_on(chosen, sums)
            waiting += [(chosen[at : at + _ROWS], sums[at : at + _ROWS]) for at in range(0, len(chosen), _ROWS)]
        every = np.concatenate([np.zeros((0, len(self.sizes)), dtype=np.int8), *found])
        back = every[:, np.argsort(self.order)]
        ordered = back[np.lexsort(back.T[::-1])]
        return Found(ordered[:MOST_FOUND], self.looked_at, len(ordered) <= MOST_FOUND)

    def _carried_on(self, chosen: Scenarios, sums: NDArray[Any]) -> tuple[Scenarios, NDArray[Any]]:
        """Choose the next descriptor in every way, and keep what can still come out consistent."""
        depth = chosen.shape[1]
        variants = np.arange(self.sizes[depth], dtype=np.int8)
        longer = np.concatenate(
            [np.repeat(chosen, len(variants), axis=0), np.tile(variants, len(chosen))[:, None]], axis=1
        )
        brought = self.gaps[self.starts[depth] : self.starts[depth] + self.sizes[depth]]
        added = (sums[:, None, :] + brought[None]).reshape(len(longer), -1)
        self.looked_at += len(longer)
        stands = added + self.hope[depth + 1] >= self.floor
        kept = np.ones(len(longer), dtype=bool)
        place = 0
        for rank, size in enumerate(self.sizes):
            block = stands[:, place : place + size * (size - 1)].reshape(len(longer), size, size - 1).all(axis=2)
            place += size * (size - 1)
            kept &= block[np.arange(len(longer)), longer[:, rank]] if rank <= depth else block.any(axis=1)
        return longer[kept], added[kept]

    def _questions(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        pairs = [
            (start + one, start + other)
            for start, size in zip(self.starts, self.sizes, strict=True)
            for one in range(size)
            for other in range(size)
            if one != other
        ]
        held, other = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        return held, other

    def _hopes(self) -> NDArray[Any]:
        """Return, for each depth, the most that the descriptors from there on bring to each question."""
        most = np.maximum.reduceat(self.gaps, self.starts, axis=0)
        hope = np.zeros((len(self.sizes) + 1, most.shape[1]), dtype=self.gaps.dtype)
        hope[:-1] = most[::-1].cumsum(axis=0)[::-1]
        return hope


def _most_telling(table: Table, sizes: Sequence[int]) -> NDArray[np.int64]:
    """Return the descriptors from the one whose judgements bear most on the others and that bear most on it."""
    starts = _starts(sizes)
    weight = np.add.reduceat(np.add.reduceat(np.abs(table), starts, axis=0), starts, axis=1)
    order = [int((weight.sum(axis=0) + weight.sum(axis=1)).argmax())]
    while len(order) < len(sizes):
        tied = weight[order].sum(axis=0) + weight[:, order].sum(axis=1)
        tied[order] = -1.0
        order.append(int(tied.argmax()))
    return np.array(order, dtype=np.int64)
