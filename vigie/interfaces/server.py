"""Pages and API as one application, for `vigie serve` or any ASGI server; settings come from the environment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount

from vigie.bootstrap import open_house
from vigie.interfaces.api.app import create_api
from vigie.interfaces.http import AccessLog, Revalidation, SameOrigin, SecurityHeaders
from vigie.interfaces.web.app import create_web
from vigie.services.mail.courier import courier
from vigie.settings import Settings


def application(settings: Settings | None = None) -> Starlette:
    """Build the application of an installation; it follows the generation in service by itself."""
    chosen = settings or Settings.from_environment()
    installation, desk = open_house(chosen)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        with courier(desk.mail):
            yield
        installation.close()
        desk.close()

    return Starlette(
        routes=[
            Mount("/api/v1", create_api(installation, desk), name="api"),
            Mount("/", create_web(installation, desk, chosen), name="web"),
        ],
        middleware=[
            Middleware(AccessLog),
            Middleware(SecurityHeaders),
            Middleware(SameOrigin),
            Middleware(Revalidation, version=installation.version, stamp=desk.journal.stamp),
            Middleware(GZipMiddleware, minimum_size=1000),
        ],
        lifespan=lifespan,
    )
