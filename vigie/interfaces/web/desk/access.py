"""Tokens of programs, and who speaks for which firm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import Role
from vigie.errors import Conflict, FieldFault, RequestFault
from vigie.interfaces.desk_views import membership as views
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.http import form_status
from vigie.interfaces.optional_data import firm_names
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.acts import Fault, done_sentence
from vigie.interfaces.web.frame import show_desk
from vigie.services.accounts.domains import DECLARED

if TYPE_CHECKING:
    from vigie.services.accounts.representing import Claim
    from vigie.services.accounts.sessions import Asker
    from vigie.services.acts import Act
    from vigie.services.desk import Desk

TOKENS, CLAIM, CLAIMS = "/bureau/jetons", "/bureau/rattachement", "/bureau/rattachements"
DONE = {
    "demande": "Votre demande est enregistrée ; sa suite se lit ici.",
}


@at_desk
def tokens(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the tokens that the asker may see."""
    return _tokens(request, desk, who, Form())


@form_at_desk
def make_token(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Make a token and show its secret, once."""
    typed = words(form)
    try:
        days = typed.get("jours", "")
        if not days.isdigit() or len(days) > 4:
            raise FieldFault("jours", "Écrivez un nombre de jours.")
        made = desk.accounts.tokens.make(who.scope, typed.get("libelle", ""), int(days))
    except RequestFault as fault:
        return _tokens(request, desk, who, refused(typed, fault), status=422)
    return _tokens(request, desk, who, Form(), made.secret, 201)


@at_desk
def claim_page(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the asker's claims; the page of a firm leads here with its number."""
    return _claim(request, desk, who, Form({"siren": request.query_params.get("siren", "")}))


@form_at_desk
def claim(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Ask to speak for a firm."""
    typed = words(form)
    try:
        desk.accounts.representing.claim(who.scope, typed.get("siren", ""))
    except (RequestFault, Conflict) as fault:
        return _claim(request, desk, who, refused(typed, fault), form_status(fault))
    return RedirectResponse(f"{CLAIM}?fait=demande", 303)


@at_desk
def claims(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the claims to decide and the domains."""
    return _claims(request, desk, who, Form())


def _tokens(request: Request, desk: Desk, who: Asker, form: Form, secret: str = "", status: int = 200) -> Response:
    view = views.tokens(desk.accounts.tokens.all(who.scope), form, secret, _done(request))
    return show_desk(request, "desk/tokens.html", view, status=status)


def _claim(request: Request, desk: Desk, who: Asker, form: Form, status: int = 200) -> Response:
    found = desk.accounts.representing.mine(who.scope)
    lines = views.claim_lines(found, _firms(request, found), named=False)
    view = views.ClaimPage(lines, form, open=who.scope.role in (Role.INHABITANT, Role.HEAD), done=_done(request))
    return show_desk(request, "desk/firm_link.html", view, status=status)


def _claims(request: Request, desk: Desk, who: Asker, form: Form, status: int = 200) -> Response:
    found = desk.accounts.representing.all(who.scope)
    lines = views.claim_lines(found, _firms(request, found), named=True)
    view = views.ClaimsPage(lines, views.domain_lines(desk.accounts.domains.all(who.scope)), form, _done(request))
    return show_desk(request, "desk/firm_links.html", view, status=status)


def _firms(request: Request, found: Sequence[Claim]) -> Mapping[str, str]:
    return firm_names(request.app.state.installation, (one.siren for one in found))


def _claims_again(
    request: Request, desk: Desk, who: Asker, _: Act[Any, Any], given: Mapping[str, str], fault: Fault
) -> Response:
    """Show the claims and the domains again, beside what is wrong."""
    return _claims(request, desk, who, refused(given, fault), form_status(fault))


def _done(request: Request) -> str:
    return DONE.get(request.query_params.get("fait", ""), "") or done_sentence(request)


HOSTS = {DECLARED.kind: _claims_again}
ROUTES = (
    Route(TOKENS, tokens),
    Route(TOKENS, make_token, methods=["POST"]),
    Route(CLAIM, claim_page),
    Route(CLAIM, claim, methods=["POST"]),
    Route(CLAIMS, claims),
)
