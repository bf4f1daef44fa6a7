"""Coordinates inside the outline of the right commune, in the projection that INSEE uses there.

Each commune gets a few dozen anchors inside its outline, with the distance of each to the border; an establishment
stands around one of them, nearer than the border. Establishments gather as in towns, and none is outside.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from vigie.sources.simulation.columns import Columns, decimals
from vigie.sources.simulation.sites import Sites
from vigie.sources.simulation.streams import Flags, Floats, Integers
from vigie.sources.simulation.world import World

# Projections: the forward side of the formulas of `vigie.sources.lambert`, which reads the files.
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
_ANCHORS, _TRIES = 32, 96
# Outlines are rounded to about a metre and coordinates to a tenth of one: stay two metres away from the border.
_MARGIN = 2e-5
_REACH = 0.9


class PositionMaker:
    """Gives establishments coordinates inside their commune; null where no outline is known."""

    def __init__(self, world: World, outlines: Path, communes: Integers) -> None:
        self._world, self._draw = world, world.streams
        count = len(world.communes)
        self._x, self._y, self._radius = (np.full((count, _ANCHORS), np.nan) for _ in range(3))
        zones = [ZONES.get(department, (np.nan, 0.0)) for department in world.communes.departments]
        self._zone, self._north = np.array(zones).T
        table = pq.read_table(outlines, columns=["code", "geometry"])
        known = dict(zip(table["code"].to_pylist(), table["geometry"].to_pylist(), strict=True))
        drawn = np.array([c for c in communes.tolist() if world.communes.codes[c] in known], dtype=np.int64)
        for start in range(0, len(drawn), 500):
            part = drawn[start : start + 500]
            self._anchor(part, shapely.from_wkb([known[world.communes.codes[c]] for c in part.tolist()]))

    def missing(self, communes: Integers) -> list[str]:
        """Return the codes of the communes that have no outline."""
        return [self._world.communes.codes[c] for c in communes.tolist() if np.isnan(self._radius[c, 0])]

    def columns(self, sites: Sites) -> Columns:
        """Return the two coordinates, by official name, in metres to the tenth."""
        rows = (sites.counter, sites.slot)
        anchor = self._draw.below("anchor", _ANCHORS, *rows)
        radius = self._radius[sites.commune, anchor] * np.sqrt(self._draw.uniform("distance", *rows)) * _REACH
        turn_x, turn_y = self._direction(sites)
        x, y = projected(
            self._x[sites.commune, anchor] + radius * turn_x, self._y[sites.commune, anchor] + radius * turn_y,
            self._zone[sites.commune], self._north[sites.commune],
        )  # fmt: skip
        return {
            "coordonneeLambertAbscisseEtablissement": decimals(x),
            "coordonneeLambertOrdonneeEtablissement": decimals(y),
        }

    def _direction(self, sites: Sites) -> tuple[Floats, Floats]:
        """Return unit vectors, without trigonometry: a point of a square, brought to the circle."""
        a = self._draw.uniform("east", sites.counter, sites.slot) * 2 - 1
        b = self._draw.uniform("north", sites.counter, sites.slot) * 2 - 1
        length = np.maximum(np.sqrt(a * a + b * b), 1e-9)
        return a / length, b / length

    def _anchor(self, communes: Integers, shapes: NDArray[np.object_]) -> None:
        """Keep points drawn in each bounding box that fall inside; a point inside stands in for the rest."""
        west, south, east, north = (side[:, None] for side in shapely.bounds(shapes).T)
        identity = np.repeat(communes, _TRIES), np.tile(np.arange(_TRIES), len(communes))
        x = west + (east - west) * self._draw.uniform("anchor x", *identity).reshape(-1, _TRIES)
        y = south + (north - south) * self._draw.uniform("anchor y", *identity).reshape(-1, _TRIES)
        shapely.prepare(shapes)
        inside = shapely.contains_xy(shapes[:, None], x, y)
        order = np.argsort(~inside, axis=1, kind="stable")[:, :_ANCHORS]
        x, y = (np.take_along_axis(values, order, axis=1) for values in (x, y))
        found: Flags = np.take_along_axis(inside, order, axis=1)
        safe = shapely.point_on_surface(shapes)
        x = np.where(found, x, shapely.get_x(safe)[:, None])
        y = np.where(found, y, shapely.get_y(safe)[:, None])
        border = shapely.boundary(shapes)
        shapely.prepare(border)
        distance = shapely.distance(border[:, None], shapely.points(x, y))
        self._x[communes], self._y[communes] = x, y
        self._radius[communes] = np.maximum(distance - _MARGIN, 0.0)


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
