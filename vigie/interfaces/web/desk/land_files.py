"""The files of the inventory of land, for officers: one brought, what is wrong in it, each given back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain import french
from vigie.errors import InputFault, LinesRefused, RequestFault
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.views import Link, TableView
from vigie.interfaces.web.asker import at_desk
from vigie.interfaces.web.desk.acts import done_sentence
from vigie.interfaces.web.desk.bringing import brought, file_at_desk
from vigie.interfaces.web.frame import show_desk
from vigie.services.sites.inventory import LIST
from vigie.services.sites.land_files import FILES, MOST_BYTES, LandFileTold, standards

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk

_TOO_LONG = "Ce fichier pèse plus de 20 Mo : coupez-le."
_SHOWN = 200
"""Faults that a page shows: beyond, one column is wrong all along."""
_BROUGHT, _CHECKED = "apporte", "juste"


@dataclass(frozen=True, slots=True)
class LandFileRow:
    """A file of the list: what it holds, what is left of it, and its two files."""

    title: str
    detail: str
    public_href: str
    whole_href: str
    withdraw_href: str


@dataclass(frozen=True, slots=True)
class LandFilesPage:
    """`desk/land_files.html`: the form that brings a file, what was wrong in the last one, the files kept."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    form: Form
    faults: TableView | None
    layouts: tuple[str, ...]
    rows: tuple[LandFileRow, ...]
    done: str


@at_desk
def files(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the form that brings a file, and the files already brought."""
    return _show(request, desk, who)


@at_desk
def give(request: Request, desk: Desk, who: Asker) -> Response:
    """Give a file back, whole only when it is asked for so."""
    whole = request.query_params.get("contacts") == "oui"
    given = desk.land_files.give(who.scope, request.path_params["land_file"], whole=whole)
    headers = {"Content-Disposition": f'attachment; filename="{given.name}"'}
    return Response(given.content, media_type="text/csv", headers=headers)


def _bring(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Check the file that is brought, and keep it unless it is to be checked only."""
    only = form.get("verifier") == "oui"
    try:
        told = (desk.land_files.check if only else desk.land_files.bring)(who.scope, *brought(form))
    except (InputFault, RequestFault) as fault:
        return _show(request, desk, who, fault)
    return RedirectResponse(f"{FILES}?{_CHECKED if only else _BROUGHT}={told.lines}-{told.known}", 303)


def _show(request: Request, desk: Desk, who: Asker, fault: InputFault | RequestFault | None = None) -> Response:
    found = desk.land_files.listed(who.scope)
    form = refused({}, fault) if fault else Form()
    faults = _faults(fault) if isinstance(fault, LinesRefused) else None
    return show_desk(
        request, "desk/land_files.html", _page(found, form, faults, _done(request)), status=422 if fault else 200
    )


def _page(found: tuple[LandFileTold, ...], form: Form, faults: TableView | None, done: str) -> LandFilesPage:
    return LandFilesPage(
        title="Fichiers de l’inventaire",
        lead="Apportez un fichier aux standards du Cnig ; reprenez-le, à jour, dans la même disposition.",
        trail=(Link("Bureau", "/bureau"), Link("Terrains et locaux", LIST), Link("Fichiers")),
        form=form,
        faults=faults,
        layouts=standards(),
        rows=tuple(map(_row, found)),
        done=done,
    )


def _row(one: LandFileTold) -> LandFileRow:
    lines = french.counted(one.lines, "ligne", "lignes")
    left = "" if one.left == one.lines else f", {french.counted(one.left, 'ligne reste', 'lignes restent')}"
    day = french.short_date(french.day_of(one.created_at)) if one.created_at else ""
    return LandFileRow(
        title=one.title,
        detail=f"{lines}{left} ; apporté le {day}.",
        public_href=f"{FILES}/{one.id}",
        whole_href=f"{FILES}/{one.id}?contacts=oui",
        withdraw_href=f"{FILES}/{one.id}/retirer",
    )


def _faults(fault: LinesRefused) -> TableView:
    rows = tuple(
        (str(one.line), one.column or "—", f"{french.capital(one.what)} {one.remedy}") for one in fault.faults[:_SHOWN]
    )
    more = len(fault.faults) - len(rows)
    note = f" ; {french.number(more)} autres ne sont pas montrées" if more > 0 else ""
    title = f"{french.capital(french.counted(len(fault.faults), 'faute', 'fautes'))}{note}"
    return TableView(title, ("Ligne", "Colonne", "Ce qui ne va pas, et que faire"), rows, (False, False, False))


def _done(request: Request) -> str:
    for word, kept in ((_BROUGHT, "enregistrées"), (_CHECKED, "justes ; rien n’a été gardé")):
        lines, _, known = request.query_params.get(word, "").partition("-")
        if lines.isdecimal() and known.isdecimal():
            again = f", dont {french.counted(int(known), 'déjà connue', 'déjà connues')}" if int(known) else ""
            one = kept.replace("enregistrées", "enregistrée").replace("justes", "juste") if int(lines) == 1 else kept
            return f"{french.capital(french.counted(int(lines), 'ligne', 'lignes'))} {one}{again}."
    return done_sentence(request)


ROUTES = (
    Route(FILES, files),
    Route(FILES, file_at_desk(_bring, MOST_BYTES, _TOO_LONG, _show), methods=["POST"]),
    Route(f"{FILES}/{{land_file}}", give),
)
