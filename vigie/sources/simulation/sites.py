"""Establishments: where the sites of each legal unit are, when they opened and closed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vigie.sources.simulation.days import NEVER, day_number
from vigie.sources.simulation.periods import last_period
from vigie.sources.simulation.streams import Flags, Integers, cumulated, pick
from vigie.sources.simulation.units import UnitMaker, Units
from vigie.sources.simulation.world import PARTNERS, World

# Shares of units with one more site, two… five, for a mean of 0.40; brought to the world's mean.
_MORE = (0.165, 0.055, 0.020, 0.010, 0.005)
_MORE_MEAN = 0.40
_FORMER = 0.55
_SECONDARY_OPEN = 0.62
_SAME_ACTIVITY = 0.82
_AWAY = (0.13, 0.10, 0.10, 0.05)
_PARTIAL_SITE, _UNMASKED_SITE = 0.008, 0.02
SEAT, FORMER, SECONDARY = 0, 1, 2
# Added to the slot of a site that moved after the first snapshot, to name the site that it moved to.
MOVED = 10_000


@dataclass(frozen=True)
class Sites:
    """Establishments, one position each; `unit` is a position in the units they come with.

    `slot` numbers the sites of a unit from 0 (head office), `number` is the first four digits of the NIC,
    `since` is the first day of the present period, `successor` the number of the site that a former one moved to
    (0: none). After a change, `resized` is the variant of the workforce, `formerly` the activity before (else −1) and
    `shut` the closing that a reopening undid (else `NEVER`).
    """

    unit: Integers
    counter: Integers
    slot: Integers
    number: Integers
    nature: Integers
    commune: Integers
    naf: Integers
    created: Integers
    closed: Integers
    since: Integers
    successor: Integers
    partial: Flags
    resized: Integers
    formerly: Integers
    shut: Integers

    @property
    def open(self) -> Flags:
        """Whether each establishment is open in the first snapshot."""
        return np.asarray(self.closed == NEVER)

    @property
    def first_naf(self) -> Integers:
        """Activity of each establishment in the first snapshot; what does not follow it depends on this."""
        return np.where(self.formerly >= 0, self.formerly, self.naf)

    def take(self, rows: Integers | Flags) -> Sites:
        """Return the establishments at some positions."""
        return Sites(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def unchanged(count: int) -> tuple[Integers, Integers, Integers]:
    """Return the last three columns of sites to which nothing happened."""
    return np.zeros(count, dtype=np.int64), np.full(count, -1), np.full(count, NEVER)


def joined(parts: list[tuple[Units, Sites]]) -> tuple[Units, Sites]:
    """Put several sets of units and their sites together."""
    starts = np.cumsum([0, *(len(units.counter) for units, _ in parts)])
    moved = [
        np.concatenate([getattr(sites, name) for _, sites in parts])
        for name in Sites.__dataclass_fields__
        if name != "unit"
    ]
    unit = np.concatenate([sites.unit + start for (_, sites), start in zip(parts, starts, strict=False)])
    units = Units(*(np.concatenate([getattr(u, n) for u, _ in parts]) for n in Units.__dataclass_fields__))
    return units, Sites(unit, *moved)


class SiteMaker:
    """Computes the establishments of any legal units, or those that stand in some communes."""

    def __init__(self, world: World, maker: UnitMaker) -> None:
        self._world, self._draw, self._maker = world, world.streams, maker
        more = np.array(_MORE) * (world.more_sites / _MORE_MEAN)
        more = more / max(1.0, float(more.sum()))
        self._counts = cumulated(np.concatenate(([1.0 - float(more.sum())], more)))

    def more(self, counter: Integers) -> Integers:
        """Return the number of sites that local units have beside their head office."""
        return pick(self._draw.uniform("more sites", counter), self._counts)

    def local(self, counter: Integers) -> tuple[Units, Sites]:
        """Return local units and all their sites, wherever they are."""
        units = self._maker.stock(counter)
        sites = self._all_sites(units)
        return replace(units, seat=sites.number[sites.slot == 0]), sites

    def senders(self, commune: int) -> Integers:
        """Return the communes whose units may have a site in a commune."""
        return np.unique(self._world.senders[:, commune])

    def away(self, counter: Integers) -> tuple[Units, Sites]:
        """Return the units with a site outside the commune of their head office, and these sites."""
        several = counter[self.more(counter) > 0]
        units, sites = self.local(several)
        sites = sites.take(sites.commune != units.commune[sites.unit])
        return units, sites

    def _all_sites(self, units: Units) -> Sites:
        more = self.more(units.counter)
        total = more + 1
        unit = np.repeat(np.arange(len(total)), total)
        slot = np.arange(len(unit)) - np.repeat(np.cumsum(total) - total, total)
        counter = units.counter[unit]
        former = (slot > 0) & self._draw.chance("former", _FORMER, counter, slot)
        nature = np.where(slot == 0, SEAT, np.where(former, FORMER, SECONDARY))
        formers = np.bincount(unit[former], minlength=len(total))
        number = np.where(formers[unit] > 0, np.where(slot == 0, more[unit] + 1, slot), slot + 1)
        created, closed, successor = self._lives(units, unit, slot, nature, formers, number)
        return Sites(
            unit, counter, slot, number, nature,
            self._commune(units.commune[unit], counter, slot),
            self._naf(units, unit, slot, nature),
            created, closed, last_period(self._draw, created, closed, counter, slot), successor,
            self.partial(units.partial[unit], counter, slot), *unchanged(len(unit)),
        )  # fmt: skip

    def partial(self, unit_partial: Flags, *identity: Integers) -> Flags:
        """Tell which sites are partially diffusible: nearly all those of such a unit, a few of the others."""
        lot = self._draw.uniform("partial site", *identity)
        return np.where(unit_partial, lot >= _UNMASKED_SITE, lot < _PARTIAL_SITE)

    def _commune(self, home: Integers, counter: Integers, slot: Integers) -> Integers:
        lot = self._draw.uniform("place", counter, slot)
        commune = home.copy()
        floor = np.zeros(len(home))
        for way in range(PARTNERS):
            ceiling = floor + _AWAY[way] * self._world.flow[way, home]
            chosen = (slot > 0) & (lot >= floor) & (lot < ceiling)
            commune[chosen] = self._world.partners[way, home[chosen]]
            floor = ceiling
        return commune

    def _naf(self, units: Units, unit: Integers, slot: Integers, nature: Integers) -> Integers:
        naf = units.naf[unit].copy()
        counter = units.counter[unit]
        other = (nature == SECONDARY) & ~self._draw.chance("same activity", _SAME_ACTIVITY, counter, slot)
        rows = np.flatnonzero(other)
        naf[rows] = self._maker.activity("other activity", units.commune[unit[rows]], counter[rows], slot[rows])
        return naf

    def _lives(
        self, units: Units, unit: Integers, slot: Integers, nature: Integers, formers: Integers, number: Integers
    ) -> tuple[Integers, Integers, Integers]:
        """Return opening and closing days, and successors: former sites follow one another up to the head office."""
        start, end = units.created[unit], units.ceased[unit]
        today = day_number(self._world.epoch) - 1
        span = np.minimum(end, today) - start
        counter = units.counter[unit]
        rank = _rank(nature == FORMER, slot)
        steps = formers[unit] + 1
        jitter = 0.4 * (self._draw.uniform("move day", counter, rank) - 0.5)
        moved = start + np.floor((rank + jitter) / steps * span).astype(np.int64)
        last = np.flatnonzero(slot == 0)
        closes = self._last_move(units, formers, span[last])
        before = self._move_day(units.counter[unit], rank - 1, steps, start, span)
        opened = start + np.floor(self._draw.uniform("opening", counter, slot) * span).astype(np.int64)
        shut = opened + np.floor(self._draw.uniform("closing", counter, slot) * (np.minimum(end, today) - opened))
        stays = self._draw.chance("secondary open", _SECONDARY_OPEN, counter, slot)
        created = np.where(nature == SEAT, closes[unit], np.where(nature == FORMER, before, opened))
        closed = np.where(nature == SEAT, end, np.where(nature == FORMER, moved, np.where(stays, end, shut)))
        following = _following(unit, slot, nature, number)
        return created, np.maximum(closed.astype(np.int64), created + 1), np.where(nature == FORMER, following, 0)

    def _last_move(self, units: Units, formers: Integers, span: Integers) -> Integers:
        return self._move_day(units.counter, formers, formers + 1, units.created, span)

    def _move_day(
        self, counter: Integers, rank: Integers, steps: Integers, start: Integers, span: Integers
    ) -> Integers:
        """Day of the rank-th move of a unit (0: its creation), among `steps` parts of its life."""
        jitter = np.where(rank > 0, 0.4 * (self._draw.uniform("move day", counter, np.maximum(rank, 0)) - 0.5), 0.0)
        return start + np.floor((np.maximum(rank, 0) + jitter) / steps * span).astype(np.int64)


def _rank(former: Flags, slot: Integers) -> Integers:
    """Return the rank (from 1) of each former site among those of its unit; units start where the slot is 0."""
    total = np.cumsum(former)
    start = np.maximum.accumulate(np.where(slot == 0, np.arange(len(slot)), 0))
    return np.asarray(total - (total - former)[start])


def _following(unit: Integers, slot: Integers, nature: Integers, number: Integers) -> Integers:
    """Return the number of the next former site of the same unit, or of the head office after the last one."""
    seat = np.flatnonzero(slot == 0)
    following = number[seat][unit]
    rows = np.flatnonzero(nature == FORMER)
    if len(rows) > 1:
        same = unit[rows[1:]] == unit[rows[:-1]]
        following[rows[:-1][same]] = number[rows[1:][same]]
    return following
