"""Maps drawn by the server as SVG: a quiet base of outlines and town names, points or tints on top.

Metropolitan France is drawn in Lambert-93 (IGN's constants), other places in an equirectangular projection about
their middle. Vertices are rounded to a half unit of the drawing, the same for neighbours, so shared borders stay shared
while the file stays small. Every shape or point that leads somewhere is a named link; the table twin says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from math import cos, exp, log, pi, radians, sin, tan

from markupsafe import Markup, escape

WIDTH = 640.0
TALLEST = 760.0
MARGIN = 14.0
CLASSES = 5

Ring = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Shape:
    """A territory's outline: rings of (longitude, latitude); `tint` a class 0 to 4, or `None` when not known."""

    name: str
    rings: Sequence[Ring]
    tint: int | None = None
    text: str = ""
    href: str = ""


@dataclass(frozen=True)
class Town:
    """A town named on the base map; the more populous are kept when names would touch."""

    name: str
    longitude: float
    latitude: float
    population: int = 0


@dataclass(frozen=True)
class Point:
    """A located establishment; `mark` is its number in the list, `here` the one the page is about."""

    name: str
    longitude: float
    latitude: float
    href: str = ""
    mark: str = ""
    here: bool = False


@dataclass(frozen=True)
class MapContent:
    """What a map shows, from the ground up: base outlines, tinted shapes, towns, points."""

    title: str
    description: str
    base: Sequence[Shape] = ()
    shapes: Sequence[Shape] = ()
    towns: Sequence[Town] = ()
    points: Sequence[Point] = field(default=())


def draw(content: MapContent) -> Markup:
    """The map as SVG; raises `ValueError` when there is nothing to place."""
    frame = _Frame.around(_coordinates(content))
    key = "m" + sha256(f"{content.title}|{content.description}".encode()).hexdigest()[:8]
    tinted = bool(content.shapes)
    parts = [_plain(shape, frame) for shape in content.base if not tinted]
    parts += [_tinted(shape, frame, key) for shape in content.shapes]
    parts += [_outline(shape, frame) for shape in content.base if tinted]
    parts += _towns(content.towns, frame, tinted)
    parts += [_point(point, frame) for point in sorted(content.points, key=lambda one: one.here)]
    return Markup(
        '<svg class="map" role="group" aria-labelledby="{0}t {0}d" viewBox="0 0 {1:.0f} {2:.0f}"'
        ' xmlns="http://www.w3.org/2000/svg"><title id="{0}t">{3}</title><desc id="{0}d">{4}</desc>{5}{6}</svg>'
    ).format(key, WIDTH, frame.height, content.title, content.description, _hatch(key), Markup("").join(parts))


def tints(values: Sequence[float | None], classes: int = CLASSES) -> tuple[tuple[int | None, ...], tuple[float, ...]]:
    """Quantile classes of values, and their upper bounds; equal values share a class, unknown ones have none."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return tuple(None for _ in values), ()
    cuts = (known[min(len(known) - 1, (len(known) * rank) // classes)] for rank in range(1, classes))
    bounds = sorted({*cuts, known[-1]})
    offset = classes - len(bounds)
    ranks = tuple(
        None if value is None else offset + next(i for i, bound in enumerate(bounds) if value <= bound)
        for value in values
    )
    return ranks, tuple(bounds)


@dataclass(frozen=True)
class _Frame:
    """From longitude and latitude to the drawing's units."""

    middle: tuple[float, float]
    lambert: bool
    left: float
    top: float
    scale: float
    shift: float
    height: float

    @classmethod
    def around(cls, coordinates: Iterable[tuple[float, float]]) -> _Frame:
        """Fit a set of coordinates in the width, no taller than `TALLEST`."""
        places = list(coordinates)
        if not places:
            raise ValueError("a map needs at least one outline, town or point")
        longitudes, latitudes = [lon for lon, _ in places], [lat for _, lat in places]
        middle = ((min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2)
        lambert = min(longitudes) > -6 and max(longitudes) < 11 and min(latitudes) > 41 and max(latitudes) < 52
        planar = [_project(lon, lat, middle, lambert) for lon, lat in places]
        left, right = min(x for x, _ in planar), max(x for x, _ in planar)
        bottom, top = min(y for _, y in planar), max(y for _, y in planar)
        wide, high = max(right - left, 2000.0), max(top - bottom, 1500.0)
        scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / high)
        shift = (WIDTH - scale * (right - left)) / 2
        height = min(TALLEST, high * scale + 2 * MARGIN)
        lift = (height - 2 * MARGIN - (top - bottom) * scale) / 2
        return cls(middle, lambert, left, top + lift / scale, scale, shift, height)

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        x, y = _project(longitude, latitude, self.middle, self.lambert)
        return self.shift + (x - self.left) * self.scale, MARGIN + (self.top - y) * self.scale

    def path(self, rings: Sequence[Ring]) -> str:
        """Closed subpaths in relative half units; rings smaller than a dot are dropped."""
        return "".join(filter(None, (self._ring(ring) for ring in rings)))

    def _ring(self, ring: Ring) -> str:
        placed = (self.place(*vertex) for vertex in ring)
        rounded = [(round(x * 2), round(y * 2)) for x, y in placed]
        kept = [here for before, here in zip([None, *rounded], rounded, strict=False) if here != before]
        if len(kept) < 4:
            return ""
        steps = [f"M{kept[0][0] / 2:g} {kept[0][1] / 2:g}l"]
        steps += [f"{(x - px) / 2:g} {(y - py) / 2:g}" for (px, py), (x, y) in pairwise(kept)]
        return " ".join(steps).replace(" -", "-") + "z"


def _project(longitude: float, latitude: float, middle: tuple[float, float], lambert: bool) -> tuple[float, float]:
    if not lambert:
        return radians(longitude - middle[0]) * cos(radians(middle[1])) * 6371000.0, radians(latitude) * 6371000.0
    n, c, e = 0.7256077650532670, 11754255.426096, 0.0818191910428158
    phi = radians(latitude)
    isometric = log(tan(pi / 4 + phi / 2) * ((1 - e * sin(phi)) / (1 + e * sin(phi))) ** (e / 2))
    radius, angle = c * exp(-n * isometric), n * radians(longitude - 3.0)
    return 700000.0 + radius * sin(angle), 12655612.049876 - radius * cos(angle)


def _coordinates(content: MapContent) -> Iterable[tuple[float, float]]:
    outlines = [vertex for shape in (*content.base, *content.shapes) for ring in shape.rings for vertex in ring]
    if outlines:
        return outlines
    points = [(point.longitude, point.latitude) for point in content.points]
    return points + [(town.longitude, town.latitude) for town in content.towns]


def _hatch(key: str) -> Markup:
    return Markup(
        '<defs><pattern id="{}h" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch-ground" width="6" height="6"/><line class="hatch" y2="6"/></pattern></defs>'
    ).format(key)


def _plain(shape: Shape, frame: _Frame) -> Markup:
    return _linked(shape, Markup('<path class="shape" d="{}"/>').format(frame.path(shape.rings)))


def _outline(shape: Shape, frame: _Frame) -> Markup:
    return Markup('<path class="outline" d="{}"/>').format(frame.path(shape.rings))


def _tinted(shape: Shape, frame: _Frame, key: str) -> Markup:
    path = frame.path(shape.rings)
    if shape.tint is None:
        return _linked(shape, Markup('<path class="unknown" d="{}" fill="url(#{}h)"/>').format(path, key))
    return _linked(shape, Markup('<path class="shape q{}" d="{}"/>').format(shape.tint, path))


def _linked(shape: Shape, body: Markup) -> Markup:
    named = f"{shape.name}\u00a0: {shape.text}" if shape.text else shape.name
    if not shape.href:
        return body
    return Markup('<a href="{}" aria-label="{}">{}</a>').format(escape(shape.href), named, body)


def _towns(towns: Sequence[Town], frame: _Frame, on_data: bool) -> list[Markup]:
    """Names placed from the largest town down, leaving out those that would touch one already written.

    Boxes are measured at the larger letters of small screens for the first five (`minor` names are hidden there).
    """
    written: list[tuple[float, float, float, float]] = []
    parts: list[Markup] = []
    for town in sorted(towns, key=lambda one: -one.population):
        x, y = frame.place(town.longitude, town.latitude)
        major = len(parts) < 5
        size = 23 if major else 13
        wide, start = len(town.name) * size * 0.56, x + 7
        ends = start + wide > WIDTH - 4
        box = (x - 7 - wide if ends else x - 4, y - size * 0.8, x + 4 if ends else start + wide, y + size * 0.5)
        inside = box[0] > 0 and 0 < y < frame.height
        if not inside or any(_touch(box, other) for other in written):
            continue
        written.append(box)
        kind = "town" + (" on-data" if on_data else "") + ("" if major else " minor")
        parts.append(
            Markup(
                '<circle class="town-dot{}" cx="{:.1f}" cy="{:.1f}" r="2.2"/>'
                '<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}" dy=".32em">{}</text>'
            ).format(
                "" if major else " minor",
                x,
                y,
                kind,
                x - 7 if ends else start,
                y,
                "end" if ends else "start",
                town.name,
            )
        )
    return parts


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _point(point: Point, frame: _Frame) -> Markup:
    x, y = frame.place(point.longitude, point.latitude)
    kind = "point" + (" here" if point.here else "") + (" numbered" if point.mark else "")
    numbered = Markup(' data-mark="{}"').format(point.mark) if point.mark else ""
    body = Markup('<circle class="{}"{} cx="{:.1f}" cy="{:.1f}" r="8"/>').format(kind, numbered, x, y)
    if point.mark:
        body += Markup('<text class="mark" x="{:.1f}" y="{:.1f}" dy=".35em">{}</text>').format(x, y, point.mark)
    if not point.href:
        return body
    name = f"{point.mark}. {point.name}" if point.mark else point.name
    return Markup('<a href="{}" aria-label="{}">{}</a>').format(escape(point.href), name, body)
