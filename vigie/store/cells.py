"""Cells of a grid of the Earth, so that a circle becomes a few ranges of numbers (pure)."""

from __future__ import annotations

from math import asin, ceil, cos, floor, radians, sin, sqrt
from typing import NamedTuple

EARTH_RADIUS_KM = 6371.0088
ROW = 1 << 14
LATITUDE_STEP = 180 / ROW
LONGITUDE_STEP = 360 / ROW
_KM_PER_DEGREE = EARTH_RADIUS_KM * 3.141592653589793 / 180


class Cover(NamedTuple):
    """Ranges of cells, ends included: `inside` ones lie wholly in the circle, those of the `edge` must be looked at."""

    inside: tuple[tuple[int, int], ...]
    edge: tuple[tuple[int, int], ...]


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the great-circle distance between two points, in km (haversine, mean radius of the Earth)."""
    a, b = radians(latitude), radians(other_latitude)
    across = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(across)))


def cover(latitude: float, longitude: float, radius_km: float) -> Cover:
    """Cover a circle by cells, row by row; every point of the circle lies in one of them.

    Cells are about 1.2 km high. Near a pole or across the 180th meridian, rows are taken whole.
    """
    reach = radius_km / _KM_PER_DEGREE
    bottom = max(0, floor((latitude - reach + 90) / LATITUDE_STEP))
    top = min(ROW - 1, floor((latitude + reach + 90) / LATITUDE_STEP))
    inside: list[tuple[int, int]] = []
    edge: list[tuple[int, int]] = []
    for row in range(bottom, top + 1):
        south = row * LATITUDE_STEP - 90
        north = south + LATITUDE_STEP
        nearest = min(max(latitude, south), north)
        wide = max(_half_width(latitude, lat, radius_km) for lat in (nearest, south, north))
        narrow = min(_half_width(latitude, lat, radius_km) for lat in (south, north))
        first, last = _columns(longitude - wide, longitude + wide)
        start = ceil((longitude - narrow + 180) / LONGITUDE_STEP)
        stop = floor((longitude + narrow + 180) / LONGITUDE_STEP) - 1
        base = row * ROW
        if narrow <= 0 or start > stop or first == 0 or last == ROW - 1:
            edge.append((base + first, base + last))
            continue
        inside.append((base + start, base + stop))
        edge += [
            span for span in ((base + first, base + start - 1), (base + stop + 1, base + last)) if span[0] <= span[1]
        ]
    return Cover(tuple(inside), tuple(edge))


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
