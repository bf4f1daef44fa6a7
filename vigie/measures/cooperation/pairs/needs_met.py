"""Whether one firm confirmed that it can do what the other says it seeks."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.domain.french import listed
from vigie.measures.cooperation.pairs.pair import Pair, PairFeature


def measure(pair: Pair) -> tuple[float | None, str]:
    """Besoins et savoir-faire : n/(n + 1) pour n savoir-faire que l’une dit chercher et que l’autre a confirmés."""
    own, other = pair.seeker.said, pair.candidate.said
    if own is None or other is None or not ((own.sought and other.able) or (other.sought and own.able)):
        return None, ""
    brought, asked = _met(own.sought, other.able), _met(other.sought, own.able)
    told = [f"sait faire ce que vous cherchez : {listed(brought)}"] if brought else []
    told += [f"cherche ce que vous savez faire : {listed(asked)}"] if asked else []
    count = len(brought) + len(asked)
    return count / (count + 1.0), listed(told)


def _met(sought: Mapping[str, str], able: frozenset[str]) -> list[str]:
    """Return the labels of what is sought among what somebody can do."""
    return [label for code, label in sought.items() if code in able]


FEATURE = PairFeature("needs_met", "besoins et savoir-faire", measure)
