"""The public policy and journal of moderation, and the page where an admin decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.errors import Conflict, FieldFault, NotFound
from vigie.interfaces.desk_views import moderation as views
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.exports import KINDS
from vigie.interfaces.journal_asking import page_asked
from vigie.interfaces.web.asker import at_desk, for_anyone, form_at_desk, words
from vigie.interfaces.web.frame import show_desk
from vigie.services.records.moderating import EXPORTED

if TYPE_CHECKING:
    from vigie.services.accounts.recognising import Asker
    from vigie.services.desk import Desk

HERE = "/bureau/moderation"


@for_anyone
def policy(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the policy and the decisions, to everybody."""
    page = desk.records.moderating.decisions(who.scope, page_asked(request.query_params.multi_items()))
    return show_desk(request, "desk/policy.html", views.policy_view(page), section="")


@for_anyone
def decisions_file(request: Request, desk: Desk, who: Asker) -> Response:
    """Give the public journal as a file."""
    name = request.path_params["name"]
    kind = KINDS.get(name.removeprefix("decisions."))
    if kind is None or not name.startswith("decisions."):
        raise NotFound("Ce fichier n’existe pas : choisissez decisions.csv ou decisions.excel.csv.")
    page = desk.records.moderating.decisions(who.scope, per_page=EXPORTED)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(kind.write([views.decisions_sheet(page.decisions)]), media_type=kind.media_type, headers=headers)


@at_desk
def moderating(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what can be moderated."""
    published = desk.records.moderating.published(who.scope)
    return show_desk(request, "desk/moderation.html", views.moderating_view(published, Form()))


@form_at_desk
def decide(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Hide or restore a text."""
    typed = words(form)
    try:
        desk.records.moderating.decide(
            who.scope, *(typed.get(name, "") for name in ("objet", "texte", "decision", "regle"))
        )
    except (FieldFault, Conflict) as fault:
        again = refused({"texte": typed.get("texte", "")}, fault)
        view = views.moderating_view(desk.records.moderating.published(who.scope), again)
        return show_desk(request, "desk/moderation.html", view, status=409 if isinstance(fault, Conflict) else 422)
    return RedirectResponse(HERE, 303)


ROUTES = (
    Route("/moderation", policy),
    Route("/moderation/{name}", decisions_file),
    Route(HERE, moderating),
    Route(HERE, decide, methods=["POST"]),
)
