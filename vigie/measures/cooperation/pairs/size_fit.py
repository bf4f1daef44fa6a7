"""Whether two firms are of sizes that deal with one another."""

from __future__ import annotations

from math import exp, log

from vigie.measures.cooperation.pairs.pair import Pair, PairFeature

# A firm ten times larger is another world: the fit then falls to about a third.
_TEN_TIMES = log(10.0)


def measure(pair: Pair) -> tuple[float | None, str]:
    """Tailles voisines : exp(−|ln(a/b)|/ln 10) sur les effectifs au milieu de leur tranche ; 1 à taille égale."""
    own, other = pair.seeker.employees, pair.candidate.employees
    if own is None or other is None:
        return None, ""
    gap = abs(log((own + 1.0) / (other + 1.0)))
    return exp(-gap / _TEN_TIMES), "de taille voisine" if gap < _TEN_TIMES / 2 else ""


FEATURE = PairFeature("size_fit", "tailles voisines", measure)
