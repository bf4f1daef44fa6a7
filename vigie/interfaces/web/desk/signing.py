"""Coming in, going out, the home of the desk, and one's own account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import Right, Role, Thing
from vigie.domain.accounts import SESSION_LONGEST
from vigie.errors import NotSignedIn, RequestFault, TooManyAttempts
from vigie.interfaces.desk_views import accounts as views
from vigie.interfaces.desk_views.forms import Form, refused, unsaved_page
from vigie.interfaces.desk_views.membership import Said
from vigie.interfaces.desk_views.menu import menu
from vigie.interfaces.http import DEVICE_COOKIE, SESSION_COOKIE, form_status
from vigie.interfaces.sending import ONCE
from vigie.interfaces.views import Link
from vigie.interfaces.web.asker import (
    Interrupted,
    Unsaved,
    at_desk,
    came_from,
    for_anyone,
    form_at_desk,
    form_for_anyone,
    shown_again,
    words,
    work_at,
)
from vigie.interfaces.web.desk.naming import choice_of_place, public_names
from vigie.interfaces.web.desk.week import week
from vigie.interfaces.web.frame import addresses, show_desk
from vigie.interfaces.web.information import own_address
from vigie.services.accounts.passwords import MARK_LASTS
from vigie.services.introductions.reading import BoardFilter

if TYPE_CHECKING:
    from vigie.services.accounts.form_across_sign_in import KeptForm
    from vigie.services.accounts.sessions import Asker, Opened
    from vigie.services.desk import Desk

HOME, SIGNED_OUT, FAREWELL_COOKIE = "/bureau", "/deconnexion/faite", "oidc_fin"
KEPT = "Vous êtes de nouveau connecté. Votre texte est ici ; il n’est pas encore enregistré : envoyez-le de nouveau."
NOT_YOURS = (
    "Le texte qui attendait n’est pas montré : il a été écrit depuis un autre compte ou une autre organisation, "
    "ou il y a plus de douze heures."
)
TOO_LONG = (
    "Votre session avait pris fin, et ce texte est trop long pour être gardé ici : revenez à la page précédente, "
    "copiez-le, puis connectez-vous."
)
DONE = {
    "nom": "Votre nom est enregistré.",
    "mot-de-passe": "Votre mot de passe est changé ; vos autres sessions sont fermées.",
    "sessions": "Vos autres sessions sont fermées.",
}


def come_in(request: Request, opened: Opened, back: str = "") -> Response:
    """Give the browser its session and lead where the person was going; to the home when they have a choice."""
    return with_session(request, RedirectResponse(own_address(back) if back else HOME, 303), opened)


def with_session(request: Request, response: Response, opened: Opened) -> Response:
    """Give the browser its session with an answer, and the mark by which it is known the next time."""
    kept = [(SESSION_COOKIE, opened.secret, SESSION_LONGEST)]
    if opened.device:
        kept.append((DEVICE_COOKIE, opened.device, MARK_LASTS))
    for name, value, lasts in kept:
        response.set_cookie(
            name, value, max_age=int(lasts.total_seconds()), httponly=True, samesite="lax", secure=is_secure(request)
        )
    return response


def is_secure(request: Request) -> bool:
    """Tell whether the site is served over HTTPS, so that its cookies never travel otherwise."""
    public: str = request.app.state.settings.public_url
    return request.url.scheme == "https" or public.startswith("https://")


def sign_in_again(request: Request, form: Form, status: int) -> Response:
    """Show the sign-in page with what went wrong elsewhere."""
    return _sign_in_page(request, form, "", status)


def origin(request: Request) -> str:
    """Return the network address whence the request comes."""
    return request.client.host if request.client else ""


def device(request: Request) -> str:
    """Return what the browser kept since somebody came in from it."""
    return request.cookies.get(DEVICE_COOKIE, "")


def interrupted(request: Request, fault: Interrupted) -> Response:
    """Show the sign-in page with what was typed sealed in it; what cannot be kept is said."""
    desk: Desk = request.app.state.desk
    kept = desk.accounts.keeping.seal(fault.path, dict(fault.typed).get(ONCE, ""), fault.typed)
    form = Form() if kept else Form(faults={"": TOO_LONG})
    return _sign_in_page(request, form, came_from(request), 401, kept)


def _sign_in_page(request: Request, form: Form, back: str, status: int = 200, kept: str = "") -> Response:
    provider = "/connexion/externe" if request.app.state.settings.oidc_issuer else ""
    if provider and back and not kept:
        provider += f"?{urlencode({'suite': back})}"
    view = views.SignInPage(form, back, provider, kept)
    return show_desk(request, "desk/sign_in.html", view, section="", status=status)


@for_anyone
def sign_in_page(request: Request, _: Desk, who: Asker) -> Response:
    """Show the form; somebody already in goes on."""
    back = request.query_params.get("suite", "")
    if who.scope.person:
        return RedirectResponse(own_address(back) if back else HOME, 303)
    return _sign_in_page(request, Form(), back)


@form_for_anyone
def sign_in(request: Request, desk: Desk, _: Asker, form: FormData) -> Response:
    """Open a session, or show the form again with one same sentence for every refusal."""
    typed = words(form)
    try:
        # A password is taken as typed: blanks at its ends are part of it.
        opened = desk.accounts.signing.sign_in(
            typed.get("courriel", ""), str(form.get("mot_de_passe", "")), origin(request), device=device(request)
        )
    except (NotSignedIn, TooManyAttempts, RequestFault) as fault:
        status = form_status(fault)
        back, kept = typed.get("suite", ""), typed.get("garde", "")
        return _sign_in_page(request, refused(typed, fault), back, status, kept)
    if typed.get("garde"):
        return _resumed(request, desk, opened, typed)
    return come_in(request, opened, typed.get("suite", ""))


def _resumed(request: Request, desk: Desk, opened: Opened, typed: Mapping[str, str]) -> Response:
    """Show what was typed to whom it belongs, in the organisation and for the firm where it was."""
    kept = desk.accounts.keeping.open(typed["garde"])
    who = desk.recognising.session(opened.secret)
    for place in opened.places if kept else ():
        scope = replace(who.scope, organisation=place.organisation, siren=place.siren)
        if place != opened.here and kept and desk.accounts.keeping.belongs_to(kept, scope.place):
            switched = desk.accounts.signing.switch(who.scope, opened.secret, place.organisation, place.siren)
            opened = replace(switched, device=opened.device)
            who = desk.recognising.session(opened.secret)
            break
    return with_session(request, _typed_again(request, desk, who, kept), opened)


def _typed_again(request: Request, desk: Desk, who: Asker, kept: KeptForm | None) -> Response:
    request.state.asker = who
    if kept is None or not desk.accounts.keeping.belongs_to(kept, who.scope.place):
        said = Said("Vous êtes connecté", NOT_YOURS, (Link("Aller au bureau", HOME),))
        return show_desk(request, "desk/said.html", said)
    found = work_at(request, kept.path)
    typed = FormData([(name, value) for name, value in kept.typed if name != ONCE])
    if found is None:
        raise Unsaved(KEPT, words(typed), 200)
    work, there = found
    there.state.asker = who
    try:
        return shown_again(work, there, who, typed, KEPT, 200)
    except Unsaved as fault:
        view = unsaved_page(str(fault), kept.path, HOME, fault.typed)
        return show_desk(there, "desk/unsaved.html", view)


@form_for_anyone
def resume(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Show what was typed before a session ended to somebody who came back in another tab."""
    kept = words(form).get("garde", "")
    if not who.scope.person:
        fault = NotSignedIn("Vous n’êtes pas encore connecté dans ce navigateur.")
        return _sign_in_page(request, refused({}, fault), "", 401, kept)
    return _typed_again(request, desk, who, desk.accounts.keeping.open(kept))


@form_for_anyone
def sign_out(request: Request, desk: Desk, _: Asker, __: FormData) -> Response:
    """Close the session, and forget it in the browser."""
    desk.accounts.signing.sign_out(request.cookies.get(SESSION_COOKIE, ""))
    # Forms lead nowhere outside the site: the provider's own sign-out is a link of the next page.
    response = RedirectResponse(SIGNED_OUT if FAREWELL_COOKIE in request.cookies else "/", 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


@for_anyone
def signed_out(request: Request, _: Desk, __: Asker) -> Response:
    """Say that the session is closed here, and offer to close the provider's."""
    said = Said(
        "Vous êtes déconnecté",
        "Votre session est fermée ici ; celle du service d’identité reste ouverte.",
        (Link("Se déconnecter aussi du service d’identité", "/deconnexion/externe"), Link("Revenir à l’accueil", "/")),
    )
    return show_desk(request, "desk/said.html", said, section="")


_CITIZENS = (Role.ELECTED, Role.INHABITANT, Role.ANALYST)
"""Those whose desk begins with what is said of their territory."""


@at_desk
def home(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what the asker may do."""
    scope = who.scope
    if scope.may(Thing.DOSSIERS, Right.WRITE):
        return week(request, desk, who)
    me = desk.accounts.signing.me(scope)
    board = desk.introductions.reading.board(scope, BoardFilter(state="proposed")) if scope.role is Role.HEAD else None
    lines = menu(scope, addresses(request))
    view = views.home(me, who.organisation, lines, views.waiting(board))
    if scope.role is Role.HEAD and (firm := public_names(request, (scope.siren,)).get(scope.siren)):
        view = replace(view, title=firm)
    if scope.role is Role.ELECTED:
        territory = desk.accounts.organisations.mine(scope).charter.territory
        view = views.results(view, territory, desk.introductions.reading.aggregates(scope))
    if scope.role in _CITIZENS:
        told = desk.consultations.reading.published(scope), desk.visions.reading.published(scope)
        view = replace(view, talk=views.talk(*told, desk.accounts.organisations.mine(scope).charter.territory))
    return show_desk(request, "desk/home.html", replace(view, places=choice_of_place(request, desk, who)))


@form_at_desk
def switch(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Go on in another organisation, or for another firm."""
    secret = request.cookies.get(SESSION_COOKIE, "")
    organisation, _, siren = words(form).get("organisation", "").partition(":")
    return come_in(request, desk.accounts.signing.switch(who.scope, secret, organisation, siren))


@at_desk
def account(request: Request, desk: Desk, who: Asker) -> Response:
    """Show one's own account."""
    return _account(request, desk, who, Form(), DONE.get(request.query_params.get("fait", ""), ""))


@form_at_desk
def rename(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Change one's name."""
    typed = words(form)
    try:
        desk.accounts.signing.rename(who.scope, typed.get("nom", ""))
    except RequestFault as fault:
        return _account(request, desk, who, refused(typed, fault), status=422)
    return RedirectResponse("/bureau/mon-compte?fait=nom", 303)


@form_at_desk
def change_password(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Change one's password."""
    secret = request.cookies.get(SESSION_COOKIE, "")
    current, new = (str(form.get(name, "")) for name in ("mot_de_passe_actuel", "nouveau_mot_de_passe"))
    try:
        desk.accounts.signing.change_password(who.scope, secret, current, new)
    except (RequestFault, TooManyAttempts) as fault:
        status = form_status(fault)
        return _account(request, desk, who, refused({}, fault), status=status)
    return RedirectResponse("/bureau/mon-compte?fait=mot-de-passe", 303)


@form_at_desk
def close_others(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Close one's other sessions."""
    desk.accounts.signing.sign_out_everywhere(who.scope, request.cookies.get(SESSION_COOKIE, ""))
    return RedirectResponse("/bureau/mon-compte?fait=sessions", 303)


@form_at_desk
def leave(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """End one's own role in the organisation."""
    desk.accounts.members.leave(who.scope)
    response = RedirectResponse("/", 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


def _account(request: Request, desk: Desk, who: Asker, form: Form, done: str = "", status: int = 200) -> Response:
    me = desk.accounts.signing.me(who.scope)
    view = replace(views.account(me, who.organisation, form, done), places=choice_of_place(request, desk, who))
    return show_desk(request, "desk/me.html", view, status=status)


ROUTES = (
    Route("/connexion", sign_in_page),
    Route("/connexion", sign_in, methods=["POST"]),
    Route("/connexion/reprise", resume, methods=["POST"]),
    Route("/deconnexion", sign_out, methods=["POST"]),
    Route(SIGNED_OUT, signed_out),
    Route("/bureau", home),
    Route("/bureau/changer-organisation", switch, methods=["POST"]),
    Route("/bureau/mon-compte", account),
    Route("/bureau/mon-compte", rename, methods=["POST"]),
    Route("/bureau/mon-compte/mot-de-passe", change_password, methods=["POST"]),
    Route("/bureau/mon-compte/quitter", leave, methods=["POST"]),
    Route("/bureau/mon-compte/sessions", close_others, methods=["POST"]),
)
