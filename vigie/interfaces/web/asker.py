"""Who asks for a page, and how a page of the desk is made for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from vigie.interfaces.http import SESSION_COOKIE, key_of_nobody, without_secret

if TYPE_CHECKING:
    from vigie.services.accounts.recognising import Asker
    from vigie.services.desk import Desk

SIGN_IN = "/connexion"
ONCE = "once"
"""Name of the hidden field that makes a form happen once, however often it is sent."""

Work = Callable[[Request, "Desk", "Asker"], Response]
FormWork = Callable[[Request, "Desk", "Asker", FormData], Response]


def asker(request: Request) -> Asker:
    """Return who asks, read once for a request."""
    known: Asker | None = getattr(request.state, "asker", None)
    if known is None:
        desk: Desk = request.app.state.desk
        known = desk.recognising.session(request.cookies.get(SESSION_COOKIE, ""))
        if known.scope.via == "emergency":
            desk.records.emergency.trace(known.scope, without_secret(request.url.path))
        request.state.asker = known
    return known


def at_desk(work: Work) -> Callable[[Request], Response]:
    """Make an endpoint of a function that needs to know who asks; nobody in particular is sent to sign in."""

    def endpoint(request: Request) -> Response:
        who = asker(request)
        if not who.scope.person:
            return to_sign_in(request)
        return work(request, request.app.state.desk, who)

    endpoint.__name__, endpoint.__doc__ = work.__name__, work.__doc__
    return endpoint


def for_anyone(work: Work) -> Callable[[Request], Response]:
    """Make an endpoint of a function that answers whoever asks, known or not."""

    def endpoint(request: Request) -> Response:
        return work(request, request.app.state.desk, asker(request))

    endpoint.__name__, endpoint.__doc__ = work.__name__, work.__doc__
    return endpoint


def form_at_desk(work: FormWork) -> Callable[[Request], Awaitable[Response]]:
    """Make an endpoint of a function that is sent a form by somebody known; the form happens once."""

    async def endpoint(request: Request) -> Response:
        who = await run_in_threadpool(asker, request)
        if not who.scope.person:
            return to_sign_in(request)
        async with request.form(max_files=0) as form:
            return await run_in_threadpool(work, request, request.app.state.desk, once(request, who, form), form)

    endpoint.__name__, endpoint.__doc__ = work.__name__, work.__doc__
    return endpoint


def form_for_anyone(work: FormWork) -> Callable[[Request], Awaitable[Response]]:
    """Make an endpoint of a function that is sent a form by whoever, known or not."""

    async def endpoint(request: Request) -> Response:
        who = await run_in_threadpool(asker, request)
        async with request.form(max_files=0) as form:
            return await run_in_threadpool(work, request, request.app.state.desk, once(request, who, form), form)

    endpoint.__name__, endpoint.__doc__ = work.__name__, work.__doc__
    return endpoint


def once(request: Request, who: Asker, form: FormData) -> Asker:
    """Return the asker with the key of the form, so that sending it twice writes once."""
    key = str(form.get(ONCE, ""))[:64]
    if not who.scope.person:
        key = key_of_nobody(request.client.host if request.client else "", key)
    return replace(who, scope=replace(who.scope, request_key=key)) if key else who


def to_sign_in(request: Request) -> Response:
    """Send to the sign-in page, whatever the address asked for: nothing is learnt from it."""
    back = request.url.path if request.method == "GET" else "/bureau"
    return RedirectResponse(f"{SIGN_IN}?{urlencode({'suite': back})}", 303)


def words(form: FormData | Mapping[str, object]) -> dict[str, str]:
    """Return the text fields of a form, their blanks trimmed; files are left out."""
    return {name: value.strip() for name, value in form.items() if isinstance(value, str)}
