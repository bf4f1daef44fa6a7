"""How much a candidate is already in demand: hubs would fill every list."""

from __future__ import annotations

from math import log1p

from vigie.measures.cooperation.pairs.pair import Pair, PairFeature

# Ties from which a firm is a hub: the value is then 1.
_MANY = 50.0


def measure(pair: Pair) -> tuple[float | None, str]:
    """Correction des carrefours : ln(1 + liens connus) rapporté à 50 liens ; compte contre qui en a déjà beaucoup."""
    if pair.candidate.ties is None:
        return None, ""
    return min(1.0, log1p(pair.candidate.ties) / log1p(_MANY)), ""


FEATURE = PairFeature("hub", "déjà très sollicitée", measure)
