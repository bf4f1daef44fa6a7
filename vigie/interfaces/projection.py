"""From the planes of `vigie.domain.projection` to the units of a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain.projection import Position, parallel_of, project

if TYPE_CHECKING:
    from vigie.services.outlines import Box

WIDTH = 640.0
"""Pixels of the column of text, in which a map is drawn; it shrinks with the page."""
TALLEST = 760.0
"""Above it a map that is higher than wide would not be seen whole on a laptop."""
MARGIN = 14.0
"""Pixels for the line of the edge and half the disc of a point that lies on it."""
SMALLEST_SIDE = 2000.0
"""Metres: below it a single point would be drawn at a scale where its position means nothing."""


@dataclass(frozen=True, slots=True)
class Room:
    """Where something is fitted in a drawing, in its units."""

    left: float = 0.0
    top: float = 0.0
    width: float = WIDTH
    height: float = TALLEST


@dataclass(frozen=True, slots=True)
class ProjectionFrame:
    """A box of a plane fitted in a room; `height` is what it takes there, with its margins."""

    parallel: float | None
    left: float
    top: float
    scale: float
    height: float

    @classmethod
    def around(cls, box: Box, parallel: float | None, room: Room | None = None) -> ProjectionFrame:
        """Fit a box (metres eastwards and southwards on the plane of `parallel`) in a room, by default a map's."""
        place = room or Room()
        left, top, right, bottom = box
        wide, high = max(right - left, SMALLEST_SIDE), max(bottom - top, SMALLEST_SIDE * 0.7)
        scale = min((place.width - 2 * MARGIN) / wide, (place.height - 2 * MARGIN) / high)
        return cls(
            parallel,
            (left + right) / 2 - (place.left + place.width / 2) / scale,
            (top + bottom) / 2 - high / 2 - (place.top + MARGIN) / scale,
            scale,
            high * scale + 2 * MARGIN,
        )

    @classmethod
    def around_positions(cls, positions: Sequence[Position]) -> ProjectionFrame:
        """Fit (longitude, latitude) pairs in a map; raises `ValueError` when there are none."""
        if not positions:
            raise ValueError("a map needs at least one outline, town or point")
        parallel = parallel_of(*positions[0])
        planar = [project(place, parallel) for place in positions]
        across, down = [x for x, _ in planar], [-y for _, y in planar]
        return cls.around((min(across), min(down), max(across), max(down)), parallel)

    def place(self, longitude: float, latitude: float) -> Position:
        """Where a position falls in the drawing, from its upper left corner."""
        x, y = project((longitude, latitude), self.parallel)
        return (x - self.left) * self.scale, (-y - self.top) * self.scale

    def transform(self, unit: int) -> str:
        """Return what brings steps of `unit` metres to the drawing, as an SVG transform."""
        across, down, scale = self.offset(unit)
        return f"translate({across:.2f} {down:.2f}) scale({scale:.6g})"

    def offset(self, unit: int) -> tuple[float, float, float]:
        """Return where the origin of steps of `unit` metres falls in the drawing, and the pixels of a step."""
        return -self.left * self.scale, -self.top * self.scale, unit * self.scale
