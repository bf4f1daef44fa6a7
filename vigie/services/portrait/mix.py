"""The activities of a territory beside those of a reference, counted the same way."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.services.figures.mixes import Mixes

FRANCE, LOADED = "la France", "l’ensemble des données chargées"
SPECIALISED = 1.5
"""Half as much again as the reference, the usual threshold of a location quotient, in one job of a hundred at
least."""


@dataclass(frozen=True, slots=True)
class Mix:
    """Amounts by activity (finest code) in a territory and in its reference, counted the same way.

    `kind` is "jobs" or "employers"; `unknown` is the amount here whose activity is not known; `told` says in
    French what is counted, `reference_name` against what.
    """

    kind: str
    local: Mapping[str, float]
    reference: Mapping[str, float]
    unknown: float
    told: str
    reference_name: str
    table: Mixes

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources of the amounts."""
        return self.table.sources

    @property
    def divisions(self) -> tuple[list[str], list[float], list[float]]:
        """Codes of the reference's divisions, amounts here, amounts in the reference."""
        codes, here, there = self.table.divisions
        return codes, here[0].tolist(), there.tolist()


def mix(counted: Mixes, reference_name: str) -> Mix:
    """Tell the activities of the one territory of a table beside those of its reference."""
    told = (
        f"Compté en emplois salariés privés de {counted.vintage}."
        if counted.kind == "jobs"
        else "Compté en établissements employeurs, sans les locations de biens propres (68.20) ni les holdings (64.20)."
    )
    unknown = float(counted.unknown[0])
    return Mix(counted.kind, counted.row(0), counted.reference, unknown, told, reference_name, counted)


def specialities(counted: Mix) -> list[tuple[str, float]]:
    """Return the divisions big enough for their quotient to mean something, with it, most specific first."""
    codes = counted.divisions[0]
    kept = [(code, float(q)) for code, q in zip(codes, counted.table.quotients[0], strict=True) if not isnan(q)]
    return sorted(kept, key=lambda pair: (-pair[1], pair[0]))
