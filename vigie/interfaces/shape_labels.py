"""Where a shape is named on a map: inside it, where it is widest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_NUMBER = re.compile(r"-?\d+")
_LEVELS = 9
"""Lines tried across a shape: enough to find a wide place in the most winding one."""

Position = tuple[float, float]


def label_place(steps: str) -> Position | None:
    """Return the middle of the widest chord of the largest ring of an outline, in its steps, and none without a ring.

    The middle of a box, or of gravity, may fall outside a shape that bends; the middle of a chord never does.
    """
    rings = [ring for ring in map(_ring, steps.split("M")[1:]) if len(ring) > 2]
    if not rings:
        return None
    ring = max(rings, key=lambda one: abs(_area(one)))
    top, bottom = min(y for _, y in ring), max(y for _, y in ring)
    found = [(_widest(ring, y), y) for y in (top + (bottom - top) * (rank + 0.5) / _LEVELS for rank in range(_LEVELS))]
    middle = (top + bottom) / 2
    (left, right), y = max(found, key=lambda one: (one[0][1] - one[0][0]) - 0.5 * abs(one[1] - middle))
    return (left + right) / 2, y


def _ring(steps: str) -> list[Position]:
    """Return the vertices of a closed subpath, as `sources.contours_paths.steps` writes it."""
    numbers = [int(text) for text in _NUMBER.findall(steps)]
    x = y = 0
    ring: list[Position] = []
    for across, down in zip(numbers[::2], numbers[1::2], strict=False):
        x, y = x + across, y + down
        ring.append((x, y))
    return ring


def _area(ring: Sequence[Position]) -> float:
    return sum(x * ny - nx * y for (x, y), (nx, ny) in pairwise([*ring, ring[0]])) / 2


def _widest(ring: Sequence[Position], y: float) -> Position:
    """Return both ends of the widest chord at a height."""
    crossed = sorted(
        x + (y - top) * (nx - x) / (bottom - top)
        for (x, top), (nx, bottom) in pairwise([*ring, ring[0]])
        if (top <= y) != (bottom <= y)
    )
    chords = list(zip(crossed[::2], crossed[1::2], strict=False))
    return max(chords, key=lambda chord: chord[1] - chord[0], default=(0.0, 0.0))
