"""From longitude and latitude to the planar metres in which maps are drawn.

Metropolitan France is in Lambert-93 (IGN's constants: secant cone at 44° and 49° north, GRS80); each place overseas in
an equirectangular projection true along one parallel, the same for all that may be drawn together.
"""

from __future__ import annotations

from math import cos, exp, log, pi, radians, sin, tan

EARTH_RADIUS = 6371000.0
"""Mean radius in metres: a map of a territory shows no difference with the ellipsoid."""
PARALLELS = (-21.0, -13.0, 4.0, 16.0, 47.0)
"""La Réunion, Mayotte, Guyane, the French Antilles, Saint-Pierre-et-Miquelon."""

Position = tuple[float, float]


def parallel_of(longitude: float, latitude: float) -> float | None:
    """Return the parallel of the plane that a place is drawn on, `None` for metropolitan France (Lambert-93)."""
    if -6 < longitude < 11 and 41 < latitude < 52:
        return None
    return min(PARALLELS, key=lambda parallel: abs(parallel - latitude))


def project(position: Position, parallel: float | None) -> Position:
    """Return metres eastwards and northwards on the plane of a parallel, or in Lambert-93."""
    longitude, latitude = position
    if parallel is not None:
        return radians(longitude) * cos(radians(parallel)) * EARTH_RADIUS, radians(latitude) * EARTH_RADIUS
    exponent, constant, eccentricity = 0.7256077650532670, 11754255.426096, 0.0818191910428158
    phi = radians(latitude)
    lift = (1 - eccentricity * sin(phi)) / (1 + eccentricity * sin(phi))
    isometric = log(tan(pi / 4 + phi / 2) * lift ** (eccentricity / 2))
    radius, angle = constant * exp(-exponent * isometric), exponent * radians(longitude - 3.0)
    return 700000.0 + radius * sin(angle), 12655612.049876 - radius * cos(angle)
