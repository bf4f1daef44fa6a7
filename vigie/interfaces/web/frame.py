"""What every page needs from a request: the services of the generation in service, the frame, the cookies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from vigie import __version__
from vigie.domain import french
from vigie.errors import NoData, RequestFault
from vigie.interfaces.asking import whole
from vigie.interfaces.desk_views.menu import grouped, menu, needs_address
from vigie.interfaces.http import THEME_COOKIE, VISIT_COOKIE
from vigie.interfaces.present import standing_in_sentence, vintage_sentence
from vigie.interfaces.views import MenuGroup, Shell
from vigie.interfaces.web.asker import asker
from vigie.interfaces.web.environment import page

if TYPE_CHECKING:
    from vigie.bootstrap import Installation, Services

THEMES = ("clair", "sombre", "systeme")
YEAR = 365 * 24 * 3600

Work = Callable[[Request, "Services"], Response]


def with_services(work: Work) -> Callable[[Request], Response]:
    """Make an endpoint of a function that needs the services; the generation stays open while it answers."""

    def endpoint(request: Request) -> Response:
        installation: Installation = request.app.state.installation
        with installation.services() as services:
            return work(request, services)

    endpoint.__name__ = work.__name__
    endpoint.__doc__ = work.__doc__
    return endpoint


def shell(request: Request, services: Services | None, section: str = "") -> Shell:
    """Build the frame of a page; without services it is the frame of an empty installation."""
    settings, who = request.app.state.settings, asker(request)
    theme = request.cookies.get(THEME_COOKIE, "")
    query = f"?{request.url.query}" if request.url.query else ""
    waiting = request.app.state.desk.followup.waiting.count(who.scope)
    lines = menu(who.scope, addresses(request), request.url.path, waiting)
    work, *others = grouped(lines, who.scope.role) or (MenuGroup("", ()),)
    return Shell(
        here=request.url.path + query,
        section=section,
        theme=theme if theme in THEMES else "systeme",
        simulated=services.simulated if services else False,
        aids=bool(services and services.loaded.tables.get("scheme")),
        vintage=vintage_sentence(services.loaded) if services else "",
        notice=standing_in_sentence(services.loaded) if services and services.instead else "",
        contact=settings.contact,
        publisher=settings.publisher,
        version=__version__,
        account=who.name or ("Mon compte" if who.scope.person else ""),
        organisation=who.organisation,
        role=who.scope.role.value if who.scope.person else "",
        needs_href=needs_address(lines),
        work=work,
        menu=tuple(others),
    )


def show(
    request: Request, services: Services | None, template: str, view: Any, *, section: str = "", status: int = 200
) -> Response:
    """Lay out a page."""
    keys, place = request.app.state.desk.keys, asker(request).scope.place
    return page(template, view, shell(request, services, section), status, lambda: keys.form_key(place))


def show_desk(request: Request, template: str, view: Any, *, section: str = "bureau", status: int = 200) -> Response:
    """Lay out a page that needs no data loaded, but says what is in service."""
    try:
        with request.app.state.installation.services() as services:
            return show(request, services, template, view, section=section, status=status)
    except NoData:
        return show(request, None, template, view, section=section, status=status)


def page_number(request: Request) -> int:
    """Return the page asked for, the first one when the address does not say; raises `RequestFault` otherwise."""
    text = request.query_params.get("page", "1")
    try:
        return whole(1, 10_000)(text)
    except ValueError as fault:
        raise RequestFault(f"Le paramètre « page » vaut « {text[:40]} » : {fault}") from None


def last_visit(request: Request) -> date | None:
    """Return the day of the visit before today's, kept in the reader's own cookie."""
    today, previous = _visits(request)
    if today != french.today():
        return today
    return previous


def remember_visit(request: Request, response: Response) -> None:
    """Note today's visit, once a day, so that the next one can show what happened since."""
    today, _ = _visits(request)
    if today == french.today():
        return
    kept = f"{french.today().isoformat()}.{today.isoformat() if today else ''}"
    set_cookie(request, response, VISIT_COOKIE, kept)


def set_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """Set one of the two functional cookies, for a year."""
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="lax", secure=secure)


def addresses(request: Request) -> frozenset[str]:
    """Return the addresses that this installation serves."""
    known: frozenset[str] | None = getattr(request.app.state, "addresses", None)
    if known is None:
        known = frozenset(path for route in request.app.routes if (path := getattr(route, "path", "")))
        request.app.state.addresses = known
    return known


def _visits(request: Request) -> tuple[date | None, date | None]:
    current, _, previous = request.cookies.get(VISIT_COOKIE, "").partition(".")
    return _day(current), _day(previous)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found <= french.today() else None
