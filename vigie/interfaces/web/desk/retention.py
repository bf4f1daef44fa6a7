"""The pages of retention: the register and the purge, erasure of a contact, one's own data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.errors import Conflict, FieldFault
from vigie.interfaces.desk_views import retention as views
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.http import SESSION_COOKIE
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.frame import show_desk
from vigie.services.retention.erasing import WORD

if TYPE_CHECKING:
    from vigie.services.accounts.recognising import Asker
    from vigie.services.desk import Desk
    from vigie.services.retention.archive import Archive


@at_desk
def retention(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the register of processing and what is due."""
    return _retention(request, desk, who)


@form_at_desk
def run(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Erase what is due, and say what was done."""
    report = desk.retention.purging.run(who.scope)
    return _retention(request, desk, who, views.said(report))


def _retention(request: Request, desk: Desk, who: Asker, done: str = "") -> Response:
    register, due = desk.retention.register.read(who.scope), desk.retention.purging.preview(who.scope)
    rounds = request.app.state.rounds.told(who.scope)
    view = replace(views.retention_page(register, due, Form(), done), rounds=views.round_rows(rounds))
    return show_desk(request, "desk/retention.html", view)


@at_desk
def mine(request: Request, _: Desk, __: Asker) -> Response:
    """Show what one can do with one's own data."""
    return show_desk(request, "desk/my_data.html", views.MinePage(Form()))


@form_at_desk
def erase_me(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Close the asker's account, once the word is written; the browser forgets the session."""
    typed = words(form)
    try:
        if typed.get("confirmation") != WORD:
            raise FieldFault("confirmation", f"Écrivez {WORD}, en capitales, pour confirmer.")
        desk.retention.erasing.me(who.scope)
    except (FieldFault, Conflict) as fault:
        view = views.MinePage(refused(typed, fault))
        status = 409 if isinstance(fault, Conflict) else 422
        return show_desk(request, "desk/my_data.html", view, status=status)
    response = RedirectResponse("/", 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


@form_at_desk
def take_mine(_: Request, desk: Desk, who: Asker, __: FormData) -> Response:
    """Hand over one's own data."""
    return _handed(desk.retention.mine.take(who.scope))


@form_at_desk
def take_organisation(_: Request, desk: Desk, who: Asker, __: FormData) -> Response:
    """Hand over everything of the organisation."""
    return _handed(desk.retention.belongings.take(who.scope))


def _handed(archive: Archive) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{archive.name}"'}
    return Response(archive.content, media_type="application/zip", headers=named)


ROUTES = (
    Route(views.HERE, retention),
    Route(f"{views.HERE}/purge", run, methods=["POST"]),
    Route(f"{views.HERE}/archive", take_organisation, methods=["POST"]),
    Route(views.MINE, mine),
    Route(f"{views.MINE}/archive", take_mine, methods=["POST"]),
    Route(f"{views.MINE}/effacement", erase_me, methods=["POST"]),
)
