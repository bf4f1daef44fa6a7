"""Establishments of groups that spread over France: their head office is often elsewhere."""

from __future__ import annotations

import numpy as np

from vigie.sources.simulation.days import NEVER, day_number
from vigie.sources.simulation.evolution import Evolution
from vigie.sources.simulation.periods import last_period
from vigie.sources.simulation.sites import SEAT, SECONDARY, Sites, unchanged
from vigie.sources.simulation.streams import Integers
from vigie.sources.simulation.units import UnitMaker, Units
from vigie.sources.simulation.world import World

_OPEN = 0.55
_SAME_ACTIVITY = 0.88
_SUPPORT = ("70.10Z", "52.10B", "46.90Z", "82.11Z")


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
        self._support = np.array([index[code] for code in _SUPPORT], dtype=np.int64)

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
        stays = seat | self._draw.chance("group site open", _OPEN, counter, number)
        support = self._support[self._draw.below("group support", len(self._support), counter, number)]
        same = self._draw.chance("same activity", _SAME_ACTIVITY, counter, number)
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
