"""Maps drawn by the server as SVG: a quiet base of outlines and town names, tints or points on top.

Every shape or point that leads somewhere is a named link; what is not known is hatched. The list or the table beside
says the same, so a map is never the only way to a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from vigie.domain import french
from vigie.domain.signs import isolated
from vigie.interfaces import svg
from vigie.interfaces.projection import WIDTH, ProjectionFrame, Room
from vigie.interfaces.shape_labels import label_place
from vigie.services.outlines import NOTHING, OutlineSheet

MOST_NAMES = 12
MAJOR_NAMES = 5
POINT_ROOM = 10.0
"""Half the side, in pixels, of what no name may cover around a numbered point: its disc and its edge."""
INSET_HEIGHT, INSET_NAME = 96.0, 22.0
"""Pixels of an island's frame and of its name below: five of them stand under France on a telephone."""

LABEL_SIZE = 19.0
"""Pixels of the letters written on shapes in a narrow column, where they take most room; names hide on a telephone."""
LONGEST_LABEL = 14
"""Letters of a name on one line: beyond, it is cut in two."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class MapShape:
    """A territory's outline: the steps of its sheet; `tint` a class of the style sheet, or `None` when not known.

    `text` is its value in words, `label` and `value` what is written on the map where there is room. Without an
    address it is drawn together with its likes: give addresses while there are few enough to go through.
    """

    name: str
    steps: str
    tint: str | None = None
    text: str = ""
    href: str = ""
    label: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Town:
    """A town named on the base map; the more populous are kept when names would touch."""

    name: str
    longitude: float
    latitude: float
    population: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """A located establishment; `mark` is its number in the list, `here` the one the page is about."""

    name: str
    longitude: float
    latitude: float
    href: str = ""
    mark: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class Inset:
    """A place too far to be on the map, drawn below it at a scale of its own.

    `others` are drawn beside the shape, on the same sheet; `name` is that of them all.
    """

    sheet: OutlineSheet
    shape: MapShape
    others: Sequence[MapShape] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class MapContent:
    """What a map shows, from the ground up: base outlines, tinted shapes, towns, points, insets below.

    The steps of outlines and shapes are those of `sheet`.
    """

    title: str
    description: str
    sheet: OutlineSheet = NOTHING
    base: Sequence[MapShape] = ()
    shapes: Sequence[MapShape] = ()
    towns: Sequence[Town] = ()
    points: Sequence[Point] = ()
    insets: Sequence[Inset] = ()


def draw(content: MapContent) -> Markup:
    """The map as SVG; raises `ValueError` when there is nothing to place."""
    frame, sheet = _frame(content), content.sheet
    hatch = svg.identifier(content.title, content.description) + "h"
    outlines = [_base(content.base, "shape"), *_tints(content.shapes, hatch)]
    unknown = any(
        one.tint is None
        for one in (*content.shapes, *(shape for one in content.insets for shape in (one.shape, *one.others)))
    )
    parts = [svg.hatching(hatch, sheet.unit * frame.scale)] if content.shapes and unknown else []
    parts += [svg.moved(frame.transform(sheet.unit), svg.joined(outlines))] if sheet else []
    parts += _labels(content.shapes, frame, sheet.unit)
    parts += _names(content, frame)
    parts += [_point(point, frame) for point in sorted(content.points, key=lambda one: one.here)]
    parts += _insets(content.insets, frame.height, hatch if content.shapes else "")
    below = INSET_HEIGHT + INSET_NAME if content.insets else 0.0
    box = Markup('viewBox="0 0 {:.0f} {:.0f}"').format(WIDTH, frame.height + below)
    return svg.canvas("map", box, (content.title, content.description), svg.joined(parts))


def _frame(content: MapContent) -> ProjectionFrame:
    if content.sheet:
        return ProjectionFrame.around(content.sheet.box, content.sheet.parallel)
    points = [(point.longitude, point.latitude) for point in content.points]
    return ProjectionFrame.around_positions(points + [(town.longitude, town.latitude) for town in content.towns])


def _insets(insets: Sequence[Inset], top: float, hatch: str) -> list[Markup]:
    """Places side by side below the map, each with its name: far from it, a shape alone would not be recognised."""
    parts = []
    for rank, inset in enumerate(insets):
        wide = WIDTH / len(insets)
        frame = ProjectionFrame.around(
            inset.sheet.box, inset.sheet.parallel, Room(rank * wide, top, wide, INSET_HEIGHT)
        )
        shape = inset.shape
        tinted = [_tinted(one.steps, one.tint, hatch) if hatch else _path("shape", one.steps)
                  for one in (shape, *inset.others)]  # fmt: skip
        outline = svg.moved(frame.transform(inset.sheet.unit), svg.joined(tinted))
        name = Markup('<text class="town inset" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>').format(
            (rank + 0.5) * wide, top + INSET_HEIGHT + INSET_NAME / 2, isolated(inset.name or shape.name)
        )
        parts.append(svg.linked(shape.href, outline + name, _told(shape) if shape.text else shape.name))
    return parts


def _base(shapes: Sequence[MapShape], kind: str) -> Markup:
    """Shapes that lead somewhere one by one, all the others as a single path: a base map stays one element."""
    rest = "".join(one.steps for one in shapes if not one.href)
    linked = [svg.linked(one.href, _path(kind, one.steps), one.name) for one in shapes if one.href]
    return svg.joined([_path(kind, rest) if rest else svg.NONE, *linked])


def _tints(shapes: Sequence[MapShape], hatch: str) -> list[Markup]:
    """Linked shapes one by one, the others as one path for each tint, so that hundreds of communes stay light."""
    alone: dict[str | None, list[str]] = {}
    for shape in shapes:
        if not shape.href:
            alone.setdefault(shape.tint, []).append(shape.steps)
    parts = [_tinted("".join(alone[tint]), tint, hatch) for tint in sorted(alone, key=lambda one: one or "")]
    for shape in shapes:
        if shape.href:
            parts.append(svg.linked(shape.href, _tinted(shape.steps, shape.tint, hatch), _told(shape)))
    return parts


def _told(shape: MapShape) -> str:
    """What the readout, the keyboard and screen readers say of a shape."""
    return f"{shape.name}{french.NBSP}: {shape.text or french.UNKNOWN}"


def _tinted(steps: str, tint: str | None, hatch: str) -> Markup:
    if tint is None:
        return Markup('<path class="unknown" d="{}" fill="url(#{})"/>').format(steps, hatch)
    return _path(f"shape {tint}", steps)


def _path(kind: str, steps: str) -> Markup:
    return Markup('<path class="{}" d="{}"/>').format(kind, steps)


def _labels(shapes: Sequence[MapShape], frame: ProjectionFrame, unit: int) -> list[Markup]:
    """The names and values of shapes, inside them and never one on another: the value alone where both do not fit.

    Shapes come by the order of their list, so that the first are named first; narrow columns show values only.
    """
    across, down, scale = frame.offset(unit)
    taken: list[Box] = []
    parts: list[Markup] = []
    for shape in shapes:
        place = label_place(shape.steps) if shape.value else None
        if place is None:
            continue
        x, y = across + place[0] * scale, down + place[1] * scale
        for lines in ((*_wrapped(shape.label), shape.value), (shape.value,)):
            box = _label_box(x, y, lines)
            if box[0] > 0 and box[2] < WIDTH and not any(_touch(box, other) for other in taken):
                taken.append(box)
                parts.append(_label(x, y, lines))
                break
    return parts


def _wrapped(label: str) -> tuple[str, ...]:
    """A name on one line, or cut in two at the space nearest to its middle."""
    if len(label) <= LONGEST_LABEL or " " not in label:
        return (label,) if label else ()
    cut = min((at for at, sign in enumerate(label) if sign == " "), key=lambda at: abs(at - len(label) / 2))
    return label[:cut], label[cut + 1 :]


def _label_box(x: float, y: float, lines: Sequence[str]) -> Box:
    wide = max(map(len, lines)) * LABEL_SIZE * 0.54
    high = len(lines) * LABEL_SIZE * 1.15
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def _label(x: float, y: float, lines: Sequence[str]) -> Markup:
    if len(lines) == 1:
        return Markup(
            '<text class="shape-label amount" x="{:.1f}" y="{:.1f}" dy=".32em" text-anchor="middle" aria-hidden="true">'
            "{}</text>"
        ).format(x, y, isolated(lines[0]))
    first = y - (len(lines) - 1) * LABEL_SIZE * 1.15 / 2
    written = [
        Markup('<tspan class="{}" x="{:.1f}" y="{:.1f}">{}</tspan>').format(
            "amount" if rank == len(lines) - 1 else "name", x, first + rank * LABEL_SIZE * 1.15, isolated(line)
        )
        for rank, line in enumerate(lines)
    ]
    return Markup('<text class="shape-label" dy=".32em" text-anchor="middle" aria-hidden="true">{}</text>').format(
        svg.joined(written)
    )


def _names(content: MapContent, frame: ProjectionFrame) -> list[Markup]:
    """Names placed from the largest town down, leaving out those that would touch a point or a name already there.

    Boxes are measured with the letters of narrow columns, where only the first few stay (others are `minor`).
    """
    taken = [_point_box(point, frame) for point in content.points]
    kind = "town on-data" if content.shapes else "town"
    parts: list[Markup] = []
    for town in sorted(content.towns, key=lambda one: -one.population):
        if len(parts) == MOST_NAMES:
            break
        minor = "" if len(parts) < MAJOR_NAMES else " minor"
        for anchor in ("start", "end"):
            box = _name_box(town, frame, 16 if minor else 23, anchor)
            inside = box[0] > 0 and box[2] < WIDTH and 0 < box[1] < frame.height
            if inside and not any(_touch(box, other) for other in taken):
                taken.append(box)
                parts.append(_name(town, frame, (kind + minor, "town-dot" + minor), anchor))
                break
    return parts


def _name(town: Town, frame: ProjectionFrame, kinds: tuple[str, str], anchor: str) -> Markup:
    x, y = frame.place(town.longitude, town.latitude)
    beside = x + 7 if anchor == "start" else x - 7
    return Markup(
        '<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="2.2"/>'
        '<text class="{}" x="{:.1f}" y="{:.1f}" dy=".32em" text-anchor="{}">{}</text>'
    ).format(kinds[1], x, y, kinds[0], beside, y, anchor, isolated(town.name))


def _name_box(town: Town, frame: ProjectionFrame, size: float, anchor: str) -> Box:
    """The room a name takes on the right ("start") or on the left ("end") of its dot."""
    x, y = frame.place(town.longitude, town.latitude)
    wide = 7 + len(town.name) * size * 0.56
    left, right = (x - 4, x + wide) if anchor == "start" else (x - wide, x + 4)
    return left, y - size * 0.6, right, y + size * 0.6


def _point_box(point: Point, frame: ProjectionFrame) -> Box:
    x, y = frame.place(point.longitude, point.latitude)
    return x - POINT_ROOM, y - POINT_ROOM, x + POINT_ROOM, y + POINT_ROOM


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _point(point: Point, frame: ProjectionFrame) -> Markup:
    x, y = frame.place(point.longitude, point.latitude)
    kind = "point" + (" here" if point.here else "") + (" numbered" if point.mark else "")
    mark = Markup(' data-mark="{}"').format(point.mark) if point.mark else svg.NONE
    body = Markup('<circle class="{}"{} cx="{:.1f}" cy="{:.1f}" r="8"/>').format(kind, mark, x, y)
    if point.mark:
        body += Markup('<text class="mark" x="{:.1f}" y="{:.1f}" dy=".35em">{}</text>').format(x, y, point.mark)
    return svg.linked(point.href, body, f"{point.mark}. {point.name}" if point.mark else point.name)
