"""The pages that links of letters open: reading uses nothing, a button posts, no account is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import ABSENT
from vigie.errors import Conflict, NotFound, RequestFault
from vigie.interfaces.desk_views import links as views
from vigie.interfaces.web.asker import for_anyone, form_for_anyone, words
from vigie.interfaces.web.frame import show_desk
from vigie.services.introductions.links import ANSWER

if TYPE_CHECKING:
    from vigie.services.accounts.recognising import Asker
    from vigie.services.desk import Desk


@for_anyone
def look(request: Request, desk: Desk, _: Asker) -> Response:
    """Show what a link lets its bearer do, or what they already did."""
    return _page(request, desk)


@form_for_anyone
def use(request: Request, desk: Desk, _: Asker, form: FormData) -> Response:
    """Do it, then show it done; a link without further use is said so."""
    token, typed = request.path_params["token"], words(form)
    try:
        _use(desk, token, typed)
    except RequestFault as fault:
        return _page(request, desk, str(fault), 422)
    except Conflict as fault:
        return _page(request, desk, str(fault), 409)
    return RedirectResponse(f"/lien/{token}", 303)


def _use(desk: Desk, token: str, typed: dict[str, str]) -> None:
    by_link = desk.introductions.by_link
    match typed.get("decision", ""):
        case "accepter" | "refuser" as decision:
            by_link.answer(token, accept=decision == "accepter")
        case "retirer":
            by_link.withdraw(token)
        case "confirmer":
            desk.calls.answering.confirm(token)
        case "noter":
            note = typed.get("satisfaction", "")
            if note not in {"1", "2", "3", "4", "5"}:
                raise RequestFault("Choisissez une note de 1 à 5.")
            by_link.rate(token, int(note), typed.get("comment", ""))
        case _:
            raise NotFound(ABSENT)


def _page(request: Request, desk: Desk, fault: str = "", status: int = 200) -> Response:
    token = request.path_params["token"]
    if desk.links.purpose(token) == ANSWER:
        view = views.receipt_page(desk.calls.answering.look(token), fault)
    else:
        view = views.link_page(desk.introductions.by_link.look(token), fault)
    return show_desk(request, "desk/link.html", view, section="", status=status)


ROUTES = (
    Route("/lien/{token}", look),
    Route("/lien/{token}", use, methods=["POST"]),
)
