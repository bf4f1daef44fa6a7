"""The journal of who read and did what, the letters, and the emergency accesses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import Right, Thing
from vigie.errors import Conflict, NotFound, RequestFault
from vigie.interfaces.asking import journal_asked
from vigie.interfaces.desk_views import records as views
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.exports import KINDS
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.following import back_to
from vigie.interfaces.web.frame import page_number, show_desk
from vigie.services.records.words import FAMILIES

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk
    from vigie.services.records.emergency import Access

EMERGENCY = "/bureau/acces-urgence"
SENT_AGAIN = {
    "un": "La lettre attend de nouveau son tour : elle part dès que le serveur d’envoi la prend.",
    "tous": "Les lettres attendent de nouveau leur tour : elles partent dès que le serveur d’envoi les prend.",
}


@at_desk
def journal(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what was done and read."""
    pairs = request.query_params.multi_items()
    page = desk.records.reading.journal(who.scope, journal_asked(pairs))
    accesses: tuple[Access, ...] = ()
    if page.view == "organisation":
        accesses = tuple(access for access in desk.records.emergency.of_organisation(who.scope) if access.open)
    return show_desk(request, "desk/journal.html", views.journal_view(page, dict(pairs), FAMILIES, accesses))


@at_desk
def journal_file(request: Request, desk: Desk, who: Asker) -> Response:
    """Give the journal as a file."""
    name = request.path_params["name"]
    kind = KINDS.get(name.removeprefix("journal."))
    if kind is None or not name.startswith("journal."):
        raise NotFound("Ce fichier n’existe pas : choisissez journal.csv ou journal.excel.csv.")
    lines = desk.records.reading.export(who.scope, journal_asked(request.query_params.multi_items()))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(kind.write([views.journal_sheet(lines)]), media_type=kind.media_type, headers=headers)


@at_desk
def letters(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the letters of the organisation."""
    only_failed, done = _letters_asked(request)
    page = desk.records.outbox.letters(who.scope, page_number(request), only_failed=only_failed)
    view = views.letters_view(page, only_failed=only_failed, done=done)
    return show_desk(request, "desk/letters.html", view)


@at_desk
def letter(request: Request, desk: Desk, who: Asker) -> Response:
    """Show a letter that waits to be handed over."""
    opened = desk.records.outbox.letter(who.scope, request.path_params["letter_id"])
    return show_desk(request, "desk/letter.html", views.letter_view(opened))


@form_at_desk
def send_again(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Let a letter that failed leave again."""
    desk.records.outbox.send_again(who.scope, request.path_params["letter_id"])
    return back_to(views.LETTERS, "un")


@form_at_desk
def send_all_again(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Let every letter that failed leave again."""
    desk.records.outbox.send_all_again(who.scope)
    return back_to(views.LETTERS, "tous")


@at_desk
def emergency(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the form that opens an access, or the access that is open."""
    return _emergency(request, desk, who, Form())


@form_at_desk
def open_emergency(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Open an access; from the next page on, the session reads that organisation."""
    if who.scope.via == "emergency":
        return RedirectResponse(EMERGENCY, 303)
    typed = words(form)
    minutes = typed.get("minutes", "")
    try:
        desk.records.emergency.open(
            who.scope, typed.get("organisation", ""), typed.get("motif", ""), int(minutes) if minutes.isdecimal() else 0
        )
    except (RequestFault, Conflict) as fault:
        status = 409 if isinstance(fault, Conflict) else 422
        return _emergency(request, desk, who, refused(typed, fault), status)
    return RedirectResponse(EMERGENCY, 303)


@form_at_desk
def end_emergency(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """End the access that is open."""
    desk.records.emergency.end(who.scope)
    return RedirectResponse(EMERGENCY, 303)


def _emergency(request: Request, desk: Desk, who: Asker, form: Form, status: int = 200) -> Response:
    who.scope.require(Thing.INSTALLATION, Right.READ)
    if who.scope.via == "emergency":
        accesses = tuple(access for access in desk.records.emergency.of_organisation(who.scope) if access.open)
        view = views.emergency_view(accesses, (), form, acting=who.organisation)
    else:
        known = desk.records.emergency
        view = views.emergency_view(known.of_installation(who.scope), known.organisations(who.scope), form)
    return show_desk(request, "desk/emergency.html", view, status=status)


def _letters_asked(request: Request) -> tuple[bool, str]:
    """Return whether only failed letters are asked for, and what was just done."""
    state = request.query_params.get("etat", "")
    if state not in ("", "non-partis"):
        raise RequestFault(f"Le paramètre « etat » vaut « {state[:40]} » : la seule valeur acceptée est non-partis.")
    return bool(state), SENT_AGAIN.get(request.query_params.get("fait", ""), "")


ROUTES = (
    Route("/bureau/journal", journal),
    Route("/bureau/journal/{name}", journal_file),
    Route("/bureau/courriels", letters),
    Route("/bureau/courriels/renvoyer", send_all_again, methods=["POST"]),
    Route("/bureau/courriels/{letter_id}", letter, methods=["GET"]),
    Route("/bureau/courriels/{letter_id}/renvoyer", send_again, methods=["POST"]),
    Route(EMERGENCY, emergency),
    Route(EMERGENCY, open_emergency, methods=["POST"]),
    Route(f"{EMERGENCY}/terminer", end_emergency, methods=["POST"]),
)
