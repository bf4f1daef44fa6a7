"""Objecting: three clicks from a firm's page, with an account or by e-mail; and the officer's review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.actors import compact_identifier
from vigie.errors import FieldFault, RequestFault, TooManyAttempts
from vigie.interfaces.desk_views import firms as views
from vigie.interfaces.desk_views.forms import Form
from vigie.interfaces.http import status_of
from vigie.interfaces.web.asker import at_desk, for_anyone, form_at_desk, form_for_anyone, words
from vigie.interfaces.web.desk.signing import origin
from vigie.interfaces.web.frame import show_desk
from vigie.services.firms.objections import LIFTING

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.domain.access import Scope
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk

_DONE = {
    "oui": "C’est fait : l’entreprise n’est plus montrée dans Vigie.",
    "levee": "C’est fait : votre opposition est levée.",
}
_REVIEWED = {
    "fondee": "La demande est marquée comme relue.",
    "retiree": "C’est noté : l’hébergeur met fin aux demandes abusives.",
}


@for_anyone
def start(request: Request, _: Desk, __: Asker) -> Response:
    """Explain the right to object, and lead to the firm whose number is given."""
    number = request.query_params.get("numero", "").strip()
    digits = compact_identifier(number)
    if digits is not None:
        return RedirectResponse(f"/opposition/{digits[:9]}", 303)
    faults = {"numero": "Un SIREN compte 9 chiffres, un SIRET 14."} if number else {}
    done = _DONE.get(request.query_params.get("fait", ""), "")
    view = views.ObjectionStart(Form({"numero": number}, faults), done)
    return show_desk(request, "desk/objection_start.html", view, section="", status=422 if number else 200)


@for_anyone
def page(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what can be done for a firm."""
    number = compact_identifier(request.path_params["siren"])
    if number is not None and number[:9] != request.path_params["siren"]:
        return RedirectResponse(f"/opposition/{number[:9]}", 308)
    return _page(request, desk, who, Form())


@form_for_anyone
def object_(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Object at once for one's own firm; otherwise send a link to the address given."""
    siren = request.path_params["siren"]
    if desk.objections.standing(who.scope, siren).may_object:
        desk.objections.object(who.scope, siren)
        return RedirectResponse(f"/opposition/{siren}", 303)
    return _link_sent(request, desk, who, form, desk.objections.ask)


@form_for_anyone
def lift(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Send the link that takes back an objection made by e-mail, to the address that made it."""
    return _link_sent(request, desk, who, form, desk.objections.ask_lifting)


def _link_sent(
    request: Request, desk: Desk, who: Asker, form: FormData, ask: Callable[[Scope, str, str, str], object]
) -> Response:
    siren, typed = request.path_params["siren"], words(form)
    try:
        ask(who.scope, siren, typed.get("courriel", ""), origin(request))
    except FieldFault as fault:
        again = Form(typed, {"courriel": str(fault)})
        return _page(request, desk, who, again, status=422)
    except (TooManyAttempts, RequestFault) as fault:
        return _page(request, desk, who, Form(typed, {"": str(fault)}), status_of(fault))
    return RedirectResponse(f"/opposition/{siren}?envoye=oui", 303)


@form_at_desk
def take_back(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Withdraw the objection of one's own firm."""
    siren = request.path_params["siren"]
    desk.objections.withdraw_own(who.scope, siren)
    return RedirectResponse(f"/entreprise/{siren}", 303)


@for_anyone
def link(request: Request, desk: Desk, _: Asker) -> Response:
    """Show the button that confirms; opening the page does nothing, since filters of letters open links."""
    token = request.path_params["token"]
    view = views.objection_link(f"/lien/opposition/{token}", lifting=desk.objections.peek(token) == LIFTING)
    return show_desk(request, "desk/objection_link.html", view, section="")


@form_for_anyone
def confirm(request: Request, desk: Desk, _: Asker, __: FormData) -> Response:
    """Make the objection that the link asks for, or take it back."""
    purpose = desk.objections.confirm(request.path_params["token"])
    return RedirectResponse(f"/opposition?fait={'levee' if purpose == LIFTING else 'oui'}", 303)


@at_desk
def reviews(request: Request, desk: Desk, who: Asker) -> Response:
    """List the objections that the asker's organisation reviews."""
    done = _REVIEWED.get(request.query_params.get("fait", ""), "")
    view = views.reviews(desk.objections.to_review(who.scope), done)
    return show_desk(request, "desk/objections.html", view)


@form_at_desk
def approve(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Mark an objection as reviewed."""
    desk.objections.approve(who.scope, request.path_params["id"])
    return RedirectResponse("/bureau/oppositions?fait=fondee", 303)


@form_at_desk
def reject(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """End an abusive objection."""
    desk.objections.reject(who.scope, request.path_params["id"])
    return RedirectResponse("/bureau/oppositions?fait=retiree", 303)


def _page(request: Request, desk: Desk, who: Asker, form: Form, status: int = 200) -> Response:
    standing = desk.objections.standing(who.scope, request.path_params["siren"])
    view = views.objection(standing, form, sent=bool(request.query_params.get("envoye")))
    return show_desk(request, "desk/objection.html", view, section="annuaire", status=status)


ROUTES = (
    Route("/opposition", start),
    Route("/opposition/{siren}", page),
    Route("/opposition/{siren}", object_, methods=["POST"]),
    Route("/opposition/{siren}/levee", lift, methods=["POST"]),
    Route("/opposition/{siren}/retrait", take_back, methods=["POST"]),
    Route("/lien/opposition/{token}", link),
    Route("/lien/opposition/{token}", confirm, methods=["POST"]),
    Route("/bureau/oppositions", reviews),
    Route("/bureau/oppositions/{id}/confirmer", approve, methods=["POST"]),
    Route("/bureau/oppositions/{id}/retirer", reject, methods=["POST"]),
)
