"""The pages of dossiers: the list, the form, one dossier and all that is written in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import Right, Thing
from vigie.errors import FieldFault, RequestFault
from vigie.interfaces.desk_views import dossiers as views
from vigie.interfaces.desk_views.dossier import DONE, dossier_page
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.optional_data import directory_if_loaded
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.acts import done_sentence, offered
from vigie.interfaces.web.desk.following import (
    YES,
    back_to,
    contact_entry,
    day,
    dossier_entry,
    exchange_entry,
)
from vigie.interfaces.web.frame import page_number, show_desk
from vigie.services.followup.communes import commune_notice, typed_commune
from vigie.services.followup.dossiers import AlreadyFollowed
from vigie.services.followup.finding import DossierFilter

if TYPE_CHECKING:
    from vigie.services.accounts.recognising import Asker
    from vigie.services.desk import Desk
    from vigie.services.followup.answers import DossierLine, DossierRecord

HOME = views.ADDRESS
_FILTERS = {
    "type": "kind", "etat": "state", "suivi": "owner", "etiquette": "tag", "titre": "text",
    "portefeuille": "portfolio", "commune": "commune", "siren": "siren", "tri": "sort",
}  # fmt: skip
_FORMS = ("contact", "exchange", "reminder", "tag", "share")
Work = Callable[["Desk", "Asker", str, Mapping[str, str]], object]


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
def open_one(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Open a dossier, or show the form again beside what is wrong or the dossiers already open on the firm."""
    typed = words(form)
    try:
        with directory_if_loaded(request.app.state.installation) as know:
            opened = desk.followup.dossiers.open(
                who.scope, dossier_entry(typed), know, anyway=typed.get("anyway") == YES
            )
    except AlreadyFollowed as warning:
        return _new(request, desk, who, Form(typed), warning.dossiers, 409)
    except RequestFault as fault:
        return _new(request, desk, who, refused(typed, fault), status=422)
    return back_to(f"{HOME}/{opened.line.id}", "ouvert", commune=typed.get("commune", ""))


@form_at_desk
def open_on_firm(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Open a dossier from the page of a firm or an establishment, in one click."""
    typed = words(form)
    number = typed.get("numero", "")
    with directory_if_loaded(request.app.state.installation) as know:
        try:
            opened = desk.followup.dossiers.open_on_firm(who.scope, number, know)
        except AlreadyFollowed as warning:
            entry = desk.followup.dossiers.prefilled(who.scope, number, know)
            filled = {name: getattr(entry, name) for name in ("kind", "title", "siren", "siret", "commune", "source")}
            return _new(request, desk, who, Form(filled), warning.dossiers, 409)
    return back_to(f"{HOME}/{opened.line.id}", "ouvert")


@at_desk
def dossier(request: Request, desk: Desk, who: Asker) -> Response:
    """Show a dossier; one that was merged leads to the dossier that took it over."""
    record = desk.followup.dossiers.read(who.scope, request.path_params["dossier"])
    if record.merged_into:
        return RedirectResponse(f"{HOME}/{record.merged_into}", 303)
    done = DONE.get(request.query_params.get("fait", ""), "") or done_sentence(request)
    done = " ".join(filter(None, [done, commune_notice(request.query_params.get("commune", ""))]))
    return _dossier(request, desk, who, record, None, done)


@at_desk
def edit_form(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the form that changes a dossier."""
    owners = desk.followup.dossiers.owners(who.scope)
    record = desk.followup.dossiers.read(who.scope, request.path_params["dossier"])
    view = views.edit_page(record, views.form_of(record), owners)
    return show_desk(request, "desk/dossier_form.html", view)


@form_at_desk
def edit(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Change a dossier, or show the form again beside what is wrong."""
    typed, identifier = words(form), request.path_params["dossier"]
    try:
        with directory_if_loaded(request.app.state.installation) as know:
            desk.followup.dossiers.edit(who.scope, identifier, dossier_entry(typed), know)
    except RequestFault as fault:
        record = desk.followup.dossiers.read(who.scope, identifier)
        view = views.edit_page(record, refused(typed, fault), desk.followup.dossiers.owners(who.scope))
        return show_desk(request, "desk/dossier_form.html", view, status=422)
    return back_to(f"{HOME}/{identifier}", "modifie", commune=typed.get("commune", ""))


@at_desk
def merge_form(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what merging would bring together."""
    desk.followup.dossiers.owners(who.scope)
    record = desk.followup.dossiers.read(who.scope, request.path_params["dossier"])
    return show_desk(request, "desk/merge.html", views.merge_page(record))


@form_at_desk
def merge(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Merge another dossier on the same firm into this one."""
    identifier = request.path_params["dossier"]
    desk.followup.dossiers.merge(who.scope, identifier, words(form).get("other", ""))
    return back_to(f"{HOME}/{identifier}", "reuni")


@form_at_desk
def withdraw(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Withdraw a dossier; its page then offers to restore it."""
    identifier = request.path_params["dossier"]
    desk.followup.dossiers.withdraw(who.scope, identifier)
    return back_to(f"{HOME}/{identifier}")


def _written(part: str, done: str, anchor: str, work: Work) -> Callable[[Request], object]:
    """Make an endpoint that writes in a dossier, and shows it again beside what is wrong."""

    @form_at_desk
    def endpoint(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
        typed, identifier = words(form), request.path_params["dossier"]
        try:
            work(desk, who, identifier, typed)
        except RequestFault as fault:
            record = desk.followup.dossiers.read(who.scope, identifier)
            return _dossier(request, desk, who, record, (part, refused(typed, fault)))
        return back_to(f"{HOME}/{identifier}", done, anchor)

    return endpoint


def _new(
    request: Request,
    desk: Desk,
    who: Asker,
    form: Form,
    already: tuple[DossierLine, ...] = (),
    status: int = 200,
) -> Response:
    owners = desk.followup.dossiers.owners(who.scope)
    view = views.new_page(form, owners, who.scope.person, already)
    return show_desk(request, "desk/dossier_form.html", view, status=status)


def _dossier(
    request: Request,
    desk: Desk,
    who: Asker,
    record: DossierRecord,
    refusal: tuple[str, Form] | None = None,
    done: str = "",
) -> Response:
    typed = {"exchange": {"happened_on": desk.journal.today(who.scope).isoformat()}}
    forms = {name: Form(typed.get(name, {})) for name in _FORMS}
    if refusal is not None:
        forms |= dict([refusal])
    partners = desk.followup.marking.partners(who.scope) if record.may_write else ()
    view = dossier_page(record, forms, partners, unfolded=refusal[0] if refusal else "", done=done)
    if record.may_write:
        view = replace(view, acts=offered(who.scope, "dossiers/{dossier}", dossier=record.line.id))
    return show_desk(request, "desk/dossier.html", view, status=422 if refusal else 200)


def _remind(desk: Desk, who: Asker, dossier: str, typed: Mapping[str, str]) -> object:
    due_on = day(typed, "due_on")
    if due_on is None:
        raise FieldFault("due_on", "Donnez le jour du rappel.")
    return desk.followup.reminders.add(who.scope, due_on, typed.get("reason", ""), dossier=dossier)


_WRITTEN: tuple[tuple[str, str, str, str, Work], ...] = (
    ("clore", "", "clos", "", lambda desk, who, it, _: desk.followup.dossiers.close(who.scope, it)),
    ("rouvrir", "", "rouvert", "", lambda desk, who, it, _: desk.followup.dossiers.reopen(who.scope, it)),
    ("retablir", "", "retabli", "", lambda desk, who, it, _: desk.followup.dossiers.restore(who.scope, it)),
    ("etiquettes", "tag", "etiquette", "fiche",
     lambda desk, who, it, typed: desk.followup.marking.tag(who.scope, it, typed.get("label", ""))),
    ("etiquettes/retirer", "tag", "etiquette", "fiche",
     lambda desk, who, it, typed: desk.followup.marking.untag(who.scope, it, typed.get("label", ""))),
    ("partages", "share", "partage", "partages",
     lambda desk, who, it, typed: desk.followup.marking.share(who.scope, it, typed.get("person", ""))),
    ("partages/retirer", "share", "partage", "partages",
     lambda desk, who, it, typed: desk.followup.marking.unshare(who.scope, it, typed.get("person", ""))),
    ("contacts", "contact", "contact", "contacts",
     lambda desk, who, it, typed: desk.followup.contacts.add(who.scope, it, contact_entry(typed))),
    ("echanges", "exchange", "echange", "echanges",
     lambda desk, who, it, typed: desk.followup.exchanges.record(who.scope, it, exchange_entry(typed))),
    ("rappels", "reminder", "rappel", "rappels", _remind),
)  # fmt: skip

ROUTES = (
    Route(HOME, dossiers, methods=["GET"]),
    Route(HOME, open_one, methods=["POST"]),
    Route(f"{HOME}/nouveau", new, methods=["GET"]),
    Route(f"{HOME}/ouvrir", open_on_firm, methods=["POST"]),
    Route(f"{HOME}/{{dossier}}", dossier, methods=["GET"]),
    Route(f"{HOME}/{{dossier}}/modifier", edit_form, methods=["GET"]),
    Route(f"{HOME}/{{dossier}}/modifier", edit, methods=["POST"]),
    Route(f"{HOME}/{{dossier}}/reunir", merge_form, methods=["GET"]),
    Route(f"{HOME}/{{dossier}}/reunir", merge, methods=["POST"]),
    Route(f"{HOME}/{{dossier}}/retirer", withdraw, methods=["POST"]),
    *(
        Route(f"{HOME}/{{dossier}}/{path}", _written(part, done, anchor, work), methods=["POST"])
        for path, part, done, anchor, work in _WRITTEN
    ),
)
