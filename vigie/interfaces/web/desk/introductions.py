"""The pages of introductions: the board, one introduction, its steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.introductions import IntroductionState, IntroductionStep, RequestState, Step
from vigie.errors import Conflict, FieldFault, NotFound, RequestFault
from vigie.interfaces.desk_views import introductions as views
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.desk_views.introductions_totals import totals_page
from vigie.interfaces.http import form_status, status_of
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.asking import request_rows
from vigie.interfaces.web.desk.following import day
from vigie.interfaces.web.desk.naming import names_in
from vigie.interfaces.web.frame import page_number, show_desk
from vigie.services.introductions.reading import BoardFilter

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk
    from vigie.services.introductions.following import IntroductionSteps


@at_desk
def board(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the introductions that the asker reads, or totals to those who read no case."""
    reading, scope = desk.introductions.reading, who.scope
    if not scope.may(Thing.INTRODUCTIONS, Right.READ, Right.READ_OWN):
        return show_desk(request, "desk/introductions_totals.html", totals_page(reading.aggregates(scope)))
    typed = words(request.query_params)
    state, siren = typed.get("etat", ""), typed.get("siren", "")
    if state and state not in set(IntroductionState):
        raise RequestFault("Cet état n’existe pas : choisissez-le dans la liste.")
    filters = BoardFilter(
        state, siren, typed.get("mots", "")[:100], typed.get("les_miennes") == "oui", page_number(request)
    )
    ties = reading.ties(scope, siren) if siren and scope.may(Thing.INTRODUCTIONS, Right.READ) else ()
    may_propose = scope.may(Thing.INTRODUCTIONS, Right.WRITE)
    view = views.board_page(
        reading.board(scope, filters), filters, Form(typed=typed), may_propose=may_propose, ties=ties
    )
    if not state and not siren and filters.page == 1:
        view = replace(view, **_requests(request, desk, scope, may_propose=may_propose))
    return show_desk(request, "desk/introductions.html", view)


def _requests(request: Request, desk: Desk, scope: Scope, *, may_propose: bool) -> dict[str, Any]:
    """Return the requests that wait for an officer, or those of the asker's firm, whatever became of them."""
    found = desk.introductions.requests.all(scope, RequestState.WAITING.value if may_propose else "")
    title = "Demandes en attente" if may_propose else "Vos demandes"
    return {"requests": request_rows(found, names_in(request, found)), "requests_title": title}


@at_desk
def totals(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the totals of the organisation."""
    view = totals_page(desk.introductions.reading.aggregates(who.scope))
    return show_desk(request, "desk/introductions_totals.html", view)


@at_desk
def one(request: Request, desk: Desk, who: Asker) -> Response:
    """Show one introduction."""
    return _page(request, desk, who, Form(), done=request.query_params.get("fait", ""))


@form_at_desk
def step(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Take a step of an introduction, then show it; a step that is refused is said on the page."""
    typed, name = words(form), request.path_params["step"]
    try:
        _take(desk.introductions.following, who, request, typed)
    except (Conflict, RequestFault) as fault:
        status = form_status(fault)
        return _page(request, desk, who, refused(typed, fault), status=status)
    return RedirectResponse(f"{_address(request)}?fait={name}", 303)


def _take(following: IntroductionSteps, who: Asker, request: Request, typed: dict[str, str]) -> None:
    scope, identifier = who.scope, request.path_params["identifier"]
    match request.path_params["step"]:
        case "reponse" if typed.get("decision") == "retirer":
            following.withdraw(scope, identifier)
        case "reponse":
            following.answer(scope, identifier, accept=_accepts(typed))
        case "rencontre":
            following.met(scope, identifier, _day(typed, "met_on"))
        case "issue":
            following.conclude(scope, identifier, _outcome(typed))
        case "abandon":
            following.abandon(scope, identifier)
        case "satisfaction":
            following.rate(scope, identifier, _count(typed, "satisfaction") or 0, typed.get("comment", ""))
        case _:
            raise NotFound(ABSENT)


@form_at_desk
def renew(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Send a new link to a side that did not answer."""
    identifier, position = request.path_params["identifier"], request.path_params["position"]
    try:
        desk.introductions.following.renew(who.scope, identifier, position)
    except Conflict as fault:
        return _page(request, desk, who, refused(words(form), fault), status=status_of(fault))
    return RedirectResponse(f"{_address(request)}?fait=lien", 303)


def _page(request: Request, desk: Desk, who: Asker, form: Form, *, status: int = 200, done: str = "") -> Response:
    told = desk.introductions.reading.one(who.scope, request.path_params["identifier"])
    today = desk.journal.today(who.scope).isoformat()
    return show_desk(request, "desk/introduction.html", views.introduction_page(told, form, today, done), status=status)


def _address(request: Request) -> str:
    return f"{views.ADDRESS}/{request.path_params['identifier']}"


def _accepts(typed: dict[str, str]) -> bool:
    decision = typed.get("decision", "")
    if decision not in ("accepter", "refuser"):
        raise RequestFault("Choisissez d’accepter ou de refuser.")
    return decision == "accepter"


def _day(typed: dict[str, str], name: str) -> date:
    found = day(typed, name)
    if found is None:
        raise FieldFault(name, "Donnez le jour de la rencontre.")
    return found


def _count(typed: dict[str, str], name: str) -> int | None:
    text = "".join(typed.get(name, "").split())
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 10:
        raise FieldFault(name, "Donnez un nombre entier, sans virgule.")
    return int(text)


def _outcome(typed: dict[str, str]) -> IntroductionStep:
    chosen = typed.get("outcome", "")
    without = chosen.removeprefix("sans:") if chosen.startswith("sans:") else ""
    return IntroductionStep(
        Step.CONCLUDED,
        outcome="" if without else chosen,
        why_not=without,
        amount=_count(typed, "amount"),
        jobs=_count(typed, "jobs"),
    )


ROUTES = (
    Route(views.ADDRESS, board),
    Route(f"{views.ADDRESS}/totaux", totals),
    Route(f"{views.ADDRESS}/{{identifier}}", one),
    Route(f"{views.ADDRESS}/{{identifier}}/{{step}}", step, methods=["POST"]),
    Route(f"{views.ADDRESS}/{{identifier}}/lien/{{position}}", renew, methods=["POST"]),
)
