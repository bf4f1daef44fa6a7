"""Imaginary employment areas: unions of intercommunalities, and what is planted in each of them.

Every area is of a family. Areas of a family share a know-how and ways of living (see `indicators`): that is the
likeness to be found again. Each has a second know-how of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vigie.sources.simulation.know_how import KNOW_HOW
from vigie.sources.simulation.places import Communes
from vigie.sources.simulation.streams import Floats, Integers, Streams
from vigie.sources.simulation.words import MARK

# The real ones were 306 in 2020, about 220 000 inhabitants each.
_PEOPLE = 220_000
_NO_REGION = "97"  # the beginning of the codes of the collectivities, which are in no region; no region has it
# Know-how of each family of areas.
FAMILIES: tuple[str, ...] = (
    "bois", "outillage et mécanique", "mer", "viande et lait", "vigne et boissons", "électronique",
    "transport et entrepôts", "tourisme", "ingénierie et conseil",
)  # fmt: skip
# How many times the share of a know-how is multiplied: least, and spread above it.
_FAMILY_STRENGTH, _OWN_STRENGTH = (5.0, 4.0), (4.0, 4.0)


@dataclass(frozen=True)
class Zones:
    """Employment areas in order of code: `zone` is that of each commune; the rest has one item an area.

    `family` is a position in `FAMILIES`; `know_how` holds the positions of the family's know-how and of its own,
    `strength` how many times their share is multiplied.
    """

    zone: Integers
    codes: list[str]
    labels: list[str]
    family: Integers
    know_how: Integers
    strength: Floats

    def factors(self, know_how: Integers) -> Floats:
        """Return how many times the weight of each activity is multiplied, for each area (areas × activities)."""
        factors = np.ones((len(self.codes), len(know_how)))
        for rank in range(self.know_how.shape[1]):
            chosen = self.know_how[:, rank, None] == know_how[None, :]
            factors *= np.where(chosen, self.strength[:, rank, None], 1.0)
        return factors


def employment_areas(communes: Communes, streams: Streams) -> Zones:
    """Draw the areas: intercommunalities of a département, in order of postal codes, about 220 000 inhabitants each.

    An intercommunality goes whole, with the département where most of its inhabitants live; communes without one
    go together. The cut is the same for every seed, what is planted is not.
    """
    groups = [e or d for e, d in zip(communes.epci, communes.departments, strict=True)]
    _, group = np.unique(groups, return_inverse=True)
    home, people = _homes(communes, group)
    zone_of_group = np.empty(len(home), dtype=np.int64)
    codes: list[str] = []
    seats: list[int] = []
    for department in sorted(set(communes.departments)):
        members = np.array([g for g in np.argsort(_postal(communes, home), kind="stable").tolist()
                            if communes.departments[home[g]] == department], dtype=np.int64)  # fmt: skip
        for part in _cut(members, people):
            zone_of_group[part] = len(codes)
            seats.append(int(home[part[np.argmax(communes.population[home[part]])]]))
            codes.append(_code(communes.regions[seats[-1]] or _NO_REGION, codes))
    planted = _planted(streams, len(codes))
    labels = [f"{communes.names[seat]} {MARK}" for seat in seats]
    return Zones(zone_of_group[group], codes, labels, *planted)


def _homes(communes: Communes, group: Integers) -> tuple[Integers, Integers]:
    """Return the most populous commune of each group, and the inhabitants of the group."""
    order = np.lexsort((-communes.population, group))
    _, first = np.unique(group[order], return_index=True)
    return order[first], np.bincount(group, communes.population).astype(np.int64)


def _postal(communes: Communes, home: Integers) -> list[str]:
    return [min(communes.postal_codes[commune] or [communes.codes[commune]]) for commune in home.tolist()]


def _cut(members: Integers, people: Integers) -> list[Integers]:
    """Cut the groups of a département, in order, into areas of about the same number of inhabitants."""
    total = int(people[members].sum())
    count = min(len(members), max(1, round(total / _PEOPLE)))
    middle = np.cumsum(people[members]) - people[members] / 2
    place = np.minimum((middle * count / max(total, 1)).astype(np.int64), count - 1)
    return [members[place == number] for number in range(count) if (place == number).any()]


def _code(region: str, codes: list[str]) -> str:
    """Return a code of four characters like the official ones, with a letter that none of these has."""
    rank = sum(code.startswith(region) for code in codes)
    return f"{region}{chr(ord('A') + rank // 10)}{rank % 10}"


def _planted(streams: Streams, count: int) -> tuple[Integers, Integers, Floats]:
    zone = np.arange(count)
    family = streams.below("zone family", len(FAMILIES), zone)
    places = {name: place for place, name in enumerate(KNOW_HOW)}
    main = np.array([places[name] for name in FAMILIES])[family]
    own = (main + 1 + streams.below("zone know-how", len(KNOW_HOW) - 1, zone)) % len(KNOW_HOW)
    strength = [
        least + spread * streams.uniform(f"zone strength {rank}", zone)
        for rank, (least, spread) in enumerate((_FAMILY_STRENGTH, _OWN_STRENGTH))
    ]
    return family, np.stack([main, own], axis=1), np.stack(strength, axis=1)
