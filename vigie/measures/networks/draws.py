"""What a network would show by chance: ties drawn again while each node keeps how many it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from vigie.measures.networks import position, shape
from vigie.measures.networks.graph import Floats, Graph, graph

_FIRST_ROUNDS, _ROUNDS = 20, 5
"""Swaps tried per tie before the first draw, and between two: enough for the ties of a draw to forget the others."""

Measure = Callable[[Graph], Mapping[str, Floats]]


@dataclass(frozen=True, slots=True, eq=False)
class Deviation:
    """A measure by territory, NaN where it has none: as observed, its mean and its bounds at 95 % over the draws."""

    observed: Floats
    expected: Floats
    low: Floats
    high: Floats


def redrawn(known: Graph, draws: int, seed: int) -> Iterator[Graph]:
    """Yield networks where each node has as many ties as in `known`, drawn by swapping the ends of ties.

    Two ties a–b and c–d become a–d and c–b unless this makes a loop or a tie that is there already. Weights are 1.
    Cost: O(draws · m log m). Source: Maslov and Sneppen (2002).
    """
    chance = np.random.default_rng(seed)
    first, second = known.first.copy(), known.second.copy()
    for draw in range(draws):
        for _ in range(_ROUNDS if draw else _FIRST_ROUNDS):
            _swap(first, second, known.size, chance)
        yield graph(first, second, known.size)


def _swap(
    first: NDArray[np.int64], second: NDArray[np.int64], size: int, chance: np.random.Generator
) -> None:  # fmt: skip
    """Swap the ends of pairs of ties drawn so that each is in one pair at most; in place."""
    half = first.size // 2
    order = chance.permutation(first.size)
    one, other = order[:half], order[half : 2 * half]
    turned = chance.random(half) < 0.5
    a, b = first[one], second[one]
    c = np.where(turned, second[other], first[other])
    d = np.where(turned, first[other], second[other])
    fresh = np.concatenate([_keys(a, d, size), _keys(c, b, size)])
    _, place, times = np.unique(fresh, return_inverse=True, return_counts=True)
    taken = np.isin(fresh, _keys(first, second, size)) | (times[place] > 1)
    kept = (a != d) & (c != b) & ~taken[:half] & ~taken[half:]
    first[one[kept]], second[one[kept]] = a[kept], d[kept]
    first[other[kept]], second[other[kept]] = c[kept], b[kept]


def _keys(one: NDArray[np.int64], other: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    return np.minimum(one, other) * size + np.maximum(one, other)


def deviations(known: Graph, measure: Measure, draws: int, seed: int) -> dict[str, Deviation]:
    """Return each measure as observed beside what it is on networks of the same degrees.

    Weights play no part, on either side. Cost: `draws` times that of the measure.
    """
    plain = graph(known.first, known.second, known.size)
    observed = {name: np.asarray(values, dtype=float) for name, values in measure(plain).items()}
    drawn: dict[str, list[Floats]] = {name: [] for name in observed}
    for one in redrawn(plain, draws, seed):
        for name, values in measure(one).items():
            drawn[name].append(values)
    return {
        name: Deviation(
            values, np.mean(drawn[name], axis=0), np.quantile(drawn[name], 0.025, axis=0),
            np.quantile(drawn[name], 0.975, axis=0),
        )
        for name, values in observed.items()
    }  # fmt: skip


def by_territory(places: NDArray[np.bool_]) -> Measure:
    """Return what measures the firms of each territory in the network of all: `places` has the shape (territories, n).

    `density`: share of the pairs of its firms that are tied; `clustering`, `constraint`, `partners_degree`: means over
    its firms of the clustering, of Burt's constraint, of the mean degree of their partners; `external_internal`: E-I
    index, from −1 (all ties within) to 1 (all leave). Only firms with ties are given.
    """
    counts = places.sum(axis=1).astype(float)
    firms, held = sparse.csr_array(places.astype(float)), np.maximum(counts, 1)

    def measured(known: Graph) -> Mapping[str, Floats]:
        degrees, pairs = known.degrees.astype(float), counts * (counts - 1) / 2
        # Each tie within a place is met from both of its ends.
        inside = np.asarray((firms @ known.adjacency).multiply(firms).sum(axis=1)).ravel() / 2
        leaving = firms @ degrees - 2 * inside
        beside = np.divide(known.adjacency @ degrees, degrees, out=np.zeros(known.size), where=degrees > 0)
        return {
            "density": np.divide(inside, pairs, out=np.zeros_like(pairs), where=pairs > 0),
            "clustering": firms @ shape.clustering(known) / held,
            "constraint": firms @ np.nan_to_num(position.constraint(known)) / held,
            "partners_degree": firms @ beside / held,
            "external_internal": np.divide(
                leaving - inside, leaving + inside, out=np.zeros_like(pairs), where=leaving + inside > 0
            ),
        }

    return measured
