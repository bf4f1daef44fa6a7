"""The lexicon beside the name index: which words name a place, which words name an activity (pure)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from vigie.sources import cog, nomenclature
from vigie.sources.cog_lookup import code_book
from vigie.store import gazetteer
from vigie.store.spelling import words
from vigie.store.trade_index import trade_of, trade_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

MOST_ACTIVITIES = 60
SHORTEST_ROOT = 4
POSTAL_LENGTH = 5
_ENDINGS = (
    "ations", "trices", "ation", "eries", "euses", "ieres", "trice", "ages", "erie", "eurs", "euse", "iere", "iers",
    "age", "ees", "ere", "ers", "eur", "ier", "ee", "er", "es", "e", "s", "x",
)  # fmt: skip
_ARTICLES = ("le ", "la ", "les ", "l ")
SHORTEST_BARE = 5
_PLACE_KINDS = ("commune", "departement", "region")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words known beforehand, and the exact terms of the index they lead to.

    `places`: folded name → ("commune:85109", …), `names` the other way; `postal_codes`: code → a commune; `above`: code
    of a commune → keys of its city, département and région; `roots`: root of an activity word →
    ("NAFRev2:25.29Z", …), `vague` roots → how many activities, too many to mean one; `parents`: activity → the level
    above; `former`: folded name no longer in use → that name as written.
    """

    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    postal_codes: Mapping[str, str] = field(default_factory=dict)
    above: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vague: Mapping[str, int] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)
    former: Mapping[str, str] = field(default_factory=dict)

    def place(self, name: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
        """Return the terms and the name of the places that words name, an article left out or not; or nothing.

        A trade alone is never a place, though there are communes called « Bar ».
        """
        if trade_of(name):
            return (), None
        here = gazetteer.district(name) if self.places else ""
        terms = (f"commune:{here}",) if here else self.places.get(" ".join(name), ())
        return terms, self.names.get(terms[0]) if terms else None

    def notice(self, name: tuple[str, ...]) -> str:
        """Return what is to be said of a place that words name by a name it no longer bears; nothing otherwise."""
        former = self.former.get(" ".join(name))
        today = self.names.get(self.places[" ".join(name)][0]) if former else None
        return f"«\u00a0{former}\u00a0» est un ancien nom\u00a0: la recherche porte sur {today}." if today else ""

    def postal(self, word: str) -> tuple[str, ...]:
        """Return the term of a postal code, CEDEX mail included; of other five digits, that of their commune too."""
        if len(word) != POSTAL_LENGTH or not word.isdigit():
            return ()
        today = self._coded(word)
        return (f"postal:{word}", f"commune:{today}") if today else (f"postal:{word}",)

    def code_notice(self, word: str) -> str:
        """Return what is to be said of a former code; nothing for any other word."""
        today = self._coded(word)
        if today in (None, word):
            return ""
        return (
            f"«\u00a0{word}\u00a0» est un ancien code\u00a0: la recherche porte sur {self.names[f'commune:{today}']}."
        )

    def _coded(self, word: str) -> str | None:
        """Return the commune of today of a code that is no known postal code."""
        return None if word in self.postal_codes or not self.names else code_book().today(word)

    def belongs(self, commune: str | None) -> tuple[str, ...]:
        """Return the keys of a commune and of what is above it."""
        return () if commune is None else (f"commune:{commune}", *self.above.get(commune, ()))

    def activities_of(self, word: str) -> tuple[str, ...]:
        """Return the activities that a word names, by trade or by a word of their label."""
        trade = trade_of((word,))
        return trade.activities if trade else tuple(self.roots.get(root(word), ()))

    def is_vague(self, word: str) -> bool:
        """Tell whether a word of the nomenclature says too little (« autres », « activités »)."""
        return root(word) in self.vague

    def divisions(self, section: str) -> tuple[str, ...]:
        """Return the codes right under an activity such as "NAFRev2:C"."""
        return tuple(sorted(code for code, parent in self.parents.items() if parent == section))

    def dump(self) -> str:
        """Return the lexicon as JSON."""
        return json.dumps({name: dict(getattr(self, name)) for name in self.__slots__}, ensure_ascii=False)

    @classmethod
    def read(cls, path: Path) -> Lexicon:
        """Read what `dump` wrote in a file of UTF-8 text.

        A generation has a file of its own, most often the same as that of the one before: the latest content read is
        kept, which spares a second of every opening and holds it once in memory while two generations are open.
        """
        content = path.read_bytes()
        mark = hashlib.blake2b(content).digest()
        latest = _LATEST.get(mark)
        if latest is None:
            latest = cls.load(content.decode())
            _LATEST.clear()
            _LATEST[mark] = latest
        return latest

    @classmethod
    def load(cls, text: str) -> Lexicon:
        """Read what `dump` wrote."""
        content: dict[str, Any] = json.loads(text)
        for name in ("places", "above", "roots"):
            content[name] = _tuples(content[name])
        return cls(**content)


_LATEST: dict[bytes, Lexicon] = {}


@lru_cache(maxsize=65_536)
def root(word: str) -> str:
    """Return the part of a word shared by a trade and who works at it (boulangerie, boulangers → boulang)."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_ROOT:
            return word[: -len(ending)]
    return word


@cache
def shipped() -> Lexicon:
    """Return the lexicon of the reference that ships with Vigie."""
    communes = cog.communes(kinds=("commune", "arrondissement")).to_pylist()
    others = cog.territories([cog.latest_vintage()])
    wide = others.filter(pc.field("kind").isin(["departement", "region"])).to_pylist()
    return build([row | {"kind": "commune"} for row in communes] + wide, nomenclature.activities().to_pylist())


def build(territories: Iterable[Mapping[str, Any]], activities: Iterable[Mapping[str, Any]]) -> Lexicon:
    """Make the lexicon from territories (kind, code, name, population, postal codes if any) and rows of `activity`."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    postal: dict[str, str] = {}
    above: dict[str, tuple[str, ...]] = {}
    for row in sorted(territories, key=lambda row: (_PLACE_KINDS.index(row["kind"]), -(row["population"] or 0))):
        term = f"{row['kind']}:{row['code']}"
        spelled = " ".join(gazetteer.spelled_words(words(row["name"])))
        if row["kind"] == "commune" or spelled not in places:
            places[spelled].append(term)
            names[term] = row["name"]
        if row["kind"] == "commune":
            postal |= dict.fromkeys(row.get("postal_codes") or (), row["code"])
            above[row["code"]] = tuple(
                f"{kind}:{row[column]}"
                for kind, column in (("commune", "parent"), ("departement", "department"), ("region", "region"))
                if row.get(column)
            )
    roots, parents = _activities(activities)
    for spelled in [name for name in places if name.startswith(_ARTICLES)]:
        bare = spelled.partition(" ")[2]
        if len(bare) >= SHORTEST_BARE and bare not in trade_words() and root(bare) not in roots and bare not in places:
            places[bare] = places[spelled]
    former = _former(places, roots)
    telling = {word: codes for word, codes in roots.items() if len(codes) <= MOST_ACTIVITIES}
    vague = {word: len(codes) for word, codes in roots.items() if len(codes) > MOST_ACTIVITIES}
    return Lexicon(_tuples(places), names, postal, above, telling, vague, parents, former)


def _former(places: dict[str, list[str]], roots: Mapping[str, Any]) -> dict[str, str]:
    """Add to the places the former names that no place bears today and no trade; return how each is written."""
    added: dict[str, str] = {}
    for spelled, communes in gazetteer.former_names().items():
        alone = " " not in spelled and (
            len(spelled) < SHORTEST_BARE or spelled in trade_words() or root(spelled) in roots
        )
        if not alone and spelled not in places:
            places[spelled] = [f"commune:{code}" for code in communes]
            added[spelled] = next(iter(communes.values()))
    return added


def _activities(rows: Iterable[Mapping[str, Any]]) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Return the finest activities of each root of the labels, at every level, and the level above each code."""
    labels: dict[str, str] = {}
    parents: dict[str, str] = {}
    finest: defaultdict[str, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["nomenclature"], row["level"], row["code"])):
        key = f"{row['nomenclature']}:{row['code']}"
        labels[key] = row["label"]
        if row["parent"]:
            parents[key] = f"{row['nomenclature']}:{row['parent']}"
    below = set(parents.values())
    for key in labels:
        if key not in below:
            above: str | None = key
            while above is not None:
                finest[above].append(key)
                above = parents.get(above)
    roots: defaultdict[str, list[str]] = defaultdict(list)
    for key, label in labels.items():
        for word in {root(word) for word in words(label) if len(word) >= SHORTEST_ROOT}:
            roots[word] += finest[key]
    return {word: tuple(dict.fromkeys(codes)) for word, codes in roots.items()}, parents


def _tuples(lists: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(values) for key, values in lists.items()}
