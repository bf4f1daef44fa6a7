"""Everything that stands in a block of communes at a month: establishments, their units, links and events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from vigie.sources.simulation.days import NEVER, day_number
from vigie.sources.simulation.evolution import CREATION, MOVES, Changes, Evolution, born_sites
from vigie.sources.simulation.periods import last_period
from vigie.sources.simulation.places import SimulatedPlace
from vigie.sources.simulation.sites import FORMER, SEAT, SECONDARY, SiteMaker, Sites, joined, unchanged
from vigie.sources.simulation.streams import Flags, Integers
from vigie.sources.simulation.units import UnitMaker, Units
from vigie.sources.simulation.world import World

GROUP_OPEN = 0.55
GROUP_SAME_ACTIVITY = 0.88
GROUP_SUPPORT = ("70.10Z", "52.10B", "46.90Z", "82.11Z")
# Legal units looked at together: what bounds the memory.
SIZE = 60_000


@dataclass(frozen=True)
class UnitBlock:
    """Some units with all their sites of interest, and what happened to them.

    `links` are changes too: of every month, and of before the first snapshot.
    """

    units: Units
    sites: Sites
    events: Changes
    links: Changes


@dataclass(frozen=True)
class Block:
    """A block of communes: `units` are those with a site there, `sites` their sites there, `parts` what they come of.

    In `parts`, links and events are those that this block tells.
    """

    communes: Integers
    units: Units
    sites: Sites
    parts: tuple[UnitBlock, ...]


class BlockMaker:
    """Computes the blocks of a territory at a month."""

    def __init__(self, world: World, maker: UnitMaker, place: SimulatedPlace, month: int) -> None:
        self._world, self._maker, self._place, self._month = world, maker, place, month
        self._evolution = Evolution(world, maker, month)
        self._sites = SiteMaker(world, maker)
        self._groups = GroupMaker(world, maker, self._evolution, month)
        self._births = [world.created(number) for number in range(1, month + 1)]

    def blocks(self) -> Iterator[Block]:
        """Yield the territory block after block, in order of commune codes."""
        communes = np.flatnonzero(self._place.inside)
        key = np.cumsum(self._world.units[communes]) // SIZE
        for block in np.split(communes, np.flatnonzero(np.diff(key)) + 1):
            parts = tuple(self._told(part, block) for part in self._parts(block))
            here = [_standing(part.units, part.sites, np.isin(part.sites.commune, block)) for part in parts]
            yield Block(block, *joined(here), parts)

    def whole(self, counters: Integers) -> Iterator[Units]:
        """Yield units by their counters, as they are at this month."""
        for some in chunks(counters, SIZE):
            local, sites = self._sites.local(some[some >= self._world.groups])
            local, _, _ = self._evolution.apply(local, sites)
            kept = local.take(np.flatnonzero(local.counter < self._world.stock))
            groups = self._maker.stock(some[some < self._world.groups])
            nothing = sites.take(np.zeros(0, dtype=np.int64))
            yield joined([(groups, nothing), (kept, nothing)])[0]

    def _parts(self, block: Integers) -> Iterator[UnitBlock]:
        starts = self._world.unit_starts
        yield self._evolved(*self._sites.local(spans(starts[block], starts[block + 1])))
        yield self._of_groups(block)
        yield from self._born(block)
        senders = np.setdiff1d(np.unique(self._world.senders[:, block]), block)
        for counters in chunks(spans(starts[senders], starts[senders + 1]), 5 * SIZE):
            several = (self._sites.more(counters) > 0) | self._evolution.may_arrive(counters)
            part = self._evolved(*self._sites.local(counters[several]))
            yield part

    def _evolved(self, units: Units, sites: Sites) -> UnitBlock:
        before = _former_links(sites)
        units, sites, changes = self._evolution.apply(units, sites)
        recent = changes.take(np.flatnonzero(np.isin(changes.kind, MOVES)))
        return UnitBlock(units, sites, changes.take(np.flatnonzero(changes.month == self._month)), recent.with_(before))

    def _of_groups(self, block: Integers) -> UnitBlock:
        units, sites = self._groups.inside(block)
        part = self._evolved(units, sites)
        month = self._evolution.opened_later(sites.counter, sites.number)
        rows = np.flatnonzero((month == self._month) & (month > 0))
        return replace(part, events=part.events.with_(_creations(sites, rows, self._month)))

    def _born(self, block: Integers) -> Iterator[UnitBlock]:
        for month, starts in enumerate(self._births, start=1):
            rank = spans(starts[block], starts[block + 1])
            commune = np.repeat(block, starts[block + 1] - starts[block])
            counter = 2 * self._world.stock + rank
            day = self._evolution.day(np.full(len(rank), month), counter)
            units = self._maker.born(counter, commune, self._maker.activity("activity", commune, counter), day)
            sites = born_sites(units)
            rows = np.arange(len(rank)) if month == self._month else np.zeros(0, dtype=np.int64)
            yield UnitBlock(units, sites, _creations(sites, rows, month), _creations(sites, rows[:0], month))

    def _told(self, part: UnitBlock, block: Integers) -> UnitBlock:
        """Keep the links and events that this block tells: those that leave it, or come from outside the territory."""
        in_block = np.isin(part.sites.commune, block)
        outside = ~self._place.inside[part.sites.commune]

        def told(changes: Changes) -> Changes:
            keep = in_block[changes.old] | (outside[changes.old] & in_block[changes.new])
            return changes.take(np.flatnonzero(keep))

        return replace(part, events=told(part.events), links=told(part.links))


def spans(starts: Integers, ends: Integers) -> Integers:
    """Return the integers of several ranges."""
    length = ends - starts
    shift = np.repeat(starts - np.concatenate(([0], np.cumsum(length)[:-1])), length)
    return np.asarray(shift + np.arange(len(shift)))


def chunks(values: Integers, size: int) -> Iterator[Integers]:
    """Cut an array into parts of a size at most; none when it is empty."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _standing(units: Units, sites: Sites, keep: Flags) -> tuple[Units, Sites]:
    """Keep some sites, and their units."""
    sites = sites.take(keep)
    used, position = np.unique(sites.unit, return_inverse=True)
    return units.take(used), replace(sites, unit=position)


def _creations(sites: Sites, rows: Integers, month: int) -> Changes:
    count = len(rows)
    return Changes(np.full(count, CREATION), np.full(count, month), sites.created[rows], rows, rows)


def _former_links(sites: Sites) -> Changes:
    """Return the moves of before the first snapshot; each unit's sites are in a row, its head office first."""
    rows = np.flatnonzero((sites.nature == FORMER) & (sites.successor > 0))
    start = rows - sites.slot[rows]
    at_seat = sites.successor[rows] == sites.number[start]
    new = np.where(at_seat, start, start + sites.successor[rows])
    zero = np.zeros(len(rows), dtype=np.int64)
    return Changes(zero + MOVES[0], zero, sites.closed[rows], rows, new)


class GroupMaker:
    """Computes the establishments of groups that stand in some communes.

    The n-th establishment of a group in France belongs to the group that a permutation of the ranks gives:
    the SIRET are unique and every commune can be computed alone.
    """

    def __init__(self, world: World, maker: UnitMaker, evolution: Evolution, month: int) -> None:
        self._world, self._draw, self._maker = world, world.streams, maker
        self._evolution, self._month = evolution, month
        self._count = int(world.group_starts[-1])
        step = int(self._count * 0.618) | 1
        while np.gcd(step, self._count) != 1:
            step += 2
        self._step = step
        index = world.activities.index
        self._support = np.array([index[code] for code in GROUP_SUPPORT], dtype=np.int64)

    def inside(self, communes: Integers) -> tuple[Units, Sites]:
        """Return the groups with an establishment in some communes, and these establishments."""
        starts = self._world.site_starts
        rank = np.concatenate([np.arange(starts[c], starts[c + 1]) for c in communes.tolist()])
        where = np.repeat(communes, starts[communes + 1] - starts[communes])
        place = rank * self._step % self._count
        group = np.searchsorted(self._world.group_starts, place, side="right") - 1
        number = place - self._world.group_starts[group] + 2
        there = self._evolution.opened_later(group, number) <= self._month
        group, number, where = group[there], number[there], where[there]
        seats = np.flatnonzero(np.isin(self._world.group_seats, communes))
        counters, unit = np.unique(np.concatenate((seats, group)), return_inverse=True)
        units = self._maker.stock(counters)
        return units, self._sites(
            units,
            unit,
            np.concatenate((np.ones(len(seats), dtype=np.int64), number)),
            np.concatenate((self._world.group_seats[seats], where)),
        )

    def _sites(self, units: Units, unit: Integers, number: Integers, commune: Integers) -> Sites:
        counter, seat = units.counter[unit], number == 1
        today = day_number(self._world.epoch) - 1
        span = today - units.created[unit]
        opened = units.created[unit] + np.floor(self._draw.uniform("opening", counter, number) * span).astype(np.int64)
        opened = np.where(seat, units.created[unit], opened)
        shut = opened + np.floor(self._draw.uniform("closing", counter, number) * (today - opened)).astype(np.int64)
        stays = seat | self._draw.chance("group site open", GROUP_OPEN, counter, number)
        support = self._support[self._draw.below("group support", len(self._support), counter, number)]
        same = self._draw.chance("same activity", GROUP_SAME_ACTIVITY, counter, number)
        later = self._evolution.opened_later(counter, number)
        opened = np.where(later > 0, self._evolution.day(later, counter, number), opened)
        closed = np.where(stays | (later > 0), NEVER, np.maximum(shut, opened + 1))
        return Sites(
            unit, counter, number - 1, number,
            np.where(seat, SEAT, SECONDARY), commune,
            np.where(same, units.naf[unit], support),
            opened, closed, last_period(self._draw, opened, closed, counter, number - 1),
            np.zeros(len(unit), dtype=np.int64),
            self._draw.chance("partial group site", 0.004, counter, number), *unchanged(len(unit)),
        )  # fmt: skip
