"""Writes the files of a territory, block of communes after block of communes, in bounded memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vigie.sources.simulation import layout
from vigie.sources.simulation.groups import GroupMaker
from vigie.sources.simulation.places import Place
from vigie.sources.simulation.positions import PositionMaker
from vigie.sources.simulation.sites import SiteMaker, Sites, joined
from vigie.sources.simulation.stock import StockMaker
from vigie.sources.simulation.streams import Flags, Integers
from vigie.sources.simulation.units import UnitMaker, Units
from vigie.sources.simulation.world import World
from vigie.sources.simulation.writing import Format, TableFile

_BLOCK = 60_000


@dataclass(frozen=True)
class Written:
    """What a producer wrote."""

    establishments: int
    legal_units: int
    files: tuple[Path, ...]


class Producer:
    """Writes one territory of a world."""

    def __init__(self, world: World, place: Place, positions: PositionMaker | None) -> None:
        self._world, self._place = world, place
        maker = UnitMaker(world)
        self._maker, self._sites, self._groups = maker, SiteMaker(world, maker), GroupMaker(world, maker)
        self._stock = StockMaker(world, maker, positions)

    def write(self, out: Path, kind: Format) -> Written:
        """Write the files into a folder."""
        with contextlib.ExitStack() as stack:
            establishments = stack.enter_context(
                TableFile(out, "StockEtablissement_utf8", layout.ESTABLISHMENT, kind)
            )
            units = stack.enter_context(TableFile(out, "StockUniteLegale_utf8", layout.LEGAL_UNIT, kind))
            strangers: list[Integers] = []
            for block in self._blocks():
                here, sites = self._inside(block)
                workforce = self._stock.workforce.workforce(here, sites, sites.resized)
                establishments.write(self._stock.establishments(here, sites, workforce))
                inside = self._place.inside[here.commune]
                home = inside & np.isin(here.commune, block)
                units.write(self._stock.legal_units(here.take(np.flatnonzero(home))))
                strangers.append(here.counter[~inside])
            for counters in _chunks(np.unique(np.concatenate(strangers))):
                units.write(self._stock.legal_units(self._whole(counters)))
        return Written(establishments.rows, units.rows, (establishments.path, units.path))

    def _whole(self, counters: Integers) -> Units:
        groups = self._maker.stock(counters[counters < self._world.groups])
        local, sites = self._sites.local(counters[counters >= self._world.groups])
        empty = Sites(*(getattr(sites, name)[:0] for name in Sites.__dataclass_fields__))
        return joined([(groups, empty), (local, empty)])[0]

    def _blocks(self) -> Iterator[Integers]:
        """Cut the communes into blocks of some ten thousand legal units."""
        communes = np.flatnonzero(self._place.inside)
        ends = np.cumsum(self._world.units[communes])
        for _, block in _grouped(communes, ends // _BLOCK):
            yield block

    def _inside(self, block: Integers) -> tuple[Units, Sites]:
        """Return the establishments of a block of communes, with their units."""
        starts, ends = self._world.unit_starts[block], self._world.unit_starts[block + 1]
        own = _spans(starts, ends)
        units, sites = self._sites.local(own)
        parts = [(units, sites.take(np.isin(sites.commune, block))), self._groups.inside(block)]
        senders = np.setdiff1d(np.unique(self._world.senders[:, block]), block)
        for part in _chunks(senders, 2_000):
            away, there = self._sites.away(_spans(self._world.unit_starts[part], self._world.unit_starts[part + 1]))
            parts.append(_kept(away, there, np.isin(there.commune, block)))
        return joined(parts)


def _kept(units: Units, sites: Sites, keep: Flags) -> tuple[Units, Sites]:
    sites = sites.take(keep)
    used, position = np.unique(sites.unit, return_inverse=True)
    from dataclasses import replace

    return units.take(used), replace(sites, unit=position)


def _spans(starts: Integers, ends: Integers) -> Integers:
    """Return the integers of several ranges."""
    length = ends - starts
    total = np.repeat(starts - np.concatenate(([0], np.cumsum(length)[:-1])), length)
    return np.asarray(total + np.arange(len(total)))


def _chunks(values: Integers, size: int = 200_000) -> Iterator[Integers]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _grouped(values: Integers, key: Integers) -> Iterator[tuple[int, Integers]]:
    cuts = np.flatnonzero(np.diff(key)) + 1
    for part, first in zip(np.split(values, cuts), np.concatenate(([0], cuts)), strict=True):
        yield int(key[first]), part
