"""What an examination found: effects, what was expected of each territory, what can be concluded, what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vigie.domain.finding_table import Floats
    from vigie.measures.hypotheses.laboratory import Beyond, Effect, Nearness
    from vigie.services.indicator_cards import IndicatorCard
    from vigie.services.laboratory.country import Outcome

PLACEBO = "placebo : période précédente"


@dataclass(frozen=True, slots=True, eq=False)
class Examination:
    """What was found; arrays have one row per territory kept (`rows`, places among those of the outcome).

    `verdict` is 1 or −1 where size goes with growth (or against it) under every specification, else 0; `acting` are the
    assets of which as much can be said. `left_out` says what was, and why; `limits` what could not be tried. `cases`
    name the place that each territory of the outcome is always shown for, empty for the others.
    """

    outcome: Outcome
    years: tuple[int, int]
    cards: tuple[IndicatorCard, ...]
    rows: NDArray[np.int64]
    growth: Floats
    effects: tuple[Effect, ...]
    beyond: Beyond | None
    nearness: Nearness | None
    size_r2: float | None
    verdict: int
    acting: tuple[Effect, ...]
    left_out: tuple[str, ...]
    limits: tuple[str, ...]
    cases: tuple[str, ...]

    @property
    def placebo(self) -> bool:
        """Tell whether size later explains what had grown before: then it is no cause that this shows."""
        return any(effect.sign for effect in self.effects if effect.specification == PLACEBO)
