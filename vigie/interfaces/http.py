"""What both HTTP doors share: security headers, revalidation by generation, status of errors, a discreet log."""

from __future__ import annotations

import errno
import hashlib
import logging
import re
import time
import traceback
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Protocol
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vigie import __version__
from vigie.domain import french
from vigie.errors import (
    Conflict,
    EditConflict,
    InputFault,
    JournalUnavailable,
    KeyReused,
    NoData,
    NoRoom,
    NotFound,
    NotSignedIn,
    Raced,
    Repeated,
    RequestFault,
    SourceUnavailable,
    TooManyAttempts,
    VigieError,
)

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; font-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": browsers would send « Origin: null » with every form, which `SameOrigin` refuses.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
THEME_COOKIE = "theme"
VISIT_COOKIE = "visite"
SESSION_COOKIE = "session"
DEVICE_COOKIE = "appareil"
"""What a browser that came in keeps, so that its owner is not made to wait with strangers."""

_STATUS: tuple[tuple[type[VigieError], int], ...] = (
    (RequestFault, 400),
    (NotFound, 404),
    (NoData, 503),
    (SourceUnavailable, 503),
    (JournalUnavailable, 503),
    (NoRoom, 507),
    (Conflict, 409),
    (EditConflict, 409),
    (KeyReused, 409),
    (Raced, 409),
    (Repeated, 409),
    (NotSignedIn, 401),
    (TooManyAttempts, 429),
    (InputFault, 400),
)
_log = logging.getLogger("vigie.access")
PRIVATE = (
    "/bureau",
    "/besoin",
    "/connexion",
    "/atelier/",
    "/consultation/",
    "/opposition",
    "/lien/",
    "/invitation/",
    "/inscription",
    "/api/v1/desk/",
)
"""Where what is answered depends on who asks, or on a secret of the address: nothing there is ever kept by a cache."""
ENTERED = (
    "/entreprise/", "/appels", "/ateliers", "/consultations", "/moderation", "/projet", "/sites", "/api/v1/sites",
)  # fmt: skip
"""Public pages that show what people entered in the journal."""
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SECRET = re.compile(r"^((?:/api/v1/desk)?/(?:lien|invitation|links|invitations|connexion/oubli)/).+")
_NUMBER = re.compile(r"\d{9}(\d{5})?")


class Refuse(Protocol):
    """Builds the answer to what is refused at the entrance: a French page, or `{"erreur": …}` below `/api/`."""

    def __call__(self, path: str, status: int, what: str = "", seconds: int = 0) -> Response:
        """Return the answer; `what` is a sentence, that of the status when empty; `seconds` how long to wait."""


class RequestRefused(HTTPException):
    """A request refused at the entrance; `detail` is a French sentence, `seconds` how long to wait."""

    def __init__(self, status: int, what: str = "", seconds: int = 0) -> None:
        super().__init__(status, what)
        self.detail, self.seconds = what, seconds


def has_controls(text: str) -> bool:
    """Tell whether a text holds controls, which cut or rewrite the line that shows it."""
    return _CONTROL.search(text) is not None


def printable(text: str) -> str:
    """Return a text on one line of ASCII: controls and what is not ASCII are escaped."""
    return escaped(text.encode("ascii", "backslashreplace").decode())


def escaped(text: str) -> str:
    """Return a text on one line: controls are escaped."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def status_of(fault: VigieError) -> int:
    """Return the HTTP status of an error raised on purpose."""
    return next((status for kind, status in _STATUS if isinstance(fault, kind)), 500)


def full_disk(fault: Exception) -> NoRoom:
    """Return what to say of a disk that is full, met while a request is read; raises the fault when it is another."""
    if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return NoRoom(
            "Le disque du service est plein : rien n’a été enregistré. "
            "Réessayez quand l’hébergeur aura fait de la place."
        )
    raise fault


def form_status(fault: VigieError) -> int:
    """Return the status of a page that shows a form again: 422 for what was typed, else that of the error."""
    return 422 if isinstance(fault, RequestFault) else status_of(fault)


class SecurityHeaders:
    """Put the security headers on every answer, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class Revalidation:
    """Answer 304 without computing anything when the reader already holds the page of this generation and this day.

    The tag depends on the generation in service, the firms that object, the version of Vigie, the day and the two
    cookies pages depend on; and on the journal itself for the pages that show what people entered.
    """

    def __init__(self, app: ASGIApp, version: Callable[[], str], stamp: Callable[[], str]) -> None:
        self._app, self._version, self._stamp = app, version, stamp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or scope["path"].startswith("/static/"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if _is_somebody(headers) or scope["path"].startswith(PRIVATE):
            await self._app(scope, receive, _unkept(send))
            return
        try:
            tag = await run_in_threadpool(self._tag, scope["path"], headers.get("cookie", ""))
        except JournalUnavailable:
            await self._app(scope, receive, _unkept(send))  # the page itself says what is wrong
            return
        if tag in {known.strip() for known in headers.get("if-none-match", "").split(",")}:
            unchanged = Response(status_code=304, headers={"ETag": tag, "Vary": "Cookie", "Cache-Control": "no-cache"})
            await unchanged(scope, receive, send)
            return

        async def tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.setdefault("Cache-Control", "no-cache" if message["status"] == 200 else "no-store")
                answer.add_vary_header("Cookie")
                if message["status"] == 200 and "set-cookie" not in answer:
                    answer["ETag"] = tag
            await send(message)

        await self._app(scope, receive, tagged)

    def _tag(self, path: str, cookies: str) -> str:
        kept = read_cookies(cookies)
        parts = (
            self._version(),
            self._stamp() if path.startswith(ENTERED) else "",
            __version__,
            french.today().isoformat(),
            kept.get(THEME_COOKIE, ""),
            kept.get(VISIT_COOKIE, ""),
        )
        return f'W/"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:20]}"'


class SameOrigin:
    """Refuse what another site makes a reader's browser send: a form is accepted from this site only."""

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self._app, self._refuse = app, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            headers = Headers(scope=scope)
            origin = headers.get("origin", "")
            foreign = origin and _host(origin) != headers.get("host", "")
            if foreign or headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
                await self._refuse(scope["path"], 403)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _host(origin: str) -> str:
    """Return the host of an origin, empty when it cannot be read."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _is_somebody(headers: Headers) -> bool:
    return "authorization" in headers or SESSION_COOKIE in read_cookies(headers.get("cookie", ""))


def _unkept(send: Send) -> Send:
    """Forbid every cache to keep what one person only may read."""

    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Cache-Control"] = "no-store"
        await send(message)

    return marked


class AccessLog:
    """Log method, path without its query (what people search for stays theirs), status and duration.

    A path that carries a secret is cut before it. Of what nobody foresaw, only the type and the place are logged, here
    and by the server: its text may hold what somebody typed. Controls are escaped: a request is one line.
    """

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self._app, self._refuse = app, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # 499 is what proxies write of somebody who left, or was closed, before the answer.
        began, status, begun = time.perf_counter(), 499, False

        async def noted(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as fault:
            _log.error("%s at %s", type(fault).__name__, place_of(fault))
            status = status if begun else 500
            if not begun:
                await self._refuse(scope["path"], 500)(scope, receive, send)
        finally:
            took = (time.perf_counter() - began) * 1000
            path = without_secret(printable(scope["path"]))
            if status == 404 or path.startswith(PRIVATE):
                path = _NUMBER.sub("…", path)  # perhaps that of a firm that objects: nothing of it is kept
            _log.info("%s %s %d %.0f ms", printable(scope["method"]), path, status, took)


def without_secret(path: str) -> str:
    """Return a path cut before the secret that it carries, if any."""
    return _SECRET.sub(r"\1…", path)


def place_of(fault: BaseException) -> str:
    """Return where a fault was raised: the last function of Vigie that it came through, its file and line."""
    frames = traceback.extract_tb(fault.__traceback__)
    ours = [frame for frame in frames if "vigie" in frame.filename] or frames
    return f"{ours[-1].filename.rpartition('vigie/')[2]}:{ours[-1].lineno} ({ours[-1].name})" if ours else "?"


def methods_of(request: Request) -> tuple[str, ...]:
    """Return the methods that the address of a request accepts, over all its routes."""
    accepted = [method for method in _METHODS if _leads(request, request.scope["path"], method)]
    return (*accepted, *(("HEAD",) if "GET" in accepted else ()), "OPTIONS")


def _leads(request: Request, path: str, method: str) -> bool:
    """Tell whether a route answers a method at a path."""
    asked = {**request.scope, "path": path, "method": method}
    return any(route.matches(dict(asked))[0] is Match.FULL for route in request.app.routes)


def without_slash(request: Request) -> Response | None:
    """Return the way to the address without its last slash, where that one exists; never told by the `Host` header."""
    path = request.scope["path"]
    if request.method not in ("GET", "HEAD") or not path.rstrip("/") or not path.endswith("/"):
        return None
    if not _leads(request, path.rstrip("/"), "GET"):
        return None
    query = request.scope["query_string"].decode("ascii", "replace")
    return RedirectResponse("/" + path.strip("/") + (f"?{query}" if query else ""), 307)


def key_of_nobody(host: str, key: str) -> str:
    """Return the key of a request that nobody in particular makes: strangers who chose the same are told apart."""
    return hashlib.sha256(f"{host}\n{key}".encode()).hexdigest() if key else ""


def read_cookies(header: str) -> dict[str, str]:
    """Return the cookies of a request; a header that cannot be read holds none."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
