"""What a person typed, as words that can be looked up: folding, acronyms, abbreviations, identifiers (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vigie.domain.actors import SEPARATORS, compact_identifier
from vigie.store.gazetteer import spelled_words
from vigie.store.spelling import key, without_delivery, words
from vigie.store.trades import LEGAL_FORMS, LINKING_WORDS

if TYPE_CHECKING:
    from vigie.store.lexicon import Lexicon

LONGEST_TEXT = 200
MOST_WORDS = 12
LONGEST_PLACE = 6
_KEY = rf"(?:fr[{SEPARATORS}]*(?:[0-9a-z][{SEPARATORS}]*){{2}})?"
_DIGITS = re.compile(rf"(?<!\w){_KEY}(?:\d[{SEPARATORS}]*){{8,13}}\d(?!\w)", re.IGNORECASE)
_IDENTIFIER_WORDS = frozenset({"siren", "siret", "numero", "no", "tva", "intracommunautaire"})
_PREPOSITION = re.compile(r"(?<!\w)[àÀ](?!\w)")  # said before folding: « a » is also a letter of a name
_INSIDE_A_NAME = frozenset({"sur", "sous", "lez", "s", "ss"})
_BEFORE_A_PLACE = frozenset({"a", "au", "aux", "en", "dans", "vers"})


@dataclass(frozen=True, slots=True)
class WordGroup:
    """Consecutive words that one thing must answer.

    `words` all match together in a name, a sign or a street; or else one of `activities` ("NAFRev2:10.71C") or one
    of `places` ("commune:85109") answers for all of them. `weak` groups (legal forms, linking words) are optional;
    `vague` ones (« autres », « activités ») become so when nothing answers them.
    """

    words: tuple[str, ...]
    weak: bool = False
    vague: bool = False
    activities: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    place_name: str | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A text once read: identifiers (SIREN or SIRET, digits only) and groups of words; both must hold.

    `called` is the key of the whole text, as if it were an exact name, `called_there` that of the words beside a place.
    """

    identifiers: tuple[str, ...] = ()
    groups: tuple[WordGroup, ...] = field(default=())
    called: str = ""
    called_there: str = ""

    @property
    def strong(self) -> tuple[WordGroup, ...]:
        """Groups that must be answered: the weak ones only when there is nothing else."""
        return tuple(group for group in self.groups if not group.weak) or self.groups


def read(text: str, lexicon: Lexicon) -> Typed:
    """Read what was typed; raises nothing: an unreadable text simply has no word."""
    text = text[:LONGEST_TEXT]
    identifiers, rest = _identifiers(text)
    found = without_delivery(words(_PREPOSITION.sub(" dans ", rest)))[:MOST_WORDS]
    if identifiers:
        found = [word for word in found if word not in _IDENTIFIER_WORDS]
    groups = _groups(found, lexicon)
    return Typed(identifiers, tuple(groups), key(rest), _beside(groups))


def _beside(groups: list[WordGroup]) -> str:
    """Return the key of the words beside the place that was named, without those that lead to it (« à », « dans »)."""
    if not any(group.places for group in groups):
        return ""
    following = [*groups[1:], WordGroup(())]
    told = [
        group.words
        for group, after in zip(groups, following, strict=True)
        if not group.places and not (after.places and group.words[0] in _BEFORE_A_PLACE)
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


def _groups(found: list[str], lexicon: Lexicon) -> list[WordGroup]:
    start, end, places, name, notice = _place_span(found, lexicon)
    groups = []
    for position, word in enumerate(found):
        if start <= position < end:
            if position == start:
                groups.append(WordGroup(tuple(found[start:end]), places=places, place_name=name, notice=notice))
            continue
        weak = word in LEGAL_FORMS or word in LINKING_WORDS or (len(word) == 1 and not word.isdigit())
        activities = () if weak else lexicon.activities_of(word)
        vague = not weak and not activities and lexicon.is_vague(word)
        groups.append(
            WordGroup((word,), weak, vague, activities, lexicon.postal(word), notice=lexicon.code_notice(word))
        )
    return groups


def _place_span(found: list[str], lexicon: Lexicon) -> tuple[int, int, tuple[str, ...], str | None, str]:
    """Find the words that name a commune: the last ones, those after « à », or the first ones; longest first."""
    size = len(found)
    starts = [(size - length, size) for length in range(min(LONGEST_PLACE, size), 0, -1)]
    for position, word in enumerate(found[:-1]):
        if word in _BEFORE_A_PLACE:
            starts += [(position + 1, end) for end in range(min(size, position + 1 + LONGEST_PLACE), position + 1, -1)]
    starts += [(0, length) for length in range(min(LONGEST_PLACE, size), 0, -1)]
    for start, end in starts:
        if start and found[start - 1] in _INSIDE_A_NAME:
            continue
        spelled = spelled_words(found[start:end])
        places, name = lexicon.place(spelled)
        if places:
            return start, end, places, name, lexicon.notice(spelled)
    return size, size, (), None, ""
