"""Order of the best matches of a search, as a list of named features (pure).

The engine finds candidates; what is shown first is decided here, the same way for every engine, on public records.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import OSA

from vigie.domain.actors import JOINT
from vigie.store.everyday_words import LEGAL_FORMS, LINKING_WORDS
from vigie.store.kept import SIZE_RANKS
from vigie.store.lexicon import root
from vigie.store.spelling import expand, key, words
from vigie.store.trade_index import trade_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vigie.store.lexicon import Lexicon
    from vigie.store.word_groups import Typed, WordGroup

NAME, SIGN, ACTIVITY, STREET = 1.0, 0.94, 0.7, 0.55
"""By which field a word is answered, the name first; the searches of `tests/oracles` hold what comes of it."""
ELSEWHERE = 0.45
"""What a record keeps when the place typed is not its own: it stays below any that is there."""
STEM, PREFIX, TYPO = 0.95, 0.8, 0.12
"""A plural is nearly the word; a beginning comes just before one wrong letter (0.78), and that before two."""
WEAK = 0.15
"""Words like « société » or « de » hardly count."""
MOST_TYPOS = 2


@dataclass(frozen=True, slots=True)
class Features:
    """Why a record stands where it stands.

    `match`: how well what was typed is answered, each word by its best field (0 to 1). `whole`: share of the name
    that was typed (0 to 1). `order`: whether the name holds the words in the order typed. `standing`: open, head
    office, size (0 to 1). `exact`: whether the name is what was typed, signs aside.
    """

    match: float
    whole: float
    order: float
    standing: float
    exact: bool = False

    @property
    def score(self) -> float:
        """Weighted sum: the match decides, the rest breaks ties."""
        return self.match + 0.22 * self.whole + 0.03 * self.order + 0.02 * self.standing + 0.05 * self.exact


@dataclass(frozen=True, slots=True)
class Ranked:
    """A record and why it stands where it stands."""

    features: Features
    record: Mapping[str, Any]


def rank(records: Iterable[Mapping[str, Any]], typed: Typed, lexicon: Lexicon) -> list[Ranked]:
    """Return records best first; equal ones by SIRET, so that the order never depends on chance."""
    ranked = [Ranked(features(record, typed, lexicon), record) for record in records]
    return sorted(ranked, key=lambda one: (-one.features.score, one.record["siret"]))


def features(record: Mapping[str, Any], typed: Typed, lexicon: Lexicon) -> Features:
    """Measure how a record answers what was typed; the name of a place counts less in the name of a firm elsewhere."""
    if typed.called and typed.called in _keys(record):
        return Features(1.0, 1.0, 1.0, _standing(record), exact=True)
    there = typed.called_there and typed.called_there in _keys(record)
    name = words(record["name"] or "")
    sign = words(" ".join(filter(None, (record["sign"], record["usual_name"], record["acronym"]))))
    known = _known(record, lexicon)
    total = weights = 0.0
    in_name: list[str] = []
    for group in typed.groups:
        weight = WEAK if group.weak else 1.0
        named = max(NAME * _best(group.words, name), SIGN * _best(group.words, sign))
        named = NAME if there and not group.places else named
        total, weights = total + weight * _quality(group, named, record, known), weights + weight
        if named:
            in_name += group.words
    whole = 1.0 if there else max(_share(name, in_name), _share(sign, in_name) if sign else 0.0)
    return Features(total / weights if weights else 0.0, whole, _in_order(in_name, name or sign), _standing(record))


@lru_cache(maxsize=262_144)
def likeness(typed: str, word: str) -> float:
    """Return how alike two words are: 1 the same, then same stem, beginning, one or two typos; 0 beyond.

    The name of a trade is no misspelling of another word.
    """
    if typed == word or expand(typed) == expand(word):
        return 1.0
    if root(typed) == root(word):
        return STEM
    if len(typed) >= 3 and word.startswith(typed):
        return PREFIX
    if abs(len(typed) - len(word)) > MOST_TYPOS or len(typed) < 4 or trade_of((typed,)):
        return 0.0
    typos: int = OSA.distance(typed, word, score_cutoff=MOST_TYPOS)
    return 0.0 if typos > MOST_TYPOS else 0.9 - TYPO * typos


def _quality(group: WordGroup, named: float, record: Mapping[str, Any], known: set[str]) -> float:
    """Return how well the best of name, activity and street answers a group; for a place, being there is best."""
    found = named
    if found < ACTIVITY and known.intersection(group.activities):
        found = ACTIVITY
    if found < STREET:
        found = max(found, STREET * _best(group.words, _where(record)))
    if not group.places:
        return found
    return 1.0 if known.intersection(group.places) else ELSEWHERE * found


def _where(record: Mapping[str, Any]) -> list[str]:
    abroad = record["commune_label"] if record["country"] else None
    return words(" ".join(filter(None, (record["address"], record["distribution"], abroad, record["country"]))))


def _keys(record: Mapping[str, Any]) -> set[str]:
    """Return the key of each name of a record."""
    names = (record[column] for column in ("name", "sign", "usual_name", "acronym"))
    return {_key(one) for name in names if name for one in name.split(JOINT)}


_key = lru_cache(maxsize=65_536)(key)


def _best(typed: Sequence[str], candidates: Sequence[str]) -> float:
    """Return the mean likeness of each typed word with its best candidate, 0 as soon as one has none."""
    if not candidates:
        return 0.0
    total = 0.0
    for word in typed:
        best = 1.0 if word in candidates else max(likeness(word, candidate) for candidate in candidates)
        if not best:
            return 0.0
        total += best
    return total / len(typed)


def _share(name: Sequence[str], typed: Sequence[str]) -> float:
    """Return the share of a name's telling words that were typed."""
    telling = [word for word in name if word not in LEGAL_FORMS and word not in LINKING_WORDS] or list(name)
    if not telling or not typed:
        return 0.0
    shares = [1.0 if candidate in typed else max(likeness(word, candidate) for word in typed) for candidate in telling]
    return sum(shares) / len(shares)


def _in_order(typed: Sequence[str], name: Sequence[str]) -> float:
    if not typed or not name:
        return 0.0
    places = [
        name.index(word) if word in name else max(range(len(name)), key=lambda place: likeness(word, name[place]))
        for word in typed
    ]
    return float(places == sorted(places))


def _known(record: Mapping[str, Any], lexicon: Lexicon) -> set[str]:
    """Return the exact terms of a record: its activities and the places it lies in."""
    return {
        f"{record['naf_nomenclature']}:{record['naf']}",
        f"NAF2025:{record['naf25']}",
        f"postal:{record['postal_code']}",
        f"postal:{record['cedex_code']}",
        *lexicon.belongs(record["commune"]),
    }


def _standing(record: Mapping[str, Any]) -> float:
    size = SIZE_RANKS.get(record["size_band"] or "", 0) / len(SIZE_RANKS)
    opened, head = record["state"] == "A", bool(record["head_office"])
    return 0.5 * float(opened) + 0.3 * float(head) + 0.2 * size
