"""Whether one firm holds the links of the chain that the other says it lacks."""

from __future__ import annotations

from vigie.domain.french import listed
from vigie.domain.situation import HELD, MISSING, QUESTIONS, FirmSaid
from vigie.measures.cooperation.pairs.pair import Pair, PairFeature


def measure(pair: Pair) -> tuple[float | None, str]:
    """Étapes qui se complètent : n/(n + 1) pour n étapes que l’une dit tenir et dont l’autre dit manquer."""
    own, other = pair.seeker.said, pair.candidate.said
    if own is None or other is None or not (own.says_links and other.says_links):
        return None, ""
    brought, asked = _met(own, other), _met(other, own)
    held = [f"dit tenir : {_named(brought)}, qui vous manque"] if len(brought) == 1 else []
    held = held or ([f"dit tenir ce qui vous manque : {_named(brought)}"] if brought else [])
    lacked = [f"dit manquer de ce que vous tenez : {_named(asked)}"] if asked else []
    count = len(brought) + len(asked)
    return count / (count + 1.0), listed(held + lacked)


def _met(lacking: FirmSaid, holding: FirmSaid) -> list[str]:
    held = set(holding.links(HELD))
    return [word for word in lacking.links(MISSING) if word in held]


def _named(words: list[str]) -> str:
    return listed(QUESTIONS[word].label for word in words)


FEATURE = PairFeature("chain_links", "étapes qui se complètent", measure)
