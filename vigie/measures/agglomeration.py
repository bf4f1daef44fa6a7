"""Do the plants of an activity cluster beyond chance? Ellison and Glaeser's index, exact or bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from vigie.domain.finding import Interval
from vigie.measures.concentration import Floats, herfindahl, shares


@dataclass(frozen=True, slots=True)
class Agglomeration:
    """Ellison and Glaeser's γ with its two ingredients: raw concentration G and plant concentration H."""

    gamma: float
    raw: float
    plants: float


def ellison_glaeser(sizes: ArrayLike, places: Sequence[int], weights: ArrayLike) -> Agglomeration:
    """Measure how far plants of one activity cluster beyond what their own sizes and chance would give.

    γ = (G/(1 - sum x²) - H) / (1 - H), with G = sum_i (s_i - x_i)², s the territories' shares of the activity,
    x their shares of all employment (`weights`), H the Herfindahl of the plants. About 0 by chance, above 0.05
    for a clustered activity; no unit. `places` gives the territory (row of `weights`) of each plant. NaN with a
    single plant. Cost: O(plants + territories). Source: Ellison and Glaeser (1997).

    >>> round(ellison_glaeser([10, 10], [0, 0], [50, 50]).gamma, 12)
    1.0
    """
    reference = shares(weights)
    local = np.bincount(np.asarray(places), weights=np.asarray(sizes, dtype=np.float64), minlength=reference.size)
    raw = float(np.square(shares(local) - reference).sum())
    plants = float(herfindahl(sizes))
    return Agglomeration(_gamma(raw, plants, reference), raw, plants)


def ellison_glaeser_bounds(
    low: ArrayLike, high: ArrayLike, places: Sequence[int], weights: ArrayLike
) -> tuple[Interval, Interval, Interval]:
    """Bound γ, G and H when each plant's size is only known to lie between `low` and `high` (its band).

    Shares are bounded one by one, then G, H and γ from them: the true values are always inside, but the bounds
    are wider than the tightest ones. `high` may be infinite (open band): γ may then
    have none. Cost: O(plants + territories).

    >>> gamma, raw, plants = ellison_glaeser_bounds([10, 10], [19, 19], [0, 1], [50, 50])
    >>> gamma.low <= ellison_glaeser([12, 18], [0, 1], [50, 50]).gamma <= gamma.high
    True
    """
    least, most = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    reference, where = shares(weights), np.asarray(places)
    own_low, own_high = _share_bounds(least, most)
    plants_low = max(float(np.square(own_low).sum()), 1.0 / least.size)
    plants_high = min(float(np.square(own_high).sum()), 1.0)
    plants = Interval(plants_low, plants_high)
    local_low, local_high = _share_bounds(
        np.bincount(where, weights=least, minlength=reference.size).astype(np.float64),
        np.bincount(where, weights=most, minlength=reference.size).astype(np.float64),
    )
    nearest = np.maximum(0.0, np.maximum(local_low - reference, reference - local_high))
    farthest = np.maximum(np.abs(local_low - reference), np.abs(local_high - reference))
    raw_low, raw_high = float(np.square(nearest).sum()), min(float(np.square(farthest).sum()), 2.0)
    raw = Interval(raw_low, raw_high)
    if plants_high >= 1.0:  # one plant may hold nearly everything: nothing then bounds γ
        return Interval(None, None), raw, plants
    # γ is monotonic in G, and in H for a given G: its extremes stand at the corners.
    corners = [_gamma(g, h, reference) for g in (raw_low, raw_high) for h in (plants_low, plants_high)]
    return Interval(min(corners), max(corners)), raw, plants


def _gamma(raw: float, plants: float, reference: Floats) -> float:
    if plants >= 1.0:
        return float("nan")
    return float((raw / (1.0 - np.square(reference).sum()) - plants) / (1.0 - plants))


def _share_bounds(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Bound the share of each amount when every amount lies between its own bounds."""
    unbounded = np.isinf(high)
    finite = np.where(unbounded, 0.0, high)
    others_high = np.where(unbounded.sum() - unbounded > 0, np.inf, finite.sum() - finite)
    others_low = low.sum() - low
    smallest = np.divide(low, low + others_high, out=np.zeros_like(low), where=low > 0)
    largest = np.divide(finite, finite + others_low, out=np.zeros_like(low), where=finite + others_low > 0)
    return smallest, np.where(unbounded, 1.0, largest)
