"""What a firm says of itself: its page at the desk, for its head and for officers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import ABSENT
from vigie.errors import NotFound
from vigie.interfaces.desk_views import firms as views
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.http import form_status
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.acts import Fault, done_sentence
from vigie.interfaces.web.desk.naming import choice_of_place
from vigie.interfaces.web.frame import show_desk
from vigie.services.connect.confirming import CONFIRMED
from vigie.services.connect.okw import facility_of
from vigie.services.firms.declarations import ADDED, CHANGED

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.acts import Act
    from vigie.services.desk import Desk


@at_desk
def mine(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the head their own firm."""
    if not who.scope.siren:
        raise NotFound(ABSENT)
    return _firm(request, desk, who, who.scope.siren, Form())


@at_desk
def firm(request: Request, desk: Desk, who: Asker) -> Response:
    """Show a firm to who may write in its name."""
    return _firm(request, desk, who, request.path_params["siren"], Form())


@at_desk
def facility(request: Request, desk: Desk, who: Asker) -> Response:
    """Hand over the Open Know-Where record of a firm to who may write in its name."""
    found = desk.declarations.read(who.scope, request.path_params["siren"])
    if not found.may_write:
        raise NotFound(ABSENT)
    attached = {"content-disposition": f'attachment; filename="okw-{found.siren}.json"'}
    return JSONResponse(facility_of(found), headers=attached)


@at_desk
def entry(request: Request, desk: Desk, who: Asker) -> Response:
    """Show one entry to change."""
    return _entry(request, desk, who, Form())


@form_at_desk
def ask(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Ask for one's own attestation."""
    siren = request.path_params["siren"]
    desk.vouching.ask_for_me(who.scope, siren)
    return _back(who, siren, "attestation")


@form_at_desk
def hide(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Hide words said publicly of a firm elsewhere, or restore what was hidden here."""
    siren, typed = request.path_params["siren"], words(form)
    desk.hiding.decide(who.scope, siren, typed.get("objet", ""), typed.get("texte", ""), typed.get("decision", "hide"))
    return RedirectResponse(f"/entreprise/{siren}", 303)


def _firm(request: Request, desk: Desk, who: Asker, siren: str, form: Form, status: int = 200) -> Response:
    found = desk.declarations.read(who.scope, siren)
    if not found.may_write:
        raise NotFound(ABSENT)
    head = who.scope.siren == found.siren
    standing = desk.vouching.standing(who.scope, siren) if head and found.provisional else ""
    done = views.DONE.get(request.query_params.get("fait", ""), "") or done_sentence(request)
    view = views.firm_desk(found, form, head=head, done=done, standing=standing)
    view = replace(view, places=choice_of_place(request, desk, who)) if head else view
    return show_desk(request, "desk/firm.html", view, status=status)


def _entry(request: Request, desk: Desk, who: Asker, form: Form, status: int = 200) -> Response:
    found = desk.declarations.read(who.scope, request.path_params["siren"])
    held = next((one for one in found.entries if one.id == request.path_params["declaration"] and one.own), None)
    if held is None:
        raise NotFound("Cette entrée n’existe pas, ou n’est plus là.")
    return show_desk(request, "desk/declaration.html", views.entry_desk(found, held, form), status=status)


def _add_again(
    request: Request, desk: Desk, who: Asker, _: Act[Any, Any], given: Mapping[str, str], fault: Fault
) -> Response:
    form = refused(given, fault)
    return _firm(request, desk, who, request.path_params["siren"], form, status=form_status(fault))


def _entry_again(
    request: Request, desk: Desk, who: Asker, _: Act[Any, Any], given: Mapping[str, str], fault: Fault
) -> Response:
    return _entry(request, desk, who, refused(given, fault), status=form_status(fault))


def _back(who: Asker, siren: str, done: str) -> Response:
    here = "/bureau/mon-entreprise" if who.scope.siren == siren else f"/bureau/entreprise/{siren}"
    return RedirectResponse(f"{here}?fait={done}", 303)


HOSTS = {ADDED.kind: _add_again, CONFIRMED.kind: _add_again, CHANGED.kind: _entry_again}
ROUTES = (
    Route("/bureau/entreprise/{siren}/masquer", hide, methods=["POST"]),
    Route("/bureau/entreprise/{siren}/attestation", ask, methods=["POST"]),
    Route("/bureau/mon-entreprise", mine),
    Route("/bureau/entreprise/{siren}/okw.json", facility),
    Route("/bureau/entreprise/{siren}", firm),
    Route("/bureau/entreprise/{siren}/declarations/{declaration}", entry),
)
