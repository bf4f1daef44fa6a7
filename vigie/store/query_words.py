"""What a person typed, as words that can be looked up: folding, acronyms, abbreviations, identifiers (pure)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from vigie.domain.actors import SEPARATORS, compact_identifier
from vigie.store.courtesy import without_courtesy
from vigie.store.everyday_words import LEGAL_FORMS, LINKING_WORDS
from vigie.store.place_spans import BEFORE_A_PLACE, place_spans, whole_spans
from vigie.store.spelling import key, without_delivery, words
from vigie.store.trade_index import longest, misspelt, trade_of
from vigie.store.word_groups import Typed, WordGroup

if TYPE_CHECKING:
    from vigie.store.atlas import Atlas
    from vigie.store.lexicon import Lexicon

LONGEST_TEXT = 200
MOST_WORDS = 12
_KEY = rf"(?:fr[{SEPARATORS}]*(?:[0-9a-z][{SEPARATORS}]*){{2}})?"
_DIGITS = re.compile(rf"(?<!\w){_KEY}(?:\d[{SEPARATORS}]*){{8,13}}\d(?!\w)", re.IGNORECASE)
_IDENTIFIER_WORDS = frozenset({"siren", "siret", "numero", "no", "tva", "intracommunautaire"})
_PREPOSITION = re.compile(r"(?<!\w)[àÀ](?!\w)")  # said before folding: « a » is also a letter of a name
_QUOTED = re.compile(r"[«“\"]([^«»“”\"]*)[»”\"]")


def read(text: str, lexicon: Lexicon, atlas: Atlas | None = None) -> Typed:
    """Read what was typed; raises nothing: an unreadable text simply has no word.

    Words between quotation marks are those of a name, whatever else they could mean. Without an `atlas`, only whole
    names of places are read.
    """
    text = text[:LONGEST_TEXT]
    identifiers, rest = _identifiers(text)
    quoted, plain = _quoted(rest)
    found = without_delivery(words(_PREPOSITION.sub(" dans ", plain)))
    found, courtesy = without_courtesy(found)
    quoted = quoted[:MOST_WORDS]
    found = found[: MOST_WORDS - len(quoted)]
    if identifiers:
        found = [word for word in found if word not in _IDENTIFIER_WORDS]
    groups = [*_groups(found, lexicon, atlas), *(WordGroup((word,), quoted=True) for word in quoted)]
    return Typed(identifiers, tuple(groups), key(rest), _beside(groups), courtesy)


def _quoted(text: str) -> tuple[list[str], str]:
    """Return the words between quotation marks, and the text without them."""
    held = [word for part in _QUOTED.findall(text) for word in words(part)]
    return (held, _QUOTED.sub(" ", text)) if held else ([], text)


def _beside(groups: list[WordGroup]) -> str:
    """Return the key of the words beside the place that was named, without those that lead to it (« à », « dans »)."""
    if not any(group.places for group in groups):
        return ""
    following = [*groups[1:], WordGroup(())]
    told = [
        group.words
        for group, after in zip(groups, following, strict=True)
        if not group.places and not (after.places and group.words[0] in BEFORE_A_PLACE)
    ]
    return "".join(word for each in told for word in each)


def _identifiers(text: str) -> tuple[tuple[str, ...], str]:
    """Take SIREN and SIRET out of a text; other long numbers stay words."""
    identifiers: list[str] = []

    def take(found: re.Match[str]) -> str:
        compact = compact_identifier(found.group())
        if compact is None:
            return found.group()
        identifiers.append(compact)
        return " "

    rest = _DIGITS.sub(take, text)
    return tuple(identifiers), rest


def _groups(found: list[str], lexicon: Lexicon, atlas: Atlas | None) -> list[WordGroup]:
    spans = whole_spans(found, lexicon) if atlas is None else place_spans(found, lexicon, atlas)
    groups = []
    position = 0
    while position < len(found):
        span = next((one for one in spans if one.start == position), None)
        if span:
            groups.append(span.group(found))
            position = span.end
            continue
        following = min([one.start for one in spans if one.start > position], default=len(found))
        phrase = _phrase(found, position, following)
        if phrase:
            groups.append(phrase)
            position += len(phrase.words)
            continue
        groups.append(_word(found[position], lexicon, atlas))
        position += 1
    return groups


def _phrase(found: list[str], start: int, limit: int) -> WordGroup | None:
    """Return the trade that several words name from `start` on (« traitement de surface »), the longest one."""
    for end in range(min(limit, start + longest()), start + 1, -1):
        trade = trade_of(found[start:end])
        if trade:
            return WordGroup(tuple(found[start:end]), activities=trade.activities, trade=trade.label)
    return None


def _word(word: str, lexicon: Lexicon, atlas: Atlas | None) -> WordGroup:
    right = misspelt(word) if atlas and not atlas.named(word) else ""
    if right:
        said = f"«\u00a0{word}\u00a0» est lu «\u00a0{right}\u00a0»."
        return replace(_word(right, lexicon, None), notice=said)
    weak = word in LEGAL_FORMS or word in LINKING_WORDS or (len(word) == 1 and not word.isdigit())
    activities = () if weak else lexicon.activities_of(word)
    trade = trade_of((word,)) if activities else None
    vague = not weak and not activities and lexicon.is_vague(word)
    return WordGroup(
        (word,), weak, vague, activities, lexicon.postal(word), notice=lexicon.code_notice(word),
        trade=trade.label if trade else "",
    )  # fmt: skip
