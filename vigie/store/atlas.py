"""Places as people name them, among those that hold something: whole names first, then the first words of long ones.

« Fontenay » is Fontenay-le-Comte where establishments of Vendée are in service, and Fontenay-sous-Bois where those of
Val-de-Marne are. What is in service is asked of the index, which counts establishments by territory.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from vigie.sources import cog, vocabulary
from vigie.store import gazetteer
from vigie.store.everyday_words import LEGAL_FORMS, LINKING_WORDS
from vigie.store.lexicon import root
from vigie.store.spelling import words
from vigie.store.trade_index import trade_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from vigie.store.lexicon import Lexicon

MOST_ALSO = 3
SHORTEST = 4
"""Letters of the shortest word that may stand for a longer name."""
_ARTICLES = frozenset({"l", "le", "la", "les"})
_LEADING = _ARTICLES | {"de", "du", "des", "d"}
_GENERIC = frozenset(
    {
        "saint", "sainte", "notre", "dame", "pont", "bourg", "ville", "villers", "mont", "port", "grand", "grande",
        "grands", "grandes", "petit", "petite", "haut", "haute", "hauts", "bas", "basse", "bois", "neuf", "neuve",
        "vieux", "vieille", "champ", "champs", "chateau", "moulin", "centre", "parc", "zone", "terre", "terres",
        "pays", "plaine", "vallee", "vals", "cote", "cotes", "coeur", "rives", "porte", "portes", "entre", "communaute",
        "agglomeration", "metropole", "rive", "sud", "nord", "ouest", "roches", "beau", "belle", "trois", "deux",
        "quatre", "sept", "mesnil", "villa", "fort", "forte", "marche", "marches", "jardin", "maison", "groupe",
    }
)  # fmt: skip
_KINDS: Mapping[str, tuple[str, ...]] = {
    "zone d emploi": ("ze",), "bassin d emploi": ("ze",), "bassin de vie": ("ze",), "ze": ("ze",),
    "communaute de communes": ("epci",), "communaute d agglomeration": ("epci",), "communaute urbaine": ("epci",),
    "intercommunalite": ("epci",), "interco": ("epci",), "agglomeration": ("epci",), "agglo": ("epci",),
    "epci": ("epci",), "cc": ("epci",), "ca": ("epci",), "departement": ("departement",), "region": ("region",),
    "ville": ("commune",), "commune": ("commune",), "mairie": ("commune",),
}  # fmt: skip
_FORM = re.compile(
    r"^(?:cc|ca|cu|metropole) (?:d agglomeration )?(?:de la |de l |des |du |de |d )?(?:les |la |le |l )?"
)
_DEPARTMENT = re.compile(r"\d{2}|2[ab]|97\d")
_FIRST = ("commune", "departement")
_LABELS = {"commune": "commune", "epci": "intercommunalité", "departement": "département", "region": "région",
           "ze": "zone d’emploi"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """What words mean of a place: the key of its territory, its name, the other places they could mean.

    `whole` tells that its whole name was typed; `held`, that it holds establishments in service; `former`, the name
    that was typed when it is no longer in use.
    """

    key: str
    name: str
    also: tuple[tuple[str, str], ...] = ()
    whole: bool = True
    held: bool = True
    former: str = ""


class Atlas:
    """Names of places, and how many establishments each of them holds.

    `areas` are territories other than communes (kind, code, name, population), in their latest vintage; `count` tells
    how many establishments hold a word of a field of the index: a key such as "epci:200071629" among its `terms`, a
    word in its `name`.
    """

    def __init__(
        self, lexicon: Lexicon, count: Callable[[str, str], int], areas: Callable[[], Iterable[Mapping[str, Any]]]
    ) -> None:
        self._lexicon, self._count, self._areas_of = lexicon, count, areas
        self._held: dict[str, int] = {}

    def held(self, key: str) -> int:
        """Return how many establishments in service a territory holds."""
        if key not in self._held:
            self._held[key] = self._count("terms", key)
        return self._held[key]

    def named(self, word: str) -> int:
        """Return how many establishments hold a word in their names."""
        return self._count("name", word)

    def name(self, key: str) -> str:
        """Return the name of a territory; its key when it has none here."""
        return self._names.get(key) or self._lexicon.names.get(key, key)

    def whole(self, found: Sequence[str], *, absent: bool = False) -> Place | None:
        """Return the place whose whole name words are, among those that hold something (or none of them, if `absent`).

        Names in use come before former ones, communes before wider territories, then the most populous.
        """
        spelled = gazetteer.spelled_words(found)
        name = " ".join(spelled)
        keys = list(dict.fromkeys([*self._whole_names(spelled), *self._areas.get(name, ())]))
        kept = [key for key in keys if bool(self.held(key)) is not absent]
        if not kept:
            return None
        former = self._lexicon.former.get(name, "")
        return self._place(kept, whole=True, held=not absent, former=former)

    def homonym(self, word: str) -> Place | None:
        """Return the commune that bears a name which is first of all that of a trade, when it holds something."""
        kept = [key for key in self._lexicon.places.get(word, ()) if self.held(key)]
        return self._place(kept, whole=True) if kept else None

    def short(self, found: Sequence[str]) -> Place | None:
        """Return the place whose name begins by words that could mean it, among those that hold something."""
        spelled = gazetteer.spelled_words(found)
        kept = [key for key in self._begun(spelled) if self.held(key)]
        return self._place(kept, whole=False) if kept else None

    def elsewhere(self, found: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Return the keys and names of the places that words mean although they hold nothing in service."""
        whole = self.whole(found, absent=True)
        begun = self._begun(gazetteer.spelled_words(found))
        keys = dict.fromkeys(([whole.key] if whole else []) + list(begun[:1]))
        return tuple((key, self._situated(key)) for key in keys)

    def _situated(self, key: str) -> str:
        kind, _, code = key.partition(":")
        return f"{self.name(key)} ({department_of_commune(code)})" if kind == "commune" else self._told(key)

    def rather_a_name(self, place: Place, found: Sequence[str]) -> bool:
        """Tell whether a word that may stand for a longer name of place is in more names of firms (« Martin »)."""
        bare = [word for word in found if word not in _ARTICLES]
        return not place.whole and len(bare) == 1 and self.named(bare[0]) > self.held(place.key)

    def completed(self, typed: str, limit: int) -> tuple[Place, ...]:
        """Return the places that hold something and whose name begins by a text, whole names then populous ones."""
        spelled = " ".join(gazetteer.spelled_words(words(typed)))
        if not spelled:
            return ()
        found: dict[str, None] = {}
        for key in (*self._whole_names(tuple(spelled.split())), *self._areas.get(spelled, ())):
            if self.held(key):
                found[key] = None
        begun = (keys for name, keys in self._listed if name.startswith(spelled))
        holding = (keys for name, keys in self._listed if f" {spelled}" in name)
        for keys in chain(begun, holding):
            found |= dict.fromkeys(key for key in keys if self.held(key))
            if len(found) >= limit:
                break
        return tuple(Place(key, self.name(key)) for key in list(found)[:limit])

    def _place(self, keys: Sequence[str], *, whole: bool, held: bool = True, former: str = "") -> Place:
        also = tuple((key, self._told(key)) for key in keys[1 : 1 + MOST_ALSO])
        return Place(keys[0], self._told(keys[0]), also, whole, held, former)

    def _told(self, key: str) -> str:
        """Return a name with what tells it from the same name elsewhere: the kind of what is no commune."""
        kind = key.partition(":")[0]
        return self.name(key) if kind == "commune" else f"{self.name(key)} ({_LABELS.get(kind, kind)})"

    def _whole_names(self, spelled: tuple[str, ...]) -> Iterator[str]:
        name = " ".join(spelled)
        if len(spelled) == 1 and _DEPARTMENT.fullmatch(name):
            yield f"departement:{name.upper()}"
            return
        yield from self._lexicon.place(spelled)[0]
        yield from self._of_a_kind(name)

    def _of_a_kind(self, name: str) -> Iterator[str]:
        """Yield the places of « zone d’emploi de Metz », « agglo de la Roche-sur-Yon », « commune des Herbiers ».

        Those of another kind come after: where no employment area is known, its town is meant.
        """
        for kind, kinds in _KINDS.items():
            if name.startswith(f"{kind} "):
                rest = name.removeprefix(f"{kind} ").split()
                while len(rest) > 1 and rest[0] in _LEADING:
                    rest = rest[1:]
                bare = " ".join(rest)
                among = [*self._lexicon.places.get(bare, ()), *self._areas.get(bare, ())]
                among += self._beginnings.get(bare, ())
                yield from sorted(among, key=lambda key: key.partition(":")[0] not in kinds)

    def _begun(self, spelled: Sequence[str]) -> tuple[str, ...]:
        """Return the keys of the places whose name begins by words, an article aside."""
        said = len(spelled) > 1 and spelled[0] in _ARTICLES
        bare = spelled[1:] if said else spelled
        return self._beginnings.get(" ".join(bare), ()) if self._telling(bare, said) else ()

    def _telling(self, bare: Sequence[str], said: bool) -> bool:
        """Tell whether words may stand for a longer name: not « pont », nor a trade, nor a word of the nomenclature.

        After an article (`said`), a word of the nomenclature may: « les sables » is a place, « sables » is not.
        """
        if not bare or bare[-1] in LINKING_WORDS:
            return False
        if len(bare) > 1:
            return not trade_of(bare)
        (word,) = bare
        common = word in _GENERIC or word in LEGAL_FORMS or word in LINKING_WORDS or trade_of(bare)
        known = not said and (root(word) in self._lexicon.roots or self._lexicon.is_vague(word))
        return len(word) >= SHORTEST and not word.isdigit() and not common and not known

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {f"{area['kind']}:{area['code']}": area["name"] for area in self._every_area}

    @cached_property
    def _every_area(self) -> Sequence[Mapping[str, Any]]:
        found = [area for area in self._areas_of() if area["kind"] not in ("commune", "france")]
        return sorted(found, key=lambda area: -(area["population"] or 0))

    @cached_property
    def _areas(self) -> Mapping[str, tuple[str, ...]]:
        """Keys of wider territories by name, as it is written and without what tells its form."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for area in self._every_area:
            key = f"{area['kind']}:{area['code']}"
            for name in _said(area["name"]):
                found[name].append(key)
        for key, customary in vocabulary.customary_places():
            found[" ".join(gazetteer.spelled_words(words(customary)))].append(key)
        return {name: tuple(dict.fromkeys(keys)) for name, keys in found.items()}

    @cached_property
    def _beginnings(self) -> Mapping[str, tuple[str, ...]]:
        """Keys of the places whose name begins by words, at the end of a word: communes in use, wider ones, former."""
        found: defaultdict[str, dict[str, None]] = defaultdict(dict)
        former = self._lexicon.former
        of_today = {name: keys for name, keys in self._lexicon.places.items() if name not in former}
        gone = {name: self._lexicon.places[name] for name in former if name in self._lexicon.places}
        for names in (of_today, self._areas, gone):
            for name, keys in names.items():
                for beginning in _beginnings(name):
                    found[beginning] |= dict.fromkeys(keys)
        return {beginning: tuple(keys) for beginning, keys in found.items()}

    @cached_property
    def _listed(self) -> Sequence[tuple[str, tuple[str, ...]]]:
        """Names that hold something: communes and départements before others, those that hold most first."""
        every = (*self._lexicon.places.items(), *self._areas.items())
        here = [(name, kept) for name, keys in every if (kept := tuple(key for key in keys if self.held(key)))]
        return sorted(here, key=lambda one: (one[1][0].partition(":")[0] not in _FIRST, -self.held(one[1][0])))


def department_of_commune(code: str) -> str:
    """Return the number of the département of a commune."""
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def shipped_areas() -> list[Mapping[str, Any]]:
    """Return the territories of the reference that ships with Vigie, communes left out."""
    latest = cog.territories([cog.latest_vintage()]).to_pylist()
    return [row for row in latest if row["kind"] != "commune"]


def _said(name: str) -> Iterator[str]:
    spelled = " ".join(gazetteer.spelled_words(words(name)))
    bare = _FORM.sub("", spelled)
    plain = bare.removesuffix(" agglomeration").removesuffix(" communaute").removesuffix(" agglo")
    yield from dict.fromkeys((spelled, bare, plain if " " in plain else bare))


def _beginnings(name: str) -> Iterator[str]:
    spelled = name.split()
    start = 1 if len(spelled) > 1 and spelled[0] in _ARTICLES else 0
    for end in range(start + 1, len(spelled)):
        yield " ".join(spelled[start:end])
