"""Legal units: legal category, life, activity, diffusion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vigie.sources.simulation.days import NEVER, OLDEST, day_number, years_before
from vigie.sources.simulation.periods import REV2
from vigie.sources.simulation.streams import Flags, Floats, Integers, pick_by_row
from vigie.sources.simulation.words import listed
from vigie.sources.simulation.world import World

_ACTIVE = 0.52
_UNKNOWN_DAY = 0.006
_PARTIAL_NATURAL, _PARTIAL_LEGAL = 0.165, 0.035
_AGES = (0.10, 0.17, 0.14, 0.24, 0.20, 0.09, 0.05, 0.01)
_AGE_BOUNDS = (0.1, 1, 3, 5, 10, 20, 30, 50, 80)
_CEASED = (0.14, 0.18, 0.22, 0.28, 0.18)
_CEASED_BOUNDS = (0.0, 2.0, 5.0, 10.0, 20.0, 40.0)
_LIVES = (0.15, 0.30, 0.33, 0.17, 0.05)
_LIFE_BOUNDS = (0.05, 1.0, 3.0, 8.0, 20.0, 40.0)

# Legal categories of INSEE and their shares, by kind of activity (see `_KIND_OF_DIVISION`).
CATEGORIES: tuple[str, ...] = (
    "1000", "5499", "5710", "5720", "6540", "9220", "5599", "5485", "6533", "6598", "6317", "5458", "7210", "7346",
    "7220", "7331", "9110", "8311", "9300", "6599", "5202", "7353", "7354",
)  # fmt: skip
_MIXES: dict[str, dict[str, float]] = {
    "farming": {"1000": 62, "6598": 14, "6533": 8, "6599": 7, "5499": 5, "6317": 2, "5710": 2},
    "industry": {"1000": 38, "5499": 28, "5710": 22, "5720": 9, "5599": 1, "5458": 2},
    "property": {"6540": 60, "1000": 22, "5499": 8, "5710": 7, "9110": 3},
    "holding": {"5710": 35, "5499": 25, "1000": 15, "6540": 10, "5720": 13, "5599": 2},
    "public": {"7210": 25, "7353": 25, "7354": 20, "7331": 20, "7346": 8, "7220": 2},
    "teaching": {"1000": 50, "9220": 25, "7331": 10, "5710": 8, "5499": 7},
    "health": {"1000": 72, "5485": 10, "6599": 6, "9220": 5, "5499": 4, "5710": 3},
    "care": {"9220": 55, "1000": 20, "5499": 10, "7331": 10, "5710": 5},
    "leisure": {"9220": 50, "1000": 40, "5710": 6, "5499": 4},
    "associations": {"9220": 90, "8311": 5, "9110": 3, "9300": 2},
    "trade": {"1000": 58, "5499": 17, "5720": 12, "5710": 9, "5202": 2, "5599": 1, "5458": 1},
}
KINDS = tuple(_MIXES)
_KIND_OF_DIVISION = {
    1: "farming", 2: "farming", 3: "farming", 64: "holding", 70: "holding", 68: "property", 84: "public",
    85: "teaching", 86: "health", 87: "care", 88: "care", 90: "leisure", 91: "leisure", 93: "leisure",
    94: "associations",
} | dict.fromkeys(range(5, 40), "industry")  # fmt: skip
NATURAL = CATEGORIES.index("1000")
_GROUP_CATEGORIES = ("5599", "5710")
# Activities of groups present everywhere: shops, restaurants, banks, cleaning, temporary work, logistics, energy…
GROUP_ACTIVITIES = listed(
    "47.11D 47.11F 47.19B 47.52B 47.59A 47.71Z 47.72A 47.73Z 47.78A 56.10C 56.10A 64.19Z 65.12Z 66.22Z 68.31Z 78.20Z "
    "81.21Z 80.10Z 49.41A 52.10B 52.29A 53.20Z 53.10Z 38.11Z 38.21Z 36.00Z 35.13Z 43.21A 42.11Z 46.73A 46.69B 77.11A "
    "45.31Z 45.20A 61.10Z 62.02A 71.12B 87.10A 88.91A 85.59A 86.10Z 10.13A 10.51A 25.62B 22.22Z 29.32Z 20.30Z 23.63Z "
    "17.21A 28.29B 30.30Z 26.51A"
)


@dataclass(frozen=True)
class Units:
    """Legal units, one position each; days are integers, `naf` indexes the subclasses, `category` `CATEGORIES`.

    `trade` is the activity at birth, which the name tells.
    `seat` is the number of the head office among the unit's sites, `since` the first day of the present period;
    `renamed` and `resized` are 0, or the variant of the name and of the workforce after a change.
    """

    counter: Integers
    commune: Integers
    naf: Integers
    trade: Integers
    category: Integers
    group: Flags
    created: Integers
    ceased: Integers
    unknown_day: Flags
    partial: Flags
    seat: Integers
    renamed: Integers
    resized: Integers
    since: Integers

    @property
    def natural(self) -> Flags:
        """Whether each unit is a sole trader."""
        return np.asarray((self.category == NATURAL) & ~self.group)

    @property
    def active(self) -> Flags:
        """Whether each unit is active in the first snapshot."""
        return np.asarray(self.ceased == NEVER)

    def take(self, rows: Integers) -> Units:
        """Return the units at some positions."""
        return Units(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


class UnitMaker:
    """Computes the attributes of any legal units from their counters."""

    def __init__(self, world: World) -> None:
        self._world, self._draw = world, world.streams
        self._profiles = world.profiles
        index = world.activities.index
        self._group_naf = np.array([index[code] for code in GROUP_ACTIVITIES if code in index], dtype=np.int64)
        kind_of = [KINDS.index(_KIND_OF_DIVISION.get(d, "trade")) for d in world.activities.division.tolist()]
        self._kind = np.array(kind_of, dtype=np.int64)
        mixes = np.array([[mix.get(code, 0.0) for code in CATEGORIES] for mix in _MIXES.values()])
        self.mixes: Floats = mixes / mixes.sum(axis=1, keepdims=True)
        """Share of each legal category (columns, as `CATEGORIES`) among the units of each kind (rows, as `KINDS`)."""
        self._mixes = np.cumsum(mixes, axis=1) / mixes.sum(axis=1, keepdims=True)

    def kind(self, naf: Integers) -> Integers:
        """Return the kind of activity (position in `KINDS`) of subclasses."""
        return np.asarray(self._kind[naf])

    def stock(self, counter: Integers) -> Units:
        """Return units of the first snapshot."""
        group = counter < self._world.groups
        commune = self._world.commune_of(counter)
        naf = np.where(group, self.group_naf(counter), self.activity("activity", commune, counter))
        created, ceased = self._life(counter, group)
        return self._complete(counter, commune, naf, created, ceased)

    def born(self, counter: Integers, commune: Integers, naf: Integers, created: Integers) -> Units:
        """Return units created after the first snapshot."""
        return self._complete(counter, commune, naf, created, np.full(len(counter), NEVER))

    def activity(self, attribute: str, commune: Integers, *identity: Integers) -> Integers:
        """Draw an activity from the distribution of each row's commune."""
        if not len(commune):
            return np.zeros(0, dtype=np.int64)
        shares, row = self._profiles.shares(commune)
        return pick_by_row(self._draw.uniform(attribute, *identity), shares, row)

    def group_naf(self, group: Integers) -> Integers:
        """Return the main activity of groups."""
        return np.asarray(self._group_naf[self._draw.below("group activity", len(self._group_naf), group)])

    def _complete(
        self, counter: Integers, commune: Integers, naf: Integers, created: Integers, ceased: Integers
    ) -> Units:
        group = counter < self._world.groups
        category = pick_by_row(self._draw.uniform("category", counter), self._mixes, self._kind[naf])
        joint_stock = np.array([CATEGORIES.index(code) for code in _GROUP_CATEGORIES])
        category = np.where(group, joint_stock[self._draw.below("group category", 2, counter)], category)
        natural = (category == NATURAL) & ~group
        limit = np.where(natural, _PARTIAL_NATURAL, np.where(group, 0.0, _PARTIAL_LEGAL))
        nothing = np.zeros(len(counter), dtype=np.int64)
        return Units(
            counter, commune, naf, naf, category, group, created, ceased,
            self._draw.chance("unknown day", _UNKNOWN_DAY, counter) & ~group & (counter < self._world.stock),
            self._draw.chance("partial unit", limit, counter),
            np.ones(len(counter), dtype=np.int64), nothing, nothing,
            np.where(ceased == NEVER, np.maximum(created, REV2), ceased),
        )  # fmt: skip

    def _life(self, counter: Integers, group: Flags) -> tuple[Integers, Integers]:
        today = day_number(self._world.epoch) - 1
        active = self._draw.chance("active", _ACTIVE, counter) | group
        age = self._draw.uniform("age", counter)
        ceased = today - years_before(age, _CEASED, _CEASED_BOUNDS)
        life = years_before(self._draw.uniform("life", counter), _LIVES, _LIFE_BOUNDS)
        since = today - years_before(_older(age, group), _AGES, _AGE_BOUNDS)
        created = np.maximum(np.where(active, since, ceased - life), OLDEST)
        return created, np.where(active, NEVER, np.maximum(ceased, created + 1))


def _older(age: Floats, group: Flags) -> Floats:
    """Make groups older than ten years."""
    return np.where(group, 0.65 + 0.34 * age, age)
