"""The pages of territories: search, portrait, one finding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from vigie.domain import french
from vigie.domain.territory import TerritoryKind
from vigie.errors import NotFound
from vigie.interfaces.exports import KINDS
from vigie.interfaces.present import territory_href
from vigie.interfaces.present_files import portrait_sheets, source_sheet
from vigie.interfaces.present_map import MapAsked, map_sheets
from vigie.interfaces.present_portrait import Drawings, figures_page, finding_page
from vigie.interfaces.present_portrait import portrait as portrait_view
from vigie.interfaces.present_portrait import territories as territories_view
from vigie.interfaces.present_story import Recent
from vigie.interfaces.views import Link
from vigie.interfaces.web.files import handed_out
from vigie.interfaces.web.frame import show, with_services
from vigie.interfaces.web.maps import parts_map, territory_map
from vigie.services.symbiosis.of_territory import EXCHANGES

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.domain.territory import Territory
    from vigie.interfaces.exports import FileKind
    from vigie.interfaces.pages import MapSection

_LONGEST_GROUP = 60
_EVENTS = 4


@with_services
def territories(request: Request, services: Services) -> Response:
    """Search territories by name or code; without a question, offer those that have establishments."""
    query = request.query_params.get("q", "").strip()
    found = services.observe.search_territories(query) if query else ()
    certain = services.observe.certain(query, found)
    if certain:
        return RedirectResponse(_with_former(certain), 303)
    groups = [] if query else _groups(services)
    view = territories_view(query, found, groups)
    return show(request, services, "territories.html", view, section="territoires")


@with_services
def portrait(request: Request, services: Services) -> Response:
    """Show the portrait of a territory; a former code is redirected to the one that replaced it."""
    place = asked_territory(request, services)
    if place.redirected_from:
        return RedirectResponse(_with_former(place), 308)
    found = services.observe.portrait(place.key)
    inside = services.observe.loaded_parts(place.key) if found.partial else ()
    drawing = Drawings(territory_map(services, place), _by_parts(request, services, place), inside)
    former = _former_name(services, place, request.query_params.get("ancien", ""))
    beside = services.observe.beside(found, request.query_params.get("comparer", "").strip())
    view = portrait_view(found, drawing, services.observe.kin(place.key), beside, _recent(services, place), former)
    # The page itself says nothing of the journal, so that it is still revalidated by its data alone.
    view = replace(view, further=(*view.further, Link("Ce qu’on en dit", f"/consultations?territoire={place.key}")))
    if services.loaded.tables.get("declared_waste"):
        view = replace(
            view, further=(*view.further, Link(EXCHANGES.title, f"{territory_href(place)}/{EXCHANGES.slug}"))
        )
    return show(request, services, "portrait.html", view, section="territoires")


@with_services
def figures(request: Request, services: Services) -> Response:
    """Show every figure of a territory, by theme."""
    place = asked_territory(request, services)
    if place.redirected_from:
        return RedirectResponse(f"{territory_href(place)}/chiffres", 308)
    found = services.observe.portrait(place.key)
    beside = services.observe.beside(found, request.query_params.get("comparer", "").strip())
    view = figures_page(found, services.observe.cards, beside, services.observe.kin(place.key))
    return show(request, services, "figures.html", view, section="territoires")


def _by_parts(request: Request, services: Services, place: Territory) -> MapSection | None:
    asked = request.query_params
    shown, beside = asked.get("montrer", "").strip(), asked.get("comparer", "").strip()
    return parts_map(services, place, MapAsked(shown, beside, asked.get("lignes") == "toutes"))


@with_services
def map_file(request: Request, services: Services) -> Response:
    """Give every part of the map of a territory as a file."""
    place, kind = asked_territory(request, services), _asked_file(request, "carte")
    found = services.observe.map(place.key, request.query_params.get("montrer", "").strip())
    if found is None:
        raise NotFound(f"Il n’y a pas de carte {french.of_place(place.name)} : moins de deux parties sont connues.")
    sheets = (*map_sheets(found), source_sheet(found.sources, found.simulated))
    name = f"carte-{place.kind.value}-{place.code[:40]}-{found.variable.value}.{request.path_params['ending']}"
    return handed_out(request, name, kind.media_type, lambda target: kind.into(sheets, target))


def _asked_file(request: Request, name: str) -> FileKind:
    """Return the kind of file that an address ends with; raises `NotFound` for one that is not made."""
    ending = request.path_params["ending"]
    if ending not in KINDS:
        raise NotFound(f"Ce fichier n’existe pas : choisissez {', '.join(f'{name}.{kind}' for kind in KINDS)}.")
    return KINDS[ending]


@with_services
def finding(request: Request, services: Services) -> Response:
    """Show one figure with all that is needed to trust it."""
    place = asked_territory(request, services)
    if place.redirected_from:
        tail = request.url.path.split("/constat/", 1)[1]
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{territory_href(place)}/constat/{tail}{query}", 308)
    key = request.query_params.get("cle") or None
    evidence = services.observe.evidence(place.key, request.path_params["finding_id"], key)
    return show(request, services, "finding.html", finding_page(evidence), section="territoires")


@with_services
def download(request: Request, services: Services) -> Response:
    """Give the findings of a portrait as a file, with their parts, years, units and sources."""
    place, kind = asked_territory(request, services), _asked_file(request, "constats")
    sheets = portrait_sheets(services.observe.portrait(place.key))
    name = f"{place.kind.value}-{place.code[:40]}.{request.path_params['ending']}"
    return handed_out(request, name, kind.media_type, lambda target: kind.into(sheets, target))


def asked_territory(request: Request, services: Services) -> Territory:
    """Return the territory of the address; raises `NotFound` for a kind that does not exist."""
    kind, code = request.path_params["kind"], request.path_params["code"]
    if kind not in set(TerritoryKind):
        known = ", ".join(item.value for item in TerritoryKind)
        raise NotFound(f"« {kind} » n’est pas une sorte de territoire : {known}.")
    return services.observe.territory(f"{kind}:{code}")


def _with_former(place: Territory) -> str:
    """Return the address of a portrait, which tells the former name or code that led there."""
    former = f"?ancien={quote(place.redirected_from)}" if place.redirected_from else ""
    return territory_href(place) + former


def _recent(services: Services, place: Territory) -> Recent:
    told, factories = services.watch.recent(place.key, _EVENTS)
    return Recent(factories, told.events, services.observe.renewed(place.key))


def _former_name(services: Services, place: Territory, former: str) -> str:
    """Return the former code or name that led here, when it really leads here."""
    if not former:
        return ""
    found = services.observe.search_territories(former)
    leads_here = any(one.key == place.key and one.redirected_from == former for one in found)
    return former if leads_here else ""


def _groups(services: Services) -> list[tuple[str, list[Territory]]]:
    kinds = (TerritoryKind.REGION, TerritoryKind.DEPARTEMENT, TerritoryKind.EPCI, TerritoryKind.ZE, TerritoryKind.AAV)
    titles = ("Régions", "Départements", "Intercommunalités (EPCI)", "Zones d’emploi", "Aires d’attraction des villes")
    covered = services.observe.covered(kinds)
    groups: list[tuple[str, list[Territory]]] = []
    for kind, title in zip(kinds, titles, strict=True):
        places = [place for place in covered if place.kind is kind]
        if len(places) > _LONGEST_GROUP:
            places = sorted(places, key=lambda place: -(place.population or 0))[:_LONGEST_GROUP]
            groups.append((f"{title} : les {_LONGEST_GROUP} plus peuplées", places))
        else:
            groups.append((title, places))
    return groups
