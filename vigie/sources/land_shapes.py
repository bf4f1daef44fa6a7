"""Perimeters and points of inventories of land: GeoJSON or well-known text, in degrees (WGS 84) or Lambert-93."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from vigie.sources.lambert import degrees, in_france, on_lambert

if TYPE_CHECKING:
    from collections.abc import Sequence

Pair = tuple[float, float]
_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_PAIRS = re.compile(rf"({_NUMBER})\s+({_NUMBER})(?:\s+{_NUMBER})?")
_TEXT = re.compile(r"\s*(?:SRID=\d+;)?\s*(MULTIPOLYGON|POLYGON|MULTIPOINT|POINT)\s*Z?\s*(\(.*\))\s*", re.I | re.S)
_COMMA = re.compile(rf"\s*({_NUMBER})\s*,\s*({_NUMBER})\s*")
_NAMES = {"POLYGON": "Polygon", "MULTIPOLYGON": "MultiPolygon", "POINT": "Point", "MULTIPOINT": "MultiPoint"}
_LEAST_OF_RING = 4
_EQUATOR, _ECCENTRICITY = 6378137.0, 0.00669438
"""Metres, and the square of the eccentricity of the ellipsoid GRS 80."""
_WRONG = {
    "Self-intersection": "le contour se croise lui-même",
    "Ring Self-intersection": "le contour se touche ou se croise lui-même",
    "Hole lies outside shell": "un trou est hors du contour",
    "Holes are nested": "un trou est dans un autre trou",
    "Nested shells": "un contour est dans un autre",
    "Duplicate Rings": "deux contours sont le même",
    "Too few points in geometry component": "un contour a moins de trois sommets",
}


class ShapeFaultError(ValueError):
    """A geometry cannot be kept: what is wrong, and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what} {remedy}")


@dataclass(frozen=True, slots=True)
class LandSurface:
    """A perimeter: its area in square metres, and a point inside it in degrees."""

    area: float
    longitude: float
    latitude: float


def surface_of(text: str) -> LandSurface:
    """Return the perimeter that a cell holds.

    The area is that of the plane: of Lambert-93, or of degrees made metres on the ellipsoid around the shape, which
    is right to a few thousandths for a zone of activities. Raises `ShapeFaultError`.
    """
    kind, found = _read(text)
    if kind not in ("Polygon", "MultiPolygon"):
        raise ShapeFaultError("un contour est attendu, pas un point.", "Donnez un Polygon ou un MultiPolygon.")
    parts = [found] if kind == "Polygon" else found
    rings = [[_ring(ring) for ring in _listed(part)] for part in _listed(parts)]
    if not rings or not all(rings):
        raise ShapeFaultError("le contour est vide.", "Redessinez-le.")
    every = [pair for part in rings for ring in part for pair in ring]
    metres = _metres(every)
    if not metres:
        middle = sum(latitude for _, latitude in every) / len(every)
        rings = [[[_flat(pair, middle) for pair in ring] for ring in part] for part in rings]
    shape = shapely.MultiPolygon([shapely.Polygon(part[0], part[1:]) for part in rings])
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        said = _WRONG.get(reason.partition("[")[0], "le contour est mal formé")
        raise ShapeFaultError(f"{said}.", "Redessinez-le dans votre outil de cartographie (« réparer la géométrie »).")
    inside = shapely.point_on_surface(shape)
    place = degrees(inside.x, inside.y) if metres else _round_again((inside.x, inside.y), middle)
    return LandSurface(float(shape.area), *place)


def point_of(text: str) -> Pair:
    """Return the longitude and latitude of a point, the middle of several; raises `ShapeFaultError`."""
    comma = _COMMA.fullmatch(text)
    kind, found = ("Point", [float(comma[1]), float(comma[2])]) if comma else _read(text)
    if kind not in ("Point", "MultiPoint"):
        raise ShapeFaultError("un point est attendu, pas un contour.", "Donnez « longitude, latitude », ou un Point.")
    pairs = [_pair(one) for one in _listed([found] if kind == "Point" else found)]
    if not pairs:
        raise ShapeFaultError("il n’y a aucun point.", "Donnez « longitude, latitude ».")
    middle = (sum(x for x, _ in pairs) / len(pairs), sum(y for _, y in pairs) / len(pairs))
    return degrees(*middle) if _metres(pairs) else middle


def kilometres_between(one: Pair, other: Pair) -> float:
    """Return how far two points in degrees are, on the plane around the first."""
    (x, y), (there, up) = _flat(one, one[1]), _flat(other, one[1])
    return math.hypot(x - there, y - up) / 1000


def _read(text: str) -> tuple[str, Any]:
    """Return the kind and the nested coordinates of a geometry."""
    written = _TEXT.fullmatch(text)
    try:
        if written:
            nested = _PAIRS.sub(r"[\1,\2]", written[2]).replace("(", "[").replace(")", "]")
            kind, found = _NAMES[written[1].upper()], json.loads(nested)
            return (kind, found[0]) if kind == "Point" else (kind, [_alone(one) for one in found])
        # Some exporters protect each quote with a backslash, which is no JSON.
        read = json.loads(text.replace('\\"', '"'))
        return str(read["type"]), read["coordinates"]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise ShapeFaultError(
            "ce n’est ni du GeoJSON ni du texte WKT.", "Écrivez par exemple POLYGON((2.20 49.90, 2.21 49.90, …))."
        ) from None


def _alone(one: Any) -> Any:
    """Return a part of a text; points of a MULTIPOINT may stand each in parentheses of its own."""
    return one[0] if isinstance(one, list) and len(one) == 1 and _is_pair(one[0]) else one


def _is_pair(one: Any) -> bool:
    return isinstance(one, list) and bool(one) and all(isinstance(value, int | float) for value in one)


def _listed(found: Any) -> Sequence[Any]:
    if not isinstance(found, list):
        raise ShapeFaultError("les coordonnées ne sont pas une liste.", "Exportez de nouveau la géométrie.")
    return found


def _pair(found: Any) -> Pair:
    if not _is_pair(found) or len(found) < 2 or not all(math.isfinite(value) for value in found):
        raise ShapeFaultError("un sommet n’est pas deux nombres.", "Exportez de nouveau la géométrie.")
    return float(found[0]), float(found[1])


def _ring(found: Any) -> list[Pair]:
    pairs = [_pair(one) for one in _listed(found)]
    if len(pairs) < _LEAST_OF_RING:
        raise ShapeFaultError("un contour a moins de trois sommets.", "Redessinez-le.")
    if pairs[0] != pairs[-1]:
        raise ShapeFaultError("le contour n’est pas fermé.", "Répétez le premier sommet à la fin.")
    return pairs


def _metres(pairs: Sequence[Pair]) -> bool:
    """Tell whether coordinates are metres of Lambert-93, and not degrees; raises `ShapeFaultError` for neither."""
    for known in (in_france, on_lambert):
        if all(known(*pair) for pair in pairs):
            return known is on_lambert
        if all(known(y, x) for x, y in pairs):
            raise ShapeFaultError(
                "les coordonnées sont inversées.", "Écrivez la longitude (ou x) d’abord, la latitude (ou y) ensuite."
            )
    if all(abs(x) <= 180 and abs(y) <= 90 for x, y in pairs):
        raise ShapeFaultError("ces degrés sont hors de France.", "Vérifiez la projection et l’ordre des coordonnées.")
    raise ShapeFaultError(
        "ces mètres ne sont pas du Lambert-93.", "Exportez en WGS 84 (degrés) ou en Lambert-93 (EPSG:2154)."
    )


def _flat(pair: Pair, middle: float) -> Pair:
    """Return degrees as metres on the ellipsoid around a latitude."""
    along, up = _scales(middle)
    return pair[0] * along, pair[1] * up


def _round_again(pair: Pair, middle: float) -> Pair:
    along, up = _scales(middle)
    return pair[0] / along, pair[1] / up


def _scales(latitude: float) -> Pair:
    """Return how many metres a degree of longitude and one of latitude are, at a latitude."""
    sine = math.sin(math.radians(latitude))
    root = math.sqrt(1 - _ECCENTRICITY * sine * sine)
    across = _EQUATOR / root * math.cos(math.radians(latitude))
    along = _EQUATOR * (1 - _ECCENTRICITY) / root**3
    return math.radians(across), math.radians(along)
