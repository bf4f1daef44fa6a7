"""The page where territories are read side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from vigie.errors import NotFound, RequestFault
from vigie.interfaces.asking import Parameter, read
from vigie.interfaces.declared_questions import parameters
from vigie.interfaces.present_comparing import TypedPlace, TypedPlaces, beside_href, compare_page
from vigie.interfaces.views import Link
from vigie.interfaces.web.frame import show, with_services
from vigie.services.comparing.compare import COMPARE, CompareAsked, territories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.bootstrap import Services
    from vigie.domain.territory import Territory
    from vigie.services.questions import AnswerTable

_DRAWN = Parameter("drawn", ("indicateur",), "Indicateur dessiné.")


@with_services
def compare(request: Request, services: Services) -> Response:
    """Show territories side by side; the address gives the same screen again. Without any, offer to choose them."""
    asked = read((*parameters(COMPARE), _DRAWN), request.query_params.multi_items())
    codes = tuple(asked.values.get("codes", ()))
    reference, drawn = asked.values.get("reference", ""), asked.values.get("drawn", "")
    answer, fault = None, " ".join(asked.faults.values())
    if not fault and len(codes) + bool(reference) > 1:
        answer, fault = _answered(services, CompareAsked(codes, reference))
    chosen = TypedPlaces(tuple(_typed(services, code) for code in codes), _typed(services, reference))
    if answer is None and not fault and len(codes) == 1:
        chosen = replace(chosen, beside=_beside(services, codes[0]))
    view = compare_page((codes, reference), chosen, answer, drawn, fault)
    return show(request, services, "compare.html", view, section="territoires", status=422 if fault else 200)


def _typed(services: Services, code: str) -> TypedPlace:
    """Return a place as its field shows it: by its name where the name leads back to it, as it was typed otherwise."""
    try:
        place = services.observe.territory(code)
    except (RequestFault, NotFound):
        return TypedPlace(code)
    try:
        named = services.observe.territory(place.name).key == place.key
    except (RequestFault, NotFound):
        named = False
    return TypedPlace(place.name if named else code, f"{place.name}, {place.kind.label}")


def _beside(services: Services, code: str) -> tuple[Link, ...]:
    """Return what holds a lone place and its neighbours, each leading to both side by side."""
    try:
        kin = services.observe.kin(code)
    except (RequestFault, NotFound):
        return ()
    return tuple(Link(place.name, beside_href(code, place)) for place in (*kin.above, *kin.beside))


def _answered(services: Services, asked: CompareAsked) -> tuple[tuple[AnswerTable, Sequence[Territory]] | None, str]:
    try:
        places, reference = territories(services, asked)
        told = COMPARE.answer(services, "", {"codes": asked.codes, "reference": asked.reference})
    except (RequestFault, NotFound) as fault:
        return None, str(fault)
    return (told, [*places, *([reference] if reference else [])]), ""
