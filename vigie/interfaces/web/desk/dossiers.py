"""The pages of dossiers: the list, the form, one dossier and all that is written in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import Right, Thing
from vigie.errors import Conflict, FieldFault, RequestFault
from vigie.interfaces.desk_views import dossiers as views
from vigie.interfaces.desk_views.acts import act_form
from vigie.interfaces.desk_views.dossier import dossier_page
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.http import form_status
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.acts import Fault, done, done_sentence, offered
from vigie.interfaces.web.frame import page_number, show_desk
from vigie.services.communes import typed_commune
from vigie.services.entries import written
from vigie.services.followup import contacts, exchanges, marking, reminders
from vigie.services.followup.answers import Opening
from vigie.services.followup.dossiers import OPENED, AlreadyFollowed, prefilled
from vigie.services.followup.reading import DossierFilter

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.acts import Act
    from vigie.services.desk import Desk
    from vigie.services.followup.answers import DossierLine, DossierRecord

HOME = views.ADDRESS
_FILTERS = {
    "type": "kind", "etat": "state", "suivi": "owner", "etiquette": "tag", "titre": "text",
    "portefeuille": "portfolio", "commune": "commune", "siren": "siren", "tri": "sort",
}  # fmt: skip


@at_desk
def dossiers(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the dossiers that answer the filters of the address."""
    office, scope = desk.followup, who.scope
    inside, may_write = scope.may(Thing.DOSSIERS, Right.READ), scope.may(Thing.DOSSIERS, Right.WRITE)
    typed = words(request.query_params)
    given = {name: typed[word] for word, name in _FILTERS.items() if typed.get(word)}
    asked, form, status = DossierFilter(**given, page=page_number(request)), Form(typed=typed), 200  # type: ignore[arg-type]
    try:
        typed_commune(asked.commune)
        found = office.dossiers.search(scope, asked)
    except RequestFault as fault:
        place = FieldFault("commune", str(fault)) if typed.get("commune") else fault
        form, status = refused(typed, place), 422
        asked = DossierFilter()
        found = office.dossiers.search(scope, asked)
    around = views.Around()
    if inside:
        owners = office.dossiers.owners(scope) if may_write else ()
        around = views.Around(owners, office.dossiers.tags(scope), office.portfolios.all(scope))
    view = views.dossiers_page(found, asked, form, around, inside=inside, may_write=may_write)
    return show_desk(request, "desk/dossiers.html", view, status=status)


@at_desk
def new(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the form that opens a dossier."""
    return _new(request, desk, who, Form(words(request.query_params)))


@form_at_desk
def open_on_firm(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Open a dossier from the page of a firm or an establishment, in one click."""
    entry = prefilled(who.scope, desk.register, words(form).get("numero", ""))
    try:
        opened = desk.acts.do(who.scope, OPENED, "", entry)
    except AlreadyFollowed as warning:
        return _new(request, desk, who, Form(written(Opening, entry)), warning.dossiers, 409)
    return done(f"{HOME}/{opened}", OPENED)


@at_desk
def dossier(request: Request, desk: Desk, who: Asker) -> Response:
    """Show a dossier; one that was merged leads to the dossier that took it over."""
    record = desk.followup.dossiers.read(who.scope, request.path_params["dossier"])
    if record.merged_into:
        return RedirectResponse(f"{HOME}/{record.merged_into}", 303)
    return _dossier(request, desk, who, record, {}, done_sentence(request))


@at_desk
def merge_form(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what merging would bring together."""
    desk.followup.dossiers.owners(who.scope)
    record = desk.followup.dossiers.read(who.scope, request.path_params["dossier"])
    return show_desk(request, "desk/merge.html", views.merge_page(record))


def _new(
    request: Request,
    desk: Desk,
    who: Asker,
    form: Form,
    already: tuple[DossierLine, ...] = (),
    status: int = 200,
) -> Response:
    prepared = desk.acts.prepare(who.scope, OPENED, "")
    shown = act_form(OPENED, {}, prepared, replace(form, typed={**prepared.stands, **form.typed}))
    view = views.new_page(shown, already)
    return show_desk(request, "desk/dossier_form.html", view, status=status)


def _dossier(
    request: Request, desk: Desk, who: Asker, record: DossierRecord, again: Mapping[str, Form], said: str = ""
) -> Response:
    needs = desk.needs.reading.of_dossier(who.scope, record.line.id) if record.inside else ()
    view = dossier_page(record, done=said, needs=needs)
    if record.may_write:
        named = {"dossier": record.line.id}
        small = {
            name: act_form(act, named, desk.acts.prepare(who.scope, act, record.line.id), again.get(act.kind))
            for name, act in SMALL.items()
        }
        view = replace(view, acts=offered(who.scope, "dossiers/{dossier}", **named), small=small)
    return show_desk(request, "desk/dossier.html", view, status=422 if again else 200)


def _new_again(
    request: Request, desk: Desk, who: Asker, _: Act[Any, Any], typed: Mapping[str, str], fault: Fault
) -> Response:
    """Show the form that opens a dossier again beside what is wrong, or the dossiers already open on the firm."""
    already = fault.dossiers if isinstance(fault, AlreadyFollowed) else ()
    form = Form(typed) if already else refused(typed, fault)
    return _new(request, desk, who, form, already, form_status(fault))


def _again(
    request: Request, desk: Desk, who: Asker, act: Act[Any, Any], typed: Mapping[str, str], fault: Fault
) -> Response:
    """Show a dossier again beside what is wrong with the form of an act; raises what is not about what was typed."""
    if isinstance(fault, Conflict):
        raise fault
    record = desk.followup.dossiers.read(who.scope, request.path_params["dossier"])
    return _dossier(request, desk, who, record, {act.kind: refused(typed, fault)})


SMALL: Mapping[str, Act[Any, Any]] = {
    "contact": contacts.ADDED,
    "exchange": exchanges.RECORDED,
    "reminder": reminders.ADDED,
    "tag": marking.TAGGED,
    "share": marking.SHARED,
}
"""The acts whose form stands in the page of a dossier."""
HOSTS = {OPENED.kind: _new_again} | {act.kind: _again for act in SMALL.values()}
ROUTES = (
    Route(HOME, dossiers, methods=["GET"]),
    Route(f"{HOME}/nouveau", new, methods=["GET"]),
    Route(f"{HOME}/ouvrir", open_on_firm, methods=["POST"]),
    Route(f"{HOME}/{{dossier}}", dossier, methods=["GET"]),
    Route(f"{HOME}/{{dossier}}/reunir", merge_form, methods=["GET"]),
)
