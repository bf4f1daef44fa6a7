"""A circle is covered by cells: nothing inside it is missed, nothing outside is taken for inside."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.store.cells import LATITUDE_STEP, LONGITUDE_STEP, ROW, cover, distance_km

LATITUDES = st.floats(-60, 60)
LONGITUDES = st.floats(-170, 170)


def cell(latitude: float, longitude: float) -> int:
    return math.floor((latitude + 90) / LATITUDE_STEP) * ROW + math.floor((longitude + 180) / LONGITUDE_STEP)


def holds(spans: tuple[tuple[int, int], ...], number: int) -> bool:
    return any(start <= number <= stop for start, stop in spans)


def test_distances_agree_with_known_ones() -> None:
    assert distance_km(48.8566, 2.3522, 45.7640, 4.8357) == pytest.approx(391.5, abs=0.5)
    assert distance_km(46.0, 1.0, 46.0, 1.0) == 0
    assert distance_km(0, 0, 1, 0) == pytest.approx(math.pi * 6371.0088 / 180)


@given(LATITUDES, LONGITUDES, st.floats(0.01, 120), st.floats(0, 1.2), st.floats(0, 2 * math.pi))
def test_a_point_is_in_a_cell_of_the_circle_exactly_when_it_may_be(
    latitude: float, longitude: float, radius: float, share: float, angle: float
) -> None:
    away = share * radius / 111.195
    point = latitude + away * math.sin(angle), longitude + away * math.cos(angle) / math.cos(math.radians(latitude))
    found = cover(latitude, longitude, radius)
    distance = distance_km(latitude, longitude, *point)
    if distance <= radius:
        assert holds(found.inside, cell(*point)) or holds(found.edge, cell(*point))
    if holds(found.inside, cell(*point)):
        assert distance <= radius


@given(LATITUDES, LONGITUDES, st.floats(0.1, 100))
def test_cells_are_listed_once(latitude: float, longitude: float, radius: float) -> None:
    found = cover(latitude, longitude, radius)
    spans = sorted((*found.inside, *found.edge))
    assert all(start <= stop for start, stop in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
