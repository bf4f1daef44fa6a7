"""Shift-share adds up; growth and rates say nothing when a term is missing."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.measures.dynamics import change, flow_rate, log_growth, shift_share


def test_components_add_up_to_the_change() -> None:
    rng = np.random.default_rng(4)
    before, after, nation_before, nation_after = rng.integers(1, 900, (4, 30))
    split = shift_share(before, after, nation_before, nation_after)
    np.testing.assert_allclose(split.total, after - before, atol=1e-9)


def test_a_territory_that_follows_the_reference_has_no_local_part() -> None:
    split = shift_share([10, 20], [11, 22], [100, 200], [110, 220])
    np.testing.assert_allclose(split.structural, 0, atol=1e-12)
    np.testing.assert_allclose(split.local, 0, atol=1e-12)


def test_an_activity_new_to_the_reference_is_local() -> None:
    split = shift_share([0, 10], [5, 10], [0, 100], [50, 100])
    assert split.local[0] == 5
    assert np.isnan(shift_share([3, 10], [5, 10], [0, 100], [50, 100]).local[0])


def test_growth_adds_up_over_periods() -> None:
    steps = [log_growth(100, 130), log_growth(130, 90)]
    assert sum(step for step in steps if step is not None) == pytest.approx(log_growth(100, 90))


@pytest.mark.parametrize("pair", [(None, 1), (1, None), (0, 1)])
def test_an_unknown_term_gives_an_unknown_change(pair: tuple[float | None, float | None]) -> None:
    assert log_growth(*pair) is None
    assert change(*pair) is None


def test_rates_refer_to_the_stock_at_the_start_of_the_year() -> None:
    assert flow_rate(5, 95, -5) == 0.05
    assert flow_rate(5, 5, 5) is None
    assert flow_rate(None, 95, 0) is None
