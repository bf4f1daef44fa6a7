"""« À relancer », and what is done of each reminder and each dossier without an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.domain.introductions import RequestState
from vigie.interfaces.desk_views.chasing import CHASE, DONE, chase_page
from vigie.interfaces.desk_views.dossiers import ADDRESS
from vigie.interfaces.desk_views.requests import request_rows
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.following import YES, back_to
from vigie.interfaces.web.desk.naming import names_in
from vigie.interfaces.web.frame import show_desk
from vigie.interfaces.web.information import own_address

if TYPE_CHECKING:
    from vigie.interfaces.views import IntroductionLine
    from vigie.services.accounts.recognising import Asker
    from vigie.services.desk import Desk

Work = Callable[["Desk", "Asker", str, Mapping[str, str]], object]


@at_desk
def chase(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what is to be chased today."""
    everyone = request.query_params.get("equipe") == YES
    lines = desk.followup.reminders.to_chase(who.scope, everyone=everyone)
    done = DONE.get(request.query_params.get("fait", ""), "")
    view = chase_page(lines, everyone=everyone, done=done)
    return show_desk(request, "desk/chase.html", replace(view, requests=_asked(request, desk, who)))


def _asked(request: Request, desk: Desk, who: Asker) -> tuple[IntroductionLine, ...]:
    """Return the introductions that heads of firms ask for, and that wait for an officer."""
    found = desk.introductions.requests.all(who.scope, RequestState.WAITING.value)
    return request_rows(found, names_in(request, found))


def _done(key: str, done: str, work: Work) -> Callable[[Request], object]:
    """Make an endpoint that deals with one line, then shows the list it was pressed on again."""

    @form_at_desk
    def endpoint(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
        typed = words(form)
        work(desk, who, request.path_params[key], typed)
        if typed.get("retour"):
            return back_to(own_address(typed["retour"]))
        team = "?equipe=oui&" if typed.get("equipe") == YES else "?"
        return back_to(f"{CHASE}{team}fait={done}")

    return endpoint


ROUTES = (
    Route(CHASE, chase, methods=["GET"]),
    *(
        Route(path, _done(key, done, work), methods=["POST"])
        for path, key, done, work in (
            ("/bureau/rappels/{reminder}/fait", "reminder", "fait",
             lambda desk, who, it, typed: desk.followup.reminders.done(who.scope, it, typed.get("result", ""))),
            ("/bureau/rappels/{reminder}/reporter", "reminder", "reporte",
             lambda desk, who, it, _: desk.followup.reminders.postpone(who.scope, it)),
            (f"{ADDRESS}/{{dossier}}/repondu", "dossier", "fait",
             lambda desk, who, it, typed: desk.followup.reminders.answered(who.scope, it, typed.get("result", ""))),
            (f"{ADDRESS}/{{dossier}}/relancer-plus-tard", "dossier", "reporte",
             lambda desk, who, it, _: desk.followup.reminders.chase_later(who.scope, it)),
        )
    ),
)  # fmt: skip
