"""Who asks the API: the bearer of a session or of a token, or nobody; cookies are not looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import Request

from vigie.domain.access import Scope
from vigie.errors import NotSignedIn, RequestFault
from vigie.interfaces.http import key_of_nobody, without_secret
from vigie.interfaces.sending import MOST_VERSION, content_of_body

if TYPE_CHECKING:
    from vigie.services.desk import Desk

_KEY_LENGTH = 64


def desk_of(request: Request) -> Desk:
    """Return the desk of the installation."""
    desk: Desk = request.app.state.desk
    return desk


def bearer(request: Request) -> str:
    """Return the secret presented as `Authorization: Bearer`, empty when there is none."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if kind.casefold() == "bearer" else ""


async def keep_content(request: Request) -> None:
    """Keep, for `scope_of`, the hash of what a request with a key does."""
    if request.headers.get("idempotency-key", ""):
        request.state.content = await content_of_body(request, desk_of(request).keys)


def scope_of(request: Request) -> Scope:
    """Return the scope of the bearer, with the key that makes a write happen once (`Idempotency-Key`) and the version
    that it means to replace (`If-Match`).

    Raises `NotSignedIn` when a secret is presented and not accepted; presenting none is asking as anybody.
    """
    once = request.headers.get("idempotency-key", "")
    if len(once) > _KEY_LENGTH:
        raise RequestFault(f"L’en-tête Idempotency-Key compte {len(once)} caractères : {_KEY_LENGTH} au plus.")
    content = getattr(request.state, "content", "")
    seen = request.headers.get("if-match", "").removeprefix("W/").strip('"')[:MOST_VERSION]
    if not request.headers.get("authorization", ""):
        host = request.client.host if request.client else ""
        return replace(Scope(), request_key=key_of_nobody(host, once), request_content=content)
    secret = bearer(request)
    asker = desk_of(request).recognising.token(secret) if secret else None
    if asker is None or not asker.scope.person:
        raise NotSignedIn("Le jeton présenté n’est pas accepté : il est inconnu, révoqué ou périmé.")
    if asker.scope.via == "emergency":
        desk_of(request).records.emergency.trace(asker.scope, without_secret(request.url.path))
    exact = bool(seen) and seen != "*"
    return replace(asker.scope, request_key=once, request_content=content, seen=seen if exact else "", exact=exact)
