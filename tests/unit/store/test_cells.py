"""A circle is covered by cells: nothing inside it is missed, nothing outside is taken for inside."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.store.cells import COARSE, LATITUDE_STEP, LONGITUDE_STEP, ROW, coarse, cover, distance_km, families

LATITUDES = st.floats(-60, 60)
LONGITUDES = st.floats(-170, 170)


def cells(latitude: float, longitude: float) -> set[int]:
    row = math.floor((latitude + 90) / LATITUDE_STEP)
    column = math.floor((longitude + 180) / LONGITUDE_STEP)
    return {row * ROW + column, coarse(row, column)}


def test_distances_agree_with_known_ones() -> None:
    assert distance_km(48.8566, 2.3522, 45.7640, 4.8357) == pytest.approx(391.5, abs=0.5)
    assert distance_km(46.0, 1.0, 46.0, 1.0) == 0
    assert distance_km(0, 0, 1, 0) == pytest.approx(math.pi * 6371.0088 / 180)


@given(LATITUDES, LONGITUDES, st.floats(0.01, 200), st.floats(0, 1.2), st.floats(0, 2 * math.pi))
def test_a_point_is_in_a_cell_of_the_circle_exactly_when_it_may_be(
    latitude: float, longitude: float, radius: float, share: float, angle: float
) -> None:
    away = share * radius / 111.195
    point = latitude + away * math.sin(angle), longitude + away * math.cos(angle) / math.cos(math.radians(latitude))
    found = cover(latitude, longitude, radius)
    distance = distance_km(latitude, longitude, *point)
    if distance <= radius:
        assert cells(*point) & {*found.inside, *found.edge}
    if cells(*point) & set(found.inside):
        assert distance <= radius


@given(LATITUDES, LONGITUDES, st.floats(0.1, 200))
def test_no_fine_cell_is_said_twice(latitude: float, longitude: float, radius: float) -> None:
    found = cover(latitude, longitude, radius)
    fine = [number for number in (*found.inside, *found.edge) if number < COARSE]
    large = {number for number in found.inside if number >= COARSE}
    assert len(fine) == len(set(fine))
    assert not any(coarse(*divmod(number, ROW)) in large for number in fine)


def test_a_cell_of_one_state_is_never_that_of_another() -> None:
    largest = max(ROW * ROW - 1, coarse(ROW - 1, ROW - 1))
    found = [(family, family + largest) for family in families(None)]
    assert len(found) == 3 and all(found[rank][1] < found[rank + 1][0] for rank in range(2))
    assert {families("A"), families("F"), families("N")} == {(family,) for family in families(None)}


def test_a_large_circle_takes_few_cells() -> None:
    assert len(cover(46.5, 2.5, 10).inside) + len(cover(46.5, 2.5, 10).edge) < 400
    assert sum(map(len, cover(46.5, 2.5, 500))) < 60_000
