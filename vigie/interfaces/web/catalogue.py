"""The pages of sources and indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from vigie.domain.territory import TerritoryKind
from vigie.errors import NotFound, RequestFault
from vigie.interfaces import present_catalogue
from vigie.interfaces.asking import read
from vigie.interfaces.declared_questions import parameters
from vigie.interfaces.present_indicator import MOST_SHAPES, indicator_page
from vigie.interfaces.present_method import method_page
from vigie.interfaces.web.frame import show, with_services
from vigie.services import methods
from vigie.services.indicator_values import VALUES, ValuesAsked, usual_level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.bootstrap import Services
    from vigie.services.outlines import OutlineSheet


@with_services
def sources(request: Request, services: Services) -> Response:
    """List every source that Vigie can read."""
    view = present_catalogue.sources(services.catalogue.sources())
    return show(request, services, "sources.html", view, section="sources")


@with_services
def source(request: Request, services: Services) -> Response:
    """Show a source's card and what is loaded from it."""
    view = present_catalogue.source(services.catalogue.source(request.path_params["source_id"]))
    return show(request, services, "source.html", view, section="sources")


@with_services
def method(request: Request, services: Services) -> Response:
    """Show a method of measure."""
    view = method_page(methods.method(request.path_params["measure"]))
    return show(request, services, "method.html", view, section="indicateurs")


@with_services
def indicators(request: Request, services: Services) -> Response:
    """List every indicator."""
    view = present_catalogue.indicators(services.catalogue.indicators())
    return show(request, services, "indicators.html", view, section="indicateurs")


@with_services
def indicator(request: Request, services: Services) -> Response:
    """Show an indicator at a level: its ranking, its map, its card; the address gives the same screen again."""
    card = services.catalogue.indicator(request.path_params["indicator_id"])
    asked = read(parameters(VALUES), request.query_params.multi_items())
    given = {"level": usual_level(card), **asked.values}
    told, fault = None, " ".join(asked.faults.values())
    if not fault:
        try:
            told = VALUES.answer(services, card.id, given)
        except (RequestFault, NotFound) as said:
            fault = str(said)
    sheets: Sequence[OutlineSheet] = ()
    if told and len(told.rows) <= MOST_SHAPES:
        kind = TerritoryKind(given["level"])
        sheets = services.observe.outlines.sheets(kind, [row.code for row in told.rows])
    view = indicator_page(card, ValuesAsked(**given), told, sheets, fault)
    return show(request, services, "indicator.html", view, section="indicateurs", status=422 if fault else 200)
