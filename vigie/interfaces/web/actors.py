"""The page of a firm, opened on all of its sites or on one, and the sheet that prepares a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.actors import compact_identifier
from vigie.errors import NotFound, Objected, RequestFault
from vigie.interfaces.desk_views.partners import MINE, partners_page
from vigie.interfaces.desk_views.situation import situation_address
from vigie.interfaces.present_firm import AboutFirm, FromDesk, firm_page
from vigie.interfaces.web.aids import aid_lines
from vigie.interfaces.web.asker import at_desk
from vigie.interfaces.web.firm_desk import from_desk, visit_sheet
from vigie.interfaces.web.frame import page_number, show, with_services
from vigie.interfaces.web.maps import list_map, place_map
from vigie.interfaces.web.matter import matter_lines
from vigie.interfaces.web.ties import tie_lines
from vigie.services.connect.partners import propose
from vigie.services.neighbours import Neighbours, neighbours

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.interfaces.views import Graphic
    from vigie.services.accounts.sessions import Asker
    from vigie.services.connect.proposals import PartnerProposal, Proposals
    from vigie.services.desk import Desk
    from vigie.services.know import DirectoryEntry, Firm

_RECENT, _TO_MEET = 10, 3


@with_services
def establishment(request: Request, services: Services) -> Response:
    """Show the page of a firm, opened on one of its sites."""
    typed = request.path_params["siret"]
    number = compact_identifier(typed)
    if number is not None and number != typed:
        return RedirectResponse(f"/etablissement/{number}", 308)
    site = services.know.establishment(typed)
    found = services.know.firm(site.siren)
    return _firm(request, services, _about(services, found, site, on_site=True))


@with_services
def firm(request: Request, services: Services) -> Response:
    """Show the page of a firm; the SIRET of one of its sites leads to it."""
    typed = request.path_params["siren"]
    number = compact_identifier(typed)
    if number is not None and number[:9] != typed:
        return RedirectResponse(f"/entreprise/{number[:9]}", 308)
    found = services.know.firm(typed, page=page_number(request))
    first = found.establishments[0] if found.establishments else None
    return _firm(request, services, _about(services, found, first, on_site=False))


@at_desk
def visit(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the sheet that prepares a visit, to print on one page."""
    who.scope.require(Thing.DOSSIERS, Right.READ)
    with request.app.state.installation.services() as services:
        found = services.know.firm(request.path_params["siren"])
        first = found.establishments[0] if found.establishments else None
        about = _about(services, found, first, on_site=False, alone=True)
        sheet = visit_sheet(request, about, _to_meet(services, found.siren, desk, who))
        return show(request, services, "desk/visit.html", sheet, section="annuaire")


@at_desk
def partners(request: Request, desk: Desk, who: Asker) -> Response:
    """Show an officer who could work with a firm, and why."""
    who.scope.require(Thing.DOSSIERS, Right.READ)
    kind, siren = request.query_params.get("sorte", ""), request.path_params["siren"]
    with request.app.state.installation.services() as services:
        found = _proposals(services, siren, kind, desk, who)
        says = who.scope.may(Thing.DECLARATIONS, Right.WRITE)
        view = partners_page(siren, found, kind, situation=situation_address(siren) if says else "")
        return show(request, services, "desk/partners.html", view, section="annuaire")


@at_desk
def my_partners(request: Request, desk: Desk, who: Asker) -> Response:
    """Show a head who could work with their own firm, and why; each leads to asking for an introduction."""
    who.scope.require(Thing.DECLARATIONS, Right.READ_OWN)
    siren, kind = who.scope.siren, request.query_params.get("sorte", "")
    if not siren:
        raise NotFound(ABSENT)
    with request.app.state.installation.services() as services:
        found = _proposals(services, siren, kind, desk, who)
        view = partners_page(siren, found, kind, own=True, situation=situation_address(siren))
        return show(request, services, "desk/partners.html", view, section="annuaire")


def _proposals(services: Services, siren: str, kind: str, desk: Desk, who: Asker, top: int = 20) -> Proposals:
    """Return what is proposed, as far as the asker may read what firms say, by the weights of their organisation."""
    said, weights = desk.situations.to(who.scope), desk.learning.in_force(who.scope)
    return propose(services, siren, kind or None, top, said, weights)


def _to_meet(services: Services, siren: str, desk: Desk, who: Asker) -> tuple[PartnerProposal, ...]:
    """Return the first proposals for a firm; none for one to which nothing is proposed."""
    try:
        return _proposals(services, siren, "", desk, who, _TO_MEET).proposals
    except (NotFound, Objected, RequestFault):
        return ()


def _firm(request: Request, services: Services, about: AboutFirm) -> Response:
    desk: FromDesk = from_desk(request, about)
    return show(request, services, "firm.html", firm_page(about, desk), section="annuaire")


def _about(
    services: Services, found: Firm, site: DirectoryEntry | None, *, on_site: bool, alone: bool = False
) -> AboutFirm:
    """Gather what open data say of a firm; `alone` draws the place of its first site, whatever others it has."""
    around = neighbours(services.know, site) if site is not None and site.state == "A" else Neighbours()
    drawing: Graphic | None
    if site is not None and (on_site or alone or found.total == 1):
        drawing = place_map(services, site)
    else:
        drawing = list_map(services, found.establishments)
    watched = services.watch.events(siret=site.siret) if on_site and site else services.watch.events(siren=found.siren)
    aids = aid_lines(services, found.unit, site) if found.unit.state != "C" else ()
    number = site.siret if on_site and site else found.siren
    matter = matter_lines(services, number) if found.unit.state != "C" else ()
    worked = tie_lines(services, found.siren) if found.unit.diffusion == "O" else ()
    return AboutFirm(found, site, on_site, around, watched.events[:_RECENT], drawing, aids, matter, worked)


ROUTES = (
    Route("/etablissement/{siret}", establishment),
    Route("/entreprise/{siren}", firm),
    Route("/bureau/entreprise/{siren}/visite", visit),
    Route("/bureau/entreprise/{siren}/partenaires", partners),
    Route(MINE, my_partners),
)
