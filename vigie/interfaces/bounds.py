"""The entrance of both HTTP doors: addresses and bodies are counted before anything is made of them.

Nothing is read of a body whose declared length is too long; one that declares none is counted as it comes, and given up
at the first byte too many. A body is read whole, within a deadline, before its turn is waited for: a slow sender holds
nobody else's turn. Files alone go straight to their endpoint, which checks who sends them before reading.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vigie.interfaces.http import SESSION_COOKIE, Refuse, RequestRefused, has_controls, read_cookies
from vigie.interfaces.serving import RETRY_AFTER, Turns

LONGEST_ADDRESS = 8_000
LONGEST_HEADERS = 16_000
MOST_PAIRS = 50
SMALL_BODY = 64 * 1024
"""Bytes that anybody may send."""
DESK_BODY = 256 * 1024
REVIEW_BODY = 1024 * 1024
"""Bytes of a review: the choices made for twenty thousand lines."""
UPLOAD_BODY = 20 * 1024 * 1024 + SMALL_BODY
_REVIEWED = ("/bureau/imports", "/api/v1/desk/imports")
UPLOADS = (*_REVIEWED, "/bureau/locaux/fichiers", "/api/v1/desk/land/files")
"""Where files are brought: spreadsheets, which are then reviewed, and inventories of land."""
_LARGER = (
    *((f"{path}/", REVIEW_BODY) for path in _REVIEWED),
    ("/bureau", DESK_BODY),
    ("/api/v1/desk/", DESK_BODY),
)
"""Bytes that somebody known may send, by the beginning of the address."""
MOST_HELD = 32 * 1024 * 1024
"""Bytes of bodies held in memory at once, over all requests."""
BODY_SECONDS, BODY_PACE = 20.0, 16 * 1024
"""A body has twenty seconds, and one more for each 16 kB received."""
_READING = ("GET", "HEAD", "OPTIONS")


class RequestLimits:
    """Refuses what is too long, too slow or too much, in French, before the pages and the API.

    `known` tells whether the headers of a request are those of somebody with an account.
    """

    def __init__(self, app: ASGIApp, refuse: Refuse, known: Callable[[Headers], bool]) -> None:
        self._app, self._refuse, self._known = app, refuse, known
        self._held = 0
        # Strangers wait apart: a crowd of them does not take the turns of people who work.
        self._turns = {True: Turns(at_once=8, waiting=256), False: Turns(at_once=4, waiting=64)}
        self._uploads = Turns(at_once=2, waiting=8)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._bounded(scope, receive, noted)
        except RequestRefused as fault:
            if not begun:
                answer = self._refuse(scope["path"], fault.status_code, fault.detail, fault.seconds)
                await answer(scope, receive, send)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        check_address(scope)
        headers = Headers(scope=scope)
        if scope["method"] in _READING:
            if _declared(headers) > SMALL_BODY or "transfer-encoding" in headers:
                raise too_long(0)
            await self._app(scope, receive, send)
        elif scope["method"] == "POST" and scope["path"] in UPLOADS:
            await self._upload(scope, headers, receive, send)
        else:
            await self._write(scope, headers, receive, send)

    async def _upload(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        """Let a file go to its endpoint; of a stranger, nothing is read."""
        if _declared(headers) > UPLOAD_BODY and not await self._is_known(headers):
            raise too_long(UPLOAD_BODY)
        async with self._uploads.turn():
            await self._app(scope, counted(receive, UPLOAD_BODY), send)

    async def _write(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        most = SMALL_BODY
        if _declared(headers) > most or "transfer-encoding" in headers:
            most = await self._most(scope["path"], headers)
        if _declared(headers) > most:
            raise too_long(most)
        body, next_message = bytearray(), counted(receive, most)
        try:
            more = True
            while more:
                message = await next_message()
                if message["type"] == "http.disconnect":
                    return
                part, more = message.get("body", b""), message.get("more_body", False)
                self._hold(len(part))
                body += part
            async with self._turns[_says_who(headers)].turn():
                await self._app(scope, _replayed(bytes(body), receive), send)
        finally:
            self._held -= len(body)

    def _hold(self, length: int) -> None:
        if length and self._held + length > MOST_HELD:
            raise RequestRefused(503, "Trop d’envois arrivent en même temps : renvoyez le vôtre.", RETRY_AFTER)
        self._held += length

    async def _most(self, path: str, headers: Headers) -> int:
        larger = next((most for start, most in _LARGER if path.startswith(start)), SMALL_BODY)
        return larger if larger > SMALL_BODY and await self._is_known(headers) else SMALL_BODY

    async def _is_known(self, headers: Headers) -> bool:
        return _says_who(headers) and await run_in_threadpool(self._known, headers)


def check_address(scope: Scope) -> None:
    """Refuse an address that is no path, holds controls, is too long or asks too much; raises `RequestRefused`."""
    path, query = scope["path"], scope["query_string"]
    if has_controls(path):
        raise RequestRefused(404)
    if not path.startswith("/"):
        raise RequestRefused(400, "L’adresse demandée n’est pas celle d’une page de ce site.")
    if len(scope.get("raw_path") or path) + len(query) > LONGEST_ADDRESS:
        raise RequestRefused(414)
    if query.count(b"&") >= MOST_PAIRS:
        raise RequestRefused(
            400, f"Cette adresse compte plus de {MOST_PAIRS} paramètres : retirez ceux qui sont de trop."
        )
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LONGEST_HEADERS:
        raise RequestRefused(431)


def counted(receive: Receive, most: int) -> Receive:
    """Return a reader of the body that raises `RequestRefused` at the first byte above `most`, or when too slow."""
    loop = asyncio.get_running_loop()
    began, received = loop.time(), 0

    async def next_message() -> Message:
        nonlocal received
        try:
            async with asyncio.timeout_at(began + BODY_SECONDS + received / BODY_PACE):
                message = await receive()
        except TimeoutError:
            raise RequestRefused(408) from None
        received += len(message.get("body", b""))
        if received > most:
            raise too_long(most)
        return message

    return next_message


def too_long(most: int) -> RequestRefused:
    """Return the refusal of a body above so many bytes."""
    if not most:
        return RequestRefused(413, "Cette adresse se lit : elle n’accepte aucun envoi.")
    size = f"{most // 1024} ko" if most < REVIEW_BODY else f"{most // REVIEW_BODY} Mo"
    return RequestRefused(413, f"Cet envoi dépasse {size}, la limite pour cette adresse : rien n’en a été gardé.")


def _declared(headers: Headers) -> int:
    text = headers.get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 2**62


def _says_who(headers: Headers) -> bool:
    return "authorization" in headers or bool(read_cookies(headers.get("cookie", "")).get(SESSION_COOKIE))


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return a reader that hands over a body already read, then follows the connection."""
    waiting = [body]

    async def next_message() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return next_message
