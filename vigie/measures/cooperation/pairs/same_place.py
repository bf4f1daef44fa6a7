"""Whether two firms depend on one intercommunality."""

from __future__ import annotations

from vigie.measures.cooperation.pairs.pair import Pair, PairFeature


def measure(pair: Pair) -> tuple[float | None, str]:
    """Même commune (1) ou même intercommunalité (½) : mêmes élus, mêmes développeurs, mêmes zones d’activité."""
    own, other = pair.seeker, pair.candidate
    if not own.commune or not other.commune:
        return None, ""
    if own.commune == other.commune:
        return 1.0, "dans la même commune"
    return (0.5, "dans la même intercommunalité") if own.places & other.places else (0.0, "")


FEATURE = PairFeature("same_place", "même territoire", measure)
