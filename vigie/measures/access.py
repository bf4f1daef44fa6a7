"""How far a place is by road, where no network of roads is given, and what is within reach of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

START_MINUTES, DETOUR, SPEED = 2.0, 1.3, 50.0
"""What the estimate stands on: minutes to leave and park, roads 1.3 times as long as the crow flies (the usual ratio in
France), 50 km/h door to door."""


def travel_minutes(crow_km: float) -> float:
    """Return the estimated minutes of a trip from the distance as the crow flies, in km.

    t = 2 + 60 · 1.3 · d / 50. Raises `ValueError` for a negative distance. Cost: O(1).
    Source: a choice of Vigie, until a network of roads is given.

    >>> travel_minutes(0), travel_minutes(10)
    (2.0, 17.6)
    """
    if crow_km < 0:
        raise ValueError("a distance is not negative")
    return round(START_MINUTES + 60.0 * DETOUR * crow_km / SPEED, 6)


def reached_km(minutes: float) -> float:
    """Return how far, as the crow flies and in km, one gets in some minutes; 0 below two. Cost: O(1).

    >>> round(reached_km(30), 2), reached_km(1)
    (17.95, 0.0)
    """
    return max(0.0, (minutes - START_MINUTES) * SPEED / 60.0 / DETOUR)


def within(minutes: Floats, bound: float, *, strict: bool = True) -> Floats:
    """Return 1 where a trip (in minutes, any shape) takes less than `bound`, or as much unless `strict`; else 0."""
    kept: Floats = ((minutes < bound) if strict else (minutes <= bound)).astype(np.float64)
    return kept


def stepped(minutes: Floats, steps: Mapping[float, float]) -> Floats:
    """Return the weight (0 to 1) of trips by steps: that of the first bound not passed, 0 beyond the last.

    >>> stepped(np.array([5.0, 20.0, 31.0]), {10: 1, 20: 0.68, 30: 0.22}).tolist()
    [1.0, 0.68, 0.0]
    """
    weights = np.zeros_like(minutes)
    for bound in sorted(steps, reverse=True):
        weights[minutes <= bound] = steps[bound]
    return weights


def gaussian(minutes: Floats, spread: float) -> Floats:
    """Return the weight (0 to 1) of trips, exp(−t²/2σ²); `spread` is σ, in minutes."""
    weights: Floats = np.exp(-(minutes**2) / (2 * spread**2))
    return weights


def opportunities(weights: Floats, supply: Floats) -> Floats:
    """Return what each place reaches, Aᵢ = Σⱼ wᵢⱼ·Sⱼ, in the unit of the supply: shape (n,).

    Weights of 0 and 1 count what is within reach, exp(−βt) and t^(−α) are Hansen's. Cost: O(n²).
    Source: Hansen (1959).
    """
    reached: Floats = weights @ supply
    return reached


def two_step(weights: Floats, demand: Floats, supply: Floats) -> Floats:
    """Return how much supply there is for one of those who share it: shape (n,), supply per unit of demand.

    Rⱼ = Sⱼ / Σᵢ wᵢⱼ·Dᵢ, then Aᵢ = Σⱼ wᵢⱼ·Rⱼ, so that Σ Dᵢ·Aᵢ is the supply that somebody reaches. Rows of
    `weights` (n, n) ask, columns offer. Cost: O(n²). Source: Luo and Wang (2003); Luo and Qi (2009) for steps.
    """
    claimed = weights.T @ demand
    shares: Floats = weights @ np.divide(supply, claimed, out=np.zeros_like(claimed), where=claimed > 0)
    return shares


def three_step(weights: Floats, demand: Floats, supply: Floats) -> Floats:
    """Return the same where each place shares its demand between what it reaches, so that none is counted twice.

    Gᵢⱼ = wᵢⱼ / Σₖ wᵢₖ; two steps with w·G. Shape (n,). Cost: O(n²). Source: Wan, Zou and Sternberg (2012).
    """
    totals = weights.sum(axis=1, keepdims=True)
    chosen = np.divide(weights, totals, out=np.zeros_like(weights), where=totals > 0)
    return two_step(weights * chosen, demand, supply)


def floating_ratio(weights: Floats, demand: Floats, supply: Floats) -> Floats:
    """Return supply over demand within reach of each place, 0 where nobody is: shape (n,).

    Cost: O(n²). Source: Luo (2004).
    """
    around = weights @ demand
    ratio: Floats = np.divide(weights @ supply, around, out=np.zeros_like(around), where=around > 0)
    return ratio
