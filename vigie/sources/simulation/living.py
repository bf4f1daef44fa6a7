"""Imaginary indicators of ways of living, in the layouts of the files that publish them: incomes, housing, jobs.

A value follows the family of the commune's employment area (`zones`), then the intercommunality, then the commune:
areas of one family are alike, and can be told from the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vigie.sources import cog
from vigie.sources.simulation.columns import Columns, Texts, decimals, either, numbers, repeated, replaced, taken, texts
from vigie.sources.simulation.streams import Flags, Floats, Integers
from vigie.sources.simulation.words import MARK
from vigie.sources.simulation.world import World
from vigie.sources.simulation.zones import FAMILIES

INCOMES = "cc_filosofi_2020_COM"
PORTRAIT = "portrait_epci_2016"
SURROUNDINGS = "communes_id1_id9_2018"
PEOPLE, DWELLINGS = "DS_POPULATIONS_HISTORIQUES_imaginaire", "ftth_communes_locaux"
# Weights of what a value follows: the family of areas, the intercommunality, the commune.
_FAMILY, _GROUP, _COMMUNE = 1.0, 0.5, 0.5
# Households of fewer members than this are not told by Filosofi, nor the detail of communes below the second number.
_SECRET_BELOW, _DETAIL_BELOW = 50, 1_000
_SECRET = "s"  # noqa: S105 - what the file writes for a value under statistical secrecy
_PER_HOUSEHOLD = 2.15


class Level(NamedTuple):
    """A column of values: around `middle`, give or take `spread`, within bounds, to a number of `places`."""

    column: str
    middle: float
    spread: float
    least: float = 0.0
    most: float = 100.0
    places: int = 1


_MONEY = {"least": 9_000.0, "most": 90_000.0, "places": 0}
_MEDIAN = Level("MED20", 22_400, 1_700, **_MONEY)  # type: ignore[arg-type]
# In the order of the file; amounts are euros a year, the rest per cent.
_DETAIL: tuple[Level, ...] = (
    Level("PIMP20", 55, 7), Level("TP6020", 14, 4), Level("TP60AGE120", 20, 5), Level("TP60AGE220", 18, 5),
    Level("TP60AGE320", 16, 4), Level("TP60AGE420", 14, 4), Level("TP60AGE520", 11, 3), Level("TP60AGE620", 9, 3),
    Level("TP60TOL120", 6, 2), Level("TP60TOL220", 26, 6), Level("PACT20", 72, 5), Level("PTSA20", 63, 5),
    Level("PCHO20", 3, 0.8), Level("PBEN20", 6, 2), Level("PPEN20", 30, 5), Level("PPAT20", 9, 2),
    Level("PPSOC20", 6, 2), Level("PPFAM20", 2.4, 0.6), Level("PPMINI20", 2.1, 0.8), Level("PPLOGT20", 1.3, 0.5),
    Level("PIMPOT20", -16, 2, -40, 0), Level("D120", 11_600, 800, **_MONEY),  # type: ignore[arg-type]
    Level("D920", 38_000, 3_500, **_MONEY), Level("RD20", 3.3, 0.4, 1.5, 9),  # type: ignore[arg-type]
)  # fmt: skip
_OF_GROUPS: tuple[Level, ...] = (
    Level("txevolpop", 0.4, 0.5, -3, 4), Level("partmoins15a", 18, 1.8), Level("part65aetplus", 20, 3),
    Level("partlogvacant", 8.5, 2.2), Level("partressecondaire", 11, 7), Level("partlocatairepp", 23, 4),
    Level("txactivite1564", 74, 2.5), Level("partemploiindus", 16, 6),
)  # fmt: skip
# Commuting, doctors, broadband, young people, culture, employment, vacancy, turnout, income: in the order of the file.
_SURROUNDINGS: tuple[Level, ...] = (
    Level("ID_1", 32, 12), Level("ID_2", 3.2, 1.2, 0, 12), Level("ID_3", 55, 25), Level("ID_4", 17, 5),
    Level("ID_5", 12, 6, 0, 60), Level("ID_6", 66, 5), Level("ID_7", 8.5, 2.5), Level("ID_8", 79, 4),
    Level("ID_9", 20_600, 1_500, **_MONEY),  # type: ignore[arg-type]
)  # fmt: skip
_COUNTS = ("nombredhab", "nombredelog", "nombredemploi")
_PORTRAIT_ORDER = (
    "nombredhab", "txevolpop", "partmoins15a", "part65aetplus", "nombredelog", "partlogvacant", "partressecondaire",
    "partlocatairepp", "nombredemploi", "txactivite1564", "partemploiindus",
)  # fmt: skip
_PER_DWELLING, _JOBS_PER_HEAD, _SITES_PER_HEAD = 0.53, 0.4, 0.07
_CENSUS = "2023"


@dataclass(frozen=True)
class SimulatedFile:
    """A file to write: name without extension, columns in order."""

    name: str
    columns: Columns


class Living:
    """Computes the values of communes and intercommunalities."""

    def __init__(self, world: World) -> None:
        self._world, self._draw = world, world.streams
        groups = [e or d for e, d in zip(world.communes.epci, world.communes.departments, strict=True)]
        _, self._group = np.unique(groups, return_inverse=True)
        self._zone = world.zones.zone

    def effects(self) -> list[tuple[str, str, float]]:
        """Return what is planted: family, column, how far it stands from the middle, in spreads of the column."""
        levels = (_MEDIAN, *_DETAIL, *_OF_GROUPS, *_SURROUNDINGS)
        return [
            (family, level.column, float(effect))
            for level in levels
            for family, effect in zip(FAMILIES, self._effect(level), strict=True)
        ]

    def incomes(self) -> SimulatedFile:
        """Return the incomes of communes, in the layout of Filosofi 2020, with a column of names that marks them."""
        place, codes, names, people = _whole_communes(self._world)
        households = np.floor(people / _PER_HOUSEHOLD).astype(np.int64)
        told, detailed = households >= _SECRET_BELOW, households >= _DETAIL_BELOW
        columns: Columns = {
            "CODGEO": texts(codes),
            "LIBGEO": texts([f"{name} {MARK}" for name in names]),
            "NBMENFISC20": numbers(households),
            "NBPERSMENFISC20": numbers(np.floor(people * 0.97).astype(np.int64)),
            "MED20": _or_secret(self._values(_MEDIAN)[place], _MEDIAN, told),
        }
        columns |= {level.column: _or_secret(self._values(level)[place], level, detailed) for level in _DETAIL}
        return SimulatedFile(INCOMES, columns)

    def surroundings(self) -> SimulatedFile:
        """Return nine figures of life in communes, in the layout of 2018, with a column of names that marks them."""
        place, codes, names, people = _whole_communes(self._world)
        told = people / _PER_HOUSEHOLD >= _SECRET_BELOW
        columns: Columns = {"CODGEO": texts(codes), "LIBGEO": texts([f"{name} {MARK}" for name in names])}
        columns |= {level.column: _or_secret(self._values(level)[place], level, told) for level in _SURROUNDINGS}
        return SimulatedFile(SURROUNDINGS, columns)

    def people(self) -> SimulatedFile:
        """Return the inhabitants of communes, which are the real ones, as the weights of what is not."""
        _, codes, names, people = _whole_communes(self._world)
        count = len(codes)
        return SimulatedFile(PEOPLE, {
            "GEO": texts(codes), "GEO_OBJECT": repeated("COM", count), "FREQ": repeated("A", count),
            "POPREF_MEASURE": repeated("PMUN", count), "TIME_PERIOD": repeated(_CENSUS, count),
            "OBS_VALUE": numbers(people), "LIBGEO": texts([f"{name} {MARK}" for name in names]),
        })  # fmt: skip

    def dwellings(self) -> SimulatedFile:
        """Return the dwellings and sites of communes, in the layout of the observatory of broadband."""
        place, codes, names, people = _whole_communes(self._world)
        communes = self._world.communes
        columns: Columns = {
            "Code commune": texts(codes),
            "Nom commune": texts([f"{name} {MARK}" for name in names]),
            "Code région": taken(texts(communes.regions), place),
            "Code département": taken(texts(communes.departments), place),
            "Siren EPCI": taken(texts(communes.epci), place),
            "Logements": numbers(np.floor(people * _PER_DWELLING).astype(np.int64)),
            "Établissements": numbers(np.floor(people * _SITES_PER_HEAD).astype(np.int64)),
        }
        return SimulatedFile(DWELLINGS, columns)

    def portrait(self) -> SimulatedFile:
        """Return figures of intercommunalities, their département, region and France, in the layout of the portrait."""
        communes = self._world.communes
        names = {(row["kind"], row["code"]): row["name"] for row in cog.territories([communes.vintage]).to_pylist()}
        order = np.lexsort((-communes.population, self._group))
        _, first = np.unique(self._group[order], return_index=True)
        seat = order[first]
        seat = seat[[bool(communes.epci[commune]) for commune in seat.tolist()]]
        above = {
            "epci": self._group,
            "dep": np.unique(communes.departments, return_inverse=True)[1],
            "reg": np.unique(communes.regions, return_inverse=True)[1],
            "france": np.zeros(len(communes), dtype=np.int64),
        }
        columns: Columns = {}
        for kind, short, codes in (("epci", "epci", communes.epci), ("departement", "dep", communes.departments),
                                   ("region", "reg", communes.regions)):  # fmt: skip
            chosen = [codes[commune] for commune in seat.tolist()]
            columns[short] = texts(chosen)
            columns[f"nom_{short}"] = texts([f"{names.get((kind, code), code)} {MARK}" for code in chosen])
        for short, group in above.items():
            means = self._means(group)
            for name in _PORTRAIT_ORDER:
                columns[f"{name}_{short}"] = taken(means[name], group[seat])
        return SimulatedFile(PORTRAIT, columns)

    def _means(self, group: Integers) -> Columns:
        """Return sums of counts and means weighted by inhabitants, for each group."""
        people = self._world.communes.population.astype(np.float64)
        total = np.bincount(group, people)
        factors = dict(zip(_COUNTS, (1.0, _PER_DWELLING, _JOBS_PER_HEAD), strict=True))
        found = {name: numbers(np.floor(total * factor).astype(np.int64)) for name, factor in factors.items()}
        for level in _OF_GROUPS:
            weighted = np.bincount(group, people * self._values(level, alone=False))
            found[level.column] = decimals(weighted / np.maximum(total, 1))
        return found

    def _values(self, level: Level, *, alone: bool = True) -> Floats:
        """Return the value of each commune; `alone` adds what a commune has of its own."""
        zone, commune = self._zone, np.arange(len(self._zone))
        moved = _FAMILY * self._effect(level)[self._world.zones.family[zone]]
        moved += _GROUP * self._signed(f"living {level.column} group", self._group)
        if alone:
            moved = moved + _COMMUNE * self._signed(f"living {level.column} commune", commune)
        return np.clip(level.middle + level.spread * moved, level.least, level.most)

    def _effect(self, level: Level) -> Floats:
        return self._signed(f"living {level.column}", np.arange(len(FAMILIES)))

    def _signed(self, name: str, identity: Integers) -> Floats:
        return 2 * self._draw.uniform(name, identity) - 1


def _whole_communes(world: World) -> tuple[Integers, list[str], list[str], Integers]:
    """Return communes as Filosofi tells them, Paris, Lyon and Marseille whole: position, code, name, inhabitants.

    The position is that of one arrondissement for these three.
    """
    communes = world.communes
    districts = cog.communes(kinds=("arrondissement",))
    city = dict(zip(districts["code"].to_pylist(), districts["parent"].to_pylist(), strict=True))
    names = {row["code"]: row["name"] for row in cog.communes().to_pylist()}
    codes = [city.get(code, code) for code in communes.codes]
    known, place, group = np.unique(np.array(codes), return_index=True, return_inverse=True)
    people = np.bincount(group, communes.population).astype(np.int64)
    return place.astype(np.int64), known.tolist(), [names[code] for code in known.tolist()], people


def _or_secret(values: Floats, level: Level, told: Flags) -> Texts:
    """Write values as the file does, with a decimal comma, or the mark of secrecy."""
    whole = level.places == 0
    written = numbers(np.floor(values + 0.5).astype(np.int64)) if whole else decimals(values)
    return either(told, replaced(written, ".", ","), _SECRET)
