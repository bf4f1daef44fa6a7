"""The first page: a search, where each reader starts, what just happened, what is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from vigie.domain.relations import EventOrder
from vigie.domain.territory import TerritoryKind
from vigie.interfaces.present_home import News
from vigie.interfaces.present_home import home as home_view
from vigie.interfaces.present_maps import country_map
from vigie.interfaces.web.asker import asker
from vigie.interfaces.web.frame import show, with_services
from vigie.services.outlines import NOTHING

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.domain.territory import Territory
    from vigie.interfaces.views import Graphic

_RECENT = 5


@with_services
def home(request: Request, services: Services) -> Response:
    """Show the first page."""
    offered = _offered(services)
    who = asker(request)
    calls = request.app.state.desk.calls.reading.published(who.scope)
    news = News(
        services.watch.factories(),
        services.watch.events(order=EventOrder.MATTER, per_page=_RECENT).events,
        calls.total,
        calls.calls[0] if calls.calls else None,
    )
    view = home_view(services.loaded, offered, news, _map(services, offered), known=bool(who.scope.person))
    return show(request, services, "home.html", view)


def _offered(services: Services) -> list[Territory]:
    """Return the territories to start from: départements when there are several, else their intercommunalités."""
    covered = services.observe.covered((TerritoryKind.DEPARTEMENT, TerritoryKind.EPCI))
    departments = [place for place in covered if place.kind is TerritoryKind.DEPARTEMENT]
    others = [place for place in covered if place.kind is TerritoryKind.EPCI]
    chosen = departments if len(departments) > 3 else [*departments, *_populous(others)]
    return chosen if len(departments) <= 3 else _populous(chosen)


def _populous(places: list[Territory]) -> list[Territory]:
    return sorted(places, key=lambda place: -(place.population or 0))


def _map(services: Services, places: list[Territory]) -> Graphic | None:
    several = [place for place in places if place.kind is TerritoryKind.DEPARTEMENT]
    drawn = several if len(several) > 3 else [place for place in places if place.kind is TerritoryKind.EPCI]
    if not drawn:
        return None
    kind, by_code = drawn[0].kind, {place.code: place for place in drawn}
    outlines = services.observe.outlines
    main, *others = outlines.sheets(kind, by_code) or (NOTHING,)
    apart = [sheet for other in others for code in other.steps for sheet in outlines.sheets(kind, (code,))]
    return country_map("Les territoires à lire", by_code, [main, *apart] if main else [])
