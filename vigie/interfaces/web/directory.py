"""The directory: search, and the same list as a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fastapi.encoders import jsonable_encoder
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from vigie.domain import french
from vigie.domain.actors import compact_identifier
from vigie.errors import NotFound, RequestFault
from vigie.interfaces import asking
from vigie.interfaces.asking import ReadParameters
from vigie.interfaces.exports import KINDS
from vigie.interfaces.present_files import list_sheets
from vigie.interfaces.present_search import LISTS, Wordings, band_options, empty_directory, search_form
from vigie.interfaces.present_search import directory as directory_view
from vigie.interfaces.searching import WEB_SEARCH, search_fields
from vigie.interfaces.web.frame import attached, show, with_services
from vigie.interfaces.web.maps import list_map
from vigie.interfaces.web.places import named_territories
from vigie.services.know import NothingAsked, SearchRequest
from vigie.services.know_request import redirections
from vigie.services.vocabulary import sections, size_bands

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.domain.provenance import Provenance
    from vigie.services.know import DirectoryEntry

LONGEST_FILE = 10_000
_AT_ONCE = 100
_LEAD = "Cherchez un établissement par son nom, son activité ou son lieu ; le numéro SIRET n’est pas nécessaire."


@dataclass(frozen=True, slots=True)
class _Search:
    """An address that was read: the request it makes, the names of its territories, its remarks."""

    request: SearchRequest | None
    words: Wordings
    faults: dict[str, str]
    notes: tuple[str, ...] = ()


@with_services
def directory(request: Request, services: Services) -> Response:
    """Show the search form and, when something is asked, the list that answers."""
    pairs = [(name, value) for name, value in request.query_params.multi_items() if value.strip()]
    direct = _direct(services, pairs)
    if direct:
        return RedirectResponse(direct, 303)
    search = _read(services, pairs)
    if search.request is None:
        return _unanswered(request, services, pairs, search)
    try:
        answer = services.know.search(search.request)
        answer = replace(answer, notes=(*search.notes, *answer.notes))
    except NothingAsked as nothing:
        form = search_form(pairs, search.words)
        return show(request, services, "directory.html", empty_directory(form, str(nothing)), section="annuaire")
    except RequestFault as fault:
        return _unanswered(request, services, pairs, replace(search, faults={"q": str(fault)}))
    drawing = list_map(services, answer.results)
    view = directory_view(search.request, answer, pairs, search.words, drawing)
    return show(request, services, "directory.html", view, section="annuaire")


@with_services
def download(request: Request, services: Services) -> Response:
    """Give the whole list that a search found as a file, up to `LONGEST_FILE` lines."""
    name = request.path_params["name"]
    if name not in LISTS:
        raise NotFound(f"Cette liste n’existe pas : choisissez {', '.join(LISTS)}.")
    search = _read(services, request.query_params.multi_items())
    if search.faults or search.request is None:
        raise RequestFault(
            " ".join(search.faults.values()) or "Cherchez d’abord quelque chose, puis emportez la liste."
        )
    entries, sources = _all(services, search.request)
    ending = name.removeprefix("liste.")
    if ending not in KINDS:
        results = [jsonable_encoder(entry) for entry in entries]
        content = {"simulated": services.simulated, "limit": LONGEST_FILE, "results": results}
        return attached(json.dumps(content, ensure_ascii=False).encode(), "application/json", name)
    kind = KINDS[ending]
    return attached(kind.write(list_sheets(entries, sources, services.simulated)), kind.media_type, name)


def _unanswered(request: Request, services: Services, pairs: Sequence[tuple[str, str]], search: _Search) -> Response:
    """Show the form alone: nothing was asked yet, or what is asked cannot be read, and then the page says why."""
    form = search_form(pairs, search.words, search.faults)
    elsewhere = [sentence for name, sentence in search.faults.items() if not hasattr(form, name)]
    lead = " ".join(["La recherche n’a pas pu être lue.", *elsewhere]) if search.faults else _LEAD
    status = 422 if search.faults else 200
    return show(request, services, "directory.html", empty_directory(form, lead), section="annuaire", status=status)


def _direct(services: Services, pairs: Sequence[tuple[str, str]]) -> str:
    """Return the page of the number that was typed, when nothing else was asked and it exists."""
    asked = {name: value for name, value in pairs if (name, value) != ("etat", "A")}
    number = compact_identifier(asked.get("q", "")) if set(asked) == {"q"} else None
    if number is None:
        return ""
    try:
        if len(number) == 9:
            return f"/entreprise/{services.know.firm(number).siren}"
        return f"/etablissement/{services.know.establishment(number).siret}"
    except (NotFound, RequestFault):
        return ""


def _read(services: Services, pairs: Sequence[tuple[str, str]]) -> _Search:
    asked = asking.read(WEB_SEARCH, pairs)
    faults = dict(asked.faults)
    territories: dict[str, str] = {}
    notes: tuple[str, ...] = ()
    fields = _fields(asked, faults)
    try:
        found = named_territories(services, fields.get("within", ()))
        territories = {place.key: place.name for place in found}
        fields["within"] = tuple(territories)
        notes = redirections(found)
    except RequestFault as fault:
        faults["territoire"] = str(fault)
    words = Wordings(band_options(size_bands()), sections(), territories)
    only_paged = set(fields) <= {"page", "sort", "within"} and not territories
    return _Search(None if faults or only_paged else SearchRequest(**fields), words, faults, notes)


def _fields(asked: ReadParameters, faults: dict[str, str]) -> dict[str, Any]:
    try:
        return search_fields(asked.values)
    except ValueError as fault:
        faults["lat"] = french.typeset(french.capital(str(fault)))
        return {}


def _all(services: Services, request: SearchRequest) -> tuple[list[DirectoryEntry], tuple[Provenance, ...]]:
    """Return the whole list that a search found, up to `LONGEST_FILE` entries, and its sources."""
    found: list[DirectoryEntry] = []
    for page in range(1, LONGEST_FILE // _AT_ONCE + 1):
        answer = services.know.search(replace(request, page=page, per_page=_AT_ONCE))
        found += answer.results
        if page >= answer.total_pages:
            break
    return found, answer.sources
