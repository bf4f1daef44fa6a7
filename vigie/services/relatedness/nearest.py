"""The nearest activities of each, out of a square of relatednesses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

KEPT = 40
"""Neighbours that are kept for each activity: further on, values differ by less than they are sure."""

SHAPE = ("kind", "level", "a", "b", "rank", "value", "evidence")


def nearest(
    kind: str, level: str, codes: Sequence[str], near: NDArray[np.float64], evidence: Callable[[int, int], str]
) -> list[dict[str, Any]]:
    """Return the rows of `related_activity` for one kind: the nearest of each activity that are near at all."""
    square = near.copy()
    np.fill_diagonal(square, 0.0)
    rows = []
    for here, row in enumerate(square):
        order = np.argsort(-row, kind="stable")[:KEPT]
        rows += [
            {"kind": kind, "level": level, "a": codes[here], "b": codes[there], "rank": place,
             "value": float(row[there]), "evidence": evidence(here, int(there))}
            for place, there in enumerate(order, start=1) if row[there] > 0
        ]  # fmt: skip
    return rows
