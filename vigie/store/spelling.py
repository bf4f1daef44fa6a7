"""Spelling: folding, words, acronyms, customary abbreviations (pure)."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from vigie.store.everyday_words import ABBREVIATIONS

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})
LONGEST_CEDEX = 2
_DELIVERY = frozenset({"bp", "cs", "tsa", "cidex"})
_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?|\b[^\W\d_](?:\.[^\W\d_])+\b")


def fold(text: str) -> str:
    """Return a text in lower case, without accents nor ligatures."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).lower().translate(_LIGATURES)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words(text: str) -> list[str]:
    """Return the folded words of a text; signs only separate them.

    Letters that stand alone one after the other become one word, whatever separates them: « S.A.R.L », « S A R L » and
    « s/a/r/l » are sarl, « H & C » is hc, « 3-D » is 3d.
    """
    joined = fold(text)
    if "." in joined:
        joined = _DOTTED.sub(lambda found: f" {found.group().replace('.', '')} ", joined)
    found: list[str] = []
    for alone, run in groupby(_WORD.findall(joined), lambda word: len(word) == 1):
        together = list(run)
        whole = "".join(together)
        found += together if not alone or whole.isdigit() else [whole]
    return found


def key(text: str) -> str:
    """Return the letters and digits of a name, one after the other: names that differ by signs alone share it."""
    return "".join(character for character in fold(text) if character.isalnum())


def expand(word: str) -> str:
    """Return the full word of a customary abbreviation (« st » → saint), or the word itself."""
    return ABBREVIATIONS.get(word, word)


def holds(text: str, asked: str) -> bool:
    """Tell whether a text holds every word asked for, capitals and accents ignored; signs alone are looked for as such.

    « % », « _ » or « ' » is a sign like another, never a joker nor nothing.
    """
    inside = fold(text.translate(_APOSTROPHES))
    sought = (token for token in fold(asked.translate(_APOSTROPHES)).split())
    return all(part in inside for token in sought for part in _WORD.findall(token) or [token])


def without_delivery(found: list[str], *, first: bool = False) -> list[str]:
    """Leave out the words of business mail (« CEDEX 9 », « BP 123 »), which name neither a firm nor a place.

    A text that begins with them is looked for as it is, unless the `first` words may be such too.
    """
    kept: list[str] = []
    position = 0
    while position < len(found):
        word, after = found[position], found[position + 1] if position + 1 < len(found) else ""
        if (kept or first) and word == "cedex":
            position += 2 if after.isdigit() and len(after) <= LONGEST_CEDEX else 1
        elif (kept or first) and word in _DELIVERY and after.isdigit():
            position += 2
        else:
            kept.append(word)
            position += 1
    return kept
