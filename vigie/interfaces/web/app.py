"""The pages: routes, and an answer in French to everything that can go wrong."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from vigie.errors import DataOutdated, DataUnreadable, NoData, Objected, TooManyAttempts, VigieError
from vigie.interfaces.desk_views.conflicts import conflict_page
from vigie.interfaces.desk_views.forms import unsaved_page
from vigie.interfaces.http import RequestRefused, full_disk, methods_of, status_of, without_slash
from vigie.interfaces.web import (
    activity,
    actors,
    aids,
    calendars,
    catalogue,
    comparing,
    directory,
    events,
    feeds,
    home,
    information,
    laboratory,
    matter,
    methods,
    perimeter,
    questions,
    sites,
    suggestions,
    territories,
)
from vigie.interfaces.web.asker import Clashed, Interrupted, Unsaved, came_from
from vigie.interfaces.web.desk import ROUTES as DESK_ROUTES
from vigie.interfaces.web.desk.following import names_of_choices
from vigie.interfaces.web.desk.signing import interrupted
from vigie.interfaces.web.environment import STATIC
from vigie.interfaces.web.failures import failure, no_data, objected, unreadable
from vigie.interfaces.web.frame import show, show_desk
from vigie.services.accounts.sessions import NOBODY

if TYPE_CHECKING:
    from vigie.bootstrap import Installation
    from vigie.interfaces.pages import Failure
    from vigie.services.desk import Desk
    from vigie.settings import Settings

_log = logging.getLogger("vigie.pages")
UNREADABLE = (
    "Des données sont chargées, mais elles ne se lisent plus : un fichier est abîmé ou n’est plus accessible. "
    "L’incident est noté dans le journal du serveur."
)
OUTDATED = (
    "Les données en place ont été faites par une version antérieure de Vigie, que celle-ci ne lit pas : l’hébergeur "
    "doit les charger de nouveau (« vigie refresh »)."
)
ROUTES = (
    Route("/", home.home),
    Route("/suggestions", suggestions.suggestions),
    Route("/annuaire", directory.directory),
    Route("/annuaire/{name:str}", directory.download),
    *actors.ROUTES,
    *aids.ROUTES,
    *matter.ROUTES,
    *methods.ROUTES,  # before the page of any measure
    Route("/etablissement/{siret}/evenements", events.of_establishment),
    Route("/territoires", territories.territories),
    Route("/territoire/{kind}/{code}", territories.portrait),
    Route("/territoire/{kind}/{code}/constat/{finding_id}", territories.finding),
    Route("/territoire/{kind}/{code}/constats.{ending}", territories.download),
    Route("/territoire/{kind}/{code}/chiffres", territories.figures),
    Route("/territoire/{kind}/{code}/carte.{ending}", territories.map_file),
    Route("/territoire/{kind}/{code}/evenements", events.of_territory),
    Route("/territoire/{kind}/{code}/evenements.atom", feeds.of_territory),
    Route("/activite/{naf}", activity.activity),
    Route("/perimetre", perimeter.perimeter),
    *sites.ROUTES,
    Route("/laboratoire", laboratory.laboratory),
    Route("/comparer", comparing.compare),
    Route("/evenements", events.events),
    Route("/evenements.atom", feeds.everything),
    Route(calendars.ADDRESS, calendars.calendar),
    Route("/sources", catalogue.sources),
    Route("/source/{source_id}", catalogue.source),
    Route("/methode/{measure}", catalogue.method),
    Route("/indicateurs", catalogue.indicators),
    Route("/indicateur/{indicator_id}", catalogue.indicator),
    *(Route(path, information.standing, name=path) for path in information.STANDING),
    Route("/theme", information.theme, methods=["GET", "POST"]),
    Route("/robots.txt", information.robots),
    Route("/sitemap.xml", information.sitemap),
)


def create_web(installation: Installation, desk: Desk, settings: Settings) -> Starlette:
    """Build the pages of an installation."""
    web = Starlette(
        routes=[*ROUTES, *questions.routes(), *DESK_ROUTES, Mount("/static", _Static(directory=STATIC), name="static")],
        exception_handlers={
            VigieError: _on_purpose,
            HTTPException: _of_http,
            OSError: _of_disk,
            Exception: _unforeseen,
        },
    )
    web.router.redirect_slashes = False  # it would repeat whatever host the request names
    web.state.installation, web.state.desk, web.state.settings = installation, desk, settings
    return web


class _Static(StaticFiles):
    """Static files, kept a year by the reader when their address carries the hash of their content.

    They are small and sent from memory: a crowd that reads them slowly holds no open file.
    """

    def file_response(self, *arguments: object, **options: object) -> Response:
        """Serve a file."""
        response = super().file_response(*arguments, **options)  # type: ignore[arg-type]
        scope = options.get("scope") or arguments[2]
        versioned = isinstance(scope, dict) and b"v=" in scope.get("query_string", b"")
        if isinstance(response, FileResponse):
            kept = {name: value for name, value in response.headers.items() if name != "accept-ranges"}
            response = Response(_content(str(response.path)), response.status_code, kept)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if versioned else "no-cache"
        return response


@lru_cache(maxsize=64)
def _content(path: str) -> bytes:
    return Path(path).read_bytes()


def _on_purpose(request: Request, fault: Exception) -> Response:
    if isinstance(fault, NoData):
        return _without_data(request, fault)
    if isinstance(fault, Objected):
        return show_desk(request, "error.html", objected(str(fault)), section="annuaire", status=404)
    if isinstance(fault, Interrupted):
        return interrupted(request, fault)
    if isinstance(fault, Clashed):
        names = names_of_choices(request, fault.conflict)
        both = conflict_page(fault.conflict, fault.typed, request.url.path, came_from(request), names)
        return show_desk(request, "desk/conflict.html", both, status=409)
    if isinstance(fault, Unsaved):
        view = unsaved_page(str(fault), request.url.path, came_from(request), fault.typed)
        return show_desk(request, "desk/unsaved.html", view, status=fault.status)
    status = status_of(fault) if isinstance(fault, VigieError) else 500
    answer = _failed(request, 422 if status == 400 else status, str(fault))
    if isinstance(fault, TooManyAttempts):
        answer.headers["Retry-After"] = str(fault.seconds)
    return answer


def _of_http(request: Request, fault: Exception) -> Response:
    status = fault.status_code if isinstance(fault, HTTPException) else 500
    if status == 405:
        allowed = {"Allow": ", ".join(methods_of(request))}
        return _with(Response(status_code=204) if request.method == "OPTIONS" else _failed(request, 405, ""), allowed)
    if status == 404 and request.url.path.startswith("/api/"):
        return JSONResponse({"erreur": "Cette adresse n’existe pas : la liste est dans /api/v1/openapi.json."}, 404)
    nearer = without_slash(request) if status == 404 else None
    if nearer is not None:
        return nearer
    what, seconds = (fault.detail, fault.seconds) if isinstance(fault, RequestRefused) else ("", 0)
    return _with(_failed(request, status, what), {"Retry-After": str(seconds)} if seconds else {})


def _with(answer: Response, headers: dict[str, str]) -> Response:
    answer.headers.update(headers)
    return answer


def _without_data(request: Request, fault: NoData) -> Response:
    if isinstance(fault, DataUnreadable):
        outdated = isinstance(fault, DataOutdated)
        return _framed(request, unreadable(OUTDATED if outdated else UNREADABLE, outdated=outdated), 503)
    return show(request, None, "no_data.html", no_data(request.app.state.settings), status=503)


def _of_disk(request: Request, fault: Exception) -> Response:
    said = full_disk(fault)
    return _failed(request, status_of(said), str(said))


def _unforeseen(request: Request, _: Exception) -> Response:
    return _failed(request, 500, "")


def _failed(request: Request, status: int, what: str) -> Response:
    return _framed(request, failure(status, what, request.url.path), status)


def _framed(request: Request, view: Failure, status: int) -> Response:
    """Lay out the page of an error, with no more in its frame than can be read."""
    try:
        with request.app.state.installation.services() as services:
            return show(request, services, "error.html", view, status=status)
    except NoData:
        pass
    except Exception as fault:
        _log.error("frame of an error page: %s", type(fault).__name__)
    try:
        return show(request, None, "error.html", view, status=status)
    except VigieError:
        request.state.asker = NOBODY
        return show(request, None, "error.html", view, status=status)
