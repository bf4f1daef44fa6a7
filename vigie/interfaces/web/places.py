"""From what a person types in the territory field to a territory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

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


Held = tuple["Territory", ...]


def around(services: Services, places: Held, how: str) -> tuple[Held, Mapping[str, Any]]:
    """Return where to look around the place named: within it, within its intercommunality, or near its middle.

    `how` is a name of `searching.AROUND`; the second answer holds the point and the radius of a search. Raises
    `RequestFault` where it cannot be done: no place, several, one that is no commune, one whose middle is not known.
    """
    if not how:
        return places, {}
    if len(places) != 1 or places[0].kind is not TerritoryKind.COMMUNE:
        raise RequestFault("Pour chercher autour d’un lieu, donnez une commune, et une seule.")
    (place,) = places
    if how == "epci":
        held = tuple(one for one in services.observe.kin(place.key).above if one.kind is TerritoryKind.EPCI)
        return held or places, {}
    middle = services.observe.communes(place.key)[0]
    if middle.longitude is None or middle.latitude is None:
        raise RequestFault(f"Le milieu {french.of_place(place.name)} n’est pas connu ici : cherchez dans la commune.")
    return (), {"near": (middle.latitude, middle.longitude), "radius_km": float(how)}
