"""Longitude and latitude to the metres of INSEE's files: Lambert-93, or a UTM zone overseas.

The formulas are the forward side of those of `vigie.sources.lambert`, which reads the files: the conformal latitude
by its closed form, the conic of the IGN (NTG 71), Krüger's series of third order for UTM.
"""

from __future__ import annotations

import numpy as np

from vigie.sources.simulation.streams import Flags, Floats

_FLATTENING = 1 / 298.257222101
_ECCENTRICITY = np.sqrt(_FLATTENING * (2 - _FLATTENING))
_N = _FLATTENING / (2 - _FLATTENING)
_RADIUS = 0.9996 * 6378137.0 / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_ALPHA = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16,
    13 * _N**2 / 48 - 3 * _N**3 / 5,
    61 * _N**3 / 240,
)
_CONE, _SCALE, _EAST, _NORTH, _MERIDIAN = 0.7256077650, 11754255.426, 700000.0, 12655612.050, 3.0
# Central meridian and false northing of the UTM zone of each overseas département or collectivity.
ZONES = {
    "971": (-63.0, 0.0), "972": (-63.0, 0.0), "977": (-63.0, 0.0), "978": (-63.0, 0.0), "973": (-51.0, 0.0),
    "974": (57.0, 1e7), "976": (45.0, 1e7), "975": (-57.0, 0.0),
}  # fmt: skip


def lambert93(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    """Return Lambert-93 metres."""
    radius = _SCALE * np.exp(-_CONE * np.arctanh(np.sin(_conformal(latitude))))
    angle = _CONE * np.radians(longitude - _MERIDIAN)
    return _EAST + radius * np.sin(angle), _NORTH - radius * np.cos(angle)


def utm(longitude: Floats, latitude: Floats, central: Floats, north: Floats) -> tuple[Floats, Floats]:
    """Return metres in the UTM zone of a central meridian."""
    angle = np.radians(longitude - central)
    chi = _conformal(latitude)
    xi = np.arctan2(np.tan(chi), np.cos(angle))
    eta = np.arctanh(np.sin(angle) * np.cos(chi))
    x, y = eta.copy(), xi.copy()
    for rank, alpha in enumerate(_ALPHA, start=1):
        y += alpha * np.sin(2 * rank * xi) * np.cosh(2 * rank * eta)
        x += alpha * np.cos(2 * rank * xi) * np.sinh(2 * rank * eta)
    return 500_000.0 + _RADIUS * x, north + _RADIUS * y


def projected(longitude: Floats, latitude: Floats, zone: Floats, north: Floats) -> tuple[Floats, Floats]:
    """Return metres in Lambert-93 where `zone` (a central meridian) is not a number, in that UTM zone elsewhere."""
    overseas: Flags = ~np.isnan(zone)
    x, y = lambert93(longitude, latitude)
    if overseas.any():
        x[overseas], y[overseas] = utm(longitude[overseas], latitude[overseas], zone[overseas], north[overseas])
    return x, y


def _conformal(latitude: Floats) -> Floats:
    sine = np.sin(np.radians(latitude))
    return np.asarray(np.arcsin(np.tanh(np.arctanh(sine) - _ECCENTRICITY * np.arctanh(_ECCENTRICITY * sine))))
