"""A file that a program sends as the body of its request: refused as soon as it is too long, and taken once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from vigie.domain.access import Right, Thing
from vigie.errors import RequestFault
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.interfaces.sending import content_of_bytes

if TYPE_CHECKING:
    from fastapi import Request

    from vigie.domain.access import Scope


async def file_of_officer(request: Request, most: int) -> tuple[Scope, str, bytes]:
    """Return who sends a file (with what its key stands for), its name and its content of `most` bytes at most.

    Raises `RequestFault` for a longer one, and what is raised for who may not write dossiers.
    """
    scope = await run_in_threadpool(scope_of, request)
    scope.require(Thing.DOSSIERS, Right.WRITE)
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > most:
            raise RequestFault("Ce fichier pèse plus de 20 Mo : coupez-le.")
    content = content_of_bytes(request, bytes(data), desk_of(request).keys)
    return replace(scope, request_content=content), request.query_params.get("name", ""), bytes(data)
