"""Links received by e-mail: an invitation, a sign-up to confirm, a password to replace. Only buttons use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.errors import RequestFault, TooManyAttempts
from vigie.interfaces.desk_views import membership as views
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.http import form_status
from vigie.interfaces.views import Link
from vigie.interfaces.web.asker import for_anyone, form_for_anyone, words
from vigie.interfaces.web.desk.signing import come_in, device, origin
from vigie.interfaces.web.frame import show_desk

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk

SAID_SIGN_UP = views.Said(
    "Regardez votre courrier",
    "Une lettre part vers cette adresse : son lien confirme l’inscription, pendant deux jours.",
    (Link("Revenir à l’accueil", "/"),),
)
SAID_FORGOTTEN = views.Said(
    "Regardez votre courrier",
    "Si un compte existe à cette adresse, un lien lui est envoyé ; il sert une fois, dans l’heure.",
    (Link("Revenir à la connexion", "/connexion"),),
)
SAID_CHANGED = views.Said(
    "Mot de passe changé",
    "Toutes vos sessions sont fermées : connectez-vous avec le nouveau mot de passe.",
    (Link("Se connecter", "/connexion"),),
)


@for_anyone
def invitation(request: Request, desk: Desk, _: Asker) -> Response:
    """Show what a link offers."""
    return _invitation(request, desk, Form())


@form_for_anyone
def accept(request: Request, desk: Desk, _: Asker, form: FormData) -> Response:
    """Take the place offered."""
    typed, token = words(form), request.path_params["token"]
    try:
        opened = desk.accounts.joining.accept(
            token, typed.get("nom", ""), str(form.get("mot_de_passe", "")), origin(request), device(request)
        )
    except (RequestFault, TooManyAttempts) as fault:
        return _invitation(request, desk, refused(typed, fault), form_status(fault))
    return come_in(request, opened)


@for_anyone
def sign_up_page(request: Request, desk: Desk, _: Asker) -> Response:
    """Show the form of an inhabitant's sign-up."""
    return _sign_up(request, desk, Form())


@form_for_anyone
def sign_up(request: Request, desk: Desk, _: Asker, form: FormData) -> Response:
    """Write the letter that confirms an address."""
    typed = words(form)
    try:
        desk.accounts.signing_up.ask(typed.get("courriel", ""), typed.get("organisation", ""), origin(request))
    except (RequestFault, TooManyAttempts) as fault:
        return _sign_up(request, desk, refused(typed, fault), form_status(fault))
    return show_desk(request, "desk/said.html", SAID_SIGN_UP, section="")


@for_anyone
def forgotten_page(request: Request, _: Desk, __: Asker) -> Response:
    """Show the form of a forgotten password."""
    return show_desk(request, "desk/forgotten.html", views.ForgottenPage(Form()), section="")


@form_for_anyone
def forgotten(request: Request, desk: Desk, _: Asker, form: FormData) -> Response:
    """Write the letter of a forgotten password; nothing tells whether the address is known."""
    typed = words(form)
    try:
        desk.accounts.recovering.ask(typed.get("courriel", ""), origin(request))
    except (RequestFault, TooManyAttempts) as fault:
        page = views.ForgottenPage(refused(typed, fault))
        return show_desk(request, "desk/forgotten.html", page, section="", status=form_status(fault))
    return show_desk(request, "desk/said.html", SAID_FORGOTTEN, section="")


@for_anyone
def new_password_page(request: Request, desk: Desk, _: Asker) -> Response:
    """Show the form of the new password, when the link is still valid."""
    desk.accounts.recovering.check(request.path_params["token"])
    return _new_password(request, Form())


@form_for_anyone
def new_password(request: Request, desk: Desk, _: Asker, form: FormData) -> Response:
    """Replace the password."""
    try:
        desk.accounts.recovering.reset(request.path_params["token"], str(form.get("nouveau_mot_de_passe", "")))
    except RequestFault as fault:
        return _new_password(request, refused({}, fault), 422)
    return show_desk(request, "desk/said.html", SAID_CHANGED, section="")


def _invitation(request: Request, desk: Desk, form: Form, status: int = 200) -> Response:
    token = request.path_params["token"]
    provider = f"/connexion/externe?invitation={token}" if request.app.state.settings.oidc_issuer else ""
    view = views.invitation(desk.accounts.joining.offer(token), token, form, provider)
    return show_desk(request, "desk/invitation.html", view, section="", status=status)


def _sign_up(request: Request, desk: Desk, form: Form, status: int = 200) -> Response:
    view = views.sign_up(desk.accounts.organisations.joinable(), form)
    return show_desk(request, "desk/sign_up.html", view, section="", status=status)


def _new_password(request: Request, form: Form, status: int = 200) -> Response:
    view = views.ForgottenPage(
        form, request.path_params["token"], "Nouveau mot de passe", "Il remplacera l’ancien et fermera vos sessions."
    )
    return show_desk(request, "desk/forgotten.html", view, section="", status=status)


ROUTES = (
    Route("/invitation/{token}", invitation),
    Route("/invitation/{token}", accept, methods=["POST"]),
    Route("/inscription", sign_up_page),
    Route("/inscription", sign_up, methods=["POST"]),
    Route("/connexion/oubli", forgotten_page),
    Route("/connexion/oubli", forgotten, methods=["POST"]),
    Route("/connexion/oubli/{token}", new_password_page),
    Route("/connexion/oubli/{token}", new_password, methods=["POST"]),
)
