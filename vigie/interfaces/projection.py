"""From longitude and latitude to the units of a drawing.

Metropolitan France is drawn in Lambert-93 (IGN's constants: secant cone at 44° and 49° north, GRS80), other places in
an equirectangular projection about their middle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, exp, log, pi, radians, sin, tan

WIDTH = 640.0
TALLEST = 760.0
MARGIN = 14.0
SMALLEST_SIDE = 2000.0
EARTH_RADIUS = 6371000.0

Position = tuple[float, float]
Ring = Sequence[Position]


@dataclass(frozen=True, slots=True)
class Frame:
    """A place on the earth fitted in a drawing `WIDTH` units wide and `height` high."""

    middle: Position
    metropolitan: bool
    left: float
    top: float
    scale: float
    height: float

    @classmethod
    def around(cls, positions: Iterable[Position]) -> Frame:
        """Fit (longitude, latitude) pairs in the drawing; raises `ValueError` when there are none."""
        places = list(positions)
        if not places:
            raise ValueError("a map needs at least one outline, town or point")
        west, east = min(lon for lon, _ in places), max(lon for lon, _ in places)
        south, north = min(lat for _, lat in places), max(lat for _, lat in places)
        middle = ((west + east) / 2, (south + north) / 2)
        metropolitan = west > -6 and east < 11 and south > 41 and north < 52
        planar = [project(place, middle, metropolitan) for place in places]
        left, right = min(x for x, _ in planar), max(x for x, _ in planar)
        bottom, top = min(y for _, y in planar), max(y for _, y in planar)
        wide, high = max(right - left, SMALLEST_SIDE), max(top - bottom, SMALLEST_SIDE * 0.7)
        scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / high)
        return cls(
            middle,
            metropolitan,
            (left + right) / 2 - WIDTH / 2 / scale,
            (top + bottom) / 2 + high / 2,
            scale,
            high * scale + 2 * MARGIN,
        )

    def place(self, longitude: float, latitude: float) -> Position:
        """Where a position falls in the drawing, from its upper left corner."""
        x, y = project((longitude, latitude), self.middle, self.metropolitan)
        return (x - self.left) * self.scale, MARGIN + (self.top - y) * self.scale

    def path(self, rings: Sequence[Ring]) -> str:
        """Closed subpaths in relative steps, rounded to a half unit; a ring smaller than a dot is dropped.

        The rounding is the same for neighbours, so shared borders stay shared while the drawing stays light.
        """
        return "".join(map(self._ring, rings))

    def _ring(self, ring: Ring) -> str:
        placed = (self.place(*vertex) for vertex in ring)
        rounded = [(round(x * 2), round(y * 2)) for x, y in placed]
        kept = [*rounded[:1], *(after for before, after in pairwise(rounded) if after != before)]
        if len(kept) < 4:
            return ""
        steps = [f"{(x - px) / 2:g} {(y - py) / 2:g}" for (px, py), (x, y) in pairwise(kept)]
        return f"M{kept[0][0] / 2:g} {kept[0][1] / 2:g}l{' '.join(steps)}z".replace(" -", "-")


def project(position: Position, middle: Position, metropolitan: bool) -> Position:
    """Planar metres: Lambert-93 for metropolitan France, else equirectangular about `middle`."""
    longitude, latitude = position
    if not metropolitan:
        across = radians(longitude - middle[0]) * cos(radians(middle[1]))
        return across * EARTH_RADIUS, radians(latitude) * EARTH_RADIUS
    exponent, constant, eccentricity = 0.7256077650532670, 11754255.426096, 0.0818191910428158
    phi = radians(latitude)
    lift = (1 - eccentricity * sin(phi)) / (1 + eccentricity * sin(phi))
    isometric = log(tan(pi / 4 + phi / 2) * lift ** (eccentricity / 2))
    radius, angle = constant * exp(-exponent * isometric), exponent * radians(longitude - 3.0)
    return 700000.0 + radius * sin(angle), 12655612.049876 - radius * cos(angle)
