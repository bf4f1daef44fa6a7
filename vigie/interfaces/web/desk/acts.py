"""The form, or the button, of every declared act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.declared import fields_of
from vigie.errors import Conflict, FieldFault, FieldFaults, NotFound, RequestFault
from vigie.interfaces.desk_views.acts import act_page
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.http import form_status
from vigie.interfaces.views import Link
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.frame import show_desk
from vigie.interfaces.web.information import own_address
from vigie.services.acts import PreparedForm
from vigie.services.capabilities import acts
from vigie.services.communes import commune_notice
from vigie.services.entries import typed

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.accounts.sessions import Asker
    from vigie.services.acts import Act
    from vigie.services.desk import Desk

DONE, RETURN, COMMUNE = "acte", "retour", "commune"
"""Names, in an address, of the act that was just done (the page then says its sentence) and of a commune that was read
otherwise than typed; in a form, of the page that it was pressed on."""

Fault = RequestFault | Conflict
Host = Callable[[Request, "Desk", "Asker", "Act[Any, Any]", Mapping[str, str], Fault], Response]
"""A page written by hand that holds the form of an act: shows itself again with what was typed and what is wrong."""


def routes(hosts: Mapping[str, Host]) -> tuple[Route, ...]:
    """Return the form and the sending of every declared act; `hosts` are the pages that hold some, by kind of act."""
    over = {one.kind: _over(one.page.foot_of) for one in acts().values() if one.page and one.page.foot_of}
    made, known = [], {**over, **hosts}
    for act in acts().values():
        if act.has_page:
            made.append(Route(f"/bureau/{act.form_at}", _form(act), methods=["GET"]))
        if act.form_at:
            made.append(Route(f"/bureau/{act.form_at}", _sent(act, known.get(act.kind)), methods=["POST"]))
    return tuple(made)


def done_sentence(request: Request) -> str:
    """Return what to say of the act that was just done, nothing when there is none."""
    act = acts().get(request.query_params.get(DONE, ""))
    notice = commune_notice(request.query_params.get(COMMUNE, ""))
    return " ".join(filter(None, [act.done if act else "", notice]))


def offered(scope: Scope, address: str, **named: str) -> tuple[Link, ...]:
    """Return the pages of the declared acts on what is at an address, for who may do them."""
    return tuple(
        Link(act.page.title, f"/bureau/{act.form_at.format(**named)}")
        for act in acts().values()
        if act.page is not None
        and act.has_page
        and act.address.startswith(f"{address}/")
        and scope.may(act.needs.thing, *act.needs.rights)
    )


def _form(act: Act[Any, Any]) -> Any:
    @at_desk
    def form(request: Request, desk: Desk, who: Asker) -> Response:
        return _page(request, desk, who, act)

    return form


def _over(act: Act[Any, Any]) -> Host:
    """Return the page of an act, for what is wrong with an act beside it."""

    def shown(
        request: Request, desk: Desk, who: Asker, other: Act[Any, Any], given: Mapping[str, str], fault: Fault
    ) -> Response:
        return _page(request, desk, who, act, (other.kind, refused(given, fault)), form_status(fault))

    return shown


def _sent(act: Act[Any, Any], host: Host | None) -> Any:
    @form_at_desk
    def sent(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
        given = words(form)
        key, named = act.placed(request.path_params)
        try:
            subject = desk.acts.do(who.scope, act, key, {**typed(act.takes, given), **named})
        except (RequestFault, Conflict) as fault:
            if host is None and not act.has_page:
                raise
            shown = _named_as_in_form(act, fault)
            if host is not None:
                return host(request, desk, who, act, given, shown)
            return _page(request, desk, who, act, (act.kind, refused(given, shown)), form_status(fault))
        back = own_address(given[RETURN]) if given.get(RETURN) else ""
        return done(back or desk.acts.back(who.scope, act, subject, request.path_params), act, given)

    return sent


def _named_as_in_form(act: Act[Any, Any], fault: Fault) -> Fault:
    """Return a fault whose fields are called as in the form of the act, where that is not as in the code."""
    names = {one.name: one.names[-1] for one in fields_of(act.takes)}
    if isinstance(fault, FieldFault):
        return FieldFault(names.get(fault.field, fault.field), str(fault))
    if isinstance(fault, FieldFaults):
        return FieldFaults({names.get(name, name): said for name, said in fault.faults.items()})
    return fault


def done(back: str, act: Act[Any, Any], typed: Mapping[str, str] | None = None) -> Response:
    """Lead back to a page that says what was done, and how a commune was read if need be."""
    page, _, anchor = back.partition("#")
    commune = (typed or {}).get(COMMUNE, "")
    told = {DONE: act.kind} | ({COMMUNE: commune} if commune and commune_notice(commune) else {})
    said = f"{'&' if '?' in page else '?'}{urlencode(told)}"
    return RedirectResponse(f"{page}{said}{'#' if anchor else ''}{anchor}", 303)


def _page(
    request: Request,
    desk: Desk,
    who: Asker,
    act: Act[Any, Any],
    refusal: tuple[str, Form] | None = None,
    status: int = 200,
) -> Response:
    key, _ = act.placed(request.path_params)
    try:
        prepared = desk.acts.prepare(who.scope, act, key)
    except NotFound:
        if status != HTTPStatus.CONFLICT:
            raise
        prepared = PreparedForm()  # the row left the state where this is done: what was typed is not lost for it
    back = desk.acts.back(who.scope, act, key, request.path_params)
    view = act_page(act, request.path_params, prepared, dict([refusal]) if refusal else {}, back)
    view = view if refusal else replace(view, done=done_sentence(request))
    return show_desk(request, "desk/act.html", view, status=status)
