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
from vigie.sources.simulation.projection import ZONES, projected
from vigie.sources.simulation.sites import Sites
from vigie.sources.simulation.streams import Flags, Floats, Integers
from vigie.sources.simulation.world import World

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
