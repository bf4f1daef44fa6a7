"""Groups of participants who stand near one another: base clusters, k-means, how many groups.

Nothing is drawn at random that another run would draw otherwise: the same votes give the same groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_limits

from vigie.measures.opinion.plane import UNSEEN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vigie.measures.opinion.plane import Floats, Votes

    Labels = NDArray[np.int64]

ENOUGH_VOTES = 7
FEWEST_COUNTED = 15
"""Participants are counted from 7 votes (or all statements, when there are fewer); below 15 of them, those who voted
most are added. Both are the engine's."""
BASE_CLUSTERS = 100
MOST_GROUPS = 5
_SEED = 0
_STARTS, _FEW_STARTS = 20, 3
"""Starts of k-means on at most 100 points: the best of 20 was that of 200 on every conversation at hand."""


@dataclass(frozen=True, slots=True)
class Clustering:
    """Groups of the participants counted.

    `counted` holds their rows; `base` and `group` the label of each of them (0 is the largest group); `centers` (k, 2);
    `silhouette` the mean over base clusters (-1 to 1, NaN for a single group).
    """

    counted: NDArray[np.int64]
    base: Labels
    group: Labels
    centers: Floats
    silhouette: float


def counted_rows(votes: Votes) -> NDArray[np.int64]:
    """Return the rows of participants who voted enough to be grouped, in order.

    >>> counted_rows(np.array([[1, 2], [2, 2], [1, -1]], dtype=np.int8)).tolist()
    [0, 2]
    """
    many = (votes != UNSEEN).sum(axis=1)
    enough = min(ENOUGH_VOTES, votes.shape[1])
    rows = np.flatnonzero(many >= enough)
    if len(rows) < FEWEST_COUNTED:
        rows = np.sort(np.argsort(-many, kind="stable")[:FEWEST_COUNTED])
        rows = rows[many[rows] > 0]
    return rows


def group(places: Floats, counted: NDArray[np.int64], *, groups: int | None = None) -> Clustering:
    """Group the participants counted by where they stand (n, 2).

    Above 100 distinct positions, participants are first gathered in 100 base clusters, which k-means then groups, each
    weighing its members. k is the number from 2 to min(5, 2 + base clusters // 12) whose silhouette is highest, unless
    `groups` says it. Raises `ValueError` when fewer than two positions differ. Cost: O(100 n) a step.
    """
    here = places[counted]
    base, spots, weights = _bases(here)
    if len(spots) < 2:
        raise ValueError("participants all stand at the same place")
    most = min(MOST_GROUPS, 2 + len(spots) // 12, len(spots) - 1)
    tried = [groups] if groups else range(2, max(2, most) + 1)
    found = [(_k_means(spots, many, weights, _STARTS), many) for many in tried]
    scored = [(_silhouette(spots, labels), -many, labels) for labels, many in found]
    best, _, labels = max(scored, key=lambda one: one[:2])
    ordered = _by_size(labels, weights)
    return Clustering(counted, base, ordered[base], _centers(spots, ordered, weights), best)


def parted(places: Floats, many: int) -> float:
    """Return the silhouette (-1 to 1) of the best of a few cuts of places (n, 2) into so many groups."""
    return _silhouette(places, _k_means(places, many, np.ones(len(places)), _FEW_STARTS))


def from_centers(places: Floats, starts: Floats, weights: Floats | None = None) -> Labels:
    """Return the labels that k-means reaches from given starting centers (k, 2); the engine's, to compare with it."""
    model = KMeans(len(starts), init=np.asarray(starts), n_init=1)
    found: Labels = model.fit(places, sample_weight=weights).labels_.astype(np.int64)
    return found


def _bases(here: Floats) -> tuple[Labels, Floats, Floats]:
    """Return the base cluster of each participant, where base clusters stand and how many each holds."""
    # Positions are told apart to the ninth decimal: rounding would otherwise part people who voted the same.
    spots, base = np.unique(here.round(9), axis=0, return_inverse=True)
    base = base.reshape(-1).astype(np.int64)
    if len(spots) > BASE_CLUSTERS:
        many = np.bincount(base).astype(np.float64)
        base = _k_means(spots, BASE_CLUSTERS, many, 1)[base]
        base = np.unique(base, return_inverse=True)[1].astype(np.int64)
        spots = _centers(here, base, np.ones(len(here)))
    return base, spots, np.bincount(base).astype(np.float64)


def _k_means(spots: Floats, many: int, weights: Floats, starts: int) -> Labels:
    model = KMeans(many, n_init=starts, random_state=_SEED)
    # One thread: sums are then added in one order, and small tables do not wait for threads to meet.
    with threadpool_limits(1, "openmp"):
        found: Labels = model.fit(spots, sample_weight=weights).labels_.astype(np.int64)
    return found


def _silhouette(spots: Floats, labels: Labels) -> float:
    if not 1 < len(np.unique(labels)) < len(spots):
        return float("nan") if len(np.unique(labels)) < 2 else 0.0
    return float(silhouette_score(spots, labels))


def _by_size(labels: Labels, weights: Floats) -> Labels:
    """Return labels numbered from the group that holds most people."""
    sizes = np.bincount(labels, weights)
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    return rank[labels]


def _centers(spots: Floats, labels: Labels, weights: Floats) -> Floats:
    sums = np.stack([np.bincount(labels, weights * spots[:, axis]) for axis in range(spots.shape[1])], axis=1)
    found: Floats = sums / np.bincount(labels, weights)[:, None]
    return found
