"""Whether both activities hire the same occupations."""

from __future__ import annotations

from vigie.measures.cooperation.pairs.pair import Pair, PairFeature


def measure(pair: Pair) -> tuple[float | None, str]:
    """Métiers partagés : les deux activités embauchent-elles les mêmes métiers ? De 0 (aucun) à 1 (la plus proche)."""
    return pair.know_how, pair.know_how_evidence


FEATURE = PairFeature("shared_know_how", "métiers partagés", measure)
