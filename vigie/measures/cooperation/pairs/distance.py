"""How near two firms are, which matters less the larger they are."""

from __future__ import annotations

from math import exp

from vigie.domain.french import number
from vigie.measures.cooperation.pairs.pair import Pair, PairFeature

# A small workshop deals within a few minutes, a plant within its region: kilometres at which nearness falls to a third.
REACH_KM = ((10.0, 12.0), (50.0, 25.0), (float("inf"), 50.0))


def reach_km(employees: float | None) -> float:
    """Return the kilometres at which nearness falls to a third, by the size of the firm; unknown counts as small."""
    return next(reach for most, reach in REACH_KM if (employees or 0.0) < most)


def measure(pair: Pair) -> tuple[float | None, str]:
    """Proximité : exp(−d/r), d à vol d’oiseau et r de 12, 25 ou 50 km selon la taille de l’entreprise."""
    if pair.kilometres is None:
        return None, ""
    return exp(-pair.kilometres / reach_km(pair.seeker.employees)), f"à {number(round(pair.kilometres, 1))} km"


FEATURE = PairFeature("distance", "proximité", measure)
