"""How many legal units live where, which communes exchange establishments, which groups spread over France.

Counters of legal units, from which SIREN are made: groups first, then the units of each commune in order of code,
then the successors of transfers (one place per unit), then the units created after the first snapshot.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vigie.sources.simulation.activities import Activities, Profiles
from vigie.sources.simulation.identifiers import Identifiers
from vigie.sources.simulation.places import Communes
from vigie.sources.simulation.streams import Floats, Integers, Streams, cumulated, pick
from vigie.sources.simulation.zones import Zones, employment_areas

# INSEE's register at the end of 2025, closed establishments and ceased units included.
ESTABLISHMENTS = 43_900_000
LEGAL_UNITS = 29_900_000
EPOCH = datetime.date(2026, 10, 1)

_IN_GROUPS = 0.036
_GROUPS = 30_000
_LARGEST_GROUP = 4_400
_CREATED_PER_MONTH = 0.0031
# Establishments of groups that open after the first snapshot: share a month, and months that it goes on.
OPENED_PER_MONTH, OPENING_MONTHS = 0.0015, 30
# Ways of pairing communes of like size: twice within the EPCI, once in the département, once in France.
PARTNERS = 4


@dataclass(frozen=True)
class World:
    """Everything that a row's attributes depend on: seed, size of the world, day of its first snapshot.

    `scale` is the size of the world relative to INSEE's register.
    """

    streams: Streams
    communes: Communes
    activities: Activities
    scale: float
    epoch: datetime.date

    @cached_property
    def identifiers(self) -> Identifiers:
        """Permutation that makes SIREN out of counters."""
        return Identifiers(self.streams)

    @cached_property
    def zones(self) -> Zones:
        """Employment areas, and what is planted in them."""
        return employment_areas(self.communes, self.streams)

    @cached_property
    def profiles(self) -> Profiles:
        """Distributions of activities of the communes."""
        return Profiles(self.activities, self.communes, self.zones, self.streams)

    @cached_property
    def group_sizes(self) -> Integers:
        """Establishments of each group beside its head office; few giants, many small ones."""
        count = max(1, round(_GROUPS * self.scale))
        rank = np.arange(count, dtype=np.float64) + 20
        weights = 1 / np.sqrt(rank * np.sqrt(rank))
        total = ESTABLISHMENTS * self.scale * _IN_GROUPS
        return np.clip(np.floor(np.diff(cumulated(weights), prepend=0.0) * total), 2, _LARGEST_GROUP).astype(np.int64)

    @cached_property
    def group_starts(self) -> Integers:
        """Rank of the first establishment of each group, and the number of them all at the end."""
        return np.concatenate(([0], np.cumsum(self.group_sizes)))

    @property
    def groups(self) -> int:
        """Number of groups."""
        return len(self.group_sizes)

    @cached_property
    def group_seats(self) -> Integers:
        """Commune of each group's head office; large towns have more than their share."""
        people = self.communes.population.astype(np.float64)
        return pick(
            self.streams.uniform("group seat", np.arange(self.groups)), cumulated(people * np.sqrt(np.sqrt(people)))
        )

    @cached_property
    def unit_starts(self) -> Integers:
        """Counter of the first legal unit of each commune, and the end of them all."""
        local = max(0, round(LEGAL_UNITS * self.scale) - self.groups)
        return self.groups + self._shared_out(local)

    @cached_property
    def units(self) -> Integers:
        """Legal units of each commune, groups apart."""
        return np.diff(self.unit_starts)

    @cached_property
    def site_starts(self) -> Integers:
        """Rank of the first establishment of a group in each commune, and the end of them all."""
        return self._shared_out(int(self.group_starts[-1]))

    @property
    def stock(self) -> int:
        """Number of legal units of the first snapshot."""
        return int(self.unit_starts[-1])

    @cached_property
    def more_sites(self) -> float:
        """Establishments of a local unit beside its head office, on average over all units."""
        later = OPENED_PER_MONTH * OPENING_MONTHS
        inside = int(self.group_starts[-1]) * (1 - later) + self.groups
        local = max(1, self.stock - self.groups)
        return max(0.0, (ESTABLISHMENTS * self.scale - inside) / local - 1)

    def created(self, month: int) -> Integers:
        """Rank of the first unit created in each commune in the month-th month after the epoch (1, 2…), and the end.

        Ranks go on from one month to the next.
        """
        total = self.stock * _CREATED_PER_MONTH
        before, after = round(total * (month - 1)), round(total * month)
        return before + self._shared_out(after - before)

    def _shared_out(self, total: int) -> Integers:
        ends = np.floor(cumulated(self._weights) * total + 0.5).astype(np.int64)
        return np.concatenate((np.zeros(1, dtype=np.int64), ends))

    @cached_property
    def _weights(self) -> Floats:
        """Populations, uneven within a département but not between départements."""
        people = self.communes.population.astype(np.float64)
        uneven = people * (0.8 + 0.4 * self.streams.uniform("weight", np.arange(len(people))))
        _, department = np.unique(self.communes.departments, return_inverse=True)
        ratio = np.bincount(department, people) / np.maximum(np.bincount(department, uneven), 1)
        return np.asarray(uneven * ratio[department])

    @cached_property
    def partners(self) -> NDArray[np.int64]:
        """Commune that each commune sends establishments to, for each way of pairing (a permutation a row)."""
        everywhere = ["" for _ in self.communes.codes]
        by_epci = [epci or code for epci, code in zip(self.communes.epci, self.communes.codes, strict=True)]
        ways = ((by_epci, 1), (by_epci, 2), (self.communes.departments, 1), (everywhere, 1))
        return np.stack([self._next_in(groups, step) for groups, step in ways])

    @cached_property
    def senders(self) -> NDArray[np.int64]:
        """Inverse of `partners`."""
        return np.argsort(self.partners, axis=1)

    @cached_property
    def flow(self) -> Floats:
        """Share of what a commune would send that its partner can take: smaller partners take less."""
        mine = np.maximum(self.units, 1)
        share = np.minimum(1.0, self.units[self.partners] / mine)
        own = self.partners == np.arange(len(self.communes))
        return np.asarray(np.where(own, 0.0, share))

    def _next_in(self, groups: list[str], step: int) -> Integers:
        """Shift communes by `step` among those of their group, ordered by population."""
        _, group = np.unique(groups, return_inverse=True)
        order = np.lexsort((np.arange(len(group)), self.communes.population, group))
        sizes = np.bincount(group)
        starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))[group[order]]
        width = sizes[group[order]]
        target = starts + (np.arange(len(order)) - starts + step) % width
        following = np.empty(len(order), dtype=np.int64)
        following[order] = order[target]
        return following

    def commune_of(self, unit: Integers) -> Integers:
        """Return the commune of the head office of each legal unit of the first snapshot."""
        local = np.searchsorted(self.unit_starts, unit, side="right") - 1
        seats = self.group_seats[np.minimum(unit, self.groups - 1)]
        return np.where(unit < self.groups, seats, local)
