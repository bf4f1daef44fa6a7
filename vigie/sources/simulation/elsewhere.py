"""Private jobs where no establishment is simulated: drawn from the same laws, without legal units nor names."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vigie.sources.simulation.blocks import GROUP_OPEN, GROUP_SAME_ACTIVITY, GROUP_SUPPORT
from vigie.sources.simulation.jobs import PUBLIC, SimulatedJobs, job_cells
from vigie.sources.simulation.streams import Floats, Integers, pick_by_row
from vigie.sources.simulation.units import GROUP_ACTIVITIES, KINDS, NATURAL, UnitMaker
from vigie.sources.simulation.workforce import FIRST, WorkforceMaker
from vigie.sources.simulation.world import World

# Open establishments of local units, for each legal unit: measured on those simulated in three départements.
_OPEN_SITES = 0.58
# Communes looked at together: what bounds the memory, with as many numbers for each as there are activities.
_BLOCK = 2_000


class JobsElsewhere:
    """Draws employing establishments and their jobs, commune by commune; each commune is the same in any company."""

    def __init__(self, world: World, maker: UnitMaker, workforce: WorkforceMaker) -> None:
        self._world, self._draw, self._workforce = world, world.streams, workforce
        kinds = maker.kind(np.arange(len(world.activities.codes)))
        mixes = maker.mixes.copy()
        mixes[:, PUBLIC] = 0.0  # their jobs are not private
        natural, legal = mixes[:, NATURAL], mixes.sum(axis=1) - mixes[:, NATURAL]
        own, firm = workforce.laws(np.arange(len(KINDS)))
        laws = natural[:, None] * own + legal[:, None] * firm
        laws = np.concatenate((laws, workforce.group_law[None, :]))[:, FIRST:]
        self._employ = laws.sum(axis=1)
        never = self._employ == 0  # public services: their law is not drawn from
        self._bands = np.where(
            never[:, None], 1.0, np.cumsum(laws, axis=1) / np.where(never, 1.0, self._employ)[:, None]
        )
        self._kind = kinds
        self._means = workforce.mean_jobs(np.diff(self._bands, prepend=0.0, axis=1))
        self._groups = np.zeros(len(kinds))
        for codes, share in ((GROUP_ACTIVITIES, GROUP_SAME_ACTIVITY), (GROUP_SUPPORT, 1 - GROUP_SAME_ACTIVITY)):
            chosen = [world.activities.index[code] for code in codes if code in world.activities.index]
            self._groups[chosen] += share / len(chosen)

    def cells(self, communes: Integers) -> Iterator[SimulatedJobs]:
        """Yield the jobs of some communes, block after block."""
        for start in range(0, len(communes), _BLOCK):
            yield self._block(communes[start : start + _BLOCK])

    def expected(self) -> Floats:
        """Return the jobs that each commune is expected to have in each division (communes × 100)."""
        division = self._world.activities.division
        found = np.zeros((len(self._world.communes), 100))
        for start in range(0, len(found), _BLOCK):
            communes = np.arange(start, min(start + _BLOCK, len(found)))
            local, groups = self._numbers(communes)
            means = self._means[self._workforce.caps[communes]]
            jobs = local * means[:, self._kind] + groups * means[:, -1:]
            for number in np.unique(division).tolist():
                found[communes, number] = jobs[:, division == number].sum(axis=1)
        return found

    def _numbers(self, communes: Integers) -> tuple[Floats, Floats]:
        """Return the employing establishments expected (communes × activities): of local units, of groups."""
        world = self._world
        cumulated, row = world.profiles.shares(communes)
        shares = np.diff(cumulated, prepend=0.0, axis=1)[row]
        sites = np.diff(world.site_starts)[communes]
        local = world.units[communes, None] * shares * (_OPEN_SITES * self._employ[self._kind])[None, :]
        return local, sites[:, None] * (GROUP_OPEN * self._employ[-1] * self._groups)[None, :]

    def _block(self, communes: Integers) -> SimulatedJobs:
        local, groups = self._numbers(communes)
        parts = [
            self._drawn(communes, counts, law, name)
            for name, counts, law in (
                ("local", local, self._kind),
                ("group", groups, np.full(len(self._kind), len(KINDS))),
            )
        ]
        commune, naf, jobs = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        return job_cells(self._world, commune, naf, jobs)

    def _drawn(
        self, communes: Integers, expected: Floats, law: Integers, name: str
    ) -> tuple[Integers, Integers, Floats]:
        """Draw establishments around the numbers expected (communes × activities), and the jobs of each."""
        place, naf = np.nonzero(expected)
        commune, mean = communes[place], expected[place, naf]
        level = self._draw.uniform(f"elsewhere {name} level", commune, naf)
        uneven = mean * (0.25 + 2.25 * level * level)  # 1 on average
        count = np.floor(uneven + self._draw.uniform(f"elsewhere {name}", commune, naf)).astype(np.int64)
        cell = np.repeat(np.arange(len(count)), count)
        commune, naf = commune[cell], naf[cell]
        rank = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
        lot = self._draw.uniform(f"elsewhere {name} band", commune, naf, rank)
        band = FIRST + pick_by_row(lot, self._bands, law[naf])
        return commune, naf, self._workforce.jobs_of(self._workforce.capped(band, commune), commune, naf, rank)
