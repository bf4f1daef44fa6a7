"""The needs that were stated without an account, as the officer reads and answers them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.interfaces.desk_views import needs as views
from vigie.interfaces.desk_views.acts import ActForm, act_form
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.http import form_status
from vigie.interfaces.web.aids import aids_for_need
from vigie.interfaces.web.asker import at_desk
from vigie.interfaces.web.desk.acts import Fault, Host, done_sentence
from vigie.interfaces.web.desk.naming import public_names
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
    siren = record.line.siren
    firm = public_names(request, (siren,)).get(siren, "") if siren else ""
    masked = bool(siren) and desk.register.known(siren).masked
    aids = aids_for_need(request, record.line.text, siren)
    view = views.need_page(record, "" if masked else firm, _forms(record, refusals), done, aids)
    return show_desk(request, "desk/need.html", view, status=status)


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
