"""The pages of events: everything, a territory, a firm, an establishment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from vigie.domain.relations import EventKind, EventOrder, EventSource
from vigie.errors import RequestFault
from vigie.interfaces import asking
from vigie.interfaces.asking import Parameter, among, day, whole
from vigie.interfaces.present import name_of, territory_href
from vigie.interfaces.present_events import EventsFrame, events_page, factories_sentence, faulty_events_page
from vigie.interfaces.views import Link
from vigie.interfaces.web.frame import last_visit, remember_visit, show, with_services
from vigie.interfaces.web.places import named_territory
from vigie.interfaces.web.territories import asked_territory
from vigie.services.know_answers import redirections

if TYPE_CHECKING:
    from vigie.bootstrap import Services

WHEN = (
    Parameter("since", ("depuis",), "Premier jour.", day),
    Parameter("kinds", ("type",), "Sorte.", among({kind.value: kind for kind in EventKind if kind.public}), many=True),
    Parameter("source", ("source",), "Source.", among({source.value: source for source in EventSource})),
    Parameter("naf", ("naf",), "Activité, à tout niveau de la NAF."),
    Parameter("least", ("effectif",), "Effectif au moins.", whole(0, 100_000)),
    Parameter("around", ("autour",), "Commune autour de laquelle regarder."),
    Parameter("kilometres", ("km",), "Kilomètres autour d’elle.", whole(1, 200)),
    Parameter("order", ("tri",), "Tri.", among({order.value: order for order in EventOrder})),
    Parameter("page", ("page",), "Page.", whole(1, 10_000)),
)
_EVERYWHERE = (
    Parameter("territory", ("territoire",), "Territoire."),
    Parameter("siren", ("siren",), "Entreprise."),
    *WHEN,
)
_EVENTS = Link("Événements", "/evenements")


@with_services
def events(request: Request, services: Services) -> Response:
    """Show the events of everything loaded, of a territory or of a firm."""
    pairs = _pairs(request)
    given = dict(pairs)
    frame = EventsFrame(
        title="Événements",
        trail=(),
        address=_address("/evenements", pairs),
        action="/evenements",
        api_href=_api("/api/v1/events", pairs),
        feed_href="" if "siren" in given or "territoire" in given else _api("/evenements.atom", pairs),
        last_visit=last_visit(request),
        scope=tuple((name, given[name]) for name in ("siren", "type") if name in given),
        territory_field="siren" not in given,
        territory=given.get("territoire", ""),
        naf=given.get("naf", ""),
        least=given.get("effectif", ""),
        around=given.get("autour", ""),
        kilometres=given.get("km", ""),
    )
    return _answer(request, services, frame, _EVERYWHERE)


@with_services
def of_territory(request: Request, services: Services) -> Response:
    """Show the events of a territory."""
    place = asked_territory(request, services)
    here = territory_href(place)
    if place.redirected_from:
        return RedirectResponse(f"{here}/evenements", 308)
    pairs = _pairs(request)
    frame = EventsFrame(
        title=f"Événements : {place.name}",
        trail=(Link("Territoires", "/territoires"), Link(place.name, here), Link("Événements")),
        address=_address(f"{here}/evenements", pairs),
        action=f"{here}/evenements",
        api_href=_api(f"/api/v1/territories/{place.key}/events", pairs),
        feed_href=_api(f"{here}/evenements.atom", pairs),
        last_visit=last_visit(request),
        scope=tuple((name, value) for name, value in pairs if name == "type"),
        naf=dict(pairs).get("naf", ""),
        least=dict(pairs).get("effectif", ""),
        around=dict(pairs).get("autour", ""),
        kilometres=dict(pairs).get("km", ""),
    )
    return _answer(request, services, frame, WHEN, territory=place.key)


@with_services
def of_establishment(request: Request, services: Services) -> Response:
    """Show the events of an establishment."""
    entry = services.know.establishment(request.path_params["siret"])
    here = f"/etablissement/{entry.siret}"
    pairs = _pairs(request)
    frame = EventsFrame(
        title=f"Événements : {name_of(entry)}",
        trail=(Link("Annuaire", "/annuaire"), Link(name_of(entry), here), Link("Événements")),
        address=_address(f"{here}/evenements", pairs),
        action=f"{here}/evenements",
        api_href=_api("/api/v1/events", [*pairs, ("siret", entry.siret)]),
        last_visit=last_visit(request),
    )
    return _answer(request, services, frame, WHEN, siret=entry.siret)


_NARROWED = frozenset({"siren", "naf", "least", "around"})
"""What the figures of a territory's factories do not follow: they are not told beside what is narrowed so."""
_ON_A_PAGE = 25
"""Events of a page: with fifty it was heavier than the 600 elements that a page may hold."""


def _answer(
    request: Request, services: Services, frame: EventsFrame, parameters: Sequence[Parameter], **scope: Any
) -> Response:
    asked = asking.read(parameters, request.query_params.multi_items())
    try:
        values = {"order": EventOrder.MATTER, **_placed(services, asked.or_fault())}
        found = services.watch.events(**values, **scope, per_page=_ON_A_PAGE)
    except RequestFault as fault:
        view = faulty_events_page(frame, str(fault), request.query_params.get("depuis", ""))
        return show(request, services, "events.html", view, section="evenements", status=422)
    view = events_page(found, frame, values.get("kinds", ()), values["order"])
    narrowed = _NARROWED.intersection(values) or "siret" in scope
    news = [] if narrowed else [_factories(services, values, scope)]
    view = replace(view, lead=" ".join([*news, view.lead, *_redirections(services, request)]))
    response = show(request, services, "events.html", view, section="evenements")
    remember_visit(request, response)
    return response


def _factories(services: Services, values: Mapping[str, Any], scope: Mapping[str, Any]) -> str:
    place = scope.get("territory") or values.get("territory")
    return factories_sentence(services.watch.factories(place, values.get("since")))


def _placed(services: Services, values: Mapping[str, Any]) -> Mapping[str, Any]:
    if "territory" not in values:
        return values
    return {**values, "territory": named_territory(services, values["territory"]).key}


def _redirections(services: Services, request: Request) -> tuple[str, ...]:
    """Return what is to be said of a territory that was asked for by a former name or code."""
    asked = request.query_params.get("territoire", "").strip()
    return redirections((named_territory(services, asked),)) if asked else ()


def _pairs(request: Request) -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.query_params.multi_items() if value.strip()]


def _address(path: str, pairs: Sequence[tuple[str, str]]) -> Any:
    def address(**changed: str) -> str:
        kept = [(name, value) for name, value in pairs if name not in changed]
        query = urlencode([*kept, *((name, value) for name, value in changed.items() if value)])
        return f"{path}?{query}" if query else path

    return address


def _api(path: str, pairs: Sequence[tuple[str, str]]) -> str:
    kept = [(name, value) for name, value in pairs if name != "page"]
    return f"{path}?{urlencode(kept)}" if kept else path
