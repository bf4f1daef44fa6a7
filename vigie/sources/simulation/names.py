"""Names of legal units: a trade and invented words, visibly imaginary, always the same for the same unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.sources.simulation import words
from vigie.sources.simulation.streams import Flags, Integers
from vigie.sources.simulation.units import CATEGORIES, UnitMaker, Units
from vigie.sources.simulation.world import World

_PREFIXES = {
    "6540": "SCI", "6533": "GAEC", "6598": "EARL", "6599": "SOCIETE CIVILE", "6317": "COOPERATIVE AGRICOLE",
    "9220": "ASSOCIATION", "9300": "FONDATION", "9110": "SYNDICAT DES COPROPRIETAIRES RESIDENCE",
    "8311": "COMITE SOCIAL ET ECONOMIQUE", "7210": "COMMUNE DE", "7346": "COMMUNAUTE DE COMMUNES",
    "7220": "DEPARTEMENT", "7331": "ETABLISSEMENT PUBLIC", "7353": "SYNDICAT INTERCOMMUNAL", "7354": "SYNDICAT MIXTE", "5458": "COOPERATIVE",
}  # fmt: skip
_WITH_TRADE = ("9220", "5458", "7331")


@dataclass(frozen=True)
class Naming:
    """Text columns of legal units; null where a column has no object."""

    name: pa.Array
    surname: pa.Array
    first: pa.Array
    second: pa.Array
    sex: pa.Array
    married: pa.Array
    acronym: pa.Array
    usual: pa.Array


class NameMaker:
    """Makes names out of the vocabulary."""

    def __init__(self, world: World, maker: UnitMaker) -> None:
        self._world, self._draw, self._maker = world, world.streams, maker
        lists = [words.trades(code) for code in world.activities.codes]
        self._trades = pa.array([trade for trades in lists for trade in trades])
        self._first_trade = np.cumsum([0, *(len(trades) for trades in lists)])
        self._places, self._signs = pa.array(words.PLACES), pa.array(words.SIGNS)
        self._surnames = pa.array(words.SURNAMES)
        self._fancy = pa.array(
            [f" {s}" for s in words.SURNAMES] + [f" {s} ET FILS" for s in words.SURNAMES[::3]]
            + [f" {v}" for v in words.VIRTUES] + [f" {b}" for b in words.BRANDS]
        )  # fmt: skip
        self._prefixes = pa.array([_PREFIXES.get(code) for code in CATEGORIES])
        self._labels = pa.array(world.communes.labels)

    def names(self, units: Units, variant: Integers) -> Naming:
        """Name units; `variant` is 0, or another number for a unit that changed its name."""
        natural, counter = units.natural, units.counter
        woman = self._draw.chance("woman", 0.42, counter)
        trade = self._trade(units, variant)
        usual = pc.binary_join_element_wise(trade, self._take(self._places, "usual", counter, variant), words.MARK, " ")
        return Naming(
            _only(self._company(units, trade, variant), ~natural),
            _only(pc.binary_join_element_wise("IMAGINAIRE", self._take(self._surnames, "surname", counter), " "), natural),
            _only(self._first_name(woman, "first name", counter), natural),
            _only(self._first_name(woman, "second name", counter), natural & self._draw.chance("two", 0.4, counter)),
            _only(pa.array(np.where(woman, "F", "M")), natural),
            _only(pc.binary_join_element_wise("IMAGINAIRE", self._take(self._surnames, "married", counter), " "),
                  natural & woman & self._draw.chance("is married", 0.1, counter)),
            _only(self._acronym(counter), ~natural & self._draw.chance("has acronym", 0.06, counter)),
            _only(usual, self._draw.chance("has usual name", np.where(natural, 0.10, 0.03), counter)),
        )  # fmt: skip

    def sign(self, attribute: str, *identity: Integers) -> pa.Array:
        """Return shop signs."""
        return pc.binary_join_element_wise(self._take(self._signs, attribute, *identity), words.MARK, " ")

    def _company(self, units: Units, trade: pa.Array, variant: Integers) -> pa.Array:
        counter = units.counter
        prefix = self._prefixes.take(pa.array(units.category))
        prefixed = pc.is_valid(prefix).to_numpy(zero_copy_only=False) & ~units.group
        fancy = self._take(self._fancy, "fancy", counter, variant)
        place = self._take(self._places, "place", counter, variant)
        style = self._draw.below("style", 10, counter, variant)
        brand = self._take(pa.array(words.BRANDS), "brand", counter)
        plain = pc.if_else(
            pa.array(style < 6),
            pc.binary_join_element_wise(trade, place, " "),
            pc.binary_join_element_wise(trade, fancy, ""),
        )
        grouped = pc.binary_join_element_wise(brand, trade, " ")
        town = units.category == CATEGORIES.index("7210")
        object_ = pc.if_else(pa.array(town), self._labels.take(pa.array(units.commune)), place)
        with_trade = np.isin(units.category, [CATEGORIES.index(code) for code in _WITH_TRADE])
        object_ = pc.if_else(pa.array(with_trade), pc.binary_join_element_wise(trade, place, " "), object_)
        civil = pc.binary_join_element_wise(pc.fill_null(prefix, ""), object_, " ")
        name = pc.if_else(pa.array(units.group), grouped, pc.if_else(pa.array(prefixed), civil, plain))
        return pc.binary_join_element_wise(name, words.MARK, " ")

    def _trade(self, units: Units, variant: Integers) -> pa.Array:
        first = self._first_trade[units.trade]
        count = self._first_trade[units.trade + 1] - first
        return self._trades.take(pa.array(first + self._draw.below("trade", count, units.counter, variant)))

    def _first_name(self, woman: Flags, attribute: str, counter: Integers) -> pa.Array:
        return pc.if_else(
            pa.array(woman),
            self._take(pa.array(words.FIRST_NAMES["F"]), attribute, counter),
            self._take(pa.array(words.FIRST_NAMES["M"]), attribute, counter),
        )

    def _acronym(self, counter: Integers) -> pa.Array:
        letters = np.array(list("ABCDEFGILMNOPRSTV"))
        drawn = [letters[self._draw.below(f"letter {n}", len(letters), counter)] for n in range(3)]
        return pc.binary_join_element_wise("I", *(pa.array(part) for part in drawn), "")

    def _take(self, values: pa.Array, attribute: str, *identity: Integers) -> pa.Array:
        return values.take(pa.array(self._draw.below(attribute, len(values), *identity)))


def _only(values: pa.Array, where: Flags) -> pa.Array:
    return pc.if_else(pa.array(where), values, pa.scalar(None, pa.string()))


