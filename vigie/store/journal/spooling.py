"""Accesses that wait for no writer: durable in a place of their own, then moved into the audit, once each.

Where an engine has one writer, an access is kept beside the journal, durable before it is answered; a lot of them is
moved when nobody writes, and all of them before the audit is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Values = dict[str, Any]


class SpoolFailed(Exception):
    """The place of the waiting accesses cannot be read or written; its text names the engine's fault."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Accesses not moved yet: the name of their file, the number of the last one, and what the audit keeps of each."""

    spool: str
    last: int
    numbered: tuple[tuple[int, Values], ...]

    def after(self, mark: int) -> list[Values]:
        """Return those after the last one that was moved."""
        return [values for seq, values in self.numbered if seq > mark]


class Spool(Protocol):
    """Where accesses wait; everything raises `SpoolFailed`."""

    def keep(self, accesses: Sequence[Values]) -> None:
        """Write accesses, durable on return."""

    def waiting(self) -> Waiting | None:
        """Return what is to be moved, the oldest first; `None` when nothing waits."""

    def drop(self, moved: Waiting) -> None:
        """Remove what was moved; left there by a power cut, it is not moved again: the journal keeps a mark."""
