"""Size bands: "NN", "00" and an absent band are three different things, none of them zero."""

from __future__ import annotations

import itertools

import pytest

from tests.not_empty import not_empty
from vigie.domain.actors import SIZE_BANDS
from vigie.measures.coverage import coverage, known_share
from vigie.measures.workforce import headcount


def test_what_is_not_published_adds_nothing_and_is_counted_apart() -> None:
    found = headcount({"00": 3, "12": 1, "NN": 4, None: 2})
    assert (found.low, found.middle, found.high) == (20, 34.5, 49)
    assert (found.known, found.without, found.unpublished) == (4, 4, 2)
    assert found.coverage == 0.8


def test_an_open_band_has_no_upper_bound() -> None:
    found = headcount({"53": 1, "11": 1})
    assert (found.low, found.high) == (10_010, None)
    assert headcount({"53": 0, "11": 1}).high == 19


def test_an_unknown_band_is_refused() -> None:
    with pytest.raises(KeyError):
        headcount({"99": 1})


def test_bands_follow_one_another() -> None:
    bands = list(SIZE_BANDS.values())
    assert all(high is not None and after == high + 1 for (_, high), (after, _) in not_empty(itertools.pairwise(bands)))


def test_coverage_of_nothing_is_not_zero() -> None:
    assert coverage(0, 0) is None
    assert known_share({}) is None
    assert known_share({"O": 1, None: 3}) == 0.25
