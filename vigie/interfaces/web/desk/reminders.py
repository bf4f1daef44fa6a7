"""« À relancer »: what is due, and what heads of firms ask for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.domain.introductions import RequestState
from vigie.interfaces.desk_views.chasing import CHASE, chase_page
from vigie.interfaces.desk_views.requests import request_rows
from vigie.interfaces.web.asker import at_desk
from vigie.interfaces.web.desk.acts import done_sentence
from vigie.interfaces.web.desk.following import YES
from vigie.interfaces.web.desk.naming import names_in
from vigie.interfaces.web.frame import show_desk

if TYPE_CHECKING:
    from vigie.interfaces.views import IntroductionLine
    from vigie.services.accounts.recognising import Asker
    from vigie.services.desk import Desk


@at_desk
def chase(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what is to be chased today."""
    everyone = request.query_params.get("equipe") == YES
    lines = desk.followup.reminders.to_chase(who.scope, everyone=everyone)
    view = chase_page(lines, everyone=everyone, done=done_sentence(request))
    return show_desk(request, "desk/chase.html", replace(view, requests=_asked(request, desk, who)))


def _asked(request: Request, desk: Desk, who: Asker) -> tuple[IntroductionLine, ...]:
    """Return the introductions that heads of firms ask for, and that wait for an officer."""
    found = desk.introductions.requests.all(who.scope, RequestState.WAITING.value)
    return request_rows(found, names_in(request, found))


ROUTES = (Route(CHASE, chase, methods=["GET"]),)
