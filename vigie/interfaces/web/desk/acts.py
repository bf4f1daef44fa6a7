"""The form, or the button, of every declared act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.declared import Field, fields_of
from vigie.errors import Conflict, RequestFault
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form, Option, refused
from vigie.interfaces.http import form_status
from vigie.interfaces.views import Link
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.frame import show_desk
from vigie.services.capabilities import acts
from vigie.services.entries import read, typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.domain.access import Scope
    from vigie.services.accounts.recognising import Asker
    from vigie.services.acts import Act
    from vigie.services.desk import Desk

DONE = "acte"
"""Name, in an address, of the act that was just done: the page then says its sentence."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of a form: what it is called, how it is typed, what it offers."""

    name: str
    label: str
    hint: str
    kind: str
    required: bool
    longest: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ActPage:
    """`desk/act.html`: the form of a declared act."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    form: Form
    fields: tuple[FieldView, ...]
    action: str
    back: str
    button: str


def routes() -> tuple[Route, ...]:
    """Return the form and the sending of every declared act."""
    made = []
    for act in acts().values():
        if act.page is not None:
            made.append(Route(f"/bureau/{act.form_at}", _form(act), methods=["GET"]))
        made.append(Route(f"/bureau/{act.form_at}", _sent(act), methods=["POST"]))
    return tuple(made)


def done_sentence(request: Request) -> str:
    """Return what to say of the act that was just done, nothing when there is none."""
    act = acts().get(request.query_params.get(DONE, ""))
    return act.done if act else ""


def offered(scope: Scope, address: str, **named: str) -> tuple[Link, ...]:
    """Return the forms of the declared acts on what is at an address, for who may do them."""
    return tuple(
        Link(act.page.title, f"/bureau/{act.form_at.format(**named)}")
        for act in acts().values()
        if act.page is not None
        and act.address.startswith(f"{address}/")
        and scope.may(act.needs.thing, *act.needs.rights)
    )


def _form(act: Act[Any]) -> Any:
    @at_desk
    def form(request: Request, desk: Desk, who: Asker) -> Response:
        return _page(request, desk, who, act, None, 200)

    return form


def _sent(act: Act[Any]) -> Any:
    @form_at_desk
    def sent(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
        given, key = words(form), _key(request)
        try:
            desk.acts.run(who.scope, act, key, read(act.takes, typed(act.takes, given)))
        except (RequestFault, Conflict) as fault:
            if act.page is None:
                raise
            return _page(request, desk, who, act, refused(given, fault), form_status(fault))
        return RedirectResponse(_back(act, request, f"?{DONE}={act.kind}"), 303)

    return sent


def _page(request: Request, desk: Desk, who: Asker, act: Act[Any], refusal: Form | None, status: int) -> Response:
    assert act.page is not None  # noqa: S101 - only acts with a page have a form
    prepared = desk.acts.prepare(who.scope, act, _key(request))
    view = ActPage(
        title=act.page.title,
        lead=act.page.lead,
        trail=(DESK, Link(act.page.title)),
        form=refusal or Form(prepared.stands),
        fields=tuple(_field(one, prepared.choices.get(one.name)) for one in fields_of(act.takes)),
        action=request.url.path,
        back=_back(act, request),
        button=act.page.button,
    )
    return show_desk(request, "desk/act.html", view, status=status)


def _key(request: Request) -> str:
    return str(next(iter(request.path_params.values()), ""))


def _back(act: Act[Any], request: Request, query: str = "") -> str:
    path, _, anchor = (act.page.back if act.page else "/bureau").format(**request.path_params).partition("#")
    return f"{path}{query}{'#' if anchor else ''}{anchor}"


def _field(one: Field, offered: Mapping[str, str] | None) -> FieldView:
    kinds = {"date": "date", "int": "number", "bool": "tick"}
    words = one.words if offered is None else offered
    kind = "choice" if words is not None else one.shape or kinds.get(one.type.__name__, "text")
    options = tuple(Option(value, label) for value, label in (words or {}).items())
    longest = str(one.length) if one.length else ""
    return FieldView(one.names[-1], one.label, one.hint, kind, one.required, longest, options)
