"""The pages of establishments and firms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from vigie.domain.access import Right, Thing
from vigie.domain.actors import compact_identifier
from vigie.errors import NotFound
from vigie.interfaces.desk_views.firms import own as own_words
from vigie.interfaces.desk_views.introductions import relations
from vigie.interfaces.desk_views.requests import ask_address, may_ask
from vigie.interfaces.present_actors import establishment as establishment_view
from vigie.interfaces.present_actors import firm as firm_view
from vigie.interfaces.web.asker import asker
from vigie.interfaces.web.frame import page_number, show, with_services
from vigie.interfaces.web.maps import list_map, place_map
from vigie.services.know import SearchRequest

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.interfaces.views import Relations
    from vigie.services.know import DirectoryEntry

_NEIGHBOURS = 6
_AROUND_KM = 2.0
"""As far as one walks to a neighbour in half an hour."""
_RECENT = 10


@with_services
def establishment(request: Request, services: Services) -> Response:
    """Show an establishment, its neighbours, the others of its firm, what happened to it."""
    typed = request.path_params["siret"]
    number = compact_identifier(typed)
    if number is not None and number != typed:
        return RedirectResponse(f"/etablissement/{number}", 308)
    entry = services.know.establishment(typed)
    others = services.know.firm(entry.siren).establishments
    view = establishment_view(
        entry,
        siblings=[other for other in others if other.siret != entry.siret][:_NEIGHBOURS],
        neighbours=_neighbours(services, entry),
        events=services.watch.events(siret=entry.siret).events[:_RECENT],
        drawing=place_map(services, entry),
    )
    return show(request, services, "establishment.html", view, section="annuaire")


@with_services
def firm(request: Request, services: Services) -> Response:
    """Show a firm and its establishments; the SIRET of one of them leads to it."""
    typed = request.path_params["siren"]
    number = compact_identifier(typed)
    if number is not None and number[:9] != typed:
        return RedirectResponse(f"/entreprise/{number[:9]}", 308)
    found = services.know.firm(typed, page=page_number(request))
    events = services.watch.events(siren=found.siren).events[:_RECENT]
    said = own_words(request.app.state.desk.declarations.read(asker(request).scope, found.siren))
    view = firm_view(found, events, list_map(services, found.establishments), said)
    may = may_ask(asker(request).scope, found.siren) and not found.unit.masked and found.unit.state != "C"
    view = replace(view, relations=_relations(request, found.siren), ask_href=ask_address(found.siren) if may else "")
    return show(request, services, "firm.html", view, section="annuaire")


def _relations(request: Request, siren: str) -> Relations | None:
    """Return the ties, introductions and dossiers of a firm for the officers who prepare them, nothing for others."""
    scope, desk = asker(request).scope, request.app.state.desk
    if not scope.may(Thing.INTRODUCTIONS, Right.WRITE):
        return None
    dossiers = desk.followup.dossiers.on_firm(scope, siren)
    return relations(siren, desk.introductions.reading.ties(scope, siren), dossiers)


def _neighbours(services: Services, entry: DirectoryEntry) -> tuple[DirectoryEntry, ...]:
    """Return the nearest establishments; one whose place is not public has none."""
    if entry.latitude is None or entry.longitude is None:
        return ()
    around = SearchRequest(
        near=(entry.latitude, entry.longitude), radius_km=_AROUND_KM, sort="distance", per_page=_NEIGHBOURS + 1
    )
    try:
        found = services.know.search(around).results
    except NotFound:
        return ()
    return tuple(other for other in found if other.siret != entry.siret)[:_NEIGHBOURS]
