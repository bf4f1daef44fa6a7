"""Who does what where: shares of activities, and the specialities that make territories differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from vigie.sources import nomenclature
from vigie.sources.simulation.bridge import Bridge, build_bridge
from vigie.sources.simulation.know_how import know_how_of
from vigie.sources.simulation.places import Communes
from vigie.sources.simulation.streams import Floats, Integers, Streams, cumulated
from vigie.sources.simulation.words import listed
from vigie.sources.simulation.zones import Zones

# Establishments per thousand, by division: orders of magnitude of INSEE's register.
_PER_THOUSAND = """
01 60  02 5  03 1.5  05 .02  06 .02  07 .02  08 .8  09 .1  10 15  11 1.2  12 .03  13 1.8  14 2.5  15 .8  16 3
17 .5  18 4.2  19 .05  20 1.2  21 .2  22 1.4  23 2.8  24 .5  25 5.5  26 1  27 .8  28 1.8  29 .7  30 .5  31 2.5
32 6  33 6  35 7  36 1.2  37 .8  38 1.4  39 .3  41 13  42 4  43 85  45 22  46 38  47 100  49 32  50 .6  51 .2
52 5  53 12  55 15  56 58  58 5  59 7  60 .8  61 1.5  62 20  63 5  64 32  65 1.5  66 16  68 130  69 17  70 36
71 22  72 2  73 13  74 20  75 2  77 10  78 2.5  79 2.5  80 3  81 22  82 23  84 5  85 44  86 62  87 4  88 15
90 26  91 1.5  92 .6  93 24  94 70  95 9  96 42  97 .5  98 .1  99 .1
"""
# Subclasses that weigh much within their division.
_USUAL = frozenset(
    listed(
        "01.11Z 01.21Z 01.41Z 01.50Z 02.20Z 08.12Z 10.71C 10.71D 10.13B 11.02B 13.92Z 14.13Z 16.10A 16.23Z "
        "17.21A 18.12Z 20.42Z 22.29A 23.61Z 23.70Z 25.11Z 25.50B 25.61Z 25.62A 25.62B 26.51B 27.12Z 28.22Z "
        "28.99B 29.20Z 30.12Z 31.02Z 31.09B 32.12Z 32.50A 32.99Z 33.12Z 33.20A 35.11Z 38.11Z 41.20A 41.10A "
        "42.11Z 43.21A 43.22A 43.31Z 43.32A 43.34Z 43.99C 45.11Z 45.20A 46.90Z 47.11B 47.71Z 47.73Z 47.91B "
        "47.89Z 49.32Z 49.41A 52.29B 53.20Z 55.20Z 55.10Z 56.10A 56.10C 56.30Z 58.14Z 59.11A 62.01Z 62.02A "
        "64.20Z 66.22Z 68.20A 68.20B 68.31Z 69.10Z 69.20Z 70.10Z 70.22Z 71.11Z 71.12B 73.11Z 74.10Z 74.20Z "
        "77.11A 81.21Z 81.30Z 82.11Z 82.99Z 84.11Z 85.20Z 85.51Z 85.59A 86.21Z 86.23Z 86.90D 86.90E 87.10A "
        "88.10A 88.91A 90.01Z 90.03B 93.12Z 93.13Z 94.99Z 95.29Z 96.02A 96.02B 96.09Z"
    )
)
_USUAL_WEIGHT = 14.0
# Multipliers by size of commune (fewer than 500, 2 000, 10 000, 50 000 inhabitants, more), by first and last division.
SIZES = (500, 2_000, 10_000, 50_000)
_BY_SIZE: tuple[tuple[int, int, tuple[float, ...]], ...] = (
    (1, 3, (6.0, 3.5, 1.2, 0.3, 0.08)),
    (5, 33, (1.0, 1.3, 1.5, 1.0, 0.6)),
    (35, 39, (1.6, 1.2, 1.0, 0.9, 0.8)),
    (41, 43, (1.3, 1.3, 1.2, 0.9, 0.8)),
    (45, 56, (0.7, 0.8, 1.1, 1.15, 1.05)),
    (58, 66, (0.45, 0.55, 0.75, 1.1, 1.6)),
    (68, 68, (0.8, 0.8, 0.95, 1.05, 1.1)),
    (69, 74, (0.45, 0.55, 0.75, 1.1, 1.6)),
    (77, 82, (0.8, 0.85, 0.9, 1.0, 1.2)),
    (84, 84, (2.5, 1.2, 0.8, 0.7, 0.6)),
    (85, 88, (0.5, 0.7, 1.1, 1.15, 1.1)),
)
_INDUSTRY = (10, 33)
_SIREN_LENGTH = 9


@dataclass(frozen=True)
class Activities:
    """The subclasses of NAF rev. 2 and how they are distributed in each commune."""

    codes: list[str]
    labels: list[str]
    division: Integers
    section: list[str]
    bridge: Bridge
    national: Floats

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each code."""
        return {code: position for position, code in enumerate(self.codes)}

    @cached_property
    def know_how(self) -> Integers:
        """Position of the know-how of each activity, or `know_how.NONE`."""
        return know_how_of(self.codes)


class Profiles:
    """Distributions of activities, one for each pair of EPCI (or commune alone) and size of commune.

    The specialities are imaginary but structured: every EPCI has two industrial specialities, every département
    two more and a level of industry of its own, every employment area two kinds of know-how.
    """

    def __init__(self, activities: Activities, communes: Communes, zones: Zones, streams: Streams) -> None:
        self._activities = activities
        groups = [e or d for e, d in zip(communes.epci, communes.departments, strict=True)]
        names, group = np.unique(groups, return_inverse=True)
        size = np.searchsorted(SIZES, communes.population, side="right")
        department_names, department = np.unique(communes.departments, return_inverse=True)
        self._names = (department_names.tolist(), names.tolist())
        self._keys, first, self._profile = np.unique(group * 10 + size, return_index=True, return_inverse=True)
        self._department_of, self._zone_of = department[first], zones.zone[first]
        departments, epci = np.arange(int(department.max()) + 1), np.arange(len(names))
        self._level = 0.6 + 1.2 * streams.uniform("industry level", departments)
        self._specialities = (
            [_Speciality.drawn(streams, f"department {n}", departments, 1.5, 1.5) for n in range(2)],
            [_Speciality.drawn(streams, f"epci {n}", epci, 3.0, 6.0) for n in range(2)],
        )
        division = activities.division
        self._industry = (division >= _INDUSTRY[0]) & (division <= _INDUSTRY[1])
        self._by_size = np.ones((len(SIZES) + 1, len(division)))
        for first_division, last_division, factors in _BY_SIZE:
            inside = (division >= first_division) & (division <= last_division)
            self._by_size[:, inside] = np.array(factors)[:, None]
        self._by_zone = zones.factors(activities.know_how)
        self._known: dict[int, Floats] = {}

    def shares(self, commune: Integers) -> tuple[NDArray[np.float64], Integers]:
        """Return the cumulated distributions that some communes need, and the row of each commune in them."""
        wanted, row = np.unique(self._profile[commune], return_inverse=True)
        for profile in wanted.tolist():
            if profile not in self._known:
                self._known[profile] = self._distribution(profile)
        return np.stack([self._known[profile] for profile in wanted.tolist()]), row

    def specialities(self) -> Iterator[tuple[str, str, str, str, float]]:
        """Yield what is planted by division: kind and code of the territory, « division », its code, the factor."""
        for kind, names, specialities in zip(("departement", "epci"), self._names, self._specialities, strict=True):
            for speciality in specialities:
                for place, code in enumerate(names):
                    if kind == "departement" or len(code) == _SIREN_LENGTH:
                        division = f"{speciality.division[place]:02d}"
                        yield kind, code, "division", division, float(speciality.strength[place])

    def _distribution(self, profile: int) -> Floats:
        group, size = divmod(int(self._keys[profile]), 10)
        department = int(self._department_of[profile])
        division = self._activities.division
        weights = self._activities.national * self._by_size[size] * self._by_zone[self._zone_of[profile]]
        weights[self._industry] *= self._level[department]
        for specialities, identity in zip(self._specialities, (department, group), strict=True):
            for speciality in specialities:
                weights[division == speciality.division[identity]] *= speciality.strength[identity]
        return cumulated(weights)


@dataclass(frozen=True)
class _Speciality:
    """An industrial division for each territory, and how many times its share is multiplied."""

    division: Integers
    strength: Floats

    @classmethod
    def drawn(cls, streams: Streams, name: str, territories: Integers, least: float, spread: float) -> _Speciality:
        first, last = _INDUSTRY
        return cls(
            first + streams.below(f"{name} speciality", last - first + 1, territories),
            least + spread * streams.uniform(f"{name} strength", territories),
        )


def read_activities() -> Activities:
    """Read the subclasses of NAF rev. 2 shipped with Vigie and weigh them."""
    table = nomenclature.activities().filter(pc.field("nomenclature") == "NAFRev2")
    parent = dict(zip(table["code"].to_pylist(), table["parent"].to_pylist(), strict=True))
    rows = table.filter(pc.field("level") == 5).sort_by("code")
    codes, labels = ([str(value) for value in rows[name].to_pylist()] for name in ("code", "label"))
    division = np.array([int(code[:2]) for code in codes], dtype=np.int64)
    section = [str(parent.get(code[:2])) for code in codes]
    return Activities(codes, labels, division, section, build_bridge(codes), _national(codes))


def _national(codes: list[str]) -> Floats:
    words = _PER_THOUSAND.split()
    by_division = {name: float(share) for name, share in zip(words[::2], words[1::2], strict=True)}
    raw = np.array([_USUAL_WEIGHT if code in _USUAL else 1.0 for code in codes])
    totals: dict[str, float] = {}
    for code, weight in zip(codes, raw.tolist(), strict=True):
        totals[code[:2]] = totals.get(code[:2], 0.0) + weight
    return np.array(
        [weight * by_division[code[:2]] / totals[code[:2]] for code, weight in zip(codes, raw.tolist(), strict=True)]
    )
