"""Asking to be introduced to a firm, and what officers do with what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain import french
from vigie.domain.access import Right, Role, Scope, Thing
from vigie.domain.introductions import ASKED_WORDS, RequestState
from vigie.errors import Conflict, RequestFault
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.desk_views.introductions import ADDRESS as BOARD
from vigie.interfaces.desk_views.introductions import ASK, INTRODUCTIONS
from vigie.interfaces.http import form_status
from vigie.interfaces.views import Fact, IntroductionLine, Link
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.naming import names_in, public_names
from vigie.interfaces.web.frame import show_desk
from vigie.services.introductions.requests import IntroductionWish

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk
    from vigie.services.introductions.requests import RequestTold

ADDRESS = f"{BOARD}/demandes"
DONE = {
    "demandee": "Votre demande est transmise à votre organisation ; l’entreprise n’en sait rien pour l’instant.",
    "retiree": "Votre demande est retirée.",
    "declinee": "La réponse est partie ; l’autre entreprise n’en a rien su.",
}


@dataclass(frozen=True, slots=True)
class AskPage:
    """`desk/introduction_ask.html`: the head of a firm says why it wants to meet another."""

    lead: str
    form: Form
    action: str
    hidden: tuple[tuple[str, str], ...]
    trail: tuple[Link, ...] = (DESK, INTRODUCTIONS, Link("Demander"))
    title: str = "Demander une mise en relation"


@dataclass(frozen=True, slots=True)
class RequestPage:
    """`desk/introduction_request.html`: one request; `prepare` leads to the form that makes a proposal of it."""

    title: str
    lead: str
    reason: tuple[str, ...]
    answer: tuple[str, ...]
    facts: tuple[Fact, ...]
    address: str
    prepare: str
    may: tuple[str, ...]
    form: Form
    done: str = ""
    trail: tuple[Link, ...] = (DESK, INTRODUCTIONS, Link("Demande"))


def may_ask(scope: Scope, siren: str) -> bool:
    """Tell whether the asker is offered to ask for an introduction to a firm."""
    heads = scope.role is Role.HEAD and bool(scope.siren) and scope.siren != siren
    return bool(siren) and heads and scope.may(Thing.INTRODUCTIONS, Right.WRITE_OWN)


def ask_page(name: str, siren: str, call: str, form: Form) -> AskPage:
    """Build the form of a firm's head."""
    return AskPage(
        lead=f"Dites pourquoi vous voulez rencontrer {name or french.identifier(siren)} ; votre organisation vous lit, "
        "puis propose la rencontre aux deux entreprises ou vous dit pourquoi non.",
        form=form,
        action=ADDRESS,
        hidden=tuple((field, value) for field, value in (("siren", siren), ("appel", call)) if value),
    )


def request_page(told: RequestTold, names: Mapping[str, str], form: Form, done: str = "") -> RequestPage:
    """Build the page of a request, for who asked or for an officer."""
    first, second = _name(told.siren, names), _name(told.sought_siren, names)
    return RequestPage(
        title=f"Rencontrer {second}",
        lead=_sentence(told, first, second),
        reason=french.paragraphs(told.reason),
        answer=french.paragraphs(told.answer),
        facts=_facts(told, names),
        address=f"{ADDRESS}/{told.id}",
        prepare=f"{BOARD}/nouvelle?demande={told.id}",
        may=told.may,
        form=form,
        done=DONE.get(done, ""),
    )


def request_rows(requests: Iterable[RequestTold], names: Mapping[str, str]) -> tuple[IntroductionLine, ...]:
    """Return requests as lists show them; those that wait say since when."""
    return tuple(_row(one, names) for one in requests)


def _row(told: RequestTold, names: Mapping[str, str]) -> IntroductionLine:
    waits = told.state == RequestState.WAITING.value
    since = french.long_date(told.created_at)
    return IntroductionLine(
        title=f"{_name(told.siren, names)} demande à rencontrer {_name(told.sought_siren, names)}",
        href=f"{ADDRESS}/{told.id}",
        remarks=(f"demandée le {since}",) if waits else (f"demandée le {since}", ASKED_WORDS[RequestState(told.state)]),
        waiting=ASKED_WORDS[RequestState.WAITING] if waits else "",
    )


def _name(siren: str, names: Mapping[str, str]) -> str:
    return names.get(siren) or f"l’entreprise {french.identifier(siren)}"


def _sentence(told: RequestTold, first: str, second: str) -> str:
    since = french.long_date(told.created_at)
    match RequestState(told.state):
        case RequestState.WAITING:
            return f"Depuis le {since}, {first} attend une réponse ; {second} n’en sait rien."
        case RequestState.PROPOSED:
            return "La mise en relation est proposée aux deux entreprises : chacune reçoit un courriel pour répondre."
        case RequestState.DECLINED:
            return f"Cette demande reste sans suite ; {second} n’en a rien su."
    return "Cette demande est retirée."


def _facts(told: RequestTold, names: Mapping[str, str]) -> tuple[Fact, ...]:
    reach = " · ".join(part for part in (told.name, told.email) if part)
    firms = (("Demandée par", told.siren), ("Pour rencontrer", told.sought_siren))
    found = [
        Fact(label, _name(siren, names), f"/entreprise/{siren}" if siren in names else "") for label, siren in firms
    ]
    return tuple(
        fact
        for fact in (
            *found,
            Fact("Contact", reach) if told.email else None,
            Fact("À propos de", "un appel publié", f"/appels/{told.call_id}") if told.call_id else None,
            Fact("Le", french.long_date(told.created_at)),
            Fact("Mise en relation", "la suivre", f"{BOARD}/{told.introduction_id}") if told.introduction_id else None,
        )
        if fact is not None
    )


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
    return RedirectResponse(f"{ADDRESS}/{told.id}?fait=demandee", 303)


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
    return RedirectResponse(f"{ADDRESS}/{told.id}?fait=retiree", 303)


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
    return RedirectResponse(f"{ADDRESS}/{told.id}?fait=declinee", 303)


def _form_page(request: Request, name: str, siren: str, call: str, form: Form, status: int = 200) -> Response:
    return show_desk(request, "desk/introduction_ask.html", ask_page(name, siren, call, form), status=status)


def _page(request: Request, desk: Desk, who: Asker, form: Form, *, status: int = 200, done: str = "") -> Response:
    told = desk.introductions.requests.one(who.scope, request.path_params["identifier"])
    names = names_in(request, [told])
    view = request_page(told, names, form, done)
    return show_desk(request, "desk/introduction_request.html", view, status=status)


ROUTES = (
    Route(ASK, ask),
    Route(ADDRESS, send, methods=["POST"]),
    Route(f"{ADDRESS}/{{identifier}}", one),
    Route(f"{ADDRESS}/{{identifier}}/retirer", withdraw, methods=["POST"]),
    Route(f"{ADDRESS}/{{identifier}}/decliner", decline, methods=["POST"]),
)
