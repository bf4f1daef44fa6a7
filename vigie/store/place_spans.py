"""Which of the words typed name a place: the last ones, those after « à » or a trade, or the first ones (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.store.everyday_words import LINKING_WORDS
from vigie.store.gazetteer import spelled_words
from vigie.store.spelling import expand
from vigie.store.trade_index import longest, trade_of
from vigie.store.word_groups import WordGroup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vigie.store.atlas import Atlas, Place
    from vigie.store.lexicon import Lexicon

LONGEST_PLACE = 8
POSTAL_LENGTH = 5
BEFORE_A_PLACE = frozenset({"a", "au", "aux", "en", "dans", "vers"})
_INSIDE_A_NAME = frozenset({"sur", "sous", "lez", "s", "ss"})
_WIDE = ("departement", "region")
_WAYS = frozenset(
    {"rue", "route", "avenue", "boulevard", "chemin", "impasse", "allee", "quai", "faubourg", "cours", "square", "rond",
     "ruelle", "sentier", "passage", "chaussee", "residence"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """Words from `start` to `end` that name places, and the terms of the index that answer; see `WordGroup`."""

    start: int
    end: int
    places: tuple[str, ...]
    name: str
    notice: str = ""
    also: tuple[tuple[str, str], ...] = ()
    elsewhere: str = ""

    def group(self, found: Sequence[str]) -> WordGroup:
        """Return the group of these words."""
        words = tuple(found[self.start : self.end])
        return WordGroup(
            words, places=self.places, place_name=self.name or None, notice=self.notice, also=self.also,
            elsewhere=self.elsewhere,
        )  # fmt: skip


def whole_spans(found: Sequence[str], lexicon: Lexicon) -> list[Span]:
    """Return the first words that are the whole name of a place, whatever it holds."""
    for start, end in _spans(found):
        spelled = spelled_words(found[start:end])
        places, name = lexicon.place(spelled)
        if places:
            return [Span(start, end, places, name or "", lexicon.notice(spelled))]
    return []


def place_spans(found: Sequence[str], lexicon: Lexicon, atlas: Atlas) -> list[Span]:
    """Return the words that name a place, and those that name a wider one after it (« Les Herbiers Vendée »)."""
    wide = _wide(found, atlas)
    place = _place(found[: wide.start], lexicon, atlas) if wide and wide.start else None
    if wide:
        around = {key for one in place.places for key in lexicon.belongs(one.partition(":")[2])} if place else set()
        return [place, wide] if place and around.intersection(wide.places) else [wide]
    first = _place(found, lexicon, atlas)
    return [first] if first else []


def _wide(found: Sequence[str], atlas: Atlas) -> Span | None:
    """Return the last words when they are the name or the number of a département or of a région, after others."""
    for start in range(len(found)):
        place = atlas.whole(found[start:])
        if place and found[start - 1] not in _INSIDE_A_NAME:
            wide = start and place.key.partition(":")[0] in _WIDE
            return _span(start, len(found), place) if wide else None
    return None


def _place(found: Sequence[str], lexicon: Lexicon, atlas: Atlas) -> Span | None:
    """Return the best place: a whole name that holds something, else the beginning of one."""
    while len(found) > 1 and found[-1].isdigit() and len(found[-1]) == POSTAL_LENGTH:
        found = found[:-1]
    spans = [span for span in _spans(found) if not _of_a_street(found, span[0])]
    for start, end in spans:
        numbered = end - start == 1 and found[start].isdigit() and len(found) > 1
        place = atlas.whole(found[start:end]) or _after_a_trade(found, start, end, lexicon, atlas)
        if place and not numbered:
            return _span(start, end, place)
    for start, end in spans:
        place = atlas.short(found[start:end])
        if place and atlas.rather_a_name(place, found[start:end]):
            return Span(start, end, (), "", also=((place.key, place.name), *place.also))
        if place:
            return _span(start, end, place)
    return _elsewhere(found, spans, lexicon, atlas)


def _elsewhere(found: Sequence[str], spans: Sequence[tuple[int, int]], lexicon: Lexicon, atlas: Atlas) -> Span | None:
    """Return the words that name a place which holds nothing in service: the last ones, after « à », or all of them."""
    for start, end in spans:
        places = () if found[start].isdigit() else atlas.elsewhere(found[start:end])
        if places:
            notice = lexicon.notice(spelled_words(found[start:end]))
            return Span(start, end, (), "", notice, also=places, elsewhere=places[0][1])
    return None


def _after_a_trade(found: Sequence[str], start: int, end: int, lexicon: Lexicon, atlas: Atlas) -> Place | None:
    """Return the commune that bears the name of a trade, after another trade (« boulangerie Mâcon »)."""
    if end != len(found) or end - start != 1 or not trade_of(found[start:end]):
        return None
    if not any(trade_of((word,)) or lexicon.activities_of(word) for word in found[:start]):
        return None
    return atlas.homonym(found[start])


def _span(start: int, end: int, place: Place) -> Span:
    former = f"«\u00a0{place.former}\u00a0» est un ancien nom\u00a0: la recherche porte sur {place.name}."
    return Span(start, end, (place.key,), place.name, former if place.former else "", place.also)


def _spans(found: Sequence[str]) -> Iterator[tuple[int, int]]:
    size = len(found)
    spans = [(size - length, size) for length in range(min(LONGEST_PLACE, size), 0, -1)]
    for position, word in enumerate(found[:-1]):
        if word in BEFORE_A_PLACE:
            spans += [(position + 1, end) for end in range(min(size, position + 1 + LONGEST_PLACE), position + 1, -1)]
    for position in range(1, size):
        if any(trade_of(found[before:position]) for before in range(max(0, position - longest()), position)):
            spans += [(position, end) for end in range(min(size, position + LONGEST_PLACE), position, -1)]
    spans += [(0, length) for length in range(min(LONGEST_PLACE, size), 0, -1)]
    return ((start, end) for start, end in dict.fromkeys(spans) if not start or found[start - 1] not in _INSIDE_A_NAME)


def _of_a_street(found: Sequence[str], start: int) -> bool:
    """Tell whether words follow the name of a way (« rue de Metz »): they are then those of an address."""
    before = [word for word in found[:start] if word not in LINKING_WORDS]
    linked = bool(before) and all(word in LINKING_WORDS for word in found[start - 1 : start])
    return bool(before) and expand(before[-1]) in _WAYS and (linked or found[start - 1] == before[-1])
