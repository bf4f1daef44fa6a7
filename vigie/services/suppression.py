"""What an answer asks before it shows firms; where there is no journal, nobody objects.

Apart from `firms/suppression_list.py`, so that reading open data needs neither the journal nor its database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

NOBODY: frozenset[str] = frozenset()
Among = Callable[[Iterable[str]], frozenset[str]]
"""Tells which firms, of some, object to being shown."""


class Suppressions(Protocol):
    """What an answer asks before it shows firms."""

    def holds(self, siren: str) -> bool:
        """Tell whether a firm objects to being shown."""

    def sirens(self) -> frozenset[str]:
        """Return the numbers of the firms loaded that object."""


class NoSuppression:
    """Where there is no journal, nobody has objected."""

    def holds(self, siren: str) -> bool:
        """Tell that no firm objects."""
        return False

    def sirens(self) -> frozenset[str]:
        """Return no number."""
        return NOBODY
