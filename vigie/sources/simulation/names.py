"""Names of legal units: a trade and invented words, visibly imaginary, always the same for the same unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vigie.sources.simulation import words
from vigie.sources.simulation.columns import Texts, either, known, only, spaced, taken, texts
from vigie.sources.simulation.streams import Flags, Integers
from vigie.sources.simulation.units import CATEGORIES, UnitMaker, Units
from vigie.sources.simulation.world import World

_PREFIXES = {
    "6540": "SCI", "6533": "GAEC", "6598": "EARL", "6599": "SOCIETE CIVILE", "6317": "COOPERATIVE AGRICOLE",
    "9220": "ASSOCIATION", "9300": "FONDATION", "9110": "SYNDICAT DES COPROPRIETAIRES RESIDENCE",
    "8311": "COMITE SOCIAL ET ECONOMIQUE", "7210": "COMMUNE DE", "7346": "COMMUNAUTE DE COMMUNES",
    "7220": "DEPARTEMENT", "7331": "ETABLISSEMENT PUBLIC", "7353": "SYNDICAT INTERCOMMUNAL", "7354": "SYNDICAT MIXTE",
    "5458": "COOPERATIVE",
}  # fmt: skip
_SURNAME = "IMAGINAIRE"
_WITH_TRADE = ("9220", "5458", "7331")


@dataclass(frozen=True)
class Naming:
    """Text columns of legal units; null where a column has no object."""

    name: Texts
    surname: Texts
    first: Texts
    second: Texts
    sex: Texts
    married: Texts
    acronym: Texts
    usual: Texts


class NameMaker:
    """Makes names out of the vocabulary."""

    def __init__(self, world: World, maker: UnitMaker) -> None:
        self._world, self._draw, self._maker = world, world.streams, maker
        lists = [words.trades(code) for code in world.activities.codes]
        self._trades = texts([trade for trades in lists for trade in trades])
        self._first_trade = np.cumsum([0, *(len(trades) for trades in lists)])
        self._places, self._signs = texts(words.PLACES), texts(words.SIGNS)
        self._surnames = texts(words.SURNAMES)
        self._fancy = texts(
            words.SURNAMES + [f"{s} ET FILS" for s in words.SURNAMES[::3]] + words.VIRTUES * 40 + words.BRANDS
        )  # fmt: skip
        self._prefixes = texts([_PREFIXES.get(code) for code in CATEGORIES])
        self._labels, self._brands = texts(world.communes.labels), texts(words.BRANDS)
        self._first_names = texts(words.FIRST_NAMES["F"]), texts(words.FIRST_NAMES["M"])
        self._letters = texts(list("ABCDEFGILMNOPRSTV"))

    def names(self, units: Units, variant: Integers) -> Naming:
        """Name units; `variant` is 0, or another number for a unit that changed its name."""
        natural, counter = units.natural, units.counter
        woman = self._draw.chance("woman", 0.42, counter)
        trade = self._trade(units, variant)
        usual = spaced(trade, self._take(self._places, "usual", counter, variant), words.MARK)
        married = natural & woman & self._draw.chance("is married", 0.1, counter)
        first, second = (self._first_name(woman, name, counter) for name in ("first name", "second name"))
        return Naming(
            only(self._company(units, trade, variant), ~natural),
            only(spaced(_SURNAME, self._take(self._surnames, "surname", counter)), natural),
            only(first, natural),
            only(second, natural & self._draw.chance("two", 0.4, counter)),
            only(either(woman, "F", "M"), natural),
            only(spaced(_SURNAME, self._take(self._surnames, "married", counter)), married),
            only(self._acronym(counter), ~natural & self._draw.chance("has acronym", 0.06, counter)),
            only(usual, self._draw.chance("has usual name", np.where(natural, 0.10, 0.03), counter)),
        )

    def sign(self, attribute: str, *identity: Integers) -> Texts:
        """Return shop signs."""
        return spaced(self._take(self._signs, attribute, *identity), words.MARK)

    def _company(self, units: Units, trade: Texts, variant: Integers) -> Texts:
        """Return the names of legal persons: group, category with its prefix, or trade and invented words."""
        counter = units.counter
        place = self._take(self._places, "place", counter, variant)
        fancy = self._take(self._fancy, "fancy", counter, variant)
        placed = spaced(trade, place)
        plain = either(self._draw.below("style", 10, counter, variant) < 6, placed, spaced(trade, fancy))
        town = units.category == CATEGORIES.index("7210")
        with_trade = np.isin(units.category, [CATEGORIES.index(code) for code in _WITH_TRADE])
        about = either(with_trade, placed, either(town, taken(self._labels, units.commune), place))
        prefix = taken(self._prefixes, units.category)
        name = either(known(prefix), spaced(prefix, about), plain)
        name = either(units.group, spaced(self._take(self._brands, "brand", counter), trade), name)
        return spaced(name, words.MARK)

    def _trade(self, units: Units, variant: Integers) -> Texts:
        first = self._first_trade[units.trade]
        count = self._first_trade[units.trade + 1] - first
        return taken(self._trades, first + self._draw.below("trade", count, units.counter, variant))

    def _first_name(self, woman: Flags, attribute: str, counter: Integers) -> Texts:
        female, male = (self._take(names, attribute, counter) for names in self._first_names)
        return either(woman, female, male)

    def _acronym(self, counter: Integers) -> Texts:
        drawn = [self._take(self._letters, f"letter {number}", counter) for number in range(3)]
        return spaced("I", *drawn, by="")

    def _take(self, values: Texts, attribute: str, *identity: Integers) -> Texts:
        return taken(values, self._draw.below(attribute, len(values), *identity))
