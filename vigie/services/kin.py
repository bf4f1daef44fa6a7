"""The territories around one: those that hold it, those of its kind beside it."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING

from vigie.domain.territory import Territory, TerritoryKind
from vigie.sources import cog_lookup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.outlines import Outlines
    from vigie.services.places import Places

NEIGHBOURS = 6
UP = (TerritoryKind.REGION, TerritoryKind.DEPARTEMENT, TerritoryKind.EPCI)
"""From the largest, what may hold a territory in the trail of its page."""
_SIDE_BY_SIDE = {
    TerritoryKind.COMMUNE: TerritoryKind.EPCI,
    TerritoryKind.EPCI: TerritoryKind.DEPARTEMENT,
    TerritoryKind.DEPARTEMENT: TerritoryKind.REGION,
}
"""Among what a territory of a kind has its neighbours."""


@dataclass(frozen=True, slots=True)
class Kin:
    """The territories that hold one, the largest first, and the nearest of its own kind."""

    above: tuple[Territory, ...] = ()
    beside: tuple[Territory, ...] = ()


def kin(territory: Territory, communes: Sequence[str], places: Places, outlines: Outlines) -> Kin:
    """Return what holds most communes of a territory, and its neighbours inside the nearest that does.

    Neighbours are ranked by the distance of the middles of their outlines; without outlines, by population.
    """
    above = {}
    for kind in UP[: UP.index(territory.kind)] if territory.kind in UP else UP:
        held = places.holders_of(kind)
        codes = [held[code] for code in communes if code in held]
        if codes:
            above[kind] = max(sorted(set(codes)), key=codes.count)
    holder = _SIDE_BY_SIDE.get(territory.kind)
    near: Sequence[str] = ()
    if holder is not None and holder in above:
        inside = {commune for commune, code in places.holders_of(holder).items() if code == above[holder]}
        if territory.kind is not TerritoryKind.COMMUNE:
            inside = {code for commune, code in places.holders_of(territory.kind).items() if commune in inside}
        near = sorted(inside - {territory.code})
    return Kin(
        tuple(cog_lookup.resolve(f"{kind.value}:{code}") for kind, code in above.items()),
        _nearest(territory, near, outlines),
    )


def _nearest(territory: Territory, codes: Sequence[str], outlines: Outlines) -> tuple[Territory, ...]:
    found = [cog_lookup.resolve(f"{territory.kind.value}:{code}") for code in codes]
    middles = outlines.middles(territory.kind, (territory.code, *codes))
    if territory.code not in middles:
        return tuple(sorted(found, key=lambda place: -(place.population or 0))[:NEIGHBOURS])
    x, y = middles[territory.code]
    placed = [place for place in found if place.code in middles]
    placed.sort(key=lambda place: hypot(middles[place.code][0] - x, middles[place.code][1] - y))
    return tuple(placed[:NEIGHBOURS])
