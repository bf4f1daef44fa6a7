"""Changing and withdrawing a contact or an exchange of a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.domain.access import Right, Thing
from vigie.errors import RequestFault
from vigie.interfaces.desk_views.dossiers import ADDRESS
from vigie.interfaces.desk_views.entries import contact_page, exchange_page
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.following import back_to, contact_entry, exchange_entry
from vigie.interfaces.web.frame import show_desk

if TYPE_CHECKING:
    from vigie.services.accounts.recognising import Asker
    from vigie.services.desk import Desk


@at_desk
def contact_form(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the form of a contact."""
    return _contact(request, desk, who)


@form_at_desk
def edit_contact(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Change a contact, or show the form again beside what is wrong."""
    typed = words(form)
    try:
        card = desk.followup.contacts.edit(who.scope, request.path_params["contact"], contact_entry(typed))
    except RequestFault as fault:
        return _contact(request, desk, who, refused(typed, fault))
    return back_to(f"{ADDRESS}/{card.dossier}", "contact", "contacts")


@form_at_desk
def inform_contact(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Note that somebody was told today how their data are kept."""
    card = desk.followup.contacts.informed(who.scope, request.path_params["contact"])
    return back_to(f"{ADDRESS}/{card.dossier}", "informe", "contacts")


@form_at_desk
def withdraw_contact(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Take a contact out of its dossier."""
    dossier = desk.followup.contacts.withdraw(who.scope, request.path_params["contact"])
    return back_to(f"{ADDRESS}/{dossier}", "contact-retire", "contacts")


@at_desk
def exchange_form(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the form of an exchange."""
    return _exchange(request, desk, who)


@form_at_desk
def edit_exchange(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Change an exchange, or show the form again beside what is wrong."""
    typed = words(form)
    try:
        kept = desk.followup.exchanges.edit(who.scope, request.path_params["exchange"], exchange_entry(typed))
    except RequestFault as fault:
        return _exchange(request, desk, who, refused(typed, fault))
    return back_to(f"{ADDRESS}/{kept.dossier}", "echange", "echanges")


@form_at_desk
def withdraw_exchange(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Take an exchange out of its dossier."""
    dossier = desk.followup.exchanges.withdraw(who.scope, request.path_params["exchange"])
    return back_to(f"{ADDRESS}/{dossier}", "echange-retire", "echanges")


def _contact(request: Request, desk: Desk, who: Asker, form: Form | None = None) -> Response:
    who.scope.require(Thing.DOSSIERS, Right.WRITE)
    card = desk.followup.contacts.read(who.scope, request.path_params["contact"])
    return show_desk(request, "desk/contact_form.html", contact_page(card, form), status=422 if form else 200)


def _exchange(request: Request, desk: Desk, who: Asker, form: Form | None = None) -> Response:
    who.scope.require(Thing.DOSSIERS, Right.WRITE)
    kept = desk.followup.exchanges.read(who.scope, request.path_params["exchange"])
    record = desk.followup.dossiers.read(who.scope, kept.dossier)
    view = exchange_page(kept, record, form)
    return show_desk(request, "desk/exchange_form.html", view, status=422 if form else 200)


ROUTES = (
    Route("/bureau/contacts/{contact}/modifier", contact_form, methods=["GET"]),
    Route("/bureau/contacts/{contact}/modifier", edit_contact, methods=["POST"]),
    Route("/bureau/contacts/{contact}/informer", inform_contact, methods=["POST"]),
    Route("/bureau/contacts/{contact}/retirer", withdraw_contact, methods=["POST"]),
    Route("/bureau/echanges/{exchange}/modifier", exchange_form, methods=["GET"]),
    Route("/bureau/echanges/{exchange}/modifier", edit_exchange, methods=["POST"]),
    Route("/bureau/echanges/{exchange}/retirer", withdraw_exchange, methods=["POST"]),
)
