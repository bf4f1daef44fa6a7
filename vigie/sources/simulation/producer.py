"""Writes the files of a territory, block of communes after block of communes, in bounded memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from vigie.sources.simulation import jobs, layout
from vigie.sources.simulation.blocks import Block, BlockMaker
from vigie.sources.simulation.cooperation import CONTRACTS_FILE, TieMaker
from vigie.sources.simulation.country import CountryMaker
from vigie.sources.simulation.jobs import JobMaker, SimulatedJobs
from vigie.sources.simulation.land import LandMaker
from vigie.sources.simulation.matter import REGISTER_FILE, WasteMaker
from vigie.sources.simulation.notices import NoticeMaker
from vigie.sources.simulation.places import SimulatedPlace
from vigie.sources.simulation.positions import PositionMaker
from vigie.sources.simulation.records import TRUTH, RecordMaker
from vigie.sources.simulation.stock import StockMaker
from vigie.sources.simulation.streams import Integers
from vigie.sources.simulation.units import UnitMaker
from vigie.sources.simulation.world import World
from vigie.sources.simulation.writing import Format, TableFile

STOCK = ("StockEtablissement_utf8", "StockUniteLegale_utf8")
HISTORY, SUCCESSION = "StockEtablissementHistorique_utf8", "StockEtablissementLiensSuccession_utf8"


@dataclass
class WrittenFiles:
    """What was written: files and their rows, by table; jobs that were counted and not written."""

    files: list[Path] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    jobs: list[SimulatedJobs] = field(default_factory=list)


class Producer:
    """Writes one territory of a world; the file of jobs is left to who writes the `country` around it."""

    def __init__(
        self, world: World, place: SimulatedPlace, positions: PositionMaker | None, *, country: bool = False
    ) -> None:
        self._world, self._place, self._alone = world, place, not country
        self._maker = UnitMaker(world)
        self._stock = StockMaker(world, self._maker, positions)
        self._records = RecordMaker(world, place, self._stock)
        self._jobs = JobMaker(world)
        self.country = CountryMaker(world, place, self._maker, self._stock.workforce) if country else None

    def write(self, out: Path, kind: Format, month: int, truth: Path | None = None) -> WrittenFiles:
        """Write the files of a month into a folder, and what happened in the month into the file `truth`.

        An interrupted call leaves no file under its final name.
        """
        with contextlib.ExitStack() as stack:
            tables = {name: stack.enter_context(table) for name, table in self._tables(out, kind, truth)}
            blocks = BlockMaker(self._world, self._maker, self._place, month)
            strangers: list[Integers] = []
            counted: list[SimulatedJobs] = []
            told, declared = NoticeMaker(self._world, month), WasteMaker(self._world, month)
            land = LandMaker(self._world)
            tied = TieMaker(self._world, month)
            for block in blocks.blocks():
                counted.append(self._write_block(block, tables, land))
                told.add(block.units, block.sites)
                declared.add(block.units, block.sites)
                tied.add(block.units, block.sites)
                strangers.append(block.units.counter[~self._place.inside[block.units.commune]])
            for units in blocks.whole(np.unique(np.concatenate(strangers))):
                tables[STOCK[1]].write(self._stock.legal_units(units))
        rows = {name: table.rows for name, table in tables.items()}
        paths = [table.path for table in tables.values()]
        if not self._alone:
            paths.append(told.write(out))
            rows[paths[-1].stem] = told.rows
            paths += declared.write(out)
            if land.rows:
                paths.append(land.write(out))
                rows[paths[-1].stem] = land.rows
            rows[REGISTER_FILE.partition(".")[0]] = declared.rows
            paths += tied.write(out)
            if tied.rows:
                rows[CONTRACTS_FILE.partition(".")[0]] = tied.rows
        return WrittenFiles(paths, rows, counted)

    def _tables(self, out: Path, kind: Format, truth: Path | None) -> Iterator[tuple[str, TableFile]]:
        headers = zip(
            (*STOCK, HISTORY, SUCCESSION),
            (layout.ESTABLISHMENT, layout.LEGAL_UNIT, layout.PERIOD, layout.SUCCESSION),
            strict=True,
        )
        for name, columns in headers:
            yield name, TableFile(out, name, columns, kind)
        if self._alone:
            yield jobs.FILE, TableFile(out, jobs.FILE, self._jobs.columns, kind, jobs.DELIMITER)
        if truth is not None:
            yield "truth", TableFile(truth.parent, truth.stem, TRUTH, "parquet")

    def _write_block(self, block: Block, tables: dict[str, TableFile], land: LandMaker) -> SimulatedJobs:
        units, sites = block.units, block.sites
        workforce = self._stock.workforce.workforce(units, sites, sites.resized)
        written = self._stock.establishments(units, sites, workforce)
        tables[STOCK[0]].write(written)
        land.add(written, sites)
        home = np.flatnonzero(np.isin(units.commune, block.communes))
        tables[STOCK[1]].write(self._stock.legal_units(units.take(home)))
        tables[HISTORY].write(self._records.periods(sites, workforce))
        counted = self._jobs.counted(units, sites, workforce)
        if self._alone:
            tables[jobs.FILE].write(self._jobs.rows(counted))
        for part in block.parts:
            tables[SUCCESSION].write(self._records.links(part))
            if "truth" in tables:
                tables["truth"].write(self._records.truth(part))
        return counted
