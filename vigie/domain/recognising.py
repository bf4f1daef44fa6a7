"""Recognising in a text what a firm can do: inflected words, in any order, with light slips of the pen (pure)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from vigie.domain.capabilities import CapabilityKind, RecognisedTerm
from vigie.domain.word_forms import Word, base_of, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from vigie.domain.capabilities import CapabilityTerm

_LINKING = frozenset(
    """a au aux avec ce ces cette dans de des du en et entre la le les leur leurs mais nos notre nous on ou par pour qui
    sa se ses son sont sur un une vos votre vous y est tout tous toute toutes type sous""".split()  # noqa: SIM905
)
_NEGATING = frozenset("pas ni aucun aucune sans jamais".split())  # noqa: SIM905
_ONLY = frozenset("seulement uniquement que".split())  # noqa: SIM905
_ENDING_NEGATION = frozenset("mais sauf seulement".split())  # noqa: SIM905
_DOING = frozenset(
    """on il elle qui et ou puis atelier entreprise societe equipe maison usine firme artisan y ensuite aussi""".split()  # noqa: SIM905
)
"""Words after which « soude » or « plie » is a verb, rather than a thing."""
# Words that stand within one way of saying: « découpe au laser », « injection de petites pièces plastiques ».
_SLACK = 3
_NEGATED = 6
_ACRONYM = 3
# From how many letters one slip of the pen, then two, are forgiven: shorter words have too many neighbours.
_ONE_SLIP, _TWO_SLIPS = 7, 11


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to say a term: its words; `acronyms` says which of them must be written in capitals.

    `exact` is a way whose only telling word says nothing alone (« sur mesure »): its words stand side by side.
    """

    term: CapabilityTerm
    parts: tuple[Word, ...]
    acronyms: tuple[bool, ...]
    exact: bool

    @property
    def weight(self) -> tuple[int, int]:
        return len(self.parts), sum(len(part.plain) for part in self.parts)


@dataclass(slots=True)
class _Found:
    form: _Form
    places: frozenset[int]
    by_action: bool


@dataclass(slots=True)
class Recogniser:
    """Recognises the terms of a vocabulary; `lexicon` holds other words of the language, never taken for a slip."""

    vocabulary: Sequence[CapabilityTerm]
    lexicon: Collection[str] = ()
    _forms: list[_Form] = field(default_factory=list)
    _known: dict[str, Word] = field(default_factory=dict)
    _candidates: list[str] = field(default_factory=list)
    _ordinary: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        seen: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for term in self.vocabulary:
            for wording in term.wordings:
                whole = tuple(map(_as_written if wording == term.english else _as_done, words(wording)))
                parts = tuple(filter(_tells, whole))
                exact = len(parts) == 1 < len(whole)
                parts = whole if exact else parts
                key = tuple(part.base for part in parts)
                if parts and term.code not in seen[key]:
                    seen[key].add(term.code)
                    self._forms.append(_Form(term, parts, tuple(map(_is_acronym, parts)), exact))
                for part in parts:
                    self._known.setdefault(part.plain, part)
        self._forms.sort(key=lambda form: form.weight, reverse=True)
        self._ordinary = {base_of(word) for word in self.lexicon}
        self._candidates = [word for word in self._known if len(word) >= _ONE_SLIP]

    def recognise(self, text: str) -> tuple[RecognisedTerm, ...]:
        """Return the terms that a text tells, in the order of their first words; what it denies is not told.

        Of two terms told by the same words the narrower is kept: « soudage TIG » is not also soudage.
        """
        spoken = [self._mended(word) for word in words(text)]
        denied = _denied(spoken)
        view = _Spoken(spoken, text.upper() == text)
        found: list[_Found] = []
        for form in self._forms:
            for match in _matches(form, view):
                affirmed = all(denied.get(place, place) in match.places for place in match.places)
                if affirmed and not _covered(match, found):
                    found.append(match)
        return _told(_narrowest(found), spoken, text)

    def _mended(self, word: Word) -> Word:
        plain = word.plain
        if len(plain) < _ONE_SLIP or plain.isdigit() or self._is_known(word):
            return word
        most = 2 if len(plain) >= _TWO_SLIPS else 1
        tried = [
            process.extractOne(one, self._candidates, scorer=DamerauLevenshtein.distance, score_cutoff=most)
            for one in dict.fromkeys((plain, plain.removesuffix("s")))
        ]
        near = min((one for one in tried if one is not None and one[0][0] == plain[0]), key=_distance, default=None)
        if near is None:
            return word
        meant = self._known[near[0]]
        return Word(word.written, word.start, word.end, word.sentence, meant.plain, meant.base, meant.action)

    def _is_known(self, word: Word) -> bool:
        if word.plain in self._known or word.base in self._ordinary:
            return True
        known = ((part.base, part.action) for part in self._known.values())
        return any(word.base == base or (word.action and word.action == action) for base, action in known)


def _distance(near: tuple[str, float, int]) -> float:
    return near[1]


def _as_written(word: Word) -> Word:
    """Return a word of another language, compared as it is written: « brass » is no plural."""
    return replace(word, base=word.plain, action="")


def _as_done(word: Word) -> Word:
    """Return a word with the stem of the deed that it may name: « découpe » is what « découpons » does."""
    if word.action or not word.plain.endswith("e") or len(word.plain) < _ACRONYM + 2:
        return word
    return replace(word, action=word.plain.removesuffix("e"))


def _is_acronym(part: Word) -> bool:
    return part.written.isupper() and part.written.isalpha() and len(part.written) <= _ACRONYM


@dataclass(slots=True)
class _Spoken:
    """The words of a text by their keys; `ranks` counts the words that tell something, for distances."""

    words: Sequence[Word]
    shouted: bool
    bases: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    actions: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    ranks: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        rank = 0
        for place, word in enumerate(self.words):
            rank += _tells(word)
            self.ranks.append(rank)
            for key in {word.base, word.plain}:
                self.bases[key].append(place)
            if word.action:
                self.actions[word.action].append(place)
            elif _acts(self.words, place):
                self.actions[word.plain.removesuffix("e")].append(place)


def _tells(word: Word) -> bool:
    return word.plain not in _LINKING or (word.written.isupper() and len(word.written) > 1)


def _acts(told: Sequence[Word], place: int) -> bool:
    """Tell whether a word that ends in « e » stands where a verb does: after who acts, or after another verb."""
    word = told[place]
    if not word.plain.endswith("e") or place == 0:
        return False
    before = told[place - 1]
    return before.plain in _DOING or (before.end + 2 <= word.start and not before.plain.endswith("s"))


def _matches(form: _Form, spoken: _Spoken) -> Iterable[_Found]:
    """Yield where the words of a form stand together, in any order, within one sentence."""
    acting = form.term.kind is CapabilityKind.PROCESS
    choices: list[dict[int, bool]] = []
    for part, acronym in zip(form.parts, form.acronyms, strict=True):
        here = dict.fromkeys(spoken.bases.get(part.base, ()), False)
        if acting and part.action:
            here |= {place: True for place in spoken.actions.get(part.action, ()) if place not in here}
        if acronym and not spoken.shouted:
            here = {place: how for place, how in here.items() if spoken.words[place].written.isupper()}
        if not here:
            return
        choices.append(here)
    used: set[int] = set()
    for first, how in sorted(choices[0].items()):
        places, by_action = {first}, how
        for other in choices[1:]:
            near = [place for place in other if place not in places]
            if not near:
                break
            nearest = min(near, key=lambda place: abs(place - first))
            places.add(nearest)
            by_action = by_action or other[nearest]
        whole = len(places) == len(choices)
        if whole and _together(form, places, spoken) and not places & used:
            used |= places
            yield _Found(form, frozenset(places), by_action)


def _together(form: _Form, places: Collection[int], spoken: _Spoken) -> bool:
    first, last = min(places), max(places)
    if spoken.words[first].sentence != spoken.words[last].sentence:
        return False
    if form.exact:
        return last - first == len(places) - 1
    slack = _SLACK if len(places) > 1 else 0
    return spoken.ranks[last] - spoken.ranks[first] < len(places) + slack


def _covered(match: _Found, found: Sequence[_Found]) -> bool:
    """Tell whether longer ways of saying already account for all the words of one of the same kind.

    A deed that is only told by a participle is accounted for by what it qualifies: « acier galvanisé » is a material.
    """
    length = len(match.form.parts)
    longer = [
        one.places for one in found
        if len(one.form.parts) > length and (match.by_action or one.form.term.kind is match.form.term.kind)
    ]  # fmt: skip
    return bool(longer) and match.places <= frozenset().union(*longer)


def _narrowest(found: Sequence[_Found]) -> list[_Found]:
    """Leave out a term when a narrower one is told by one of the same words."""
    return [
        one for one in found
        if not any(one.form.term.code in other.form.term.parents and one.places & other.places for other in found)
    ]  # fmt: skip


def _told(found: Iterable[_Found], spoken: Sequence[Word], text: str) -> tuple[RecognisedTerm, ...]:
    by_code: dict[str, tuple[CapabilityTerm, set[int]]] = {}
    for one in found:
        by_code.setdefault(one.form.term.code, (one.form.term, set()))[1].update(one.places)
    ordered = sorted(by_code.values(), key=lambda pair: (min(pair[1]), pair[0].code))
    return tuple(
        RecognisedTerm(term, tuple(text[spoken[place].start : spoken[place].end] for place in sorted(places)))
        for term, places in ordered
    )


def _denied(told: Sequence[Word]) -> dict[int, int]:
    """Return the places of the words that a text denies, with that of the word that denies them.

    They are those after « pas », « ni », « sans », to the end of the clause.
    """
    denied: dict[int, int] = {}
    for place, word in enumerate(told):
        after = told[place + 1].plain if place + 1 < len(told) else ""
        if word.plain not in _NEGATING or after in _ONLY:
            continue
        for next_ in range(place + 1, min(place + 1 + _NEGATED, len(told))):
            apart = told[next_].start - told[next_ - 1].end > 1 and next_ > place + 1 and told[next_].plain != "ni"
            if apart or told[next_].plain in _ENDING_NEGATION or told[next_].sentence != word.sentence:
                break
            denied[next_] = place
    return denied
