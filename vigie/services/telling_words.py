"""The words of a need that tell what it is about, by the beginning that their forms share."""

from __future__ import annotations

from vigie.store.spelling import words

_TELLING, _KEPT = 3, 4
"""Letters below which a word tells nothing, and letters kept of a word, whose end bends: isoler, isolation."""
_EMPTY = frozenset(words(
    "pour dans avec sans notre nous vous votre leur mon mes une des les aux sur par est que qui son ses cherche besoin "
    "veux voulons souhaite faire aide aides entreprise"
))  # fmt: skip
"""Words that every need and every scheme uses: they tell nothing of which."""


def stem(word: str) -> str:
    """Return the beginning of a folded word that its forms share, empty when it is too short to tell anything."""
    return word[:_KEPT] if len(word) >= _TELLING else ""


def telling_stems(text: str) -> frozenset[str]:
    """Return the beginnings of the words of a text that tell something of it."""
    return frozenset(found for word in words(text) if word not in _EMPTY and (found := stem(word)))
