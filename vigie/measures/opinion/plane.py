"""Votes and the plane they are read on: centred votes, their two main axes, where each participant stands.

Votes are a table of small integers, participants (rows) by statements (columns): 1 agree, -1 disagree, 0 pass, `UNSEEN`
where a participant did not vote. Conventions are those of the Polis engine (see docs/methods/opinion.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import eigh

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Votes = NDArray[np.int8]
    Floats = NDArray[np.float64]

AGREE, PASS, DISAGREE, UNSEEN = 1, 0, -1, 2
AXES = 2
_LINES = 4096
"""Rows made floating at once: 500 statements are then 16 MiB, whatever the number of participants."""


@dataclass(frozen=True, slots=True)
class Plane:
    """The main plane of a table of votes.

    `center` (m) is the mean vote of each statement; `axes` (2, m) have length 1, their largest coordinate positive;
    `participants` (n, 2) and `statements` (m, 2) are positions on it; `variances` (2) sums of squares along the axes.
    """

    center: Floats
    axes: Floats
    variances: Floats
    participants: Floats
    statements: Floats


def without(votes: Votes, left_out: NDArray[np.bool_]) -> Votes:
    """Return votes where statements left out by moderation (a mask of columns) count as passed by everybody.

    They keep their place, so that they weigh in the number of statements but tell nobody apart, as in the engine.
    """
    kept = votes.copy()
    kept[:, left_out] = PASS
    return kept


def plane_of(votes: Votes) -> Plane:
    """Return the main plane of votes; where nobody differs, all stand at its middle.

    A vote that is missing stands at the mean of its statement, so X = votes - mean where seen, 0 elsewhere; the axes
    are the two first eigenvectors of XᵀX. A participant stands at X_i · axes × √(m / votes of i), a statement at what
    one agreement with it alone would give, (1 - mean) · axis × √m. Cost: O(n m²) once, n participants, m statements.
    Source: Small et al., « Polis: scaling deliberation by mapping high dimensional opinion spaces » (2021).

    >>> here = plane_of(np.array([[1, -1], [1, -1], [-1, 1]], dtype=np.int8))
    >>> here.center.round(6).tolist(), np.abs(here.axes[0]).round(6).tolist()
    ([0.333333, -0.333333], [0.707107, 0.707107])
    """
    center = means(votes)
    spread = scatter(votes, center)
    axes, variances = main_axes(spread)
    standing = project(votes, center, axes)
    alone: Floats = (AGREE - center)[:, None] * axes.T * np.sqrt(votes.shape[1])
    return Plane(center, axes, variances, standing, alone)


def means(votes: Votes) -> Floats:
    """Return the mean vote of each statement (-1 to 1), passes included; 0 for one that nobody saw."""
    seen = (votes != UNSEEN).sum(axis=0)
    sums = (votes == AGREE).sum(axis=0) - (votes == DISAGREE).sum(axis=0)
    found: Floats = np.divide(sums, seen, out=np.zeros(len(seen)), where=seen > 0)
    return found


def scatter(votes: Votes, center: Floats) -> Floats:
    """Return XᵀX (m, m) of centred votes, a missing one standing at the mean of its statement."""
    total = np.zeros((len(center), len(center)))
    for start in range(0, len(votes), _LINES):
        some = _centred(votes[start : start + _LINES], center)
        total += some.T @ some
    return total


def main_axes(spread: Floats, many: int = AXES) -> tuple[Floats, Floats]:
    """Return the first axes of a scatter matrix (many, m), the largest coordinate of each positive, and variances."""
    size = len(spread)
    values, vectors = eigh(spread, subset_by_index=(max(0, size - many), size - 1))
    axes = np.zeros((many, size))
    axes[: len(values)] = vectors.T[::-1]
    largest = axes[np.arange(many), np.abs(axes).argmax(axis=1)]
    axes *= np.where(largest < 0, -1.0, 1.0)[:, None]
    variances = np.zeros(many)
    variances[: len(values)] = np.maximum(values[::-1], 0.0)
    return axes, variances


def project(votes: Votes, center: Floats, axes: Floats) -> Floats:
    """Return where participants stand (n, 2): X · axesᵀ × √(m / votes of each); who did not vote stands at 0."""
    places = np.zeros((len(votes), len(axes)))
    for start in range(0, len(votes), _LINES):
        some = votes[start : start + _LINES]
        seen = (some != UNSEEN).sum(axis=1)
        scale = np.sqrt(len(center) / np.maximum(seen, 1))
        places[start : start + _LINES] = (_centred(some, center) @ axes.T) * scale[:, None]
    return places


def _centred(votes: Votes, center: Floats) -> Floats:
    centred: Floats = np.where(votes == UNSEEN, 0.0, votes - center)
    return centred
