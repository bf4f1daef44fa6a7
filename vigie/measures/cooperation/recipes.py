"""What a feature declares: its name, its label, what it measures on a network. Its docstring is what people read.

The docstring of the function of a feature is in French: the page of methods shows it as it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vigie.measures.cooperation.network import Floats, Network

Measured = Callable[[Network], Floats]


@dataclass(frozen=True, slots=True)
class NetworkFeature:
    """A feature of pairs of known organisations.

    `measure` returns the shape (n, n): one row per organisation that seeks, one column per candidate, 0 or more, the
    diagonal and the present partners meaning nothing.
    """

    name: str
    label: str
    measure: Measured

    @property
    def docstring(self) -> str:
        """Return in French what the feature is, as the page of methods shows it; raises `ValueError` without any."""
        words = " ".join((self.measure.__doc__ or "").split())
        if not words:
            raise ValueError(f"the feature « {self.name} » says nothing of what it measures")
        return words
