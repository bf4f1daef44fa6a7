"""The needs that were stated without an account, as the officer reads and answers them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.domain.firm_names import usual_case
from vigie.errors import Objected
from vigie.interfaces.desk_views import needs as views
from vigie.interfaces.desk_views.acts import ActForm, act_form
from vigie.interfaces.desk_views.at_once import help_view
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.http import form_status
from vigie.interfaces.web.asker import at_desk
from vigie.interfaces.web.desk.acts import Fault, Host, done_sentence
from vigie.interfaces.web.desk.naming import public_names
from vigie.interfaces.web.desk.stating import answered_at_once
from vigie.interfaces.web.frame import show_desk
from vigie.services.needs import answering

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.acts import Act
    from vigie.services.desk import Desk
    from vigie.services.needs.answers import NeedRecord

_FORMS: Mapping[str, Act[Any, Any]] = {"answer": answering.ANSWERED, "close": answering.CLOSED}
"""What is done on the page of a need itself, by what may be done with it."""


@at_desk
def every(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the needs, those that wait first."""
    lines = desk.needs.reading.all(who.scope)
    view = views.needs_page(lines, public_names(request, (line.siren for line in lines)))
    return show_desk(request, "desk/needs.html", view)


@at_desk
def one(request: Request, desk: Desk, who: Asker) -> Response:
    """Show one need, which is then read."""
    return _page(request, desk, who, {}, done=done_sentence(request))


def _host(
    request: Request, desk: Desk, who: Asker, act: Act[Any, Any], typed: Mapping[str, str], fault: Fault
) -> Response:
    """Show the page of a need again, with what was refused in it."""
    return _page(request, desk, who, {act.kind: refused(typed, fault)}, form_status(fault))


def _page(
    request: Request, desk: Desk, who: Asker, refusals: Mapping[str, Form], status: int = 200, done: str = ""
) -> Response:
    record = desk.needs.reading.one(who.scope, request.path_params["need"])
    line = record.line
    asks = bool(line.text) and record.outcome == ""
    found = answered_at_once(request, desk, who, (line.text, line.commune, line.siren)) if asks else None
    help_ = help_view(found, line.dossier) if found else None
    view = views.need_page(record, _public_name(desk, line.siren), _forms(record, refusals), done, help_)
    return show_desk(request, "desk/need.html", view, status=status)


def _public_name(desk: Desk, siren: str) -> str:
    """Return the public name of the firm of a need, empty without one, or for one that objects or is masked."""
    try:
        known = desk.register.known(siren) if siren else None
    except Objected:
        return ""
    return usual_case(known.name) if known and known.name and not known.masked else ""


def _forms(record: NeedRecord, refusals: Mapping[str, Form]) -> Mapping[str, ActForm]:
    return {
        word: act_form(act, {"need": record.line.id}, None, refusals.get(act.kind))
        for word, act in _FORMS.items()
        if word in record.may
    }


HOSTS: Mapping[str, Host] = {act.kind: _host for act in _FORMS.values()}
ROUTES = (
    Route(views.LIST, every),
    Route(f"{views.LIST}/{{need}}", one),
)
