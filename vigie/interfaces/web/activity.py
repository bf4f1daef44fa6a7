"""The page of an activity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from vigie.interfaces.present_activity import activity_page, wider_activity_page
from vigie.interfaces.web.frame import show, with_services
from vigie.services.relatedness.occupations import OCCUPATIONS
from vigie.services.relatedness.related import RELATED, WHERE, parts_of

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.services.questions import Question


@with_services
def activity(request: Request, services: Services) -> Response:
    """Show an activity; one that covers several leads to each of them. A code written otherwise leads to its page."""
    typed = request.path_params["naf"]
    found, above, parts = parts_of(typed)
    if typed != found.code:
        return RedirectResponse(f"/activite/{found.code}", 308)
    if parts:
        view = wider_activity_page(found, above, parts)
    else:
        asked: dict[str, Question[Any]] = {"where": WHERE, "near": RELATED, "trades": OCCUPATIONS}
        answers = {name: question.answer(services, found.code, {}) for name, question in asked.items()}
        view = activity_page(found, above, answers)
    return show(request, services, "activity.html", view, section="annuaire")
