"""Private jobs by commune and activity, one pair of columns a year, as Urssaf publishes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vigie.sources import cog
from vigie.sources.simulation.columns import Columns, Texts, numbers, taken, texts
from vigie.sources.simulation.sites import Sites
from vigie.sources.simulation.streams import Floats, Integers
from vigie.sources.simulation.units import CATEGORIES, Units
from vigie.sources.simulation.words import MARK
from vigie.sources.simulation.workforce import FIRST, SimulatedWorkforce
from vigie.sources.simulation.world import World

FILE = "etablissements-et-effectifs-salaries-au-niveau-commune-x-ape-last"
DELIMITER = ";"
FIRST_YEAR = 2006
PUBLIC = [CATEGORIES.index(code) for code in ("7210", "7220", "7331", "7346", "7353", "7354")]
# Yearly trends of employment, by first and last division: mean and spread over territories.
_TRENDS = ((1, 3, -0.002, 0.02), (5, 33, -0.012, 0.03), (35, 43, 0.002, 0.02), (45, 56, 0.008, 0.02),
           (58, 82, 0.018, 0.025), (84, 99, 0.006, 0.015))  # fmt: skip
_SECTORS = ((1, 3, "GS0 Agriculture"), (5, 39, "GS1 Industrie"), (41, 43, "GS2 Construction"), (45, 47, "GS3 Commerce"),
            (49, 54, "GS4 Services 1 (transports)"), (55, 56, "GS5 Services 2 (hébergement et restauration)"),
            (58, 99, "GS6 Services 3 (autres)"))  # fmt: skip
_PLACE = ("code_region", "region", "code_departement", "departement", "code_epci", "epci", "code_commune", "commune")


@dataclass(frozen=True)
class SimulatedJobs:
    """Jobs and employing establishments of the last year, by commune and activity (positions in the world)."""

    commune: Integers
    naf: Integers
    jobs: Floats
    firms: Floats


def job_cells(world: World, commune: Integers, naf: Integers, jobs: Floats) -> SimulatedJobs:
    """Sum the jobs of establishments, of which one row each is given."""
    count = len(world.activities.codes)
    key, row = np.unique(commune * count + naf, return_inverse=True)
    firms = np.bincount(row, minlength=len(key)).astype(np.float64)
    total: Floats = np.bincount(row, jobs, len(key)).astype(np.float64)
    return SimulatedJobs(key // count, key % count, total, firms)


class JobMaker:
    """Counts the jobs behind the simulated establishments, and invents the years before."""

    def __init__(self, world: World, first_year: int = FIRST_YEAR) -> None:
        self._world, self._draw = world, world.streams
        last = world.epoch.year - 1
        self._years = list(range(first_year, last + 1))
        activities = world.activities
        self._sector = texts([_within(division, _SECTORS) for division in activities.division.tolist()])
        labels = zip(activities.codes, activities.labels, strict=True)
        self._label = texts([f"{code.replace('.', '')} {_plain(label)} {MARK}" for code, label in labels])
        self._code = texts([code.replace(".", "") for code in activities.codes])
        self._na88 = texts([code[:2] for code in activities.codes])
        self._trend = np.array([_trend(division) for division in activities.division.tolist()])
        self._places = _places(world)
        self._epci = np.unique(world.communes.epci, return_inverse=True)[1]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the header."""
        yearly = [
            f"{name}_{year}" for year in self._years for name in ("nombre_d_etablissements", "effectifs_salaries")
        ]
        return (*_PLACE, "grand_secteur_d_activite", "secteur_na88", "code_ape", "ape", *yearly)

    def counted(self, units: Units, sites: Sites, workforce: SimulatedWorkforce) -> SimulatedJobs:
        """Count the private jobs of the establishments given, by commune and activity."""
        public = np.isin(units.category, PUBLIC)[sites.unit]
        employing = np.flatnonzero(sites.open & ~public & (workforce.band >= FIRST))
        return job_cells(
            self._world, sites.commune[employing], sites.naf[employing], workforce.jobs[employing].astype(np.float64)
        )

    def rows(self, cells: SimulatedJobs) -> Columns:
        """Return one row for each commune and activity with private jobs."""
        commune, naf = cells.commune, cells.naf
        columns = {name: taken(values, commune) for name, values in self._places.items()}
        columns |= {
            "grand_secteur_d_activite": taken(self._sector, naf),
            "secteur_na88": taken(self._na88, naf),
            "code_ape": taken(self._code, naf),
            "ape": taken(self._label, naf),
        }
        for year, past in zip(self._years, self._past(commune, naf), strict=True):
            columns[f"nombre_d_etablissements_{year}"] = _whole(cells.firms * (0.3 + 0.7 * past))
            columns[f"effectifs_salaries_{year}"] = _whole(cells.jobs * past)
        return columns

    def _past(self, commune: Integers, naf: Integers) -> NDArray[np.float64]:
        """Return, for each year, its level relative to the last one: a trend of the EPCI's division, and accidents."""
        epci, division = self._epci[commune], self._world.activities.division[naf]
        mean, spread = self._trend[naf].T
        trend = mean + spread * (2 * self._draw.uniform("trend", epci, division) - 1)
        level: Floats = np.ones(len(naf))
        levels = [level]
        for year in reversed(self._years[:-1]):
            accident = 0.06 * (self._draw.uniform("accident", commune, naf, np.full(len(naf), year)) - 0.5)
            level = level / (1 + trend + accident)
            levels.append(level)
        return np.stack(levels[::-1])


def _places(world: World) -> Columns:
    communes = world.communes
    names = {(row["kind"], row["code"]): row["name"] for row in cog.territories([communes.vintage]).to_pylist()}

    def named(kind: str, codes: list[str]) -> Texts:
        return texts([_plain(names.get((kind, code), "")) for code in codes])

    return {
        "code_region": texts(communes.regions),
        "region": named("region", communes.regions),
        "code_departement": texts(communes.departments),
        "departement": named("departement", communes.departments),
        "code_epci": texts(communes.epci),
        "epci": named("epci", communes.epci),
        "code_commune": texts(communes.codes),
        "commune": texts(communes.names),
    }


def _within(division: int, classes: tuple[tuple[int, int, str], ...]) -> str:
    return next(name for first, last, name in classes if first <= division <= last)


def _trend(division: int) -> tuple[float, float]:
    return next((mean, spread) for first, last, mean, spread in _TRENDS if first <= division <= last)


def _whole(values: Floats) -> Texts:
    return numbers(np.floor(values + 0.5).astype(np.int64))


def _plain(label: str) -> str:
    """Return a label without what would need quoting in a file."""
    return label.replace(DELIMITER, ",").replace('"', "")
