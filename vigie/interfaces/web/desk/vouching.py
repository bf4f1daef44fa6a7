"""Attestations: what the host verifies, and the page that a letter opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.interfaces.desk_views import vouching as views
from vigie.interfaces.optional_data import firm_names
from vigie.interfaces.web.asker import at_desk, for_anyone, form_at_desk, form_for_anyone
from vigie.interfaces.web.frame import show_desk

if TYPE_CHECKING:
    from vigie.services.accounts.recognising import Asker
    from vigie.services.desk import Desk


@at_desk
def requests(request: Request, desk: Desk, who: Asker) -> Response:
    """List what organisations ask of the host."""
    found = desk.vouching.requests(who.scope)
    names = firm_names(request.app.state.installation, (one.siren for one in found))
    view = views.page(found, names, request.query_params.get("fait", ""))
    return show_desk(request, "desk/attestations.html", view)


@form_at_desk
def grant(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Attest a head, or confirm a domain."""
    desk.vouching.grant(who.scope, request.path_params["id"])
    return RedirectResponse(f"{views.ADDRESS}?fait=accord", 303)


@form_at_desk
def refuse(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Refuse a request."""
    desk.vouching.refuse(who.scope, request.path_params["id"])
    return RedirectResponse(f"{views.ADDRESS}?fait=refus", 303)


@form_at_desk
def end(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Take an attestation back."""
    desk.vouching.end(who.scope, request.path_params["id"])
    return RedirectResponse(f"{views.ADDRESS}?fait=fin", 303)


@for_anyone
def link(request: Request, desk: Desk, _: Asker) -> Response:
    """Show what the button would attest; opening the page does nothing."""
    token = request.path_params["token"]
    found = desk.vouching.look(token)
    names = firm_names(request.app.state.installation, (found.siren,))
    view = views.link_page(found, names.get(found.siren, ""), token)
    return show_desk(request, "desk/attestation_link.html", view, section="")


@form_for_anyone
def attest(request: Request, desk: Desk, _: Asker, __: FormData) -> Response:
    """Attest, by the link of a letter."""
    token = request.path_params["token"]
    siren = desk.vouching.look(token).siren
    desk.vouching.attest(token)
    return RedirectResponse(f"/entreprise/{siren}", 303)


ROUTES = (
    Route(views.ADDRESS, requests),
    Route(views.ADDRESS + "/{id}/accorder", grant, methods=["POST"]),
    Route(views.ADDRESS + "/{id}/refuser", refuse, methods=["POST"]),
    Route(views.ADDRESS + "/{id}/retirer", end, methods=["POST"]),
    Route("/lien/attestation/{token}", link),
    Route("/lien/attestation/{token}", attest, methods=["POST"]),
)
