"""Whether groups are there at all, and whether they would be the same had other people come.

Three questions: do votes hang together more than chance (against votes shuffled within each statement)? do groups part
more than one cloud of the same shape would? would resampled participants be grouped alike? All draws have a fixed seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.linalg import eigsh
from sklearn.metrics import adjusted_rand_score

from vigie.measures.opinion.grouping import Clustering, parted
from vigie.measures.opinion.plane import UNSEEN, main_axes, means, project, scatter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vigie.measures.opinion.grouping import Labels
    from vigie.measures.opinion.plane import Floats, Plane, Votes

RESAMPLES = 200
SHUFFLES = 40
CLOUDS = 40
MOST_DRAWN = 400
"""Participants drawn at once: with more, what is measured no longer moves, and 100 000 would cost minutes."""
# Standard deviations above the mean of shuffled votes: the largest eigenvalue of noise has a long right tail (Tracy and
# Widom), of which less than 1 % is beyond 3.
BEYOND_CHANCE = 3.0
_MANY_STATEMENTS = 100
"""From there on, Lanczos finds the largest eigenvalue alone ten times sooner than all of them are found."""
_SEED = 20
_ROUNDS = 12
"""Rounds of subspace iteration from the axes of all votes; they start near where they end."""


@dataclass(frozen=True, slots=True)
class Clearness:
    """How clear groups are.

    `beyond_chance`: standard deviations between the first variance of votes and that of shuffled votes; `apart`: share
    of single clouds of the same shape whose groups part less (0 to 1); `stability`: mean adjusted Rand index of 200
    resamples (1: always the same groups).
    """

    beyond_chance: float
    apart: float
    stability: float

    @property
    def clear(self) -> bool:
        """Tell whether groups are worth being told: votes hang together, and part more than one cloud does.

        >>> Clearness(beyond_chance=12.0, apart=0.5, stability=0.9).clear
        False
        """
        return self.beyond_chance > BEYOND_CHANCE and self.apart > 0.95


def clearness(votes: Votes, plane: Plane, found: Clustering) -> Clearness:
    """Measure how clear groups are. Cost: O(280 · 400 · m), whatever the number of participants."""
    chance = np.random.default_rng(_SEED)
    return Clearness(
        _beyond_chance(votes[found.counted], chance),
        _apart(plane.participants[found.counted], found, chance),
        _stability(votes[found.counted], plane, found, chance),
    )


def _drawn(many: int, chance: np.random.Generator) -> NDArray[np.int64]:
    return np.sort(chance.permutation(many)[:MOST_DRAWN])


def _beyond_chance(votes: Votes, chance: np.random.Generator) -> float:
    some = votes[_drawn(len(votes), chance)]
    first = _first_variance(some)
    shuffled = [_first_variance(_shuffled(some, chance)) for _ in range(SHUFFLES)]
    spread = float(np.std(shuffled, ddof=1))
    return (first - float(np.mean(shuffled))) / spread if spread > 0 else 0.0


def _first_variance(votes: Votes) -> float:
    spread = scatter(votes, means(votes))
    if len(spread) < _MANY_STATEMENTS:
        return float(main_axes(spread, 1)[1][0])
    return float(eigsh(spread, 1, v0=np.ones(len(spread)), return_eigenvectors=False)[0])


def _shuffled(votes: Votes, chance: np.random.Generator) -> Votes:
    """Return votes shuffled within each statement, among those who saw it: shares and gaps stay, ties between go."""
    seen = votes != UNSEEN
    keys = chance.random(votes.shape)
    # Cells not seen are sorted last in both orders, so that seen ones exchange places among themselves.
    order = np.argsort(np.where(seen, keys, 2.0), axis=0)
    places = np.argsort(~seen, axis=0, kind="stable")
    mixed = votes.copy()
    np.put_along_axis(mixed, places, np.take_along_axis(votes, order, axis=0), axis=0)
    return mixed


def _apart(places: Floats, found: Clustering, chance: np.random.Generator) -> float:
    """Return the share of normal clouds, of the covariance of the places, that part less into as many groups."""
    some = places[_drawn(len(places), chance)]
    many, shape = len(found.centers), np.cov(some, rowvar=False)
    here = parted(some, many)
    clouds = [chance.multivariate_normal(np.zeros(2), shape, len(some), method="eigh") for _ in range(CLOUDS)]
    return float(np.mean([parted(cloud, many) < here for cloud in clouds]))


def _stability(votes: Votes, plane: Plane, found: Clustering, chance: np.random.Generator) -> float:
    """Return the mean adjusted Rand index between groups of participants drawn again and their groups."""
    many = min(len(votes), MOST_DRAWN)
    agreement = []
    for _ in range(RESAMPLES):
        rows = chance.integers(len(votes), size=many)
        again = votes[rows]
        center = means(again)
        places = project(again, center, _axes_near(again, center, plane.axes))
        labels = _grouped_near(places, found.group[rows], len(found.centers))
        agreement.append(float(adjusted_rand_score(found.group[rows], labels)))
    return float(np.mean(agreement))


def _axes_near(votes: Votes, center: Floats, axes: Floats) -> Floats:
    """Return the main axes of resampled votes, found by subspace iteration from those of all votes."""
    centred = np.where(votes == UNSEEN, 0.0, votes - center)
    block = axes.T
    for _ in range(_ROUNDS):
        block = np.linalg.qr(centred.T @ (centred @ block))[0]
    turned: Floats = np.zeros(axes.shape)  # a single statement has a single axis
    turned[: block.shape[1]] = block.T
    return turned


def _grouped_near(places: Floats, former: Labels, many: int) -> Labels:
    """Group resampled participants by k-means, begun where the former groups now stand."""
    sizes = np.bincount(former, minlength=many)
    starts = np.stack([np.bincount(former, places[:, axis], minlength=many) for axis in (0, 1)], axis=1)
    centers = starts[sizes > 0] / sizes[sizes > 0][:, None]
    labels = former
    for _ in range(50):  # k-means settles in a few rounds on 400 points; 50 is never reached but bounds it
        distances = ((places[:, None, :] - centers[None]) ** 2).sum(axis=2)
        nearest = distances.argmin(axis=1)
        if np.array_equal(nearest, labels):
            break
        labels = nearest
        kept = np.unique(labels)
        centers = np.stack([places[labels == one].mean(axis=0) for one in kept])
        labels = np.searchsorted(kept, labels)
    return labels
