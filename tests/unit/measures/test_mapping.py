"""Classes of a map: natural breaks against every other way to part the values, few classes for few shapes."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from tests.not_empty import not_empty
from vigie.measures.mapping import class_of, classes_for, natural_breaks
from vigie.services.portrait.variables import classes_of


def spread(values: list[float], bounds: tuple[float, ...]) -> float:
    """Sum of the squared distances of values to the mean of their class."""
    groups: dict[int, list[float]] = {}
    for value in values:
        groups.setdefault(class_of(value, bounds), []).append(value)
    return sum(float(np.var(group) * len(group)) for group in groups.values())


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("classes", [1, 2, 3, 4])
def test_no_other_bounds_part_the_values_better(seed: int, classes: int) -> None:
    values = [float(round(one, 1)) for one in np.random.default_rng(seed).gamma(1.5, 10, 14)]
    found = natural_breaks(values, classes)
    known = sorted(set(values))
    others = [(*cut, known[-1]) for cut in combinations(known[:-1], classes - 1)]
    least = min(spread(values, other) for other in not_empty(others))
    assert spread(values, found) == pytest.approx(least)
    assert len(found) == classes and found[-1] == known[-1]


def test_equal_values_share_a_class_and_few_values_have_few_classes() -> None:
    assert natural_breaks([7, 7, 7], 4) == (7,)
    assert natural_breaks([], 4) == ()
    assert natural_breaks([1, 1, 1, 1, 50, 90], 2) == (1, 90)
    with pytest.raises(ValueError, match="at least one class"):
        natural_breaks([1], 0)


def test_a_map_of_few_shapes_has_four_classes_at_most() -> None:
    values = [float(value) for value in range(40)]
    assert classes_for(11) == len(classes_of(values[:11], 11)) == 4
    assert classes_for(12) == len(classes_of(values, 40)) == 5


def test_zero_parts_what_grows_from_what_shrinks() -> None:
    classes = classes_of([-30.0, -2.0, 0.0, 1.0, 40.0], 5)
    assert [one.step for one in classes] == [-2, -1, 1, 2]
    assert all(not_empty((one.high < 0) == (one.step < 0) for one in classes))
    assert [one.step for one in classes_of([-3.0, -2.0], 2)] == [-2, -1]
