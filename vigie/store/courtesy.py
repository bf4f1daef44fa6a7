"""Words that surround what is looked for without saying it: « je cherche un », « près de » (pure)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from vigie.sources import vocabulary
from vigie.store.everyday_words import LINKING_WORDS
from vigie.store.spelling import words

if TYPE_CHECKING:
    from collections.abc import Sequence


def without_courtesy(found: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return the words without those that say nothing, and the phrases left out.

    Nothing is left out of a text that says nothing else.
    """
    kept: list[str] = []
    left: list[str] = []
    position = 0
    while position < len(found):
        length = _courtesy(found[position:], "any") or (0 if kept else _courtesy(found[position:], "first"))
        if length:
            left.append(" ".join(found[position : position + length]))
            position += length
        else:
            kept.append(found[position])
            position += 1
        if left and kept and all(word in LINKING_WORDS for word in kept) and not _leads(kept):
            kept = []
    told = any(word not in LINKING_WORDS for word in kept)
    return (kept, tuple(left)) if told else (list(found), ())


def _leads(kept: Sequence[str]) -> bool:
    """« les » and « la » may begin the name of a place; « un » and « des » begin nothing."""
    return kept[-1] in ("la", "le", "les", "l")


def _courtesy(found: Sequence[str], where: str) -> int:
    """Return how many of the first words are a phrase of courtesy."""
    return next((len(phrase) for phrase in _phrases(where) if tuple(found[: len(phrase)]) == phrase), 0)


@cache
def _phrases(where: str) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((tuple(words(phrase)) for phrase in vocabulary.courtesies(where)), key=len, reverse=True))
