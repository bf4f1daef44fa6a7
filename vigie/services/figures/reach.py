"""How much of a territory the data loaded cover: a load may hold one département only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.measures.coverage import coverage
from vigie.services.places import is_district

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

ENOUGH = 0.95
"""Above this share of the population, what is missing is closed communes and rounding: nothing is said of it."""


def share_of(code: str, communes: Iterable[str], people: Mapping[str, int], loaded: Collection[str]) -> float | None:
    """Return the share of a territory's population that lives in the communes loaded; `None` when it is not known.

    An arrondissement of Paris, Lyon or Marseille, whose population is that of its city, is loaded or is not.
    """
    if code in loaded and is_district(code):
        return 1.0
    held = total = 0
    for commune in set(communes):
        inhabitants = people.get(commune, 0)
        total += inhabitants
        if commune in loaded:
            held += inhabitants
    return coverage(held, total)
