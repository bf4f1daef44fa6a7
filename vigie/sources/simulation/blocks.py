"""Everything that stands in a block of communes at a month: establishments, their units, links and events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from vigie.sources.simulation.evolution import CREATION, MOVES, Changes, Evolution, born_sites
from vigie.sources.simulation.groups import GroupMaker
from vigie.sources.simulation.places import SimulatedPlace
from vigie.sources.simulation.sites import FORMER, SiteMaker, Sites, joined
from vigie.sources.simulation.streams import Flags, Integers
from vigie.sources.simulation.units import UnitMaker, Units
from vigie.sources.simulation.world import World

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
