"""Shapes of communes: joining to today's communes, simplifying with shared borders kept, dissolving."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vigie.sources.cog_lookup import CodeBook

TOLERANCE = {"commune": 0.002, "epci": 0.004, "ept": 0.004, "departement": 0.006, "region": 0.01}
"""Degrees: about one pixel of the map on which each kind of territory is drawn (200 m for a commune)."""
_DECIMALS = 5
_AROUND, _SLIVER = 0.2, 1e-6  # degrees, square degrees
_MAJOR_AXIS_KM, _FLATTENING = 6378.137, 1 / 298.257223563
"""The ellipsoid WGS 84, on which outlines are published."""


@dataclass(slots=True)
class OutlineShapes:
    """Shapes by today's code, in degrees (WGS 84).

    `missing` are communes of today without a shape; `completed` got the hole that absorbed communes left beside
    them; `partial` lack the shape of a commune they absorbed.
    """

    communes: dict[str, Any] = field(default_factory=dict)
    districts: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)
    partial: list[str] = field(default_factory=list)


def join(shapes: Mapping[tuple[str, str], Any], book: CodeBook, absorbed: Mapping[str, str]) -> OutlineShapes:
    """Bring published shapes to the communes of today.

    `shapes` is keyed by the archive's type (COM, COMD, COMA, ARM) and code; `absorbed` leads from codes that
    ceased since the shapes were drawn to their commune. A commune without a shape takes the union of the communes
    déléguées or former communes that make it; a hole of the map beside exactly one commune that absorbed
    neighbours without a shape is theirs.
    """
    today = {code for code, row in book.places.items() if row["detail"] != "arrondissement"}
    published = {code: shape for (kind, code), shape in shapes.items() if kind == "COM"}
    outlines = OutlineShapes(districts={code: shape for (kind, code), shape in shapes.items() if kind == "ARM"})
    pieces = defaultdict(list)
    for (kind, code), shape in shapes.items():
        home = book.attached.get(code) if kind in ("COMD", "COMA") else book.former.get(code)
        if home is not None and home not in published:
            pieces[home].append(shape)
    outlines.communes = {code: shape for code, shape in published.items() if code in today}
    outlines.communes |= {code: shapely.union_all(parts) for code, parts in pieces.items() if code in today}
    outlines.missing = sorted(today - outlines.communes.keys())
    drawn = {code for _, code in shapes}
    short = {home for code, home in absorbed.items() if code not in drawn and home in outlines.communes}
    _fill_holes(outlines, short)
    outlines.partial = sorted(short - set(outlines.completed))
    return outlines


def _fill_holes(outlines: OutlineShapes, short: set[str]) -> None:
    """Give each hole of the map to the one commune beside it that lacks a part of itself, when there is just one."""
    codes = sorted(short)
    shapes = shapely.make_valid(np.array(list(outlines.communes.values()), dtype=object))
    everywhere = shapely.STRtree(shapes)
    lacking = shapely.STRtree([outlines.communes[code] for code in codes])
    for code in codes:
        around = shapely.box(*shapely.bounds(shapely.buffer(outlines.communes[code], _AROUND)))
        near = shapely.union_all(shapes[everywhere.query(around)])
        for hole in (shapely.Polygon(ring) for part in shapely.get_parts(near) for ring in part.interiors):
            beside = lacking.query(hole, predicate="intersects")
            inside = shapely.point_on_surface(hole)
            empty = everywhere.query(inside, predicate="intersects").size == 0
            if empty and hole.area > _SLIVER and [codes[i] for i in beside] == [code]:
                outlines.communes[code] = shapely.union_all([outlines.communes[code], hole])
                outlines.completed = sorted({*outlines.completed, code})


def simplified(shapes: Sequence[Any], tolerance: float) -> Any:
    """Simplify a coverage (degrees) so that neighbours keep the same border, then round to about one metre.

    A shape too small for the tolerance keeps its published form.
    """
    published = shapely.make_valid(np.array(shapes, dtype=object))
    smooth = shapely.coverage_simplify(published, tolerance)
    smooth = np.where(shapely.is_empty(smooth) | ~shapely.is_valid(smooth), published, smooth)
    rounded = shapely.transform(smooth, lambda xy: np.round(xy, _DECIMALS))
    broken = ~shapely.is_valid(rounded)
    rounded[broken] = [_polygons(shape) for shape in shapely.make_valid(rounded[broken])]
    return np.where(shapely.area(rounded) == 0, published, rounded)


def _polygons(shape: Any) -> Any:
    """Keep the surfaces of a repaired shape, without the lines and points that the repair left."""
    return shapely.union_all([part for part in shapely.get_parts(shape) if shapely.get_dimensions(part) == 2])


def dissolved(shapes: Iterable[Any]) -> Any:
    """Return the union of valid neighbours; shared borders vanish (the faster coverage union refuses overlaps)."""
    return shapely.union_all(np.array(list(shapes), dtype=object))


def areas_km2(shapes: Any) -> Any:
    """Return areas on the WGS 84 ellipsoid, by Lambert's cylindrical equal-area projection (authalic latitude)."""
    return shapely.area(shapely.transform(shapes, _equal_area))


def inside_points(shapes: Any) -> tuple[Any, Any]:
    """Return the longitudes and latitudes of a point inside each shape."""
    points = shapely.point_on_surface(shapes)
    return shapely.get_x(points), shapely.get_y(points)


def _equal_area(lonlat: Any) -> Any:
    """Project degrees to kilometres, keeping areas (Snyder 1987, eq. 3-11, 3-12 and 10-14)."""
    eccentricity = np.sqrt(_FLATTENING * (2 - _FLATTENING))
    sine = np.sin(np.radians(lonlat[:, 1]))
    scaled = eccentricity * sine
    q = (1 - eccentricity**2) * (sine / (1 - scaled**2) + np.arctanh(scaled) / eccentricity)
    return np.column_stack((_MAJOR_AXIS_KM * np.radians(lonlat[:, 0]), _MAJOR_AXIS_KM * q / 2))
