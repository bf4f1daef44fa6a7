"""What a test says of each thing of a list says nothing when the list is empty: here it fails instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

Thing = TypeVar("Thing")


def not_empty(things: Iterable[Thing]) -> Iterator[Thing]:
    """Yield each of the things, and fail when there was none."""
    seen = 0
    for one in things:
        seen += 1
        yield one
    assert seen, "the list of which this test speaks is empty"
