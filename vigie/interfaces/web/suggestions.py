"""What completes a search being typed: territories, firms, activities, public calls; a comfort of pages with script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vigie.domain import french
from vigie.domain.access import Scope
from vigie.domain.firm_names import usual_case
from vigie.domain.territory import TerritoryKind
from vigie.interfaces.present_understood import portrait_href
from vigie.interfaces.web.frame import with_services
from vigie.services.calls.reading import CallFilter

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.services.know import Completions, Suggestion

SHORTEST, LONGEST, MOST_CALLS = 2, 100, 3


@with_services
def suggestions(request: Request, services: Services) -> Response:
    """Return what the text typed may become, in groups, each line with the address that it leads to."""
    text = request.query_params.get("q", "").strip()[:LONGEST]
    if len(text) < SHORTEST:
        return JSONResponse({"groups": []})
    found = services.know.complete(text)
    groups = (
        ("Territoires", [_place(found, key, name) for key, name in found.places]),
        ("Entreprises", [_firm(one) for one in found.firms]),
        ("Activités", [_line(trade, None, _search(trade)) for trade in found.trades]),
        ("Besoins", _calls(request, text)),
    )
    return JSONResponse({"groups": [{"name": name, "items": items} for name, items in groups if items]})


def _place(found: Completions, key: str, name: str) -> dict[str, Any]:
    """Return a line for a place: its portrait, or the words already typed with it."""
    if found.before:
        return _line(f"{found.before} à {name}", None, _search(f"{found.before} {name}"))
    return _line(name, TerritoryKind(key.partition(":")[0]).label, portrait_href(key))


def _firm(one: Suggestion) -> dict[str, Any]:
    return _line(usual_case(one.name), one.commune_name, f"/etablissement/{one.siret}")


def _calls(request: Request, text: str) -> list[dict[str, Any]]:
    """Return the calls that anybody may read and that hold the words."""
    reading = request.app.state.desk.calls.reading
    found = reading.published(Scope(), CallFilter(words=text)).calls[:MOST_CALLS]
    return [_line(call.title, None, f"/appels/{call.id}") for call in found]


def _search(text: str) -> str:
    return f"/annuaire?{urlencode({'q': text})}"


def _line(label: str, detail: str | None, href: str) -> dict[str, Any]:
    return {"label": french.typeset(label), "detail": french.typeset(detail or ""), "href": href}
