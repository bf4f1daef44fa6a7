"""What a writing request does, in one hash: the key that makes it happen once stands for that, and nothing else."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.datastructures import FormData, UploadFile

if TYPE_CHECKING:
    from starlette.requests import Request

    from vigie.services.keys import Keys

ONCE = "once"
"""Name of the hidden field that makes a form happen once, however often it is sent."""
VERSION, MOST_VERSION = "version", 100
"""Name of the hidden field that tells which version of a thing a form was shown, and its length at most."""
_CHUNK = 1 << 20


async def content_of_form(request: Request, form: FormData, keys: Keys) -> str:
    """Return the hash of the act and of every field and file of a form, its own key left out."""
    written = [_act(request)]
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            written.append(f"{name}\n{value.filename}\n{await _hash_of_file(value)}")
        elif name != ONCE:
            written.append(f"{name}\n{value}")
    return _keyed(written, keys)


async def content_of_body(request: Request, keys: Keys) -> str:
    """Return the hash of the act and of the body that its route reads as JSON; spacing and order do not count."""
    if getattr(request.scope.get("route"), "body_field", None) is None:
        return content_of_bytes(request, b"", keys)
    body = await request.body()
    with suppress(ValueError):  # what is no JSON is refused by its route
        body = json.dumps(json.loads(body), sort_keys=True).encode()
    return content_of_bytes(request, body, keys)


def content_of_bytes(request: Request, body: bytes, keys: Keys) -> str:
    """Return the hash of the act and of a body."""
    return _keyed([_act(request), hashlib.sha256(body).hexdigest()], keys)


def _act(request: Request) -> str:
    return f"{request.method} {request.url.path}?{request.url.query}"


async def _hash_of_file(file: UploadFile) -> str:
    hashed = hashlib.sha256()
    while chunk := await file.read(_CHUNK):
        hashed.update(chunk)
    await file.seek(0)
    return hashed.hexdigest()


def _keyed(written: list[str], keys: Keys) -> str:
    """Hash with the secret of the installation: what is erased later is not found again by trying."""
    return keys.fingerprint("request", json.dumps(written))
