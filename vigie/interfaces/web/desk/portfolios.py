"""The pages of portfolios."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.errors import RequestFault
from vigie.interfaces.desk_views import portfolios as views
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.optional_data import firm_names
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.following import back_to
from vigie.interfaces.web.frame import show_desk

if TYPE_CHECKING:
    from vigie.services.accounts.recognising import Asker
    from vigie.services.desk import Desk
    from vigie.services.followup.answers import PortfolioRecord

HOME = views.ADDRESS


@at_desk
def portfolios(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the portfolios of the organisation."""
    return _list(request, desk, who, Form())


@form_at_desk
def make(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Make a portfolio, or show the form again beside what is wrong."""
    typed = words(form)
    try:
        made = desk.followup.portfolios.make(who.scope, typed.get("name", ""))
    except RequestFault as fault:
        return _list(request, desk, who, refused(typed, fault), 422)
    return back_to(f"{HOME}/{made.line.id}", "cree")


@form_at_desk
def add_firm(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Put a firm or a territory in one's first portfolio, from its page, in one click."""
    typed = words(form)
    filled = desk.followup.portfolios.add(
        who.scope, "", siren=typed.get("siren", ""), territory=typed.get("territory", "")
    )
    return back_to(f"{HOME}/{filled.line.id}", "ajoute")


@at_desk
def portfolio(request: Request, desk: Desk, who: Asker) -> Response:
    """Show a portfolio."""
    record = desk.followup.portfolios.read(who.scope, request.path_params["portfolio"])
    return _one(request, record, {}, views.DONE.get(request.query_params.get("fait", ""), ""))


@form_at_desk
def rename(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Rename a portfolio, or show it again beside what is wrong."""
    typed, identifier = words(form), request.path_params["portfolio"]
    try:
        desk.followup.portfolios.rename(who.scope, identifier, typed.get("name", ""))
    except RequestFault as fault:
        record = desk.followup.portfolios.read(who.scope, identifier)
        return _one(request, record, {"name": refused(typed, fault)})
    return back_to(f"{HOME}/{identifier}", "renomme")


@form_at_desk
def add(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Put a firm or a territory in a portfolio, or show it again beside what is wrong."""
    typed, identifier = words(form), request.path_params["portfolio"]
    try:
        desk.followup.portfolios.add(
            who.scope, identifier, siren=typed.get("siren", ""), territory=typed.get("territory", "")
        )
    except RequestFault as fault:
        record = desk.followup.portfolios.read(who.scope, identifier)
        place = "territory" if typed.get("territory") else "siren"
        return _one(request, record, {place: refused(typed, fault)})
    return back_to(f"{HOME}/{identifier}", "ajoute")


@form_at_desk
def remove(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Take a firm or a territory out of a portfolio."""
    identifier = request.path_params["portfolio"]
    desk.followup.portfolios.remove(who.scope, identifier, words(form).get("member", ""))
    return back_to(f"{HOME}/{identifier}", "retire")


@form_at_desk
def withdraw(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Take a portfolio away."""
    desk.followup.portfolios.withdraw(who.scope, request.path_params["portfolio"])
    return back_to(HOME, "supprime")


def _list(request: Request, desk: Desk, who: Asker, form: Form, status: int = 200) -> Response:
    lines = desk.followup.portfolios.all(who.scope)
    view = views.portfolios_page(lines, form, views.DONE.get(request.query_params.get("fait", ""), ""))
    return show_desk(request, "desk/portfolios.html", view, status=status)


def _one(request: Request, record: PortfolioRecord, refusals: Mapping[str, Form], done: str = "") -> Response:
    forms = {name: Form() for name in ("siren", "territory")} | {
        "name": Form({"name": record.line.name, "version": record.version}),
        **refusals,
    }
    firms = (member.siren for member in record.members if member.siren)
    names = firm_names(request.app.state.installation, firms)
    view = views.portfolio_page(record, names, forms, done)
    return show_desk(request, "desk/portfolio.html", view, status=422 if refusals else 200)


ROUTES = (
    Route(HOME, portfolios, methods=["GET"]),
    Route(HOME, make, methods=["POST"]),
    Route(f"{HOME}/ajouter", add_firm, methods=["POST"]),
    Route(f"{HOME}/{{portfolio}}", portfolio, methods=["GET"]),
    Route(f"{HOME}/{{portfolio}}/renommer", rename, methods=["POST"]),
    Route(f"{HOME}/{{portfolio}}/membres", add, methods=["POST"]),
    Route(f"{HOME}/{{portfolio}}/membres/retirer", remove, methods=["POST"]),
    Route(f"{HOME}/{{portfolio}}/supprimer", withdraw, methods=["POST"]),
)
