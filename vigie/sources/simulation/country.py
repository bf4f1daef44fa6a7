"""The country around the simulated establishments: jobs, employment areas, indicators, and what is planted in them.

Every file is in the layout of the one that is published, in Parquet, and every row bears « (imaginaire) ».
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vigie.sources.simulation import jobs, trades
from vigie.sources.simulation.columns import decimals, taken, texts
from vigie.sources.simulation.elsewhere import JobsElsewhere
from vigie.sources.simulation.jobs import JobMaker, SimulatedJobs
from vigie.sources.simulation.know_how import KNOW_HOW, NONE
from vigie.sources.simulation.living import Living, SimulatedFile
from vigie.sources.simulation.places import SimulatedPlace
from vigie.sources.simulation.units import UnitMaker
from vigie.sources.simulation.workforce import WorkforceMaker
from vigie.sources.simulation.world import World
from vigie.sources.simulation.writing import Format, TableFile
from vigie.sources.simulation.zones import FAMILIES

FORMAT: Format = "parquet"
ZONES = "ZE2020_imaginaires"
# Jobs of France are a million and a half of pairs of commune and activity: years enough for a change over five.
YEARS = 6


class CountryMaker:
    """Writes the country of a world, around a place whose establishments are simulated."""

    def __init__(self, world: World, place: SimulatedPlace, maker: UnitMaker, workforce: WorkforceMaker) -> None:
        self._world, self._place = world, place
        self.elsewhere = JobsElsewhere(world, maker, workforce)
        self._jobs = JobMaker(world, world.epoch.year - YEARS)
        self._living = Living(world)

    def write(self, out: Path, counted: list[SimulatedJobs]) -> dict[Path, int]:
        """Write the files of the country; `counted` are the jobs of the establishments. Returns rows by file."""
        written = [self._write_jobs(out, counted)]
        living = self._living
        sheets = (
            self._zones(), living.incomes(), living.portrait(), living.surroundings(), living.people(),
            living.dwellings(), trades.hirings(self._world), trades.exchanges(self._world),
        )  # fmt: skip
        return dict(written + [_write(out, sheet) for sheet in sheets])

    def write_truths(self, out: Path) -> None:
        """Write what is planted, to be found again."""
        planted = (
            self._territories(), self._specialities(), self._activities(), self._ways_of_living(), self._expected(),
            self._occupations(), trades.planted_exchanges(self._world),
        )  # fmt: skip
        for sheet in planted:
            _write(out, sheet)

    def _write_jobs(self, out: Path, counted: list[SimulatedJobs]) -> tuple[Path, int]:
        outside = np.flatnonzero(~self._place.inside)
        with TableFile(out, jobs.FILE, self._jobs.columns, FORMAT) as file:
            for cells in (*counted, *self.elsewhere.cells(outside)):
                if len(cells.naf):
                    file.write(self._jobs.rows(cells))
        return file.path, file.rows

    def _zones(self) -> SimulatedFile:
        communes, zones = self._world.communes, self._world.zones
        return SimulatedFile(ZONES, {
            "CODGEO": texts(communes.codes),
            "LIBGEO": texts(communes.names),
            "ZE2020": taken(texts(zones.codes), zones.zone),
            "LIBZE2020": taken(texts(zones.labels), zones.zone),
            "DEP": texts(communes.departments),
            "REG": texts(communes.regions),
        })  # fmt: skip

    def _territories(self) -> SimulatedFile:
        """Return the family of each area and of each intercommunality, which has that of its area."""
        zones, communes = self._world.zones, self._world.communes
        epci, first = np.unique(communes.epci, return_index=True)
        keep = np.flatnonzero(epci != "")
        zone = np.concatenate((np.arange(len(zones.codes)), zones.zone[first[keep]]))
        kinds = ["ze"] * len(zones.codes) + ["epci"] * len(keep)
        return SimulatedFile("territoires", {
            "kind": texts(kinds),
            "code": texts([*zones.codes, *epci[keep].tolist()]),
            "zone": taken(texts(zones.codes), zone),
            "famille": taken(texts(FAMILIES), zones.family[zone]),
        })  # fmt: skip

    def _specialities(self) -> SimulatedFile:
        """Return how many times the share of an activity or of a know-how is multiplied, by territory."""
        rows = [*self._know_how_rows(), *self._world.profiles.specialities()]
        kind, code, nature, what, factor = zip(*rows, strict=True)
        return SimulatedFile("specialites", {
            "kind": texts(kind), "code": texts(code), "nature": texts(nature), "activite": texts(what),
            "facteur": decimals(np.array(factor), 3),
        })  # fmt: skip

    def _know_how_rows(self) -> Iterator[tuple[str, str, str, str, float]]:
        zones, names = self._world.zones, list(KNOW_HOW)
        for row, code in enumerate(zones.codes):
            for place, strength in zip(zones.know_how[row].tolist(), zones.strength[row].tolist(), strict=True):
                yield "ze", code, "savoir-faire", names[place], strength

    def _activities(self) -> SimulatedFile:
        activities = self._world.activities
        names = [*KNOW_HOW, ""]
        known = [names[place] if place != NONE else "" for place in activities.know_how.tolist()]
        return SimulatedFile("activites", {"naf": texts(activities.codes), "savoir_faire": texts(known)})

    def _expected(self) -> SimulatedFile:
        """Return the jobs that each intercommunality and area is expected to have, by division, before any draw."""
        communes, zones = self._world.communes, self._world.zones
        epci, group = np.unique(communes.epci, return_inverse=True)
        rows = [("epci", epci.tolist(), group), ("ze", zones.codes, zones.zone)]
        found = self.elsewhere.expected()
        divisions = [f"{number:02d}" for number in range(found.shape[1])]
        kinds, codes, amounts = [], [], []
        for kind, names, place in rows:
            total = np.zeros((len(names), found.shape[1]))
            np.add.at(total, place, found)
            kept = [rank for rank, name in enumerate(names) if name]
            kinds += [kind] * (len(kept) * len(divisions))
            codes += [names[rank] for rank in kept for _ in divisions]
            amounts.append(total[kept].ravel())
        division = texts(divisions * (len(codes) // len(divisions)))
        return SimulatedFile("emplois_attendus", {
            "kind": texts(kinds), "code": texts(codes), "division": division,
            "emplois": decimals(np.concatenate(amounts)),
        })  # fmt: skip

    def _occupations(self) -> SimulatedFile:
        found, names = trades.occupations(), [*KNOW_HOW, ""]
        return SimulatedFile("metiers", {
            "rome": texts([one.code for one in found]), "savoir_faire": texts([names[one.know_how] for one in found]),
        })  # fmt: skip

    def _ways_of_living(self) -> SimulatedFile:
        family, column, effect = zip(*self._living.effects(), strict=True)
        return SimulatedFile("modes_de_vie", {
            "famille": texts(family), "colonne": texts(column), "ecart": decimals(np.array(effect), 3),
        })  # fmt: skip


def _write(out: Path, sheet: SimulatedFile) -> tuple[Path, int]:
    with TableFile(out, sheet.name, tuple(sheet.columns), FORMAT) as file:
        file.write(sheet.columns)
    return file.path, file.rows
