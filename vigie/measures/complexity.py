"""Economic complexity: what territories hold beyond their share, and what the whole of it says of each.

Conventions: an activity is present where its location quotient reaches 1; ECI and PCI come from the second eigenvector
(Hidalgo and Hausmann), the sign being that of the correlation with diversity; ECI has mean 0 and standard deviation 1
(dividing by n), PCI is set on the mean and deviation of ECI, so that an ECI is the mean of the PCI of what is present.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vigie.measures.concentration import Floats

Presence = NDArray[np.bool_]

PASSES = 20
"""Passes of the fitness algorithm, the first being the starting values: 19 updates, as published by its reference."""
_BLOCK = 8
"""Vectors carried together: the second eigenvector is found as fast as the ninth is far below it."""
_STEPS = 300
"""Steps after which a spectrum is too flat for iterating to pay: all of it is then computed."""
_SMALL = 64
"""Order below which computing the whole spectrum is quicker than iterating."""
_SETTLED = 1e-14
"""Change of the eigenvector, per unit of its length, below which iterating stops: the rounding error of a product."""
_SAME = 1e-9
"""Eigenvalues nearer than this are one: the vector between them is chosen by rounding errors, hence by nothing."""


@dataclass(frozen=True, slots=True)
class Complexity:
    """ECI of each territory and PCI of each activity, no unit; NaN for what has no presence, or where undetermined.

    `level` is what was taken away from PCI when it was set on ECI's mean: PCI + level is the eigenvector itself, in
    deviations of ECI.
    """

    eci: Floats
    pci: Floats
    level: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is left to gain: an index by territory (mean 0, deviation 1), and the gain from each absent activity."""

    index: Floats
    gain: Floats


@dataclass(frozen=True, slots=True)
class Fitness:
    """Fitness of each territory and complexity Q of each activity: positive, mean 1 over those that have presences."""

    territories: Floats
    activities: Floats


def presence(table: ArrayLike) -> Presence:
    """Tell where an activity is present: its location quotient is 1 or more (rows territories, columns activities).

    False where the territory or the activity has nothing at all. Cost: O(n) in cells.
    Source: Balassa (1965), revealed comparative advantage.

    >>> presence([[8, 2], [2, 8]]).tolist()
    [[True, False], [False, True]]
    """
    amounts = np.asarray(table, dtype=np.float64)
    places, activities = amounts.sum(axis=1, keepdims=True), amounts.sum(axis=0)
    # LQ >= 1 without dividing: three times quicker, and exact for whole amounts.
    held: Presence = amounts * activities.sum() >= places * activities
    held &= amounts > 0
    return held


def complexity(present: ArrayLike) -> Complexity:
    """Order territories and activities by the second eigenvector of who holds what.

    With M the presences, k their sums by row (diversity) and u by column (ubiquity): ECI is the second right
    eigenvector of D_k⁻¹ M D_u⁻¹ Mᵀ, read here off the symmetric D_u^-½ Mᵀ D_k⁻¹ M D_u^-½. NaN everywhere when that
    vector is undetermined: presences fall into separate blocks, two eigenvalues are equal, or all territories are
    alike. Cost: O(r a²) for r territories and a activities (or r² a, whichever is less).
    Source: Hidalgo and Hausmann (2009); conventions of the Atlas of Economic Complexity.

    >>> found = complexity([[1, 1, 1], [1, 1, 0], [1, 0, 0]])
    >>> np.argsort(found.eci).tolist(), np.argsort(found.pci).tolist()
    ([2, 1, 0], [0, 1, 2])
    """
    whole = np.asarray(present, dtype=bool)
    rows, columns = whole.any(axis=1), whole.any(axis=0)
    eci, pci, level = np.full(rows.size, np.nan), np.full(columns.size, np.nan), float("nan")
    held = _met(whole, rows, columns)
    vectors = _second(held) if min(held.shape) > 1 else None
    if vectors is not None:
        places, activities = vectors
        mean, deviation = places.mean(), places.std()
        if deviation > _SAME * np.abs(places).max():
            sign = _sign(held.sum(axis=1), places)
            eci[rows] = sign * (places - mean) / deviation
            pci[columns] = sign * (activities - mean) / deviation
            level = float(sign * mean / deviation)
    return Complexity(eci, pci, level)


def reflections(present: ArrayLike, steps: int) -> tuple[Floats, Floats]:
    """Describe each side by the mean of the other, so many times: (territories, activities).

    k_r,0 = sum_a M_ra, k_r,n = (1/k_r,0) sum_a M_ra k_a,n-1, and the same by activity; step 1 is the mean ubiquity of
    what a territory holds. Even steps tend to ECI, slowly: compare them with reflections only. NaN without presence.
    Cost: O(steps · n) in cells. Source: Hidalgo and Hausmann (2009).

    >>> [side.tolist() for side in reflections([[1, 1], [1, 0]], 1)]
    [[1.5, 2.0], [1.5, 2.0]]
    """
    held = np.asarray(present, dtype=np.float64)
    diversity, ubiquity = held.sum(axis=1), held.sum(axis=0)
    places, activities = diversity, ubiquity
    for _ in range(steps):
        # What has no presence meets nobody: it is left out of sums, not spread over them.
        told = np.where(diversity > 0, places, 0.0), np.where(ubiquity > 0, activities, 0.0)
        places = _over(held @ told[1], diversity)
        activities = _over(told[0] @ held, ubiquity)
    return places, activities


def outlook(present: ArrayLike, near: ArrayLike, found: Complexity) -> Outlook:
    """Say how much complexity is near what a territory holds, and how much each absent activity would bring nearer.

    With M the presences, D their density, K = PCI + level: index_r = sum_a (1 - M_ra) D_ra K_a, then centred and
    reduced; gain_ra = (1 - M_ra) sum_b (1 - M_rb) φ_ba K_b / sum_c φ_bc, zero for what is held. Cost: O(r a²).
    Source: Hausmann, Hidalgo et al. (2014), complexity outlook index and gain.

    >>> held = [[1, 1, 1], [1, 1, 0], [1, 0, 0]]
    >>> found = outlook(held, np.ones((3, 3)), complexity(held))
    >>> found.gain.shape, found.gain[0].tolist()
    ((3, 3), [0.0, 0.0, 0.0])
    """
    held, nearness = np.asarray(present, dtype=np.float64), np.asarray(near, dtype=np.float64)
    worth = np.nan_to_num(found.pci + found.level)
    absent, sums = 1.0 - held, nearness.sum(axis=0)
    shares = np.divide(nearness, sums, out=np.zeros_like(nearness), where=sums > 0)
    index = (absent * (held @ shares)) @ worth
    spread = index.std()
    gain: Floats = absent * (absent @ (shares * worth).T)
    return Outlook((index - index.mean()) / spread if spread > 0 else np.full_like(index, np.nan), gain)


def fitness(present: ArrayLike, passes: int = PASSES) -> Fitness:
    """Weigh territories by what they hold, and activities by the least fit of those that hold them.

    From ones: F_r = sum_a M_ra Q_a and Q_a = 1 / sum_r (M_ra / F_r), both from the pass before and each divided by its
    mean; `passes` counts the starting values. Zero for a territory that holds nothing, NaN for an activity that nobody
    holds. Cost: O(passes · n) in cells. Source: Tacchella et al. (2012).

    >>> fitness([[1, 1], [0, 1]], passes=2).territories.round(6).tolist()
    [1.333333, 0.666667]
    """
    whole = np.asarray(present, dtype=bool)
    rows, columns = whole.any(axis=1), whole.any(axis=0)
    held = _met(whole, rows, columns)
    fit, hard = np.ones(held.shape[0]), np.ones(held.shape[1])
    for _ in range(passes - 1):
        fit, hard = held @ hard, 1.0 / ((1.0 / fit) @ held)
        fit, hard = fit / fit.mean(), hard / hard.mean()
    territories, activities = np.zeros(rows.size), np.full(columns.size, np.nan)
    territories[rows], activities[columns] = fit, hard
    return Fitness(territories, activities)


def _met(whole: Presence, rows: Any, columns: Any) -> Floats:
    """Return, as numbers, the rows and columns that hold something."""
    kept: Presence = whole if rows.all() and columns.all() else whole[np.ix_(rows, columns)]
    return kept.astype(np.float64)


def _second(held: Floats) -> tuple[Floats, Floats] | None:
    """Return the second vectors of territories and of activities, on one scale; `None` when they are undetermined."""
    diversity, ubiquity = held.sum(axis=1), held.sum(axis=0)
    if held.shape[0] < held.shape[1]:
        turned = _second(held.T)
        # Each side is the mean of the other over what is present: one product passes from one to the other.
        # Here rows are the longer side's columns: `turned` is (activities, territories).
        return None if turned is None else ((held @ turned[0]) / diversity, turned[0])
    weighed = held * np.sqrt(1.0 / diversity)[:, None]
    weighed *= np.sqrt(1.0 / ubiquity)
    vector = _second_eigenvector(weighed.T @ weighed, np.sqrt(ubiquity))
    if vector is None:
        return None
    activities = vector / np.sqrt(ubiquity)
    return (held @ activities) / diversity, activities


def _second_eigenvector(matrix: Floats, first: Floats) -> Floats | None:
    """Return the second eigenvector of a symmetric matrix whose first one is known, of eigenvalue 1."""
    first = first / np.linalg.norm(first)
    rest = matrix - np.outer(first, first)
    values, vectors = _leading(rest)
    alone = values[-1] - values[-2] > _SAME if values.size > 1 else True
    if not alone or values[-1] > 1.0 - _SAME or values[-1] < _SAME:
        return None
    return vectors[:, -1]


def _leading(matrix: Floats) -> tuple[Floats, Floats]:
    """Return the highest eigenvalues of a positive matrix, ascending, and their vectors in columns.

    Subspace iteration with Rayleigh-Ritz projection; the whole spectrum where it is small or does not settle.
    """
    size = matrix.shape[0]
    if size > _SMALL:
        basis = np.linalg.qr(np.random.default_rng(0).standard_normal((size, _BLOCK)))[0]
        former = basis[:, -1]
        for _ in range(_STEPS):
            image = matrix @ basis
            values, turn = np.linalg.eigh(basis.T @ image)
            vectors = basis @ turn
            found = vectors[:, -1]
            if np.linalg.norm(found - np.copysign(1.0, found @ former) * former) < _SETTLED * np.sqrt(size):
                return values, vectors
            former, basis = found, np.linalg.qr(image)[0]
    whole, every = np.linalg.eigh(matrix)
    return whole, every


def _over(sums: Floats, counts: Floats) -> Floats:
    return np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)


def _sign(diversity: Floats, places: Floats) -> float:
    """Return the sign that makes ECI rise with diversity; where it does not, that of its farthest value."""
    product = float((diversity - diversity.mean()) @ (places - places.mean()))
    if abs(product) <= _SAME * np.linalg.norm(diversity) * np.linalg.norm(places):
        product = float(places[np.argmax(np.abs(places - places.mean()))] - places.mean())
    return 1.0 if product >= 0 else -1.0
