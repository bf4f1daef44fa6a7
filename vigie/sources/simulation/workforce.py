"""Size bands, their year and the employer flag, coherent with one another; and jobs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vigie.sources.simulation.days import NEVER, day_number
from vigie.sources.simulation.sites import MOVED, Sites
from vigie.sources.simulation.streams import Flags, Floats, Integers, pick_by_row
from vigie.sources.simulation.units import KINDS, UnitMaker, Units
from vigie.sources.simulation.world import World

# Absent, then INSEE's bands by growing size.
BANDS = ("", "NN", "00", "01", "02", "03", "11", "12", "21", "22", "31", "32", "41", "42", "51", "52", "53")
ABSENT, NONE, ZERO, FIRST = 0, 1, 2, 3
# Jobs of each band: least, and how many different numbers.
_LEAST = np.array((0, 0, 0, 1, 3, 6, 10, 20, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000))
_WIDTH = np.array((1, 1, 1, 2, 3, 4, 10, 30, 50, 100, 50, 250, 500, 1000, 3000, 5000, 4000))
_SHARES: dict[str, tuple[float, ...]] = {
    "natural": (0.12, 0.845, 0.005, 0.022, 0.006, 0.002),
    "owner": (0.08, 0.91, 0.003, 0.005, 0.002),
    "industry": (0.11, 0.57, 0.02, 0.11, 0.075, 0.055, 0.04, 0.022, 0.007, 0.003, 0.0006, 0.0007, 0.0002, 0.0001),
    "services": (0.10, 0.56, 0.015, 0.08, 0.075, 0.06, 0.05, 0.035, 0.012, 0.005, 0.0007, 0.0007, 0.0003, 0.0002,
                 0.0001, 0.00002, 0.00001),
    "group": (0.05, 0.12, 0.03, 0.14, 0.22, 0.19, 0.14, 0.08, 0.02, 0.008, 0.001, 0.0008, 0.0002),
    "firm": (0.13, 0.61, 0.02, 0.11, 0.06, 0.034, 0.022, 0.01, 0.003, 0.0012, 0.0002, 0.0002, 0.00005),
    "closed": (0.25, 0.75),
}  # fmt: skip
_TYPES = tuple(_SHARES)
_OF_KIND = {"industry": "industry", "public": "services", "teaching": "services", "care": "services",
            "property": "owner", "holding": "owner"}  # fmt: skip
# Largest band in communes of fewer than 500, 2 000, 10 000, 50 000 inhabitants, and above.
_CAPS = np.array([BANDS.index(band) for band in ("12", "22", "41", "51", "53")])
_CAP_SIZES = (500, 2_000, 10_000, 50_000)
_EMPLOYS = {"NN": 0.05, "00": 0.6, "": 0.1}
_SILENT = 0.2


@dataclass(frozen=True)
class SimulatedWorkforce:
    """Band (position in `BANDS`), jobs behind it, and employer flag ("O", "N" or "" when not published)."""

    band: Integers
    jobs: Integers
    employer: Integers

    @property
    def dated(self) -> Flags:
        """Whether a year goes with the band: it does from band 00 up."""
        return np.asarray(self.band >= ZERO)


EMPLOYER = ("", "O", "N")


class WorkforceMaker:
    """Draws the workforce of establishments."""

    def __init__(self, world: World, maker: UnitMaker) -> None:
        self._world, self._draw, self._maker = world, world.streams, maker
        rows = [np.pad(shares, (0, len(BANDS) - len(shares))) for shares in _SHARES.values()]
        table = np.cumsum(rows, axis=1)
        self._shares = table / table[:, -1:]
        self._law = np.diff(self._shares, prepend=0.0, axis=1)
        self.caps: Integers = _CAPS[np.searchsorted(_CAP_SIZES, world.communes.population, side="right")]
        self._type_of_kind = np.array([_TYPES.index(_OF_KIND.get(kind, "firm")) for kind in KINDS])

    def workforce(self, units: Units, sites: Sites, variant: Integers) -> SimulatedWorkforce:
        """Return the workforce of establishments; `variant` is 0, or another number after a change of size."""
        unit = sites.unit
        kind = self._type_of_kind[self._maker.kind(sites.first_naf)]
        kind = np.where(units.natural[unit], _TYPES.index("natural"), kind)
        kind = np.where(units.group[unit], _TYPES.index("group"), kind)
        kind = np.where(self._idle(sites), _TYPES.index("closed"), kind)
        band = pick_by_row(self._draw.uniform("band", sites.counter, sites.slot % MOVED), self._shares, kind)
        band = changed_band(self.capped(band, sites.commune), variant)
        return SimulatedWorkforce(band, self.jobs(band, sites), self._employer(band, sites))

    def jobs(self, band: Integers, sites: Sites) -> Integers:
        """Return jobs within each band."""
        return _LEAST[band] + self._draw.below("jobs", _WIDTH[band], sites.counter, sites.slot % MOVED)

    def jobs_of(self, band: Integers, *identity: Integers) -> Floats:
        """Return jobs within each band, where there is no establishment to tell them apart."""
        return (_LEAST[band] + self._draw.below("jobs elsewhere", _WIDTH[band], *identity)).astype(np.float64)

    @staticmethod
    def mean_jobs(laws: Floats) -> Floats:
        """Return mean jobs (largest band allowed × law); `laws` are shares of bands from `FIRST`."""
        middle = _LEAST + (_WIDTH - 1) / 2
        bands = np.arange(FIRST, len(BANDS))
        return np.stack([laws @ middle[np.minimum(bands, cap)] for cap in range(len(BANDS))])

    def capped(self, band: Integers, commune: Integers) -> Integers:
        """Return bands no larger than the size of their commune allows."""
        return np.minimum(band, self.caps[commune])

    def laws(self, kind: Integers) -> tuple[Floats, Floats]:
        """Return the shares of bands of open establishments, by kind of activity: of sole traders, of other units."""
        natural = np.full(len(kind), _TYPES.index("natural"))
        return self._law[natural], self._law[self._type_of_kind[kind]]

    @property
    def group_law(self) -> Floats:
        """Shares of bands of the open establishments of groups."""
        return np.asarray(self._law[_TYPES.index("group")])

    def _employer(self, band: Integers, sites: Sites) -> Integers:
        lot = self._draw.uniform("employer", sites.counter, sites.slot % MOVED)
        limit = np.select([band == NONE, band == ZERO, band == ABSENT], [*_EMPLOYS.values()], 1.0)
        flag = np.where(lot < limit, EMPLOYER.index("O"), EMPLOYER.index("N"))
        silent = (band == ABSENT) & (lot >= 1 - _SILENT)
        flag = np.where(silent, EMPLOYER.index(""), flag)
        return np.where(self._idle(sites) & ~silent, EMPLOYER.index("N"), flag)

    def _idle(self, sites: Sites) -> Flags:
        """Tell which establishments were closed in the first snapshot: their workforce says so ever since."""
        return np.asarray((sites.closed < day_number(self._world.epoch)) | (sites.shut != NEVER))


def changed_band(band: Integers, variant: Integers) -> Integers:
    """Return bands after a change: one above for variant 1, one below for variant 2; an unpublished one stays so."""
    up = np.where(band < FIRST, FIRST, np.minimum(band + 1, len(BANDS) - 1))
    down = np.where(band <= FIRST, np.where(band == NONE, FIRST, NONE), band - 1)
    return np.where((variant == 0) | (band == ABSENT), band, np.where(variant == 1, up, down))
