"""Files that the pages hand over: written row by row beside the memory, sent as they are read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from vigie.interfaces.web.asker import asker

if TYPE_CHECKING:
    from vigie.services.desk import Desk

_IN_MEMORY, _PART = 512 * 1024, 64 * 1024
"""Bytes of a file held in memory, what is longer being on the disk; bytes sent at once."""


def handed_out(request: Request, name: str, media_type: str, write: Callable[[IO[bytes]], None]) -> Response:
    """Hand a file to take away; search engines are asked to leave it out.

    Without an account, files are counted by origin and wait their turn; raises `TooManyAttempts`.
    """
    desk: Desk = request.app.state.desk
    address = request.client.host if request.client else ""
    made = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed once it was sent
    try:
        with nullcontext() if asker(request).scope.person else desk.files.turn(address):
            write(made)
    except BaseException:
        made.close()
        raise
    headers = {
        "Content-Disposition": f'attachment; filename="vigie-{name}"',
        "Content-Length": str(made.tell()),
        "X-Robots-Tag": "noindex",
    }
    made.seek(0)
    return StreamingResponse(
        _parts(made), media_type=media_type, headers=headers, background=BackgroundTask(made.close)
    )


def _parts(made: IO[bytes]) -> Iterator[bytes]:
    while part := made.read(_PART):
        yield part
