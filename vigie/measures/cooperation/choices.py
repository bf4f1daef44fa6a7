"""What makes a firm work with one rather than with another: weights learned from choices, and what they are worth.

Importing this module loads scikit-learn: only what learns imports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from sklearn.linear_model import LogisticRegression

from vigie.domain.finding import Interval
from vigie.measures.cooperation.network import Booleans, Floats, Ints

# Features go from 0 to 1: with a few dozens of choices the penalty keeps weights from running away.
PENALTY = 1.0
DRAWS, SEED, FOLDS = 200, 20261129, 5
LEAST_SEEN = 10
"""Seekers of whom a feature must tell two candidates apart: below, nothing is asked of it."""
# Percentiles of a 95 % interval.
_BOUNDS = (2.5, 97.5)
# Folds share what they learn from: under pure chance the share judged strays 1.36 times as far as draws of seekers say
# (measured on 100 countries without pattern). Bounds at 99 % then err about as often as those at 95 % should.
_JUDGED = (0.5, 99.5)
# Newton doubles the right digits at each step: from a near solution, four would do.
_STEPS = 8
# Chances are told by tenths: fewer comparisons than a tenth holds say nothing.
_SAID = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Choices:
    """Comparisons, one a row: the firm that was worked with, and one like it that was not.

    `gaps` (n × p) is what each feature measures of the first less what it measures of the second, 0 where either is
    unknown; `seekers` (n) numbers who chose, `weights` (n) what each comparison counts for.
    """

    names: tuple[str, ...]
    gaps: Floats
    seekers: Ints
    weights: Floats

    def of(self, chosen: Booleans) -> Choices:
        """Return some of the comparisons."""
        return Choices(self.names, self.gaps[chosen], self.seekers[chosen], self.weights[chosen])


@dataclass(frozen=True, slots=True)
class ChoiceWeight:
    """What a feature is worth in log-odds per unit, and its 95 % interval; `None` where too few comparisons tell."""

    name: str
    value: float
    interval: Interval | None

    @property
    def counts(self) -> bool:
        """Tell whether its interval is above zero: no feature counts against what it says, nor by chance."""
        return self.interval is not None and self.interval.low is not None and self.interval.low > 0


@dataclass(frozen=True, slots=True)
class PlacedShare:
    """A share (0 to 1) with its 99 % interval, how many seekers and comparisons it rests on."""

    value: float
    interval: Interval
    seekers: int
    comparisons: int

    @property
    def beats_chance(self) -> bool:
        """Tell whether the whole interval is above one half."""
        return self.interval.low is not None and self.interval.low > 0.5


@dataclass(frozen=True, slots=True)
class SaidChance:
    """How often what was said with some chance came true: bounds of the chance, its mean, the share that came."""

    low: float
    high: float
    said: float
    came: float
    comparisons: int


def learn_choices(choices: Choices, draws: int = DRAWS) -> tuple[ChoiceWeight, ...]:
    """Return the weight of each feature: P(one chosen rather than another) = 1/(1 + exp(−w·gap)).

    A comparison of two candidates of one seeker has no intercept: what makes a seeker choose at all drops out, and so
    does how candidates were sampled. Intervals are percentiles of refits on seekers drawn again. Raises `ValueError`
    without comparisons. Cost: `draws` fits, O(n·p) each.
    Source: scikit-learn's L2 logistic regression; McFadden (1974) for choices; Field and Welsh (2007) for the draws.
    """
    if not choices.seekers.size:
        raise ValueError("nobody chose anybody")
    told = seen(choices)
    table = choices.gaps[:, told]
    if not table.shape[1]:
        return tuple(ChoiceWeight(name, 0.0, None) for name in choices.names)
    _, numbered = np.unique(choices.seekers, return_inverse=True)
    count = int(numbered.max()) + 1
    chance = np.random.default_rng(SEED)
    drawn = [np.bincount(chance.integers(count, size=count), minlength=count)[numbered] for _ in range(draws)]
    fitted = _fitted(table, choices.weights)
    refits = np.stack([refitted(table, choices.weights * times, fitted) for times in drawn])
    low, high = np.percentile(refits, _BOUNDS, axis=0)
    found = dict(zip(np.flatnonzero(told).tolist(), zip(fitted, low, high, strict=True), strict=True))
    return tuple(_weight(name, found.get(place)) for place, name in enumerate(choices.names))


def seen(choices: Choices) -> Booleans:
    """Return which features tell two candidates apart for enough seekers."""
    numbers = [np.unique(choices.seekers[choices.gaps[:, place] != 0]).size for place in range(len(choices.names))]
    return np.array(numbers) >= LEAST_SEEN


def margins(gaps: Floats, weights: Sequence[float]) -> Floats:
    """Return by how much the one that was chosen stands above the other, in units of the weights."""
    found: Floats = gaps @ np.asarray(weights, dtype=np.float64)
    return found


def held_out(choices: Choices, folds: int = FOLDS) -> Floats:
    """Return the margin of each comparison under weights learned without anything of its seeker.

    As in use, only weights above zero count. Seekers are shared out by a fixed draw; fewer than two cannot be judged
    and get 0. Cost: `folds` fits.
    """
    kinds, numbered = np.unique(choices.seekers, return_inverse=True)
    found = np.zeros(choices.seekers.size)
    if kinds.size < 2:
        return found
    parts = np.random.default_rng(SEED).permutation(kinds.size) % min(folds, kinds.size)
    told = seen(choices)
    for part in range(int(parts.max()) + 1):
        apart = parts[numbered] == part
        learned = np.maximum(_fitted(choices.gaps[~apart][:, told], choices.weights[~apart]), 0.0)
        found[apart] = margins(choices.gaps[apart][:, told], learned.tolist())
    return found


def rightly_placed(above: Floats, seekers: Ints, draws: int = 2_000) -> PlacedShare:
    """Return the share of comparisons where the one chosen stands first, each seeker counting alike.

    Equals count one half: an order that knows nothing gets 0.5. The interval comes from seekers drawn again.

    >>> rightly_placed(np.array([1.0, -1.0, 1.0]), np.array([0, 0, 1]), draws=10).value
    0.75
    """
    kinds, numbered = np.unique(seekers, return_inverse=True)
    right = np.where(above > 0, 1.0, np.where(above == 0, 0.5, 0.0))
    means = np.bincount(numbered, weights=right) / np.bincount(numbered)
    drawn = np.random.default_rng(SEED).integers(kinds.size, size=(draws, kinds.size))
    low, high = np.percentile(means[drawn].mean(axis=1), _JUDGED)
    return PlacedShare(
        float(means.mean()), Interval(float(low), float(high), "confidence", 0.99), int(kinds.size), int(above.size)
    )


def brier(above: Floats) -> float:
    """Return the mean square of what was wrong in the chances said, 0.25 for who says one in two every time.

    >>> brier(np.zeros(3))
    0.25
    """
    return float(((1.0 - _chances(above)) ** 2).mean())


def reliability(above: Floats) -> tuple[SaidChance, ...]:
    """Return, by how sure the order said it was of the one it placed first, how often it was that one; equals aside."""
    told = above[above != 0]
    sure, right = _chances(np.abs(told)), told > 0
    found = []
    for low, high in pairwise(_SAID):
        within = (sure >= low) & ((sure < high) | (high == 1.0))
        if within.any():
            found.append(
                SaidChance(low, high, float(sure[within].mean()), float(right[within].mean()), int(within.sum()))
            )
    return tuple(found)


def _chances(above: Floats) -> Floats:
    chances: Floats = 1.0 / (1.0 + np.exp(-np.clip(above, -30.0, 30.0)))
    return chances


def _fitted(table: Floats, weights: Floats) -> Floats:
    """Fit on gaps turned round every other time, since a comparison has no side of its own."""
    sides = np.where(np.arange(len(table)) % 2 == 0, 1.0, -1.0)
    kept = weights > 0
    turned, outcomes = (table * sides[:, None])[kept], (sides > 0)[kept]
    if not table.shape[1] or np.unique(outcomes).size < 2:
        return np.zeros(table.shape[1])
    fit = LogisticRegression(C=1.0 / PENALTY, fit_intercept=False, solver="newton-cholesky").fit(
        turned, outcomes, sample_weight=weights[kept]
    )
    found: Floats = fit.coef_[0]
    return found


def refitted(table: Floats, weights: Floats, near: Floats) -> Floats:
    """Return what the same regression finds with other weights, by Newton's steps from a solution that is near.

    Two hundred refits take as long as ten calls of scikit-learn. Cost: O(n·p²).
    """
    found = near.copy()
    for _ in range(_STEPS):
        chances = _chances(table @ found)
        slope = table.T @ (weights * (1.0 - chances)) - PENALTY * found
        curvature = table.T @ (table * (weights * chances * (1.0 - chances))[:, None])
        curvature[np.diag_indices(near.size)] += PENALTY
        found = found + np.linalg.solve(curvature, slope)
    return found


def _weight(name: str, found: tuple[float, float, float] | None) -> ChoiceWeight:
    if found is None:
        return ChoiceWeight(name, 0.0, None)
    value, low, high = (float(part) for part in found)
    return ChoiceWeight(name, value, Interval(low, high, "confidence", 0.95))
