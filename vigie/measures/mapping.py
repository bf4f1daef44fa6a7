"""What a map of values shows: a rate for each place, and the class of its tint."""

from __future__ import annotations

from collections.abc import Sequence

CLASSES = 5


def per_thousand(count: float, base: float | None) -> float | None:
    """Return a count for 1,000 of a base (inhabitants); `None` when the base is unknown or empty. Cost: O(1).

    >>> per_thousand(28, 1000), per_thousand(28, 0), per_thousand(28, None)
    (28.0, None, None)
    """
    return count / base * 1000 if base else None


def quantile_classes(
    values: Sequence[float | None], classes: int = CLASSES
) -> tuple[tuple[int | None, ...], tuple[float, ...]]:
    """Return the class (0 to `classes` - 1) of each value and the upper bounds of the classes in use.

    Equal values share a class, unknown ones have none. With few distinct values there are fewer classes, and the
    highest are kept. Bounds are in the unit of the values. Cost: O(n log n).

    >>> quantile_classes([1, None, 2, 2, 9], classes=2)
    ((0, None, 0, 0, 1), (2, 9))
    """
    known = sorted(value for value in values if value is not None)
    if not known:
        return tuple(None for _ in values), ()
    cuts = {known[min(len(known) - 1, (len(known) * rank) // classes)] for rank in range(1, classes)}
    bounds = sorted({*cuts, known[-1]})
    first = classes - len(bounds)

    def rank(value: float | None) -> int | None:
        if value is None:
            return None
        return first + next(index for index, bound in enumerate(bounds) if value <= bound)

    return tuple(map(rank, values)), tuple(bounds)
