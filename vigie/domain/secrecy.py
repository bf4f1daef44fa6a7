"""What may be told of few: totals of three units at least, none of which makes most of the sum."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

SMALLEST = 3
DOMINANT = 0.85


def protected(counts: Mapping[str, int], unsafe: Container[str] = ()) -> dict[str, int | None]:
    """Return the counts of a partition whose total may be known; `None` stands for a cell that is not told.

    Cells below three are hidden (zero too), and those that the caller calls unsafe. When what is hidden could be found
    by difference, because it is one cell or fewer than three units, the smallest cell told is hidden as well.
    """
    told: dict[str, int | None] = {
        cell: count if count >= SMALLEST and cell not in unsafe else None for cell, count in counts.items()
    }
    hidden = [cell for cell, count in told.items() if count is None]
    if hidden and (len(hidden) == 1 or sum(counts[cell] for cell in hidden) < SMALLEST):
        left = [cell for cell, count in told.items() if count is not None]
        if left:
            told[min(left, key=lambda cell: (counts[cell], cell))] = None
    return told


def protected_between(owners: Sequence[Mapping[str, int]]) -> dict[str, int | None]:
    """Return the counts of several owners together, protected from each of them.

    An owner knows their own part: a cell is hidden when one owner, taking it away, would be left with one or two units
    of the others. Every owner counts the same cells.
    """
    counts = {cell: sum(owner[cell] for owner in owners) for owner in owners[:1] for cell in owner}
    unsafe = {cell for owner in owners for cell, own in owner.items() if 0 < counts[cell] - own < SMALLEST}
    return protected(counts, unsafe)
