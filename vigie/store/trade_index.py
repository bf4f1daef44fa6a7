"""The trades that people name, by the words they use, in the activities that firms declare (pure)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from vigie.domain.actors import Nomenclature
from vigie.sources import nomenclature, vocabulary
from vigie.store.spelling import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SHORTEST_PLURAL = 4
_SHORTEST_MISSPELT = 7
_FINEST = 6
"""Signs of the code of a subclass (« 25.62B »)."""


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade as it is written, and its finest activities ("NAFRev2:25.62B"), those that say it best first."""

    label: str
    activities: tuple[str, ...]


def trade_of(found: Sequence[str]) -> Trade | None:
    """Return the trade that folded words name, plurals forgiven; `None` when they name none."""
    return _index().get(_singular(found))


@lru_cache(maxsize=4096)
def misspelt(word: str) -> str:
    """Return the name of a trade that a long word misspells by one letter, folded; empty when it is none, or several.

    The first letter is held to be right.
    """
    if len(word) < _SHORTEST_MISSPELT or trade_of((word,)):
        return ""
    near = {name for name in trade_words() if name[0] == word[0] and OSA.distance(word, name, score_cutoff=1) <= 1}
    return near.pop() if len(near) == 1 else ""


@cache
def longest() -> int:
    """Return how many words the longest name of a trade holds."""
    return max(len(name) for name in _index())


def completed(typed: Sequence[str], limit: int) -> tuple[str, ...]:
    """Return the trades whose name begins by words, then those that hold a word that begins so, as they are written."""
    text = " ".join(typed)
    begun = [trade.label for name, trade in labels().items() if name.startswith(text)]
    holding = [trade.label for name, trade in labels().items() if f" {text}" in name]
    return tuple(dict.fromkeys([*sorted(begun, key=len), *holding]))[:limit]


@cache
def labels() -> Mapping[str, Trade]:
    """Return every trade by each of its names, folded, words one space apart; for what completes a text."""
    return {" ".join(words(name)): trade for name, trade in _named().items()}


@cache
def trade_words() -> frozenset[str]:
    """Return the names of trades that are one word."""
    return frozenset(name[0] for name in _index() if len(name) == 1)


@cache
def _index() -> Mapping[tuple[str, ...], Trade]:
    """Return each trade by its folded name; of two spellings that differ by a plural, the first one written."""
    return {_singular(words(name)): trade for name, trade in reversed(list(_named().items()))}


@cache
def _named() -> Mapping[str, Trade]:
    """Return each trade as it is written; one of a single word holds the activities whose own label says it too."""
    found = {}
    for row in vocabulary.trades():
        activities = [key for code in row.codes for key in _finest(code)]
        for name in row.words:
            said = _singular(words(name))
            more = _in_labels().get(said[0], ()) if len(said) == 1 else ()
            found[name] = Trade(name, tuple(dict.fromkeys((*activities, *more))))
    return found


@cache
def _in_labels() -> Mapping[str, tuple[str, ...]]:
    """Return the finest activities whose label holds each word."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for code, node in nomenclature.tree().items():
        if len(code) == _FINEST:
            for word in set(_singular(words(node.label))):
                found[word].append(f"{Nomenclature.NAF_REV2.value}:{code}")
    return {word: tuple(sorted(keys)) for word, keys in found.items()}


@cache
def _finest(code: str) -> tuple[str, ...]:
    """Return the finest activities of a code of NAF rev. 2."""
    tree = nomenclature.tree()
    below = [other for other, node in tree.items() if node.parent == code]
    if not below:
        return (f"{Nomenclature.NAF_REV2.value}:{code}",)
    return tuple(key for other in sorted(below) for key in _finest(other))


def _singular(found: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.rstrip("sx") if len(word) >= _SHORTEST_PLURAL else word for word in found)
