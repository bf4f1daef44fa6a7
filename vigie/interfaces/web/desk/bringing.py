"""A file that an officer brings by a form: refused by its length before anything of it is read, and taken once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from vigie.domain import french
from vigie.domain.access import Right, Thing
from vigie.errors import RequestFault
from vigie.interfaces.web.asker import FormEndpoint, FormWork, asker, sent, to_sign_in

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk

_ENVELOPE = 64 * 1024
"""What a browser writes around a file and the other fields of its form."""
Refusing = Callable[[Request, "Desk", "Asker", RequestFault], Response]


def file_at_desk(work: FormWork, most: int, too_long: str, refuse: Refusing) -> FormEndpoint:
    """Make an endpoint of a function that is sent a file of `most` bytes at most by an officer; it happens once.

    What is longer by the length that the browser declares, or declares none, is shown by `refuse` with `too_long`.
    """

    async def endpoint(request: Request) -> Response:
        who = await run_in_threadpool(asker, request)
        french.use_zone(who.zone)
        if not who.scope.person:
            return to_sign_in(request)
        who.scope.require(Thing.DOSSIERS, Right.WRITE)
        length = request.headers.get("content-length", "")
        if not length.isdigit() or int(length) > most + _ENVELOPE:
            return await run_in_threadpool(refuse, request, request.app.state.desk, who, RequestFault(too_long))
        async with request.form(max_files=1) as form:
            return await sent(work, request, who, form)

    endpoint.__name__, endpoint.__doc__ = work.__name__, work.__doc__
    return endpoint


def brought(form: FormData) -> tuple[str, bytes]:
    """Return the name and the content of the file of a form; raises `RequestFault` where none was chosen."""
    file = form.get("fichier")
    if not isinstance(file, UploadFile) or not file.filename:
        raise RequestFault("Choisissez d’abord un fichier.")
    file.file.seek(0)  # what is done again after another writer reads it again
    return file.filename, file.file.read()
