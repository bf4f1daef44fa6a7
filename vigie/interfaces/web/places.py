"""From what a person types in the territory field to a territory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from vigie.errors import NotFound, RequestFault
from vigie.interfaces import french
from vigie.services.territory_search import plain

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.domain.territory import Territory


def named_territories(services: Services, words: Iterable[str]) -> tuple[Territory, ...]:
    """Return the territories that codes or names mean; raises `RequestFault` with suggestions when a name does not."""
    return tuple(named_territory(services, word) for word in words)


def named_territory(services: Services, word: str) -> Territory:
    """Return the territory that a code or a name means."""
    try:
        return services.observe.territory(word)
    except (RequestFault, NotFound):
        found = services.observe.search_territories(word)
    same = [place for place in found if plain(place.name) == plain(word)]
    if same or len(found) == 1:
        return (same or list(found))[0]
    if not found:
        raise RequestFault(f"Aucun territoire ne s’appelle « {word} » : donnez un autre nom, ou un code.")
    near = french.listed(f"{place.name} ({place.kind.label} {place.code})" for place in found[:4])
    raise RequestFault(f"Plusieurs territoires répondent à « {word} » : {near}. Donnez un code ou un nom entier.")
