"""The pages of portfolios."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.interfaces.desk_views import portfolios as views
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.http import form_status
from vigie.interfaces.optional_data import firm_names
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.acts import Fault, done, done_sentence
from vigie.interfaces.web.frame import show_desk
from vigie.services.entries import read, typed
from vigie.services.followup.portfolios import FILLED, MADE, RENAMED, Watching

if TYPE_CHECKING:
    from vigie.services.accounts.recognising import Asker
    from vigie.services.acts import Act
    from vigie.services.desk import Desk
    from vigie.services.followup.answers import PortfolioRecord

HOME = views.ADDRESS


@at_desk
def portfolios(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the portfolios of the organisation."""
    return _list(request, desk, who, Form())


@form_at_desk
def add_firm(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Put a firm or a territory in one's first portfolio, from its page, in one click."""
    filled = desk.followup.portfolios.fill_first(who.scope, read(Watching, typed(Watching, words(form))))
    return done(f"{HOME}/{filled.line.id}", FILLED)


@at_desk
def portfolio(request: Request, desk: Desk, who: Asker) -> Response:
    """Show a portfolio."""
    record = desk.followup.portfolios.read(who.scope, request.path_params["portfolio"])
    return _one(request, record, {}, done_sentence(request))


def _list_again(
    request: Request, desk: Desk, who: Asker, _: Act[Any, Any], given: Mapping[str, str], fault: Fault
) -> Response:
    return _list(request, desk, who, refused(given, fault), form_status(fault))


def _again(
    request: Request, desk: Desk, who: Asker, act: Act[Any, Any], given: Mapping[str, str], fault: Fault
) -> Response:
    """Show a portfolio again beside what is wrong."""
    record = desk.followup.portfolios.read(who.scope, request.path_params["portfolio"])
    place = "name" if act is RENAMED else "territory" if given.get("territory") else "siren"
    return _one(request, record, {place: refused(given, fault)})


def _list(request: Request, desk: Desk, who: Asker, form: Form, status: int = 200) -> Response:
    lines = desk.followup.portfolios.all(who.scope)
    view = views.portfolios_page(lines, form, done_sentence(request))
    return show_desk(request, "desk/portfolios.html", view, status=status)


def _one(request: Request, record: PortfolioRecord, refusals: Mapping[str, Form], said: str = "") -> Response:
    forms = {name: Form() for name in ("siren", "territory")} | {
        "name": Form({"name": record.line.name, "version": record.version}),
        **refusals,
    }
    firms = (member.siren for member in record.members if member.siren)
    names = firm_names(request.app.state.installation, firms)
    view = views.portfolio_page(record, names, forms, said)
    return show_desk(request, "desk/portfolio.html", view, status=422 if refusals else 200)


HOSTS = {MADE.kind: _list_again, RENAMED.kind: _again, FILLED.kind: _again}
ROUTES = (
    Route(HOME, portfolios, methods=["GET"]),
    Route(f"{HOME}/ajouter", add_firm, methods=["POST"]),
    Route(f"{HOME}/{{portfolio}}", portfolio, methods=["GET"]),
)
