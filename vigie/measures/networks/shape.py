"""The shape of a whole network: how dense, how closed, how far apart, how centred, how split."""

from __future__ import annotations

import networkx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from vigie.measures.networks.graph import Floats, Graph, Ints

Booleans = NDArray[np.bool_]
MOST_FOR_CORE = 5_000
"""Nodes above which a core is not sought: at 25 000 the search took 222 s (`benchmarks/results/networks-5000.json`)."""
_STARTS = 60
"""Random starts of the search for a core; with the nodes of most ties, the best is found again by most of them."""


def density(known: Graph) -> float:
    """Return the share (0 to 1) of pairs that are tied: 2m / n(n−1); 0 below two nodes."""
    return 2 * known.ties / (known.size * (known.size - 1)) if known.size > 1 else 0.0


def clustering(known: Graph) -> Floats:
    """Return, for each node, the share (0 to 1) of the pairs of its partners that are tied; 0 below two: shape (n,)."""
    pairs = known.degrees * (known.degrees - 1) / 2
    return np.divide(known.triangle_counts, pairs, out=np.zeros(known.size), where=pairs > 0)


def transitivity(known: Graph) -> float:
    """Return the share (0 to 1) of the chains of two ties that are closed: 3t / chains. Source: Newman (2003)."""
    chains = float((known.degrees * (known.degrees - 1) / 2).sum())
    return float(known.triangle_counts.sum()) / chains if chains else 0.0


def degree_assortativity(known: Graph) -> float | None:
    """Return the correlation (−1 to 1) of the degrees at both ends of a tie; `None` where all degrees are equal.

    Source: Newman (2002).
    """
    one = np.concatenate([known.degrees[known.first], known.degrees[known.second]]).astype(float)
    other = np.concatenate([known.degrees[known.second], known.degrees[known.first]]).astype(float)
    one, other = one - one.mean(), other - other.mean()
    spread = float(one @ one)
    return float(one @ other) / spread if spread > 0 else None


def degree_centralization(known: Graph) -> float | None:
    """Return how far ties are held by one node: 0 (all alike) to 1 (a star); `None` below three nodes.

    Σ(max d − d) / (n−1)(n−2). Source: Freeman (1979).
    """
    if known.size < 3:
        return None
    gap = float((known.degrees.max() - known.degrees).sum())
    return gap / ((known.size - 1) * (known.size - 2))


def giant(known: Graph) -> Booleans:
    """Return which nodes are of the largest part that holds together, the first of equal ones: shape (n,)."""
    _, labels = csgraph.connected_components(known.adjacency, directed=False)
    largest: Booleans = labels == np.bincount(labels).argmax()
    return largest


def greedy_modularity(known: Graph) -> float:
    """Return how far ties keep within communities beyond chance, those found by merging the two that gain the most.

    Slow beyond some thousands of nodes: O(m·n·log n) at worst. Source: Clauset, Newman and Moore (2004), by networkx.
    """
    held = networkx.Graph()
    held.add_nodes_from(range(known.size))
    held.add_edges_from(zip(known.first.tolist(), known.second.tolist(), strict=True))
    found = networkx.community.greedy_modularity_communities(held)
    return float(networkx.community.modularity(held, found))


def core_numbers(known: Graph) -> Ints:
    """Return, for each node, the largest k such that it is in a part where each has k ties within it: shape (n,).

    Cost: O(m) a shell. Source: Seidman (1983).
    """
    left, cores, level = known.degrees.copy(), np.zeros(known.size, dtype=np.int64), 0
    alive = np.ones(known.size, dtype=bool)
    pointers, ends = known.adjacency.indptr, known.adjacency.indices
    while alive.any():
        level = max(level, int(left[alive].min()))
        peeled = np.flatnonzero(alive & (left <= level))
        while peeled.size:
            cores[peeled] = level
            alive[peeled] = False
            touched = np.concatenate([ends[pointers[one] : pointers[one + 1]] for one in peeled.tolist()])
            left -= np.bincount(touched, minlength=known.size)
            peeled = np.flatnonzero(alive & (left <= level))
    return cores


def core_periphery(known: Graph, seed: int = 0) -> tuple[float, list[int]] | None:
    """Return how well a core that is tied to all explains the ties (−1 to 1), and that core; `None` where none can.

    Correlation of ties with the pattern « one of both is of the core »; searched by moving one node at a time from the
    nodes of most ties and from 60 random starts, so that the best is likely and not proven. Repeatable.
    Cost: O(starts · moves · n). Source: Borgatti and Everett (2000), blocks between core and periphery counted as 1.
    """
    if known.size < 3 or not 0 < density(known) < 1:
        return None
    order = np.argsort(-known.degrees, kind="stable")
    chance = np.random.default_rng(seed)
    starts = []
    for share in (1, max(1, known.size // 20), max(1, known.size // 8), max(1, known.size // 4)):
        start = np.zeros(known.size, dtype=bool)
        start[order[:share]] = True
        starts.append(start)
    starts += [chance.random(known.size) < chance.uniform(0.05, 0.5) for _ in range(_STARTS)]
    fit, core = max((_climbed(known, start) for start in starts), key=lambda found: found[0])
    return fit, np.flatnonzero(core).tolist()


def _climbed(known: Graph, start: Booleans) -> tuple[float, Booleans]:
    core, edge = start.copy(), known.adjacency @ (~start).astype(float)
    outside = float(edge[~core].sum()) / 2
    best = float(_fits(known, np.array([core.sum()]), np.array([outside]))[0])
    while True:
        sizes = core.sum() + np.where(core, -1, 1)
        fits = _fits(known, sizes, outside + np.where(core, edge, -edge))
        move = int(np.argmax(fits))
        if fits[move] <= best + 1e-12:
            return best, core
        best = float(fits[move])
        sign = 1.0 if core[move] else -1.0
        outside += sign * edge[move]
        core[move] = not core[move]
        row = slice(known.adjacency.indptr[move], known.adjacency.indptr[move + 1])
        edge[known.adjacency.indices[row]] += sign


def _fits(known: Graph, sizes: NDArray[np.int64], outside: Floats) -> Floats:
    """Return the correlation for cores of some sizes that leave some ties between those outside."""
    pairs = known.size * (known.size - 1) / 2
    left = known.size - sizes
    touched = 1 - left * (left - 1) / 2 / pairs
    dense = known.ties / pairs
    spread = np.sqrt(np.maximum(touched * (1 - touched) * dense * (1 - dense), 0))
    gap = (known.ties - outside) / pairs - touched * dense
    fits: Floats = np.divide(gap, spread, out=np.full(gap.shape, -1.0), where=spread > 0)
    return fits


def bipartite(first: Ints, second: Ints) -> dict[str, float | int | None]:
    """Return the shape of a network of members and of what they take part in: density, closed squares, shared pairs.

    `robins_alexander_cc`: four times the squares over the chains of three ties. `projection_edges`: pairs of members
    with something in common. Cost: O(Σ k²) over groups of k. Source: Robins and Alexander (2004).
    """
    shape = int(first.max()) + 1, int(second.max()) + 1
    held = sparse.csr_array((np.ones(first.size), (first, second)), shape=shape)
    held.data[:] = 1.0
    shared = sparse.triu(held @ held.T, k=1)
    rows, columns = held.nonzero()
    across, along = np.asarray(held.sum(axis=1)).ravel(), np.asarray(held.sum(axis=0)).ravel()
    chains = float(((across[rows] - 1) * (along[columns] - 1)).sum())
    squares = float((shared.data * (shared.data - 1) / 2).sum())
    return {
        "bip_density": held.nnz / (shape[0] * shape[1]),
        "robins_alexander_cc": 4 * squares / chains if chains else None,
        "projection_edges": int(shared.nnz),
    }
