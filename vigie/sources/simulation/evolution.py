"""What happens after the first snapshot, month after month.

At most one event happens to an establishment, in a month that its identity gives: the state of any establishment in
any month is known without going through the months before, nor through the other establishments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vigie.domain.relations import EventKind
from vigie.errors import RequestFault
from vigie.sources.simulation.days import NEVER, day_number, month_after
from vigie.sources.simulation.sites import MOVED, SEAT, SECONDARY, Sites, unchanged
from vigie.sources.simulation.stock import activity_lost
from vigie.sources.simulation.streams import Flags, Integers, cumulated, pick
from vigie.sources.simulation.units import UnitMaker, Units
from vigie.sources.simulation.world import OPENED_PER_MONTH, OPENING_MONTHS, PARTNERS, World

# Months that the world can go through, and the share of open establishments to which something happens in each.
HORIZON = 60
_PER_MONTH = 0.013
_REOPENED_PER_MONTH = 0.0004
_AWAY = 0.3
KINDS = (
    EventKind.CLOSURE, EventKind.MOVE, EventKind.TRANSFER, EventKind.ACTIVITY, EventKind.SIZE, EventKind.NAME,
    EventKind.STATUS, EventKind.REOPENING, EventKind.CREATION,
)  # fmt: skip
_WEIGHTS = np.array((40.0, 20.0, 6.0, 9.0, 14.0, 6.0, 5.0))
_CLOSURE, _MOVE, _TRANSFER, _ACTIVITY, _SIZE, _NAME, _STATUS, _REOPENING, CREATION = range(len(KINDS))
MOVES = (_MOVE, _TRANSFER)


@dataclass(frozen=True)
class Changes:
    """Events up to a month: kind (position in `KINDS`), month, day, and the sites concerned.

    `old` and `new` are positions among the sites: the same one, or the two ends of a move or transfer.
    """

    kind: Integers
    month: Integers
    day: Integers
    old: Integers
    new: Integers

    def take(self, rows: Integers) -> Changes:
        """Return some of the changes."""
        return Changes(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def with_(self, others: Changes) -> Changes:
        """Return these changes and others of the same sites."""
        names = self.__dataclass_fields__
        return Changes(*(np.concatenate((getattr(self, name), getattr(others, name))) for name in names))


class Evolution:
    """Brings units and all their sites to the state of a month (0: the first snapshot)."""

    def __init__(self, world: World, maker: UnitMaker, month: int) -> None:
        if month > HORIZON:
            raise RequestFault(
                f"La simulation va jusqu’à {HORIZON} mois après son premier jour : demandez moins de mois."
            )
        self._world, self._draw, self._maker, self._month = world, world.streams, maker, month
        firsts = [day_number(month_after(world.epoch, number)) for number in range(HORIZON + 1)]
        self._firsts = np.array(firsts)

    def month_and_kind(self, counter: Integers, slot: Integers) -> tuple[Integers, Integers]:
        """Return the month (0: none) and the kind of what happens to open sites, whether or not it can happen."""
        month = np.floor(self._draw.uniform("event", counter, slot) / _PER_MONTH).astype(np.int64) + 1
        kind = pick(self._draw.uniform("event kind", counter, slot), cumulated(_WEIGHTS))
        return np.where(month <= HORIZON, month, 0), kind

    def may_arrive(self, counter: Integers) -> Flags:
        """Tell which units may have moved their head office to another commune by now."""
        month, kind = self.month_and_kind(counter, np.zeros_like(counter))
        return np.asarray((month > 0) & (month <= self._month) & (kind == _MOVE))

    def opened_later(self, counter: Integers, number: Integers) -> Integers:
        """Return the month in which sites of groups open (0: they are in the first snapshot)."""
        month = np.floor(self._draw.uniform("group opening", counter, number) / OPENED_PER_MONTH).astype(np.int64) + 1
        return np.where((month <= OPENING_MONTHS) & (number > 1), month, 0)

    def day(self, month: Integers, *identity: Integers) -> Integers:
        """Return a day of some months after the epoch (1: the month that begins on the epoch)."""
        return np.asarray(self._firsts[np.maximum(month, 1) - 1] + self._draw.below("event day", 28, *identity))

    def apply(self, units: Units, sites: Sites) -> tuple[Units, Sites, Changes]:
        """Return the units and sites as they are now; sites that replace others come at the end, and their units.

        Local units must come with all their sites.
        """
        month, kind = self._due(units, sites)
        rows = np.flatnonzero(month)
        changes = Changes(
            kind[rows], month[rows], self.day(month[rows], sites.counter[rows], sites.slot[rows]), rows, rows.copy()
        )
        units, sites = self._in_place(units, sites, changes)
        return self._replaced(units, sites, changes)

    def _due(self, units: Units, sites: Sites) -> tuple[Integers, Integers]:
        """Return month (0: nothing yet) and kind for each site, where it can happen."""
        month, kind = self.month_and_kind(sites.counter, sites.slot)
        single = (np.bincount(sites.unit, minlength=len(units.counter)) == 1)[sites.unit] & ~units.group[sites.unit]
        seat, partial = sites.number == units.seat[sites.unit], units.partial[sites.unit]
        legal = ~units.natural[sites.unit]
        possible = np.select(
            [kind == _CLOSURE, kind == _MOVE, kind == _TRANSFER, kind == _ACTIVITY, kind == _SIZE, kind == _NAME],
            [single | ~seat, ~units.group[sites.unit], single,
             (single | ~seat) & ~activity_lost(self._draw, sites.counter, sites.slot),
             ~seat | ~units.group[sites.unit], single & legal & ~partial],
            single,
        )  # fmt: skip
        back = np.floor(self._draw.uniform("reopening", sites.counter, sites.slot) / _REOPENED_PER_MONTH) + 1
        again = ~sites.open & single & (sites.closed > int(self._firsts[0]) - 730) & (back <= HORIZON)
        month = np.where(sites.open & possible, month, np.where(again, back.astype(np.int64), 0))
        kind = np.where(again, _REOPENING, kind)
        born_later = sites.created >= self._firsts[0]
        return np.where((month <= self._month) & ~born_later, month, 0), kind

    def _in_place(self, units: Units, sites: Sites, changes: Changes) -> tuple[Units, Sites]:
        """Change what keeps its SIRET; sites that move or are taken over close."""
        seat = sites.number == units.seat[sites.unit]
        u = {name: getattr(units, name).copy() for name in ("ceased", "naf", "partial", "renamed", "resized", "since")}
        s = {
            name: getattr(sites, name).copy()
            for name in ("closed", "naf", "partial", "resized", "since", "formerly", "shut")
        }
        for kind in range(len(KINDS) - 1):
            of_kind = changes.kind == kind
            rows, day = changes.old[of_kind], changes.day[of_kind]
            alone, its_day = sites.unit[rows][seat[rows]], day[seat[rows]]
            if kind in (_CLOSURE, _MOVE, _TRANSFER):
                s["closed"][rows], s["since"][rows] = day, day
                if kind != _MOVE:
                    u["ceased"][alone], u["since"][alone] = its_day, its_day
            elif kind == _ACTIVITY:
                s["formerly"][rows], s["since"][rows] = s["naf"][rows], day
                s["naf"][rows] = self._other_activity(units, sites, rows)
                u["naf"][alone], u["since"][alone] = s["naf"][rows][seat[rows]], its_day
            elif kind == _SIZE:
                s["resized"][rows] = 1 + self._draw.below("size direction", 2, sites.counter[rows], sites.slot[rows])
                u["resized"][alone] = s["resized"][rows][seat[rows]]
            elif kind == _NAME:
                u["renamed"][alone], u["since"][alone] = 1, its_day
            elif kind == _STATUS:
                u["partial"][alone] = ~units.partial[alone]
                s["partial"][rows] = u["partial"][sites.unit[rows]]
            else:
                s["shut"][rows], s["closed"][rows], s["since"][rows] = sites.closed[rows], NEVER, day
                u["ceased"][alone], u["since"][alone] = NEVER, its_day
        return replace(units, **u), replace(sites, **s)

    def _other_activity(self, units: Units, sites: Sites, rows: Integers) -> Integers:
        drawn = self._maker.activity(
            "new activity", units.commune[sites.unit[rows]], sites.counter[rows], sites.slot[rows]
        )
        count = len(self._world.activities.codes)
        return np.where(drawn == sites.naf[rows], (drawn + 1) % count, drawn)

    def _replaced(self, units: Units, sites: Sites, changes: Changes) -> tuple[Units, Sites, Changes]:
        """Add the sites that moves and transfers lead to, and the legal units that take others over."""
        new = changes.new.copy()
        moved, taken = np.flatnonzero(changes.kind == _MOVE), np.flatnonzero(changes.kind == _TRANSFER)
        new[moved] = len(sites.unit) + np.arange(len(moved))
        new[taken] = len(sites.unit) + len(moved) + np.arange(len(taken))
        units, arrivals = self._moved(units, sites, changes.old[moved], changes.day[moved])
        heirs, taken_over = self._taken_over(sites, changes.old[taken], changes.day[taken], len(units.counter))
        units = Units(*(np.concatenate((getattr(units, n), getattr(heirs, n))) for n in Units.__dataclass_fields__))
        parts = (sites, arrivals, taken_over)
        sites = Sites(*(np.concatenate([getattr(part, n) for part in parts]) for n in Sites.__dataclass_fields__))
        return units, sites, replace(changes, new=new)

    def _moved(self, units: Units, sites: Sites, rows: Integers, day: Integers) -> tuple[Units, Sites]:
        unit, slot = sites.unit[rows], sites.slot[rows]
        number = np.bincount(sites.unit, minlength=len(units.counter))[unit] + 1 + slot
        at_seat = sites.number[rows] == units.seat[unit]
        seat, since = units.seat.copy(), units.since.copy()
        seat[unit[at_seat]], since[unit[at_seat]] = number[at_seat], day[at_seat]
        arrivals = sites.take(rows)
        home = sites.commune[rows]
        way = self._draw.below("move way", PARTNERS, sites.counter[rows], slot)
        leaves = self._draw.chance("move away", _AWAY * self._world.flow[way, home], sites.counter[rows], slot)
        leaves &= home == units.commune[unit]
        return replace(units, seat=seat, since=since), replace(
            arrivals, slot=slot + MOVED, number=number, created=day, since=day, closed=np.full(len(rows), NEVER),
            nature=np.where(at_seat, SEAT, SECONDARY), commune=np.where(leaves, self._world.partners[way, home], home),
            partial=sites.partial[rows],
        )  # fmt: skip

    def _taken_over(self, sites: Sites, rows: Integers, day: Integers, first: int) -> tuple[Units, Sites]:
        counter = self._world.stock + sites.counter[rows]
        units = self._maker.born(counter, sites.commune[rows], sites.naf[rows], day)
        return units, born_sites(units, first)


def born_sites(units: Units, first: int = 0) -> Sites:
    """Return the only site of units created after the first snapshot; `first` is the position of the first unit."""
    count = len(units.counter)
    zero, never = np.zeros(count, dtype=np.int64), np.full(count, NEVER)
    return Sites(
        first + np.arange(count), units.counter, zero, zero + 1, zero + SEAT, units.commune, units.naf, units.created,
        never, units.created, zero, units.partial, *unchanged(count),
    )  # fmt: skip
