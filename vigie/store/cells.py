"""Cells of a grid of the Earth, so that a circle becomes a set of numbers (pure)."""

from __future__ import annotations

from math import asin, ceil, cos, floor, radians, sin, sqrt
from typing import NamedTuple

EARTH_RADIUS_KM = 6371.0088
"""Mean radius (IUGG): distances on a sphere differ by less than half a per cent."""
ROW = 1 << 14
SIDE = 16
COARSE = 1 << 28
FAMILY = 1 << 29
"""What sets apart the same cell of open, closed and other establishments: those of one state are found alone."""
STATES = ("A", "F")
LATITUDE_STEP = 180 / ROW
LONGITUDE_STEP = 360 / ROW
_KM_PER_DEGREE = EARTH_RADIUS_KM * 3.141592653589793 / 180
"""Length of a degree of latitude."""


class Cover(NamedTuple):
    """Numbers of cells: those `inside`, fine or coarse, lie wholly in the circle; those of the `edge` only in part."""

    inside: list[int]
    edge: list[int]


class _Row(NamedTuple):
    """What a circle touches of a row of fine cells: columns from `first` to `last`, wholly from `start` to `stop`."""

    row: int
    first: int
    last: int
    start: int
    stop: int


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the great-circle distance between two points, in km (haversine, mean radius of the Earth)."""
    a, b = radians(latitude), radians(other_latitude)
    across = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(across)))


def coarse(row: int, column: int) -> int:
    """Return the number of the coarse cell that holds a fine one; it is never that of a fine cell."""
    return COARSE + (row // SIDE) * ROW + column // SIDE


def families(state: str | None) -> tuple[int, ...]:
    """Return what to add to the number of a cell for a state: "A" (open), "F" (closed), another, or all for `None`."""
    if state is None:
        return tuple(rank * FAMILY for rank in range(len(STATES) + 1))
    return ((STATES.index(state) if state in STATES else len(STATES)) * FAMILY,)


def cover(latitude: float, longitude: float, radius_km: float) -> Cover:
    """Cover a circle by cells; every point of the circle lies in one of them.

    Fine cells are about 1.2 km high, coarse ones 16 times as much: they fill the middle of a large circle. Near a pole
    or across the 180th meridian, rows are taken whole.
    """
    reach = radius_km / _KM_PER_DEGREE
    bottom = max(0, floor((latitude - reach + 90) / LATITUDE_STEP))
    top = min(ROW - 1, floor((latitude + reach + 90) / LATITUDE_STEP))
    rows = [_touched(row, latitude, longitude, radius_km) for row in range(bottom, top + 1)]
    found = Cover([], [])
    for group in range(bottom // SIDE, top // SIDE + 1):
        _fill(found, group, [row for row in rows if row.row // SIDE == group])
    return found


def _fill(found: Cover, group: int, rows: list[_Row]) -> None:
    """Add the cells of up to `SIDE` rows: coarse ones where all of them are inside, fine ones around."""
    left = ceil(max(row.start for row in rows) / SIDE)
    right = (min(row.stop for row in rows) + 1) // SIDE
    if len(rows) < SIDE or left >= right:
        left = right = 0
    found.inside.extend(coarse(group * SIDE, column * SIDE) for column in range(left, right))
    for row in rows:
        base = row.row * ROW
        for column in range(row.first, row.last + 1):
            if row.start <= column <= row.stop:
                if not left * SIDE <= column < right * SIDE:
                    found.inside.append(base + column)
            else:
                found.edge.append(base + column)


def _touched(row: int, latitude: float, longitude: float, radius_km: float) -> _Row:
    south = row * LATITUDE_STEP - 90
    north = south + LATITUDE_STEP
    nearest = min(max(latitude, south), north)
    wide = max(_half_width(latitude, lat, radius_km) for lat in (nearest, south, north))
    narrow = min(_half_width(latitude, lat, radius_km) for lat in (south, north))
    first, last = _columns(longitude - wide, longitude + wide)
    if narrow <= 0 or first == 0 or last == ROW - 1:
        return _Row(row, first, last, 0, -1)
    start = ceil((longitude - narrow + 180) / LONGITUDE_STEP)
    return _Row(row, first, last, start, floor((longitude + narrow + 180) / LONGITUDE_STEP) - 1)


def _half_width(latitude: float, parallel: float, radius_km: float) -> float:
    """Half the length, in degrees of longitude, of a parallel inside a circle; 0 when it does not meet it."""
    a, b = radians(latitude), radians(parallel)
    gap = sin(radius_km / EARTH_RADIUS_KM / 2) ** 2 - sin((b - a) / 2) ** 2
    if gap <= 0:
        return 0.0
    across = gap / max(cos(a) * cos(b), 1e-12)
    return 180.0 if across >= 1 else 2 * asin(sqrt(across)) * 180 / 3.141592653589793


def _columns(west: float, east: float) -> tuple[int, int]:
    if west < -180 or east >= 180:
        return 0, ROW - 1
    return max(0, floor((west + 180) / LONGITUDE_STEP) - 1), min(ROW - 1, floor((east + 180) / LONGITUDE_STEP) + 1)
