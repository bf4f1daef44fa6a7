"""Classes of a map: natural breaks of any number of values, none across zero."""

from __future__ import annotations

import numpy as np
import pytest

from tests.not_empty import not_empty
from vigie.services.comparing.classes import classed


def test_classes_part_groups_and_bound_what_they_hold() -> None:
    steps, classes = classed({"a": 1.0, "b": 2.0, "c": 50.0, "d": 51.0, "e": 1.5})
    assert steps["a"] == steps["b"] == steps["e"] or len(classes) > 2
    assert all(one.low <= one.high for one in not_empty(classes))
    assert min(one.low for one in classes) == 1.0
    assert max(one.high for one in classes) == 51.0


def test_no_class_straddles_zero() -> None:
    values = dict(enumerate(np.random.default_rng(5).normal(0, 10, 3_000).tolist()))
    steps, classes = classed({str(key): value for key, value in values.items()})
    assert len(steps) == 3_000
    assert {one.step for one in classes} == {-2, -1, 1, 2, 3}
    assert all((value < 0) == (steps[str(key)] < 0) for key, value in not_empty(values.items()))
    for one in not_empty(classes):
        held = [value for key, value in values.items() if steps[str(key)] == one.step]
        assert (min(held), max(held)) == (one.low, one.high)


@pytest.mark.parametrize("values", [{}, {"a": 3.0}, {"a": 3.0, "b": 3.0}])
def test_few_values_have_as_few_classes(values: dict[str, float]) -> None:
    steps, classes = classed(values)
    assert set(steps) == set(values)
    assert len(classes) == min(len(values), 1)
