"""Orders of candidates: the score of a sum of features, ties broken, and how well what came about was placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vigie.measures.cooperation.network import Booleans, Floats, Ints, Matrix


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the pairs that came about were placed: one value a query, and one a seeker for the recall."""

    seekers: Ints
    found: Ints
    ranks: Floats
    recalls: Floats

    @property
    def reciprocal(self) -> Floats:
        """Return 1/rank of each query; the mean is the MRR."""
        return 1.0 / self.ranks

    def quality(self) -> dict[str, float]:
        """Return MRR, Hits@10 and Recall@20, each 0 to 1."""
        return {
            "MRR": float(self.reciprocal.mean()),
            "Hits10": float((self.ranks <= 10).mean()),
            "Recall20": float(self.recalls.mean()),
        }


def weighted(features: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """Return the score of each pair: the sum of its standardised features by their weights."""
    total: Floats = np.zeros_like(features[0])
    for values, weight in zip(features, weights, strict=True):
        total += weight * values
    return total


def broken_ties(scores: Floats, second: Floats) -> Floats:
    """Return the place of each candidate in its row, the best highest, equal scores being told apart by `second`.

    `second` has one value per candidate. Candidates equal in both share one value.

    >>> broken_ties(np.array([[2.0, 1.0, 2.0]]), np.array([0.0, 5.0, 1.0])).tolist()
    [[1.0, 0.0, 2.0]]
    """
    places = np.empty_like(scores)
    for row, values in enumerate(scores):
        order = np.lexsort((second, values))
        rises = (np.diff(values[order]) != 0) | (np.diff(second[order]) != 0)
        places[row, order] = np.concatenate([[0], np.cumsum(rises)])
    return places


def placed(scores: Floats, candidates: Booleans, came: Matrix, top: int = 20) -> Placed:
    """Return where each pair that came about stands among the candidates of its seeker.

    `scores` and `candidates` are n × n, `came` sparse of the same shape. The rank of a pair is 1 + those above + half
    of its equals, the other pairs that came about for the same seeker being set aside. The recall of a seeker is the
    share of what came to it among its first `top`, equal scores in the order of their columns, over the least of
    `top` and of what came. Cost: O(n) per query.
    """
    seekers: list[int] = []
    everything: list[int] = []
    ranks: list[float] = []
    recalls: list[float] = []
    for seeker in np.flatnonzero(np.diff(came.indptr)).tolist():
        found = np.sort(came.indices[came.indptr[seeker] : came.indptr[seeker + 1]])
        row, may = scores[seeker], candidates[seeker]
        others = may.copy()
        others[found] = False
        rest = np.sort(row[others])
        below = np.searchsorted(rest, row[found], side="left")
        up_to = np.searchsorted(rest, row[found], side="right")
        ranks.extend((1.0 + (rest.size - up_to) + (up_to - below) / 2.0).tolist())
        seekers.extend([seeker] * found.size)
        everything.extend(found.tolist())
        first = np.argsort(-np.where(may, row, -np.inf), kind="stable")[:top]
        recalls.append(np.isin(found, first).sum() / min(top, found.size))
    return Placed(np.array(seekers), np.array(everything), np.array(ranks), np.array(recalls))
