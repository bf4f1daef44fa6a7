"""From what a person types in the territory field to a territory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.territory import TerritoryKind
from vigie.errors import RequestFault
from vigie.services.places import takes_the_first
from vigie.services.territory_search import plain

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.domain.territory import Territory


def named_territories(services: Services, words: Iterable[str]) -> tuple[Territory, ...]:
    """Return the territories that codes or names mean; raises `RequestFault` with suggestions when a name does not."""
    return tuple(named_territory(services, word) for word in words)


def named_territory(services: Services, word: str) -> Territory:
    """Return the territory that a code or a name means, and nothing that is only near."""
    found = services.observe.search_territories(word)
    certain = services.observe.certain(word, found)
    if certain:
        return certain
    here = services.observe.in_service(word)
    if here:
        return here
    same = [place for place in found if plain(place.name) == plain(word)]
    homonyms = sum(place.kind is TerritoryKind.COMMUNE for place in same) > 1
    postal = word.strip().isdigit() and takes_the_first(found)
    if (same and not homonyms) or postal:
        return (same or list(found))[0]
    if not found:
        raise RequestFault(f"Aucun territoire ne s’appelle « {word} » : donnez un autre nom, ou un code.")
    near = french.listed(f"{place.name} ({place.kind.label}, « {place.key} »)" for place in found[:4])
    if len(found) == 1:
        raise RequestFault(f"Aucun territoire ne s’appelle « {word} ». Voulez-vous dire {near} ?")
    raise RequestFault(f"Plusieurs territoires répondent à « {word} » : {near}. Donnez un code ou un nom entier.")
