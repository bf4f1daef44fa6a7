"""What a portrait is read beside: the territory chosen as its reference, and its rank among its likes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain.territory import TerritoryKind
from vigie.errors import RequestFault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vigie.domain.finding import Finding
    from vigie.domain.territory import Territory
    from vigie.services.places import Places
    from vigie.services.portrait.answer import Portrait
    from vigie.services.portrait.by_commune import CommuneFigures
    from vigie.services.portrait.composing import Composer
    from vigie.services.portrait.mapping import Mapper

RANKED = (TerritoryKind.EPCI, TerritoryKind.DEPARTEMENT, TerritoryKind.REGION, TerritoryKind.ZE)
"""Kinds whose members are few and large enough for a rank to tell something."""


@dataclass(frozen=True, slots=True)
class Rank:
    """The place of a territory among its likes inside the reference, the first being the largest."""

    position: int
    among: int


@dataclass(frozen=True, slots=True)
class Beside:
    """A reference, the others that may be chosen, its figures by indicator, its jobs by year, the rank for industry.

    `above` are the jobs that the territory holds beyond this reference, `None` where it cannot be one.
    """

    reference: Territory
    choices: tuple[Territory, ...]
    findings: Mapping[str, Finding]
    jobs: Finding | None
    above: Finding | None
    rank: Rank | None


class References:
    """Chooses what a portrait is read beside; what the ranks are made of is read once a generation."""

    def __init__(self, figures: CommuneFigures, places: Places, composer: Composer, mapper: Mapper) -> None:
        self._figures, self._places, self._composer, self._mapper = figures, places, composer, mapper

    def beside(self, portrait: Portrait, key: str = "") -> Beside | None:
        """Return the reference of a portrait: the one asked for by its key, else the nearest that holds it.

        `None` for the whole country, which nothing holds. Raises `RequestFault` for a reference that does not hold it.
        """
        around = {one.territory.key: one for one in portrait.comparisons}
        if not around:
            return None
        if key and key not in around:
            known = ", ".join(f"{one.territory.name} ({name})" for name, one in around.items())
            raise RequestFault(
                f"« {key[:60]} » n’est pas une référence de ce portrait\u00a0: choisissez parmi {known}."
            )
        chosen = around[key] if key else next(iter(around.values()))
        perimeter = self._places.perimeter(chosen.territory)
        jobs = self._composer.whole(perimeter, "jobs") if portrait.finding("jobs").value is not None else None
        return Beside(
            chosen.territory,
            tuple(one.territory for one in around.values()),
            {found.id: found for found in chosen.findings},
            jobs,
            self._composer.versus(self._places.perimeter(portrait.territory), perimeter, "jobs_above"),
            self._rank(portrait.territory, perimeter.communes),
        )

    def _rank(self, territory: Territory, inside: Sequence[str] | None) -> Rank | None:
        if territory.kind not in RANKED or not self._figures.jobs:
            return None
        within = None if inside is None else set(inside)
        shares = {}
        for place in self._mapper.covered((territory.kind,)):
            communes = self._places.perimeter(place).communes or ()
            if within is not None and 2 * len(within.intersection(communes)) <= len(communes):
                continue
            held = [self._figures.jobs[code] for code in communes if code in self._figures.jobs]
            total = sum(one.last for one in held)
            if total:
                shares[place.key] = sum(one.made for one in held) / total
        if territory.key not in shares or len(shares) < 2:
            return None
        mine = shares[territory.key]
        return Rank(1 + sum(share > mine for share in shares.values()), len(shares))
