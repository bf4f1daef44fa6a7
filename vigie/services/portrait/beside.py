"""What a portrait is read beside: the territory chosen as its reference, and its rank among its likes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from vigie.domain.territory import TerritoryKind
from vigie.errors import RequestFault
from vigie.services.figures.present import present_figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vigie.domain.finding import Finding
    from vigie.domain.territory import Territory
    from vigie.services.places import Places
    from vigie.services.portrait.answer import Portrait
    from vigie.services.portrait.composing import Composer
    from vigie.services.portrait.mapping import Mapper
    from vigie.store.warehouse import Warehouse

RANKED = (TerritoryKind.EPCI, TerritoryKind.DEPARTEMENT, TerritoryKind.REGION, TerritoryKind.ZE)
"""Kinds whose members are few and large enough for a rank to tell something."""
_RANKED_BY = "industry_share"


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

    def __init__(self, warehouse: Warehouse, places: Places, composer: Composer, mapper: Mapper) -> None:
        self._warehouse, self._places, self._composer, self._mapper = warehouse, places, composer, mapper
        self._shares = lru_cache(None)(self._read_shares)

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
        counted = portrait.finding("jobs").value is not None
        jobs = self._composer.whole(perimeter, "jobs") if counted else None
        return Beside(
            chosen.territory,
            tuple(one.territory for one in around.values()),
            {found.id: found for found in chosen.findings},
            jobs,
            self._composer.versus(self._places.perimeter(portrait.territory), perimeter, "jobs_above"),
            self._rank(portrait.territory, perimeter.communes) if counted else None,
        )

    def _rank(self, territory: Territory, inside: Sequence[str] | None) -> Rank | None:
        if territory.kind not in RANKED:
            return None
        within = None if inside is None else set(inside)
        told, shares = self._shares(territory.kind), {}
        for place in self._mapper.covered((territory.kind,)):
            communes = self._places.perimeter(place).communes or ()
            if within is not None and 2 * len(within.intersection(communes)) <= len(communes):
                continue
            share = told.get((_RANKED_BY, place.code))
            if share is not None:
                shares[place.key] = share
        if territory.key not in shares or len(shares) < 2:
            return None
        mine = shares[territory.key]
        return Rank(1 + sum(share > mine for share in shares.values()), len(shares))

    def _read_shares(self, kind: TerritoryKind) -> Mapping[tuple[str, str], float | None]:
        """Return the share of industry of the territories of a kind that have establishments."""
        codes = [place.code for place in self._mapper.covered((kind,))]
        return present_figures(self._warehouse, kind.value, (_RANKED_BY,), codes)
