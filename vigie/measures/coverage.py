"""Coverage: what share of a base was known."""

from __future__ import annotations

from collections.abc import Mapping


def coverage(known: float, total: float) -> float | None:
    """Return the share (0 to 1) of a base that was known; `None` when the base is empty. Cost: O(1).

    >>> coverage(3, 4), coverage(0, 0)
    (0.75, None)
    """
    return known / total if total else None


def known_share(counts: Mapping[str | None, int]) -> float | None:
    """Return the share of a count by category whose category is known (not `None`). Cost: O(categories).

    >>> known_share({"O": 6, "N": 2, None: 2})
    0.8
    """
    total = sum(counts.values())
    return coverage(total - counts.get(None, 0), total)
