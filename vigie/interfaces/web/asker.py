"""Who asks for a page, and how a page of the desk is made for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from markupsafe import escape
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match

from vigie.domain import french
from vigie.domain.form_kept import holding
from vigie.domain.signs import entered
from vigie.errors import EditConflict, KeyReused, Raced, Repeated, VigieError
from vigie.interfaces.http import SESSION_COOKIE, key_of_nobody, without_secret
from vigie.interfaces.sending import MOST_VERSION, ONCE, VERSION, content_of_form

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk

SIGN_IN = "/connexion"
TRIES = 3
"""How often a form is tried when other writers come first."""
REUSED = (
    "Ce formulaire avait déjà été envoyé avec un autre contenu, et cet envoi-là a été enregistré. "
    "Ce qui suit ne l’est pas encore : relisez, puis envoyez de nouveau si vous le voulez."
)

Work = Callable[[Request, "Desk", "Asker"], Response]
FormWork = Callable[[Request, "Desk", "Asker", FormData], Response]
FormEndpoint = Callable[[Request], Awaitable[Response]]

_WORKS: dict[FormEndpoint, FormWork] = {}
"""What each endpoint that is sent a form does."""


class Unsaved(VigieError):
    """A form that nothing was written of, and that no page of its own shows again."""

    def __init__(self, sentence: str, typed: Mapping[str, str], status: int) -> None:
        self.typed, self.status = typed, status
        super().__init__(sentence)


class Clashed(VigieError):
    """A form that would write over what somebody else wrote in the same fields."""

    def __init__(self, conflict: EditConflict, typed: Mapping[str, str]) -> None:
        self.conflict, self.typed = conflict, typed
        super().__init__(str(conflict))


class Interrupted(VigieError):
    """A form sent once the session of whom it was shown to had ended; `typed` is what it held."""

    def __init__(self, path: str, typed: Sequence[tuple[str, str]]) -> None:
        self.path, self.typed = path, tuple(typed)
        super().__init__("Votre session avait pris fin.")


def asker(request: Request) -> Asker:
    """Return who asks, read once for a request."""
    known: Asker | None = getattr(request.state, "asker", None)
    if known is None:
        desk: Desk = request.app.state.desk
        known = desk.recognising.session(request.cookies.get(SESSION_COOKIE, ""))
        if known.scope.via == "emergency":
            desk.records.emergency.trace(known.scope, without_secret(request.url.path))
        request.state.asker = known
    french.use_zone(known.zone)
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


def form_at_desk(work: FormWork) -> FormEndpoint:
    """Make an endpoint of a function that is sent a form by somebody known; the form happens once.

    When their session ended meanwhile, what they typed is kept until they are back.
    """

    async def endpoint(request: Request) -> Response:
        who = await run_in_threadpool(asker, request)
        french.use_zone(who.zone)
        async with request.form(max_files=0) as form:
            if not who.scope.person:
                return left_out(request, form)
            return await sent(work, request, who, form)

    return _known(endpoint, work)


def form_for_anyone(work: FormWork) -> FormEndpoint:
    """Make an endpoint of a function that is sent a form by whoever, known or not."""

    async def endpoint(request: Request) -> Response:
        who = await run_in_threadpool(asker, request)
        french.use_zone(who.zone)
        async with request.form(max_files=0) as form:
            return await sent(work, request, who, form)

    return _known(endpoint, work)


def _known(endpoint: FormEndpoint, work: FormWork) -> FormEndpoint:
    endpoint.__name__, endpoint.__doc__ = work.__name__, work.__doc__
    _WORKS[endpoint] = work
    return endpoint


async def sent(work: FormWork, request: Request, who: Asker, form: FormData) -> Response:
    """Do what a form asks, once; a key that stands for something else shows the form again, as it was typed."""
    asked = await once(request, who, form)
    for tried in range(1, TRIES + 1):
        try:
            return await run_in_threadpool(work, request, request.app.state.desk, asked, form)
        except Raced:  # the other writer is done by now, and what they wrote is seen
            if tried == TRIES:
                raise
        except KeyReused:
            break
        except Repeated:  # what it did the first time is on the page where it was
            return RedirectResponse(came_from(request), 303)
        except EditConflict as fault:
            raise Clashed(fault, words(form)) from None
    return await run_in_threadpool(shown_again, work, request, who, form, REUSED, 409)


def shown_again(work: FormWork, request: Request, who: Asker, form: FormData, sentence: str, status: int) -> Response:
    """Show a form again with what was typed and a sentence; nothing is written.

    The page that refuses a field of this form does it; raises `Unsaved` where there is none.
    """
    with holding(sentence):
        try:
            shown = work(request, request.app.state.desk, who, form)
        except VigieError as fault:
            raise Unsaved(str(fault), words(form), status) from None
    if shown.status_code < 400:
        return shown
    if str(escape(french.typeset(sentence))).encode() not in bytes(shown.body):
        raise Unsaved(sentence, words(form), status)  # a field at fault, or a page that has no place for it
    shown.status_code = status
    return shown


def work_at(request: Request, path: str) -> tuple[FormWork, Request] | None:
    """Return what a form sent to an address does, and the request as if it came there; `None` when nothing does."""
    scope = {**request.scope, "path": path, "raw_path": path.encode(), "query_string": b"", "state": {}}
    for route in request.app.routes:
        match, found = route.matches(scope)
        if match is Match.FULL and (work := _WORKS.get(found["endpoint"])):
            return work, Request({**scope, **found})
    return None


async def once(request: Request, who: Asker, form: FormData) -> Asker:
    """Return the asker with the key of the form and what it stands for, so that sending it twice writes once."""
    key, seen = str(form.get(ONCE, ""))[:64], str(form.get(VERSION, ""))[:MOST_VERSION]
    who = replace(who, scope=replace(who.scope, seen=seen))
    if not key:
        return who
    content = await content_of_form(request, form, request.app.state.desk.keys)
    if not who.scope.person:
        key = key_of_nobody(request.client.host if request.client else "", key)
    return replace(who, scope=replace(who.scope, request_key=key, request_content=content))


def left_out(request: Request, form: FormData) -> Response:
    """Answer a form sent by nobody: raises `Interrupted` when it was shown to somebody, who is to find it again."""
    typed = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    secret = any("mot_de_passe" in name for name, _ in typed)
    if "." not in str(form.get(ONCE, "")) or secret:
        return to_sign_in(request)
    raise Interrupted(request.url.path, typed)


def to_sign_in(request: Request) -> Response:
    """Send to the sign-in page, whatever the address asked for: nothing is learnt from it."""
    back = came_from(request)
    if request.method == "GET":
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{SIGN_IN}?{urlencode({'suite': back})}", 303)


def came_from(request: Request) -> str:
    """Return the page of this site where a form was, the home of the desk when it is not said."""
    page = urlsplit(request.headers.get("referer", ""))
    return page.path + (f"?{page.query}" if page.query else "") if page.netloc == request.url.netloc else "/bureau"


def words(form: FormData | Mapping[str, object]) -> dict[str, str]:
    """Return the text fields of a form, without outer blanks nor signs that are not seen; files are left out."""
    return {name: entered(value).strip() for name, value in form.items() if isinstance(value, str)}
