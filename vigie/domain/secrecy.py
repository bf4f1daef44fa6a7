"""What may be told of few: totals of three units at least, none of which makes most of the sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SMALLEST = 3
DOMINANT = 0.85


def protected(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the counts of a partition whose total may be known; `None` stands for a cell that is not told.

    Cells below three are hidden (zero too). When what is hidden could be found by difference, because it is one cell
    or fewer than three units, the smallest cell told is hidden as well.
    """
    told: dict[str, int | None] = {cell: count if count >= SMALLEST else None for cell, count in counts.items()}
    hidden = [cell for cell, count in told.items() if count is None]
    if hidden and (len(hidden) == 1 or sum(counts[cell] for cell in hidden) < SMALLEST):
        left = [cell for cell, count in told.items() if count is not None]
        if left:
            told[min(left, key=lambda cell: (counts[cell], cell))] = None
    return told


def protected_sum(values: Sequence[int]) -> int | None:
    """Return the sum of what at least three units declare, `None` below, or when one makes more than 85 % of it."""
    total = sum(values)
    if len(values) < SMALLEST or (total and max(values) > DOMINANT * total):
        return None
    return total
