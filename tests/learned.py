"""What could have been learned, made up: enough to be adopted, or too little."""

from __future__ import annotations

from vigie.measures.cooperation.pairs import FEATURES
from vigie.services.connect.gathering import LEARNABLE, SLICES
from vigie.services.connect.learning import Learned, LearnedChance, LearnedQuality, LearnedReason


def learned(kept: dict[str, float], *, outcomes: int = 60, simulated: bool = False, low: float = 0.6) -> Learned:
    """Return what would have been learned: features `kept` with what they weigh, the others stated."""
    reasons = tuple(
        LearnedReason(name, FEATURES[name].label, 1.0, *((2.0, 1.0, 3.0) if name in kept else (0.0, None, None)),
                      kept.get(name), "elle rapproche" if name in kept else "trop peu")
        for name in LEARNABLE
    )  # fmt: skip
    quality = (
        LearnedQuality("toutes les entreprises", 40, 300, 0.8, low, 0.9, 0.7),
        *(LearnedQuality(label, 4, 20, None, None, None, None) for label in SLICES),
    )
    return Learned(
        outcomes, 40, 12, 20, 300, {"trop loin": 3}, reasons, quality, (LearnedChance(0.9, 1.0, 0.95, 0.9, 120),),
        0.12, simulated,
    )  # fmt: skip
