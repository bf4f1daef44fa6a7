"""What a firm says of itself: its page at the desk, for its head and for officers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import ABSENT
from vigie.errors import Conflict, FieldFault, NotFound, RequestFault
from vigie.interfaces.desk_views import firms as views
from vigie.interfaces.desk_views.forms import Form
from vigie.interfaces.http import form_status
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.naming import choice_of_place
from vigie.interfaces.web.frame import show_desk
from vigie.services.firms.declarations import DeclarationDraft

if TYPE_CHECKING:
    from vigie.errors import VigieError
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk

_FORM_NAMES = {"field": "rubrique", "text": "texte", "visibility": "lecteurs", "confirmed": "confirme"}


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


@form_at_desk
def add(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Add an entry, or show the form again with what is wrong."""
    siren, typed = request.path_params["siren"], words(form)
    try:
        desk.declarations.add(who.scope, siren, _draft(typed))
    except (RequestFault, Conflict) as fault:
        return _firm(request, desk, who, siren, _refused(typed, fault), status=form_status(fault))
    return _back(who, siren, "ajout")


@at_desk
def entry(request: Request, desk: Desk, who: Asker) -> Response:
    """Show one entry to change."""
    return _entry(request, desk, who, Form())


@form_at_desk
def change(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Change an entry, or show the form again with what is wrong."""
    siren, typed = request.path_params["siren"], words(form)
    try:
        desk.declarations.change(who.scope, siren, request.path_params["id"], _draft(typed))
    except RequestFault as fault:
        return _entry(request, desk, who, _refused(typed, fault), status=422)
    return _back(who, siren, "modif")


@form_at_desk
def withdraw(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Withdraw an entry."""
    siren = request.path_params["siren"]
    desk.declarations.withdraw(who.scope, siren, request.path_params["id"])
    return _back(who, siren, "retrait")


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
    done = request.query_params.get("fait", "")
    view = views.firm_desk(found, form, head=head, done=done, standing=standing)
    view = replace(view, places=choice_of_place(request, desk, who)) if head else view
    return show_desk(request, "desk/firm.html", view, status=status)


def _entry(request: Request, desk: Desk, who: Asker, form: Form, status: int = 200) -> Response:
    found = desk.declarations.read(who.scope, request.path_params["siren"])
    held = next((one for one in found.entries if one.id == request.path_params["id"] and one.own), None)
    if held is None:
        raise NotFound("Cette entrée n’existe pas, ou n’est plus là.")
    return show_desk(request, "desk/declaration.html", views.entry_desk(found, held, form), status=status)


def _draft(typed: dict[str, str]) -> DeclarationDraft:
    return DeclarationDraft(
        field=typed.get("rubrique", ""),
        text=typed.get("texte", ""),
        visibility=typed.get("lecteurs", ""),
        confirmed=typed.get("confirme") == "oui",
    )


def _refused(typed: dict[str, str], fault: VigieError) -> Form:
    """Return the form as typed; the key is kept, since nothing was written."""
    name = _FORM_NAMES[fault.field] if isinstance(fault, FieldFault) else ""
    return Form(typed, {name: str(fault)})


def _back(who: Asker, siren: str, done: str) -> Response:
    here = "/bureau/mon-entreprise" if who.scope.siren == siren else f"/bureau/entreprise/{siren}"
    return RedirectResponse(f"{here}?fait={done}", 303)


ROUTES = (
    Route("/bureau/entreprise/{siren}/masquer", hide, methods=["POST"]),
    Route("/bureau/entreprise/{siren}/attestation", ask, methods=["POST"]),
    Route("/bureau/mon-entreprise", mine),
    Route("/bureau/entreprise/{siren}", firm),
    Route("/bureau/entreprise/{siren}/declarations", add, methods=["POST"]),
    Route("/bureau/entreprise/{siren}/declarations/{id}", entry),
    Route("/bureau/entreprise/{siren}/declarations/{id}", change, methods=["POST"]),
    Route("/bureau/entreprise/{siren}/declarations/{id}/retrait", withdraw, methods=["POST"]),
)
