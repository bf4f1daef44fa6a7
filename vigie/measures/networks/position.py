"""Where each node stands in a network: between whom, how free of its partners, bridging which groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from vigie.measures.networks.graph import Floats, Graph, Ints

SAMPLED_ABOVE, SOURCES = 5_000, 400
"""Above so many nodes, shortest paths are counted from so many of them, drawn once with a fixed seed."""
_CELLS = 4_000_000
"""Nodes times sources held at once: three tables of 32 MB."""
ROLES = ("coordinator", "gatekeeper_or_representative", "itinerant", "liaison")


@dataclass(frozen=True, slots=True)
class Paths:
    """Betweenness of each node (n,), pairs counted once; mean length in ties; how many nodes they start from."""

    betweenness: Floats
    mean_length: float | None
    sources: int


def shortest_paths(known: Graph, inside: Ints, seed: int = 0) -> Paths:
    """Return the betweenness of each node, and the mean length of the paths among the nodes `inside`.

    Above 5 000 nodes, from 400 of them drawn with a fixed seed, and scaled to all: an estimate. Cost: O(sources · m).
    Source: Brandes (2001), by levels, for several sources at once; Brandes and Pich (2007) for the sample.
    """
    nodes = np.arange(known.size)
    if known.size > SAMPLED_ABOVE:
        nodes = np.sort(np.random.default_rng(seed).choice(known.size, SOURCES, replace=False))
    within = np.zeros(known.size, dtype=bool)
    within[inside] = True
    totals, length, pairs = np.zeros(known.size), 0.0, 0
    width = max(1, _CELLS // max(1, known.size))
    for start in range(0, nodes.size, width):
        block = nodes[start : start + width]
        levels, counts = _outward(known, block)
        totals += _inward(known, levels, counts, block)
        mine = within[block]
        reached = levels[:, mine][within]
        length += float(reached[reached > 0].sum())
        pairs += int((reached > 0).sum())
    scale = known.size / nodes.size / 2
    return Paths(totals * scale, length / pairs if pairs else None, int(nodes.size))


def _outward(known: Graph, block: Ints) -> tuple[Ints, Floats]:
    """Return, for each node and source, how far it is (−1: out of reach) and by how many shortest paths."""
    columns = np.arange(block.size)
    levels = np.full((known.size, block.size), -1, dtype=np.int64)
    counts = np.zeros((known.size, block.size))
    levels[block, columns], counts[block, columns] = 0, 1.0
    front, level = counts.copy(), 0
    while front.any():
        level += 1
        front = known.adjacency @ front
        front[levels >= 0] = 0.0
        fresh = front > 0
        levels[fresh] = level
        counts[fresh] = front[fresh]
    return levels, counts


def _inward(known: Graph, levels: Ints, counts: Floats, block: Ints) -> Floats:
    share = np.zeros_like(counts)
    for level in range(int(levels.max()), 0, -1):
        farther = np.divide(1.0 + share, counts, out=np.zeros_like(counts), where=levels == level)
        share += np.where(levels == level - 1, counts * (known.adjacency @ farther), 0.0)
    share[block, np.arange(block.size)] = 0.0
    total: Floats = share.sum(axis=1)
    return total


def constraint(known: Graph) -> Floats:
    """Return how much each node depends on partners who depend on each other, unknown (NaN) without a tie: shape (n,).

    cᵢ = Σⱼ (pᵢⱼ + Σ_q pᵢ_q·p_qⱼ)² over partners j, p being shares of the weight of ties. Low: free to broker.
    Cost: O(m + t) for t triangles. Source: Burt (1992).
    """
    if not known.ties:
        return np.full(known.size, np.nan)
    keys = known.first * known.size + known.second
    strength = np.bincount(known.first, known.weight, known.size) + np.bincount(known.second, known.weight, known.size)
    shares = np.stack([known.weight / strength[known.first], known.weight / strength[known.second]])
    through = np.zeros_like(shares)
    corners = known.triangles
    for one, other, by in ((0, 1, 2), (1, 0, 2), (0, 2, 1), (2, 0, 1), (1, 2, 0), (2, 1, 0)):
        source, target, middle = corners[:, one], corners[:, other], corners[:, by]
        way = _share(known, keys, shares, source, middle) * _share(known, keys, shares, middle, target)
        tie, side = _tie(known, keys, source, target)
        np.add.at(through, (side, tie), way)
    squares = (shares + through) ** 2
    found = np.bincount(known.first, squares[0], known.size) + np.bincount(known.second, squares[1], known.size)
    return np.where(known.degrees > 0, found, np.nan)


def _tie(known: Graph, keys: Ints, source: Ints, target: Ints) -> tuple[Ints, Ints]:
    tie = np.searchsorted(keys, np.minimum(source, target) * known.size + np.maximum(source, target))
    return tie, (source > target).astype(np.int64)


def _share(known: Graph, keys: Ints, shares: Floats, source: Ints, target: Ints) -> Floats:
    tie, side = _tie(known, keys, source, target)
    held: Floats = shares[side, tie]
    return held


def effective_size(known: Graph) -> Floats:
    """Return how many partners each node has once those tied together count less: d − 2t/d, NaN without a tie.

    Shape (n,). Source: Burt (1992), in the form of Borgatti (1997).
    """
    doubled = 2.0 * known.triangle_counts
    lost = np.divide(doubled, known.degrees, out=np.zeros(known.size), where=known.degrees > 0)
    return np.where(known.degrees > 0, known.degrees - lost, np.nan)


def external_internal(known: Graph, groups: Ints) -> tuple[Floats, float]:
    """Return the E-I index of each node (n,), NaN without a tie, and of all: −1 (all ties within) to 1 (all across).

    Source: Krackhardt and Stern (1988).
    """
    across = np.where(groups[known.first] != groups[known.second], 1.0, -1.0)
    told = np.bincount(known.first, across, known.size) + np.bincount(known.second, across, known.size)
    own = np.divide(told, known.degrees, out=np.full(known.size, np.nan), where=known.degrees > 0)
    return own, float(across.mean())


def group_assortativity(known: Graph, groups: Ints) -> float | None:
    """Return how far ties keep within groups beyond chance (−1 to 1); `None` where there is one group.

    Source: Newman (2003).
    """
    count = int(groups.max()) + 1
    mixing = np.zeros((count, count))
    np.add.at(mixing, (groups[known.first], groups[known.second]), 1.0)
    mixing = (mixing + mixing.T) / (2 * known.ties)
    chance = float((mixing @ mixing).sum())
    return (float(np.trace(mixing)) - chance) / (1 - chance) if chance < 1 - 1e-15 else None


def brokerage(known: Graph, groups: Ints) -> Ints:
    """Return how many pairs without a tie each node joins, by role (columns in the order of `ROLES`): shape (n, 4).

    Both of its own group; one of both; both of one other group; of two others. Ties having no direction, gatekeeper and
    representative are one. Cost: O(m + t). Source: Gould and Fernandez (1989).
    """
    count = int(groups.max(initial=0)) + 1
    ones, ends = np.concatenate([known.first, known.second]), np.concatenate([known.second, known.first])
    table = sparse.csr_array((np.ones(ones.size), (ones, groups[ends])), shape=(known.size, count))
    table.sum_duplicates()
    total = known.degrees.astype(float)
    own = np.bincount(ones, (groups[ones] == groups[ends]).astype(float), known.size)
    squares = np.asarray(table.multiply(table).sum(axis=1)).ravel() - own**2
    other = total - own
    found = np.column_stack([own * (own - 1) / 2, own * other, (squares - other) / 2, (other**2 - squares) / 2])
    for middle, left, right in ((0, 1, 2), (1, 0, 2), (2, 0, 1)):
        corner = known.triangles
        node, one, two = corner[:, middle], groups[corner[:, left]], groups[corner[:, right]]
        mine = groups[node]
        role = np.where(
            (one == mine) & (two == mine), 0, np.where((one == mine) | (two == mine), 1, np.where(one == two, 2, 3))
        )
        np.subtract.at(found, (node, role), 1.0)
    return np.rint(found).astype(np.int64)
