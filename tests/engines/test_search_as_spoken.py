"""Searches as people speak: 120 of them made by rule from names of places and trades, on three imaginary stocks.

Each stock holds the communes of a real département (Vendée, Moselle round Metz, Rhône with the arrondissements of Lyon)
and imaginary firms of a few activities in each of them. A first page is right when every line of it lies in the place
that the words name and has the activity that they name.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest

from tests.directories import from_rows
from vigie.sources import cog
from vigie.sources.cog_lookup import code_book
from vigie.store.directory import Directory, DirectoryQuery
from vigie.store.spelling import words
from vigie.store.trade_index import trade_of

SEEN_BEFORE = frozenset({"montaigu", "essarts", "fontenay", "saint gilles", "sables"})
"""Short names that the search was first mended for: the proof leaves them out."""
TRADES: Mapping[str, str] = {
    "rectifieur": "25.62B", "décolleteuse": "25.62A", "chaudronnière": "25.29Z", "thermolaquage": "25.61Z",
    "rotomoulage": "22.29A", "moules": "25.73A", "biscuiterie": "10.72Z", "machine spéciale": "28.99B",
    "chantiers navals": "30.11Z", "tonnelier": "16.24Z", "cartes électroniques": "26.12Z", "sérigraphie": "18.12Z",
    "frigoriste": "28.25Z", "verrier": "23.13Z", "bureau d’études": "71.12B", "expert-comptable": "69.20Z",
    "plaquiste": "43.31Z", "affréteur": "52.29B", "pressing": "96.01B", "maraîchère": "01.13Z",
    "découpe laser": "25.11Z", "méthaniseur": "38.21Z", "prothésiste dentaire": "32.50A", "luthier": "32.20Z",
}  # fmt: skip
COURTESY = ("je cherche un", "qui fait de la", "bonjour, où trouver un", "spécialisé en", "")
_LINKS = frozenset({"sur", "sous", "en", "le", "la", "les", "l", "de", "des", "du", "d", "et", "a", "aux", "lez"})


@dataclass(frozen=True)
class Asked:
    """A search made by rule, the communes and the activities that answer it (any of them when empty)."""

    rule: str
    text: str
    communes: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()

    def is_met(self, records: Sequence[Mapping[str, object]]) -> bool:
        """Tell whether every line of a first page is right, and there is one."""
        return bool(records) and all(
            (not self.communes or record["commune"] in self.communes)
            and (not self.activities or f"NAFRev2:{record['naf']}" in self.activities)
            for record in records
        )


@pytest.fixture(scope="module", params=["85", "57", "69"])
def stock(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Directory]:
    department: str = request.param
    rows = []
    for rank, (code, _, _) in enumerate(_communes(department)):
        for line, naf in enumerate(dict.fromkeys(TRADES.values())):
            siret = f"9{rank:04}{line:04}00011"
            rows.append({
                "siret": siret, "name": f"ATELIER ZQ{rank}X{line}", "naf": naf, "commune": code, "state": "A",
            })  # fmt: skip
    return department, from_rows(rows, tmp_path_factory.mktemp(f"stock-{department}") / "index")


def test_first_pages_are_inside_the_right_place_and_trade(stock: tuple[str, Directory]) -> None:
    department, directory = stock
    asked = _asked(department)
    assert len(asked) == 40
    wrong = [one for one in asked if not one.is_met(directory.search(DirectoryQuery(text=one.text)).records)]
    told = "\n".join(f"{one.rule}: {one.text}" for one in wrong)
    assert len(wrong) <= 0.05 * len(asked), told


def test_a_name_with_its_town_comes_first(stock: tuple[str, Directory]) -> None:
    department, directory = stock
    chance = random.Random(f"{department} names")  # noqa: S311 - a repeatable draw, not a secret
    communes = list(enumerate(_communes(department)))
    drawn = [(rank, code, name, chance.randrange(20)) for rank, (code, name, _) in chance.sample(communes, 12)]
    asked = {f"atelier zq{rank}x{line} {name}": (f"ATELIER ZQ{rank}X{line}", code) for rank, code, name, line in drawn}
    first = {text: directory.search(DirectoryQuery(text=text)).records[0] for text in asked}
    assert {text: (found["name"], found["commune"]) for text, found in first.items()} == asked


def _communes(department: str) -> list[tuple[str, str, int]]:
    rows = cog.communes(kinds=("commune", "arrondissement")).to_pylist()
    cities = {row["parent"] for row in rows if row["kind"] == "arrondissement"}
    return [
        (row["code"], row["name"], row["population"] or 0)
        for row in rows
        if row["department"] == department and row["code"] not in cities
    ]


def _asked(department: str) -> list[Asked]:
    chance = random.Random(department)  # noqa: S311 - a repeatable draw, not a secret
    communes = _communes(department)
    districts = [one for one in communes if "Arrondissement" in one[1]]
    plain = [one for one in communes if one not in districts]
    short, former = list(_short(plain)), list(_former(department))
    made = [
        *_drawn(chance, short, 9),
        *_drawn(chance, former, 5),
        *_drawn(chance, [_bare(name, code) for code, name, _ in plain if _article(name)], 4),
        *_drawn(chance, [Asked("cedex", f"{name} CEDEX {rank % 9 + 1}", frozenset({code}))
                         for rank, (code, name, _) in enumerate(plain)], 4),
        *_drawn(chance, [Asked("district", f"lyon {name.split()[1]}", frozenset({code}))
                         for code, name, _ in districts], 3),
    ]  # fmt: skip
    trades = [
        Asked("trade", f"{chance.choice(COURTESY)} {trade}".strip(), activities=_activities(trade)) for trade in TRADES
    ]
    chance.shuffle(trades)
    both = [_joined(chance.choice(trades), chance.choice(short)) for _ in range(10)]
    rest = [*both, *trades]
    return [*made, *rest[: 40 - len(made)]]


def _activities(trade: str) -> frozenset[str]:
    known = trade_of(words(trade))
    assert known is not None, trade
    return frozenset(known.activities)


def _joined(trade: Asked, place: Asked) -> Asked:
    return Asked("trade and place", f"{trade.text} à {place.text}", place.communes, trade.activities)


def _short(communes: Sequence[tuple[str, str, int]]) -> Iterator[Asked]:
    """The words of a name before the first linking one, where they mean one most populous commune."""
    found: dict[str, str] = {}
    whole = {" ".join(words(name)) for _, name, _ in communes}
    for code, name, _ in sorted(communes, key=lambda one: -one[2]):
        said = words(name)
        start = 1 if said[0] in ("le", "la", "les", "l") else 0
        end = next((rank for rank in range(start + 1, len(said)) if said[rank] in _LINKS), len(said))
        text = " ".join(said[start:end])
        if end < len(said) and len(text) > 4 and text not in whole | SEEN_BEFORE and not trade_of(said[start:end]):
            found.setdefault(text, code)
    return (Asked("short", text, frozenset({code})) for text, code in found.items())


def _former(department: str) -> Iterator[Asked]:
    book = code_book()
    present = {" ".join(words(str(place["name"]))) for place in book.places.values()}
    for code, name in sorted(set(cog.names_ever())):
        today = book.today(code)
        inside = code.startswith(department) and today and today.startswith(department)
        if inside and " ".join(words(name)) not in present and len(words(name)) > 1:
            yield Asked("former", name, frozenset({str(today)}))


def _article(name: str) -> bool:
    return words(name)[0] in ("le", "la", "les", "l") and len(" ".join(words(name)[1:])) > 5


def _bare(name: str, code: str) -> Asked:
    return Asked("article", " ".join(words(name)[1:]), frozenset({code}))


def _drawn(chance: random.Random, made: Sequence[Asked], count: int) -> list[Asked]:
    return chance.sample(list(made), min(count, len(made)))
