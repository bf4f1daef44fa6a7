"""What introductions teach: the page that says it, and the button that learns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.interfaces.desk_views.learning import learning_page
from vigie.interfaces.web.asker import at_desk, form_at_desk
from vigie.interfaces.web.desk.acts import done_sentence
from vigie.interfaces.web.frame import show_desk
from vigie.services.connect.adopting import LEARNING, read_learning

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk

_LEARNED = "appris"


@at_desk
def page(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what was learned, and the weights in use."""
    told = desk.acts.tell(who.scope, read_learning, "")
    done = "C’est appris, et gardé." if request.query_params.get("fait") == _LEARNED else done_sentence(request)
    return show_desk(request, "desk/learning.html", learning_page(told, LEARNING, done))


@form_at_desk
def learn(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Learn from what is known now."""
    with request.app.state.installation.services() as services:
        desk.learning.learn(who.scope, services)
    return RedirectResponse(f"{LEARNING}?fait={_LEARNED}", 303)


ROUTES = (Route(LEARNING, page), Route(LEARNING, learn, methods=["POST"]))
