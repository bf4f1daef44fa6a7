"""The pages of sources and indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from vigie.interfaces import present_catalogue
from vigie.interfaces.web.frame import show, with_services

if TYPE_CHECKING:
    from vigie.bootstrap import Services


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
def indicators(request: Request, services: Services) -> Response:
    """List every indicator."""
    view = present_catalogue.indicators(services.catalogue.indicators())
    return show(request, services, "indicators.html", view, section="indicateurs")


@with_services
def indicator(request: Request, services: Services) -> Response:
    """Show an indicator's card."""
    card = services.catalogue.indicator(request.path_params["indicator_id"])
    cited = [one for one in services.catalogue.sources() if one.card.source in card.sources or one.id in card.sources]
    view = present_catalogue.indicator(card, cited)
    return show(request, services, "indicator.html", view, section="indicateurs")
