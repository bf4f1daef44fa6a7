"""The officer's Monday."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.errors import NoData
from vigie.interfaces.desk_views.monday import MONDAY, week
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.acts import done_sentence
from vigie.interfaces.web.desk.following import YES, back_to
from vigie.interfaces.web.frame import show_desk

if TYPE_CHECKING:
    from vigie.services.accounts.recognising import Asker
    from vigie.services.desk import Desk

DONE = {
    "oui": "Vous recevrez cette page chaque lundi par courriel.",
    "non": "Vous ne recevrez plus cette page par courriel ; elle reste ici.",
}


@at_desk
def monday(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the week."""
    try:
        with request.app.state.installation.services() as services:
            page = desk.followup.monday.page(who.scope, services.watch)
    except NoData:
        page = desk.followup.monday.page(who.scope)
    view = week(page, DONE.get(request.query_params.get("courriel", ""), "") or done_sentence(request))
    return show_desk(request, "desk/monday.html", view)


@form_at_desk
def receive(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Choose whether the week comes by e-mail."""
    wanted = words(form).get("courriel") == YES
    desk.followup.monday.receive(who.scope, letter=wanted)
    return back_to(f"{MONDAY}?courriel={'oui' if wanted else 'non'}")


ROUTES = (
    Route(MONDAY, monday, methods=["GET"]),
    Route(f"{MONDAY}/courriel", receive, methods=["POST"]),
)
