"""Pages and API as one application, for `vigie serve` or any ASGI server; settings come from the environment."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount

from vigie.bootstrap import open_house
from vigie.errors import VigieError
from vigie.interfaces.api.app import create_api
from vigie.interfaces.bounds import RequestLimits
from vigie.interfaces.dossier_files import write_dossiers
from vigie.interfaces.http import (
    SESSION_COOKIE,
    AccessLog,
    Revalidation,
    SameOrigin,
    SecurityHeaders,
    read_cookies,
)
from vigie.interfaces.optional_data import directory_if_loaded, services_if_loaded
from vigie.interfaces.refusals import Refusals
from vigie.interfaces.web.app import create_web
from vigie.interfaces.web.environment import load_templates
from vigie.services.health import Health
from vigie.services.jobs.running import Worker, working
from vigie.services.mail.courier import courier
from vigie.services.rounds import Rounds, duties, keeping
from vigie.settings import Settings

if TYPE_CHECKING:
    from vigie.bootstrap import Installation
    from vigie.services.desk import Desk


_log = logging.getLogger("vigie.data")
LONGEST_STEP = 30.0
"""Seconds that a step under way is waited for when the server stops."""


def application(settings: Settings | None = None) -> Starlette:
    """Build the application of an installation; it follows the generation in service by itself."""
    chosen = settings or Settings.from_environment()
    installation, desk = open_house(chosen)
    refuse = Refusals.of(chosen)
    health = Health(desk.journal, chosen.data_dir, lambda: _in_service(installation), desk.journal.failing)
    api = create_api(installation, desk)
    rounds = Rounds(desk.journal, duties(desk, lambda: services_if_loaded(installation)))
    api.state.health, api.state.rounds = health, rounds
    web = create_web(installation, desk, chosen)
    web.state.rounds = rounds
    works = desk.spreadsheets.works(lambda: directory_if_loaded(installation), write_dossiers)
    worker = Worker(desk.journal, works, desk.jobs.files.tidy)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        steps = (installation.warm, load_templates, lambda: know_routes(api.routes))
        warmed = warming(*steps) if chosen.warm else nullcontext()
        desk.journal.gather()
        with courier(desk.mail), working(worker), keeping(rounds) if chosen.rounds else nullcontext(), warmed:
            yield
        health.close()
        installation.close()
        desk.close()

    return Starlette(
        routes=[
            Mount("/api/v1", api, name="api"),
            Mount("/", web, name="web"),
        ],
        middleware=[
            Middleware(AccessLog, refuse=refuse),
            Middleware(SecurityHeaders),
            Middleware(RequestLimits, refuse=refuse, known=_known(desk)),
            Middleware(SameOrigin, refuse=refuse),
            Middleware(Revalidation, version=installation.version, stamp=desk.journal.stamp),
            Middleware(GZipMiddleware, minimum_size=1000),
        ],
        lifespan=lifespan,
    )


def _in_service(installation: Installation) -> tuple[str, bool, bool]:
    with installation.services() as services:
        return services.loaded.name, services.simulated, bool(services.instead)


def _known(desk: Desk) -> Callable[[Headers], bool]:
    """Return what tells, by the headers of a request, whether somebody with an account makes it."""

    def known(headers: Headers) -> bool:
        kind, _, secret = headers.get("authorization", "").partition(" ")
        session = read_cookies(headers.get("cookie", "")).get(SESSION_COOKIE, "")
        try:
            if kind.casefold() == "bearer":
                return bool(desk.recognising.token(secret.strip()).scope.person)
            return bool(desk.recognising.session(session).scope.person)
        except VigieError:
            return False

    return known


def know_routes(routes: Sequence[BaseRoute]) -> None:
    """Look for an address that no route has: FastAPI makes what serves a route the first time that it is looked at."""
    nowhere = {"type": "http", "method": "GET", "path": "/.", "root_path": "", "headers": []}
    for route in routes:
        route.matches(nowhere)


@contextmanager
def warming(*steps: Callable[[], object]) -> Iterator[None]:
    """Take steps one after the other in a thread of their own; none is begun once the block is left.

    A reader who comes meanwhile is answered, and shares what was read so far. What fails fails again, and is told,
    where somebody asks for it.
    """
    leaving = threading.Event()

    def take() -> None:
        for step in steps:
            if leaving.is_set():
                return
            try:
                step()
            except VigieError as nothing_yet:
                _log.info("not warmed: %s", type(nothing_yet).__name__)
            except Exception:
                _log.exception("not warmed")

    thread = threading.Thread(target=take, name="vigie-warming", daemon=True)
    thread.start()
    try:
        yield
    finally:
        leaving.set()
        thread.join(timeout=LONGEST_STEP)
