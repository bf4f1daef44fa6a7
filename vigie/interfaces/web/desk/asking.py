"""The pages by which the head of a firm asks for an introduction, and an officer answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.errors import Conflict, RequestFault
from vigie.interfaces.desk_views import requests as views
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.http import form_status
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.naming import names_in, public_names
from vigie.interfaces.web.frame import show_desk
from vigie.services.introductions.asking import IntroductionWish

if TYPE_CHECKING:
    from vigie.services.accounts.recognising import Asker
    from vigie.services.desk import Desk


@at_desk
def ask(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the form: whom to meet comes from a firm's page or from a call."""
    typed = words(request.query_params)
    siren, call = typed.get("siren", ""), typed.get("appel", "")
    with request.app.state.installation.services() as services:
        firm = desk.introductions.asking.sought(who.scope, siren, services.know)
    return _form_page(request, firm.name or "", firm.siren, call, Form())


@form_at_desk
def send(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Take a request, then show it."""
    typed = words(form)
    wanted = IntroductionWish(typed.get("siren", ""), typed.get("reason", ""), typed.get("appel", ""))
    try:
        with request.app.state.installation.services() as services:
            told = desk.introductions.asking.ask(who.scope, wanted, services.know)
    except (RequestFault, Conflict) as fault:
        name = public_names(request, [wanted.siren]).get(wanted.siren, "")
        again = refused(typed, fault)
        return _form_page(request, name, wanted.siren, wanted.call_id, again, form_status(fault))
    return RedirectResponse(f"{views.ADDRESS}/{told.id}?fait=demandee", 303)


@at_desk
def one(request: Request, desk: Desk, who: Asker) -> Response:
    """Show a request to who asked, or to an officer."""
    return _page(request, desk, who, Form(), done=request.query_params.get("fait", ""))


@form_at_desk
def withdraw(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Take a request back."""
    try:
        told = desk.introductions.asking.withdraw(who.scope, request.path_params["identifier"])
    except Conflict as fault:
        return _page(request, desk, who, refused(words(form), fault), status=form_status(fault))
    return RedirectResponse(f"{views.ADDRESS}/{told.id}?fait=retiree", 303)


@form_at_desk
def decline(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Say why nothing will come of a request."""
    typed = words(form)
    try:
        told = desk.introductions.granting.decline(
            who.scope, request.path_params["identifier"], typed.get("answer", "")
        )
    except (RequestFault, Conflict) as fault:
        return _page(request, desk, who, refused(typed, fault), status=form_status(fault))
    return RedirectResponse(f"{views.ADDRESS}/{told.id}?fait=declinee", 303)


def _form_page(request: Request, name: str, siren: str, call: str, form: Form, status: int = 200) -> Response:
    return show_desk(request, "desk/introduction_ask.html", views.ask_page(name, siren, call, form), status=status)


def _page(request: Request, desk: Desk, who: Asker, form: Form, *, status: int = 200, done: str = "") -> Response:
    told = desk.introductions.requests.one(who.scope, request.path_params["identifier"])
    names = names_in(request, [told])
    view = views.request_page(told, names, form, done)
    return show_desk(request, "desk/introduction_request.html", view, status=status)


ROUTES = (
    Route(views.ASK, ask),
    Route(views.ADDRESS, send, methods=["POST"]),
    Route(f"{views.ADDRESS}/{{identifier}}", one),
    Route(f"{views.ADDRESS}/{{identifier}}/retirer", withdraw, methods=["POST"]),
    Route(f"{views.ADDRESS}/{{identifier}}/decliner", decline, methods=["POST"]),
)
