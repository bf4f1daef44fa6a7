"""Workshops: the pages that everybody reads, those by which a room fills a matrix, and those of the officers.

The secret of a participant is a cookie that this browser sends to the pages of that workshop alone; who is signed in
changes nothing there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.errors import Conflict, NotFound, RequestFault, TooManyAttempts
from vigie.interfaces.desk_views import workshops as views
from vigie.interfaces.desk_views import workshops_prepared as prepared_views
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.http import form_status
from vigie.interfaces.web.asker import at_desk, for_anyone, form_for_anyone, words
from vigie.interfaces.web.desk.acts import done_sentence
from vigie.interfaces.web.frame import show_desk
from vigie.services.workshops.preparing import LIST
from vigie.services.workshops.running import CLOSED, ROUND_ENDED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from vigie.interfaces.web.desk.acts import Fault, Host
    from vigie.services.accounts.sessions import Asker
    from vigie.services.acts import Act
    from vigie.services.desk import Desk

ROOM_COOKIE = "salle"
_KEPT = 62 * 24 * 3600
"""A workshop lasts sixty days at most; its secret is of no use once it is closed."""
_SECTION = "consultations"


@for_anyone
def every(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the workshops that everybody reads."""
    found = desk.workshops.reading.published(who.scope, request.query_params.get("territoire", "")[:40])
    return show_desk(request, "workshops.html", views.list_page(found), section=_SECTION)


@for_anyone
def room(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what the room works on, and the field of its code."""
    return _room(request, desk, who, Form())


@form_for_anyone
def enter(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Let a device in with the code of the room, or take a factor that it proposes."""
    typed, workshop = words(form), request.path_params["workshop"]
    filling, whence = desk.workshops.filling, request.client.host if request.client else ""
    try:
        if typed.get("geste") == "proposer":
            filling.propose(workshop, _secret(request), typed.get("text", ""))
            return RedirectResponse(f"{views.here(workshop)}?recu=oui", 303)
        taken = filling.join(workshop, _secret(request), typed.get("code", ""), whence)
    except (RequestFault, Conflict, TooManyAttempts, NotFound) as fault:
        return _room(request, desk, who, refused(typed, fault), form_status(fault))
    answer = RedirectResponse(views.here(workshop), 303)
    answer.set_cookie(
        ROOM_COOKIE, taken.secret, max_age=_KEPT, path=views.here(workshop), httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return answer


@for_anyone
def cell(request: Request, desk: Desk, _: Asker) -> Response:
    """Show one cell to fill; a device that is not in is sent to the code."""
    workshop = request.path_params["workshop"]
    if not desk.workshops.filling.known(workshop, _secret(request)):
        return RedirectResponse(views.here(workshop), 303)
    return _cell(request, desk, request.query_params.get("etape", "")[:20], Form())


@form_for_anyone
def fill(request: Request, desk: Desk, _: Asker, form: FormData) -> Response:
    """Take a mark, and show the next cell of the step."""
    typed, workshop = words(form), request.path_params["workshop"]
    cell_, step = typed.get("case", "")[:80], typed.get("case", "").partition(":")[0][:20]
    try:
        desk.workshops.filling.answer(workshop, _secret(request), cell_, typed.get("note", ""))
    except (RequestFault, Conflict) as fault:
        return _cell(request, desk, step, Form(typed, {"": str(fault)}), form_status(fault))
    return RedirectResponse(f"{views.here(workshop)}/remplir?{urlencode({'etape': step})}", 303)


@for_anyone
def screen(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what is projected in the room."""
    told = desk.workshops.reading.one(who.scope, request.path_params["workshop"])
    address = f"{request.url.netloc}{views.here(told.line.id)}"
    return show_desk(request, "workshop_screen.html", views.screen_page(told, address), section=_SECTION)


@for_anyone
def cards(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the cards of factors, to be printed."""
    told = desk.workshops.reading.one(who.scope, request.path_params["workshop"])
    return show_desk(request, "workshop_cards.html", views.cards_page(told), section=_SECTION)


@for_anyone
def result(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what came out, and the minutes."""
    found = desk.workshops.reading.result(who.scope, request.path_params["workshop"])
    return show_desk(request, "workshop_result.html", views.result_page(found), section=_SECTION)


@at_desk
def prepared_list(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the workshops of the organisation."""
    view = views.list_page(desk.workshops.keeping.every(who.scope), ours=True)
    return show_desk(request, "workshops.html", view)


@at_desk
def prepared(request: Request, desk: Desk, who: Asker) -> Response:
    """Show one of them, with what can be done."""
    return _prepared(request, desk, who, {})


def _host(
    request: Request, desk: Desk, who: Asker, act: Act[Any, Any], typed: Mapping[str, str], fault: Fault
) -> Response:
    """Show the page of a workshop again, with what was refused."""
    return _prepared(request, desk, who, {act.kind: refused(typed, fault)}, form_status(fault))


def _prepared(request: Request, desk: Desk, who: Asker, refusals: Mapping[str, Form], status: int = 200) -> Response:
    found = desk.workshops.keeping.one(who.scope, request.path_params["workshop"])
    view = prepared_views.prepared_page(found, done_sentence(request), refusals)
    return show_desk(request, "desk/workshop.html", view, status=status)


def _room(request: Request, desk: Desk, who: Asker, form: Form, status: int = 200) -> Response:
    told = desk.workshops.reading.one(who.scope, request.path_params["workshop"])
    known = told.line.open and desk.workshops.filling.known(told.line.id, _secret(request))
    said = "C’est reçu : la personne qui anime le lit." if request.query_params.get("recu") else ""
    view = views.room_page(told, form, known=known, code=request.query_params.get("code", "")[:12], said=said)
    return show_desk(request, "workshop.html", view, section=_SECTION, status=status)


def _cell(request: Request, desk: Desk, step: str, form: Form, status: int = 200) -> Response:
    wanted = form.value("case") or request.query_params.get("case", "")[:80]
    told = desk.workshops.filling.paper(request.path_params["workshop"], _secret(request), step, wanted)
    return show_desk(request, "workshop_cell.html", views.cell_page(told, form), section=_SECTION, status=status)


def _secret(request: Request) -> str:
    return request.cookies.get(ROOM_COOKIE, "")


HOSTS: Mapping[str, Host] = {CLOSED.kind: _host, ROUND_ENDED.kind: _host}
_HERE = "/atelier/{workshop}"
ROUTES = (
    Route(views.ALL, every),
    Route(_HERE, room),
    Route(_HERE, enter, methods=["POST"]),
    Route(f"{_HERE}/remplir", cell),
    Route(f"{_HERE}/remplir", fill, methods=["POST"]),
    Route(f"{_HERE}/ecran", screen),
    Route(f"{_HERE}/cartes", cards),
    Route(f"{_HERE}/resultat", result),
    Route(LIST, prepared_list),
    Route(f"{LIST}/{{workshop}}", prepared),
)
