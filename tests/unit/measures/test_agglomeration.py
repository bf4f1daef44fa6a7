"""Bounds of Ellison and Glaeser's index always contain the index of the true sizes."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.actors import SIZE_BANDS
from vigie.measures.agglomeration import ellison_glaeser, ellison_glaeser_bounds

plants = st.lists(st.tuples(st.integers(1, 20_000), st.integers(0, 3)), min_size=2, max_size=25)


def band_of(size: int) -> tuple[float, float]:
    low, high = next(b for b in SIZE_BANDS.values() if b[0] <= size and (b[1] is None or size <= b[1]))
    return low, math.inf if high is None else high


@given(plants, st.lists(st.integers(1, 1_000), min_size=4, max_size=4))
def test_the_truth_is_inside_the_bounds(firms: list[tuple[int, int]], weights: list[int]) -> None:
    sizes, places = [size for size, _ in firms], [place for _, place in firms]
    bands = [band_of(size) for size in sizes]
    truth = ellison_glaeser(sizes, places, weights)
    gamma, raw, herfindahl = ellison_glaeser_bounds(
        [low for low, _ in bands], [high for _, high in bands], places, weights
    )
    assert raw.low - 1e-12 <= truth.raw <= raw.high + 1e-12
    assert herfindahl.low - 1e-12 <= truth.plants <= herfindahl.high + 1e-12
    if gamma.low is not None:
        assert gamma.low - 1e-9 <= truth.gamma <= gamma.high + 1e-9


@given(plants, st.lists(st.integers(1, 1_000), min_size=4, max_size=4))
def test_known_sizes_leave_no_doubt(firms: list[tuple[int, int]], weights: list[int]) -> None:
    sizes, places = [size for size, _ in firms], [place for _, place in firms]
    gamma, _, _ = ellison_glaeser_bounds(sizes, sizes, places, weights)
    assert gamma.low is not None
    assert gamma.high is not None
    assert math.isclose(gamma.low, gamma.high, rel_tol=1e-9, abs_tol=1e-9)


def test_a_single_plant_says_nothing() -> None:
    assert math.isnan(ellison_glaeser([12], [0], [1, 1]).gamma)


def test_a_plant_that_may_be_everything_bounds_nothing() -> None:
    gamma, _, plants = ellison_glaeser_bounds([10_000, 1], [math.inf, 2], [0, 1], [1, 1])
    assert (gamma.low, gamma.high, plants.high) == (None, None, 1.0)
