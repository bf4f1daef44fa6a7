"""What the indices must do whatever the figures: ranges, extremes, and unknowns that stay unknown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.measures.concentration import (
    above_reference,
    gini,
    herfindahl,
    krugman,
    location_quotient,
    locational_gini,
    shares,
)
from vigie.measures.intervals import wilson
from vigie.measures.variety import entropy, theil, variety

amounts = st.lists(st.integers(0, 10_000), min_size=2, max_size=30).filter(lambda values: sum(values) > 0)


@given(amounts)
def test_indices_stay_in_their_range(values: list[int]) -> None:
    n = len(values)
    assert 1 / n - 1e-12 <= herfindahl(values) <= 1
    assert -1e-12 <= gini(values) <= (n - 1) / n + 1e-12
    assert 0 <= entropy(values) <= np.log2(n) + 1e-12
    assert -1e-12 <= theil(values).total <= np.log(n) + 1e-12
    assert 0 <= krugman(values, np.roll(values, 1)) <= 2 + 1e-12


@given(amounts, amounts)
def test_what_is_beyond_the_reference_sums_to_nothing(here: list[int], there: list[int]) -> None:
    size = min(len(here), len(there))
    here, there = here[:size], there[:size]
    if not sum(there):
        assert np.isnan(above_reference(here, there)).all()
        return
    assert above_reference(here, there).sum() == pytest.approx(0, abs=1e-6 * max(1, sum(here)))


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_of_a_share_holds_it(count: int, total: int) -> None:
    count = min(count, total)
    low, high = wilson(count, total)
    assert 0 <= low <= count / total <= high <= 1
    with pytest.raises(ValueError, match="units"):
        wilson(0, 0)


@given(amounts, st.integers(1, 5))
def test_variety_is_the_sum_of_its_parts(values: list[int], groups: int) -> None:
    split = variety(values, [str(position % groups) for position in range(len(values))])
    assert split.total == split.unrelated + split.related
    assert split.total == pytest.approx(entropy(values), abs=1e-12)
    assert split.unrelated >= 0
    assert split.related >= 0


@given(amounts)
def test_theil_adds_up_over_groups(values: list[int]) -> None:
    split = theil(values, [str(position % 2) for position in range(len(values))])
    assert split.total == pytest.approx(theil(values).total, abs=1e-9)


def test_extremes() -> None:
    assert krugman([1, 0], [0, 1]) == 2
    assert krugman([3, 7], [30, 70]) == pytest.approx(0, abs=1e-15)
    assert locational_gini([[0, 5], [0, 5]])[1] == pytest.approx(0)


def test_what_is_empty_is_unknown_not_zero() -> None:
    assert np.isnan(shares([0, 0])).all()
    assert np.isnan(location_quotient([[0, 0], [1, 1]])[0]).all()
    assert np.isnan(location_quotient([1, 2], [0, 3])[0])
    assert np.isnan(locational_gini([[0, 5], [0, 5]])[0])
    assert np.isnan(gini([0, 0]))
    assert np.isnan(entropy([0, 0]))
    assert np.isnan(theil([0, 0]).total)


def test_negative_amounts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        herfindahl([-1, 2])
