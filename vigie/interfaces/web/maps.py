"""Gathers from the services what the maps of the pages show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vigie.domain.territory import TerritoryKind
from vigie.interfaces import present_maps
from vigie.interfaces.views import Graphic

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.domain.territory import Territory
    from vigie.services.know import DirectoryEntry

_POINTS = 60


def list_map(services: Services, entries: Sequence[DirectoryEntry]) -> Graphic | None:
    """Return the map beside a list; none when places are too scattered for it to say more than the list."""
    ground = services.observe.ground(entries)
    return present_maps.points_map("Les établissements de cette page", entries, ground) if ground else None


def place_map(services: Services, entry: DirectoryEntry) -> Graphic | None:
    """Return the map of an establishment in its commune."""
    if entry.longitude is None or not entry.commune:
        return None
    key = f"{TerritoryKind.COMMUNE.value}:{entry.commune}"
    return present_maps.place_map(entry, services.observe.commune_outlines(key), services.observe.communes(key))


def territory_map(services: Services, place: Territory, table_at: str) -> Graphic | None:
    """Return the first map of a portrait: places in a commune, densities by commune elsewhere; none of the country."""
    if place.kind is TerritoryKind.FRANCE:
        return None
    outlines = services.observe.commune_outlines(place.key)
    if place.kind is TerritoryKind.COMMUNE:
        return present_maps.commune_map(place, services.observe.points(place.key, _POINTS), outlines)
    return present_maps.density_map(place, services.observe.densities(place.key), outlines, table_at)
