"""Likeness of territories: distances in spreads, capped, over what both know."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.measures.likeness import FARTHEST, differences, distances, spreads

NAN = float("nan")


def test_a_spread_is_that_of_the_middle_half() -> None:
    values = np.array([[0.0, 5.0, NAN], [1.0, 5.0, NAN], [2.0, 5.0, NAN], [3.0, 5.0, NAN], [4.0, 9.0, NAN]])
    found = spreads(values)
    assert found[0] == pytest.approx(2 / 1.349)
    assert found[1] == pytest.approx(np.std([5, 5, 5, 5, 9]))  # the quartiles are the same
    assert np.isnan(found[2])
    assert np.isnan(spreads(np.ones((4, 1)))[0])


def test_a_normal_law_has_its_standard_deviation_as_spread() -> None:
    values = np.random.default_rng(3).normal(10, 4, (20_000, 1))
    assert spreads(values)[0] == pytest.approx(4, rel=0.03)


def test_a_distance_is_over_what_both_know_and_says_how_much() -> None:
    values = np.array([[0.0, 0.0, 0.0], [1.0, 2.0, NAN], [NAN, NAN, NAN], [0.0, 0.0, 0.0]])
    near, known = distances(values, 0, np.ones(3), np.array([1.0, 1.0, 2.0]))
    assert near[0] == near[3] == 0
    assert near[1] == pytest.approx(np.sqrt((1 + 4) / 2))
    assert np.isnan(near[2])
    assert known.tolist() == [1.0, 0.5, 0.0, 1.0]


def test_one_outlier_counts_for_no_more_than_the_cap() -> None:
    values = np.array([[0.0, 0.0], [1e9, 0.0]])
    near, _ = distances(values, 0, np.ones(2), np.ones(2))
    assert near[1] == pytest.approx(FARTHEST / np.sqrt(2))
    assert differences(values, 0, np.full(2, 10.0))[1].tolist() == [1e8, 0.0]


def test_distances_do_not_depend_on_units() -> None:
    values = np.random.default_rng(1).random((30, 4))
    scaled = values * [1, 1000, 0.01, 7] + [0, 5, 100, -3]
    one, _ = distances(values, 4, spreads(values), np.ones(4))
    other, _ = distances(scaled, 4, spreads(scaled), np.ones(4))
    assert np.argsort(one).tolist() == np.argsort(other).tolist()
    assert one == pytest.approx(other)
