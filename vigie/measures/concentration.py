"""Specialisation and concentration of activities over territories, in closed form.

Shared conventions: a table has one row per territory and one column per activity; the reference includes the
territory itself; Krugman's index runs from 0 to 2; Gini carries no small-sample factor n/(n-1).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def shares(values: ArrayLike) -> Floats:
    """Divide by the sum along the last axis: the share of each part (0 to 1), NaN where the sum is zero.

    Cost: O(n).

    >>> shares([1, 3]).tolist()
    [0.25, 0.75]
    """
    amounts = _amounts(values)
    totals = amounts.sum(axis=-1, keepdims=True)
    parts: Floats = np.divide(amounts, totals, out=np.full_like(amounts, np.nan), where=totals > 0)
    return parts


def location_quotient(table: ArrayLike, reference: ArrayLike | None = None) -> Floats:
    """Compare the share of each activity in a territory with its share in the reference.

    LQ = (x_ra / x_r) / (X_a / X): a ratio, 1 meaning "as in the reference"; the reference is the sum of the rows
    unless given. NaN where the reference has none of the activity or the territory is empty. Cost: O(n) in cells.
    Source: Florence (1939); conventions of EconGeo's `location_quotient`.

    >>> location_quotient([[8, 2], [2, 8]]).tolist()
    [[1.6, 0.4], [0.4, 1.6]]
    """
    local = shares(table)
    national = shares(_reference(table, reference))
    return np.divide(local, national, out=np.full_like(local, np.nan), where=national > 0)


def above_reference(here: ArrayLike, reference: ArrayLike) -> Floats:
    """Count what a territory holds of each activity beyond its share of the reference.

    E_a = x_a - x * X_a / X, in the unit of the amounts; positive where the activity is more present than in the
    reference. NaN where the reference is empty. Cost: O(n).
    Source: the "surplus" of the export base model (Hoyt, 1936; Isard, 1960).

    >>> above_reference([8, 2], [50, 50]).tolist()
    [3.0, -3.0]
    """
    local = _amounts(here)
    expected: Floats = shares(reference) * local.sum(axis=-1, keepdims=True)
    return local - expected


def krugman(table: ArrayLike, reference: ArrayLike | None = None) -> Floats:
    """Sum the gaps between the structure of each territory and that of the reference.

    K = sum_a |s_ra - s_a|, from 0 (same structure) to 2 (nothing in common); its half is the share of the
    activity that would have to change sector. Cost: O(n) in cells. Source: Krugman (1991).

    >>> krugman([[8, 2], [2, 8]]).round(12).tolist()
    [0.6, 0.6]
    """
    gaps: Floats = np.abs(shares(table) - shares(_reference(table, reference))).sum(axis=-1)
    return gaps


def specialisation(table: ArrayLike, reference: ArrayLike | None = None) -> Floats:
    """Return the share of a territory's activity that would have to change sector to be like the reference.

    S = K / 2, K being Krugman's index: 0 (same structure) to 1 (nothing in common). Cost: O(n) in cells.
    Source: Hoover and Giarratani (1984), coefficient of specialisation.

    >>> specialisation([[8, 2], [2, 8]]).round(12).tolist()
    [0.3, 0.3]
    """
    halves: Floats = krugman(table, reference) / 2.0
    return halves


def hachman(table: ArrayLike, reference: ArrayLike | None = None) -> Floats:
    """Measure how much the structure of each territory is like that of the reference: 1 (the same) down to 0.

    H = 1 / sum_a LQ_ra s_ra, activities that the reference lacks counting for nothing. NaN for an empty territory.
    Cost: O(n) in cells. Source: Hachman (1994).

    >>> hachman([[5, 5], [5, 5]]).tolist()
    [1.0, 1.0]
    """
    weighted = np.nansum(location_quotient(table, reference) * shares(table), axis=-1)
    likeness: Floats = np.divide(1.0, weighted, out=np.full_like(weighted, np.nan), where=weighted > 0)
    return likeness


def herfindahl(values: ArrayLike) -> Floats:
    """Sum the squared shares along the last axis: from 1/n (even) to 1 (all in one).

    Its inverse is the number of equal parts that would be as concentrated. Cost: O(n).
    Source: Herfindahl (1950), Hirschman (1964).

    >>> float(herfindahl([50, 50])), float(1 / herfindahl([50, 50]))
    (0.5, 2.0)
    """
    squared: Floats = np.square(shares(values)).sum(axis=-1)
    return squared


def gini(values: ArrayLike) -> float:
    """Measure how unevenly an amount is spread over n holders: 0 (even) to (n-1)/n (all in one).

    G = 2 sum_i i y_(i) / (n sum y) - (n+1)/n. NaN when nothing is held. Cost: O(n log n). Source: Gini (1912).

    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 1])
    (0.0, 0.75)
    """
    held = np.sort(_amounts(values))
    count, total = held.size, held.sum()
    if not total > 0:
        return float("nan")
    ranks = np.arange(1, count + 1)
    return float(2 * (ranks * held).sum() / (count * total) - (count + 1) / count)


def locational_gini(table: ArrayLike) -> Floats:
    """Measure, for each activity, how far its places depart from the places of all activities together.

    Area between the diagonal and the Lorenz curve of the activity's territorial shares against overall ones,
    territories sorted by quotient: 0 (spread like the rest) to 0.5. NaN for an activity found nowhere.
    Cost: O(a r log r) for a activities and r territories. Source: Krugman (1991), EconGeo's `locational_gini`.

    >>> locational_gini([[10, 0], [0, 10]]).tolist()
    [0.25, 0.25]
    """
    amounts = _amounts(table)
    overall = shares(amounts.sum(axis=1))
    areas = np.full(amounts.shape[1], np.nan)
    for column, places in enumerate(shares(amounts.T)):
        if np.isnan(places).any():
            continue
        quotients = np.divide(places, overall, out=np.zeros_like(places), where=overall > 0)
        order = np.argsort(quotients, kind="stable")
        heights = np.concatenate([[0.0], np.cumsum(places[order])])
        areas[column] = 0.5 - float(((heights[1:] + heights[:-1]) / 2 * overall[order]).sum())
    return areas


def _reference(table: ArrayLike, reference: ArrayLike | None) -> Floats:
    return _amounts(table).sum(axis=0) if reference is None else _amounts(reference)


def _amounts(values: ArrayLike) -> Floats:
    amounts = np.asarray(values, dtype=np.float64)
    if (amounts < 0).any():
        raise ValueError("amounts cannot be negative")
    return amounts
