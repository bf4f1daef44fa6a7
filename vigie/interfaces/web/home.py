"""The first page, whole: what Vigie is for, where each reader starts, what just happened, what is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from vigie.domain import french
from vigie.domain.relations import EventOrder
from vigie.domain.territory import TerritoryKind
from vigie.interfaces.present import STOCK, home_sentence, territory_href
from vigie.interfaces.present_events import event_line, factories_sentence
from vigie.interfaces.present_map import map_table, tinted
from vigie.interfaces.views import EventLine, Graphic, Link, ReaderPath
from vigie.interfaces.web.asker import asker
from vigie.interfaces.web.frame import show, with_services
from vigie.interfaces.web.maps import country_map, drawn_parts
from vigie.services.outlines import NOTHING

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.domain.territory import Territory
    from vigie.services.calls.answers import CallTold
    from vigie.services.loaded import Loaded
    from vigie.services.watch import Factories, WatchedEvent


CALLS = "/appels"
_OWN, _NEED = Link("Retrouver ma fiche", "/annuaire"), Link("Dire un besoin", "/besoin")
_STUDY = (Link("Indicateurs", "/indicateurs"), Link("Sources", "/sources"), Link("API", "/api/v1/openapi.json"))
_RECENT = 5


@dataclass(frozen=True, slots=True)
class Home:
    """`home.html`: what Vigie is for, where each reader starts, what changed lately and what is looked for.

    `held` says what is loaded, `dated` of which day its sources are, `month` what opened and closed in industry; `call`
    is the call published last.
    """

    lead: str
    held: str = ""
    ways: tuple[ReaderPath, ...] = ()
    month: str = ""
    events: tuple[EventLine, ...] = ()
    call: Link | None = None
    call_of: str = ""
    map: Graphic | None = None
    dated: str = "Sources"


@dataclass(frozen=True, slots=True)
class News:
    """What changed in what is loaded, and the call published last among those that can be answered."""

    factories: Factories | None
    events: Sequence[WatchedEvent]
    calls: int
    call: CallTold | None


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
    view = home_page(services.loaded, offered, news, _map(services, offered), known=bool(who.scope.person))
    return show(request, services, "home.html", view)


def home_page(loaded: Loaded, places: Sequence[Territory], news: News, drawing: Graphic | None, *, known: bool) -> Home:
    """Return the first page: what Vigie is for, where each reader starts, what changed, what is looked for.

    `places` are the territories to start from, the largest first; `known` tells whether the reader is signed in.
    """
    return Home(
        lead=_purpose(places),
        held=home_sentence(loaded),
        ways=_ways(places, news, known=known),
        month=factories_sentence(news.factories),
        events=tuple(map(event_line, news.events)),
        call=Link(news.call.title, f"{CALLS}/{news.call.id}") if news.call else None,
        call_of=news.call.organisation if news.call else "",
        map=drawing,
        dated=_dated(loaded),
    )


def _dated(loaded: Loaded) -> str:
    stock = loaded.vintage.get(STOCK)
    return f"Sources du {french.long_date(stock)}" if stock else "Sources"


def _purpose(places: Sequence[Territory]) -> str:
    alone = _department(places)
    where = f" {french.of_place(alone.name)}" if alone else ""
    return f"L’observatoire ouvert de l’industrie et le bureau de mise en relation des entreprises{where}."


def _ways(places: Sequence[Territory], news: News, *, known: bool) -> tuple[ReaderPath, ...]:
    alone = _department(places)
    portrait = Link(f"Le portrait : {alone.name}", territory_href(alone)) if alone else None
    several = f"les {french.number(news.calls)} besoins et offres" if news.calls > 1 else "le besoin publié"
    calls = Link(f"Lire {several}", CALLS)
    week = Link("Ma semaine" if known else "Ma semaine (connexion)", "/bureau")
    return (
        ReaderPath("Je dirige une entreprise", (_OWN, _NEED, *_if(calls, news.calls))),
        ReaderPath("J’accompagne des entreprises", (week,)),
        ReaderPath("Je suis élu ou élue", (*_if(portrait, alone), Link("Le portrait de ma commune", "/territoires"))),
        ReaderPath("J’étudie", _STUDY),
        ReaderPath(
            "J’habite ici",
            (
                Link("Ma commune", "/territoires"),
                Link("Donner mon avis", "/consultations"),
                Link("Le projet du territoire", "/projet"),
            ),
        ),
    )


def _if(link: Link | None, there: object) -> tuple[Link, ...]:
    return (link,) if link and there else ()


def _department(places: Sequence[Territory]) -> Territory | None:
    """Return the only département that is loaded, `None` when there are several or none."""
    found = [place for place in places if place.kind is TerritoryKind.DEPARTEMENT]
    return found[0] if len(found) == 1 else None


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
    alone = _department(places)
    found = services.observe.map(alone.key) if alone else None
    sheets = drawn_parts(services, found) if found else []
    if found and sheets:
        return replace(
            tinted(found, sheets, map_table(found)), twin_at=f"{territory_href(found.territory)}#carte", twin=None
        )
    several = [place for place in places if place.kind is TerritoryKind.DEPARTEMENT]
    drawn = several if len(several) > 3 else [place for place in places if place.kind is TerritoryKind.EPCI]
    if not drawn:
        return None
    kind, by_code = drawn[0].kind, {place.code: place for place in drawn}
    outlines = services.observe.outlines
    main, *others = outlines.sheets(kind, by_code) or (NOTHING,)
    apart = [sheet for other in others for code in other.steps for sheet in outlines.sheets(kind, (code,))]
    return country_map("Les territoires à lire", by_code, [main, *apart] if main else [])
