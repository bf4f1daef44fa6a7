"""Coming in by the identity provider of one's organisation, and going out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.accounts import SESSION_LONGEST
from vigie.errors import Conflict, NotFound, NotSignedIn, SourceUnavailable
from vigie.interfaces.desk_views.forms import refused
from vigie.interfaces.http import status_of
from vigie.interfaces.web.asker import for_anyone
from vigie.interfaces.web.desk.signing import FAREWELL_COOKIE, come_in, is_secure, sign_in_again

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk

SEAL_COOKIE, SEAL_SECONDS = "oidc", 600
_PATH = "/connexion"


@for_anyone
def leave_for_provider(request: Request, desk: Desk, _: Asker) -> Response:
    """Send the browser to the provider, with sealed words to bring back."""
    try:
        address, sealed = desk.accounts.provider.start(
            request.query_params.get("invitation", "")[:100], request.query_params.get("suite", "")[:1000]
        )
    except SourceUnavailable as fault:
        return sign_in_again(request, refused({}, fault), status_of(fault))
    response = RedirectResponse(address, 303)
    response.set_cookie(
        SEAL_COOKIE, sealed, max_age=SEAL_SECONDS, path=_PATH, httponly=True, samesite="lax", secure=is_secure(request)
    )
    return response


@for_anyone
def back_from_provider(request: Request, desk: Desk, _: Asker) -> Response:
    """Open a session for whoever comes back, or say why not on the sign-in page."""
    try:
        arrival = desk.accounts.provider.finish(request.query_params, request.cookies.get(SEAL_COOKIE, ""))
        opened = desk.accounts.identities.enter(arrival.claims, arrival.invitation)
    except (NotSignedIn, SourceUnavailable, Conflict, NotFound) as fault:
        response = sign_in_again(request, refused({}, fault), status_of(fault))
    else:
        response = come_in(request, opened, arrival.back)
        response.set_cookie(
            FAREWELL_COOKIE,
            desk.accounts.provider.seal(arrival.farewell),
            max_age=int(SESSION_LONGEST.total_seconds()),
            path="/deconnexion",
            httponly=True,
            samesite="lax",
            secure=is_secure(request),
        )
    response.delete_cookie(SEAL_COOKIE, path=_PATH)
    return response


@for_anyone
def leave_provider(request: Request, desk: Desk, _: Asker) -> Response:
    """Send the browser to the provider's own sign-out."""
    response = RedirectResponse(desk.accounts.provider.goodbye(request.cookies.get(FAREWELL_COOKIE, "")), 303)
    response.delete_cookie(FAREWELL_COOKIE, path="/deconnexion")
    return response


ROUTES = (
    Route("/connexion/externe", leave_for_provider),
    Route("/connexion/retour", back_from_provider),
    Route("/deconnexion/externe", leave_provider),
)
