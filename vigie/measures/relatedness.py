"""How near two activities are, and how near an activity is to what a territory already holds.

A presence matrix has one row per territory and one column per activity. Relatednesses other than proximity follow Van
Eck and Waltman (2009) on the co-occurrence counts whose diagonal is zero, as EconGeo does.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from vigie.measures.concentration import Floats


class RelatednessKind(StrEnum):
    """How co-occurrences are set against what each activity would give by itself."""

    PROXIMITY = "proximity"
    ASSOCIATION = "association"
    JACCARD = "jaccard"
    COSINE = "cosine"
    PROBABILITY = "probability"


def cooccurrence(present: ArrayLike) -> Floats:
    """Count the territories where two activities are present together: C = Mᵀ M, ubiquities on the diagonal.

    Cost: O(r a²) for r territories and a activities. Exact up to 16 million territories.

    >>> cooccurrence([[1, 1, 0], [1, 0, 1]]).tolist()
    [[2.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 0.0, 1.0]]
    """
    held = np.asarray(present, dtype=np.float32)  # integers are exact in it up to 2**24, and twice as fast
    return (held.T @ held).astype(np.float64)


def related(present: ArrayLike, kind: RelatednessKind = RelatednessKind.PROXIMITY) -> Floats:
    """Return how near activities are to one another, a symmetric matrix; 0 is "never together".

    `proximity`: φ_ij = C_ij / max(u_i, u_j), the least of the two chances of holding one given the other, 0 to 1, with
    1 on the diagonal. The others are those of `related_by_counts`. Cost: O(r a²).
    Source: Hidalgo, Klinger, Barabási and Hausmann (2007).

    >>> related([[1, 1], [1, 0]]).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    counts = cooccurrence(present)
    if kind is not RelatednessKind.PROXIMITY:
        return related_by_counts(counts, kind)
    ubiquity = np.diag(counts)
    most = np.maximum.outer(ubiquity, ubiquity)
    return np.divide(counts, most, out=np.zeros_like(counts), where=most > 0)


def related_by_counts(counts: ArrayLike, kind: RelatednessKind) -> Floats:
    """Set symmetric co-occurrence counts, of whatever nature, against what chance would give; diagonal 0.

    With s_i the sum of row i without its diagonal and T that of all: `association` C_ij T / (s_i s_j), 1 meaning "as
    chance would"; `cosine` C_ij / √(s_i s_j); `jaccard` C_ij / (s_i + s_j - C_ij); `probability`
    C_ij / (T/2 · (s_i/T · s_j/(T - s_i) + s_j/T · s_i/(T - s_j))), the association corrected for pairs of distinct
    activities. Zero for an activity that meets no other. Raises `ValueError` for `proximity`, which needs presences.
    Cost: O(a²). Source: Van Eck and Waltman (2009); Steijn (2017) for `probability`.

    >>> related_by_counts([[0, 2, 0], [2, 0, 2], [0, 2, 0]], RelatednessKind.ASSOCIATION).tolist()
    [[0.0, 2.0, 0.0], [2.0, 0.0, 2.0], [0.0, 2.0, 0.0]]
    """
    pairs = np.array(counts, dtype=np.float64)
    np.fill_diagonal(pairs, 0.0)
    sums, total = pairs.sum(axis=1), pairs.sum()
    if kind is RelatednessKind.ASSOCIATION:
        expected = np.outer(sums, sums) / (total or 1.0)
    elif kind is RelatednessKind.COSINE:
        expected = np.sqrt(np.outer(sums, sums))
    elif kind is RelatednessKind.JACCARD:
        expected = np.add.outer(sums, sums) - pairs
    elif kind is RelatednessKind.PROBABILITY:
        odds = np.divide(sums, total - sums, out=np.zeros_like(sums), where=total > sums)
        expected = (np.outer(odds, sums) + np.outer(sums, odds)) / 2
    else:
        raise ValueError("proximity needs presences, not counts")
    return np.divide(pairs, expected, out=np.zeros_like(pairs), where=expected > 0)


def density(present: ArrayLike, near: ArrayLike, *, own: bool = True) -> Floats:
    """Say which share of what is near an activity a territory holds: 0 (nothing) to 1 (all of it).

    D_ra = sum_b M_rb φ_ab / sum_b φ_ab. With `own` the diagonal of `near` counts, as in the Atlas of Economic
    Complexity; without, an activity says nothing of itself, as in EconGeo (which prints hundredths). NaN for an
    activity near nothing. Cost: O(r a²). Source: Hidalgo et al. (2007); Boschma, Balland and Kogler (2015).

    >>> density([[1, 0], [1, 1]], [[1, 0.5], [0.5, 1]]).round(6).tolist()
    [[0.666667, 0.333333], [1.0, 1.0]]
    """
    weights = np.array(near, dtype=np.float64)
    if not own:
        np.fill_diagonal(weights, 0.0)
    sums = weights.sum(axis=0)
    shares = np.divide(weights, sums, out=np.full_like(weights, np.nan), where=sums > 0)
    around: Floats = np.asarray(present, dtype=np.float64) @ shares
    return around


def by_shared_occupations(hirings: ArrayLike) -> Floats:
    """Return the chance of going from one activity to another by an occupation that both hire; sums to 1 by row.

    `hirings` has one row per occupation and one column per activity. With p_oa the share of occupation o in the
    hirings of activity a, R_ab = sum_o p_oa p_ob / sum_c p_oc: draw one of the hirings of a, then one of the activities
    that hire this occupation, in proportion to what it weighs in each. Symmetric, each row sums to 1 with its diagonal;
    zero for an activity that hires nobody. Cost: O(o a²) for o occupations. Source: relatedness by labour flows and
    skills of Neffke and Henning (2013), here by the occupations hired.

    >>> by_shared_occupations([[10, 10, 0], [0, 10, 10]]).round(6).tolist()
    [[0.666667, 0.333333, 0.0], [0.333333, 0.333333, 0.333333], [0.0, 0.333333, 0.666667]]
    """
    weights, sums = _profiles(hirings)
    spread = np.divide(weights, sums[:, None], out=np.zeros_like(weights), where=sums[:, None] > 0)
    near: Floats = weights.T @ spread
    return near


def shared_occupations(hirings: ArrayLike, one: int, other: int) -> Floats:
    """Return what each occupation adds to the relatedness of two activities: p_oa p_ob / sum_c p_oc, by row.

    They sum to the value that `by_shared_occupations` gives to the pair. Cost: O(n) in cells.

    >>> shared_occupations([[10, 10, 0], [0, 10, 10]], 0, 1).round(6).tolist()
    [0.333333, 0.0]
    """
    weights, sums = _profiles(hirings)
    product = weights[:, one] * weights[:, other]
    return np.divide(product, sums, out=np.zeros_like(product), where=sums > 0)


def by_flows(flows: ArrayLike, outputs: ArrayLike) -> Floats:
    """Return how much two activities supply one another, per unit of what each produces; diagonal 0.

    `flows[i, j]` is what i sells to j, `outputs` what each produces, in one unit. V_ab = (f_ab / x_b + f_ba / x_a) / 2:
    the mean of what a unit of each takes from the other. Negative flows count for nothing; zero where there is no
    output. Cost: O(a²). Source: Fan and Lang (2000), vertical relatedness.

    >>> by_flows([[0, 20], [10, 0]], [100, 50]).tolist()
    [[0.0, 0.25], [0.25, 0.0]]
    """
    sold, made = np.clip(np.asarray(flows, dtype=np.float64), 0.0, None), np.asarray(outputs, dtype=np.float64)
    needed = np.divide(sold, made, out=np.zeros_like(sold), where=made > 0)
    near: Floats = (needed + needed.T) / 2.0
    np.fill_diagonal(near, 0.0)
    return near


def _profiles(hirings: ArrayLike) -> tuple[Floats, Floats]:
    """Return the share of each occupation in the hirings of each activity, and their sums by occupation."""
    counts = np.asarray(hirings, dtype=np.float64)
    totals = counts.sum(axis=0)
    weights = np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0)
    return weights, weights.sum(axis=1)
