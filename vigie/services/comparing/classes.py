"""The classes of a map of any number of values, whatever they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vigie.services.portrait.variables import MapClass, classes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

FINEST = 200
"""Quantiles in which values are gathered before classes are searched: the search is quadratic, and an eye sees five."""


def classed(values: Mapping[str, float]) -> tuple[Mapping[str, int], tuple[MapClass, ...]]:
    """Return the class of each value, by the same keys, and the classes in use from the lowest.

    Natural breaks on each side of zero, searched among at most 200 quantiles. Cost: O(n log n).
    """
    if not values:
        return {}, ()
    told = np.array(list(values.values()))
    marks = np.unique(told)
    if len(marks) > FINEST:
        marks = np.unique(np.quantile(marks, np.linspace(0, 1, FINEST + 1)[1:], method="higher"))
    # A value stands for the mark above it on its own side of zero, so that classes never straddle it.
    place = np.searchsorted(marks, told)
    snapped = np.where((told < 0) & (marks[place] >= 0), marks[np.maximum(place - 1, 0)], marks[place])
    found = classes_of(snapped.tolist(), len(told))
    steps = np.array([next(one.step for one in found if one.low <= value <= one.high) for value in snapped.tolist()])
    used = tuple(
        MapClass(one.step, float(told[steps == one.step].min()), float(told[steps == one.step].max())) for one in found
    )
    return dict(zip(values, steps.tolist(), strict=True)), used
