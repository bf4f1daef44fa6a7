"""Whether one activity buys from the other."""

from __future__ import annotations

from vigie.measures.cooperation.pairs.pair import Pair, PairFeature


def measure(pair: Pair) -> tuple[float | None, str]:
    """Échanges entre activités : l’une achète-t-elle à l’autre ? D’après le tableau entrées-sorties, de 0 à 1."""
    return pair.flow, pair.flow_evidence


FEATURE = PairFeature("trade_flow", "échanges entre activités", measure)
