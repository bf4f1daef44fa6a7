"""The directory: search, and the same list as a file."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Any

from fastapi.encoders import jsonable_encoder
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from vigie.domain import french
from vigie.domain.actors import compact_identifier
from vigie.domain.naming import short_name
from vigie.errors import NotFound, RequestFault
from vigie.interfaces import asking
from vigie.interfaces.asking import ReadParameters
from vigie.interfaces.exports import KINDS
from vigie.interfaces.present_files import list_sheets
from vigie.interfaces.present_search import LISTS, Wordings, band_options, empty_directory, search_form
from vigie.interfaces.present_search import directory as directory_view
from vigie.interfaces.searching import WEB_SEARCH, search_fields
from vigie.interfaces.web.files import handed_out
from vigie.interfaces.web.frame import show, with_services
from vigie.interfaces.web.maps import list_map
from vigie.interfaces.web.places import around, named_territories
from vigie.services.know import NothingAsked, SearchRequest
from vigie.services.know_answers import redirections
from vigie.services.vocabulary import sections, size_bands

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.domain.provenance import Provenance
    from vigie.services.know import DirectoryEntry
    from vigie.services.know_answers import SearchAnswer

LONGEST_FILE = 10_000
_AT_ONCE = 100
_LONGEST_REST = 0.1
"""Seconds of rest after a page of a file, however long it took: a whole file gains ten seconds at most."""
_LEAD = "Cherchez une entreprise par son nom, son activité ou son lieu."


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
    whole, ending = _WholeList(services, search.request), name.removeprefix("liste.")
    if ending not in KINDS:
        return handed_out(request, name, "application/json", whole.write_json)
    kind = KINDS[ending]
    sheets = list_sheets(whole.entries(), whole.sources, services.simulated)
    return handed_out(request, name, kind.media_type, lambda target: kind.into(sheets, target))


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
        notes = redirections(found)
        found, more = around(services, found, fields.pop("around", ""))
        territories = {place.key: short_name(place) for place in found}
        fields |= {"within": tuple(territories), **more}
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


class _WholeList:
    """The whole list that a search found, up to `LONGEST_FILE` entries, read a page at a time as it is written."""

    def __init__(self, services: Services, request: SearchRequest) -> None:
        self._services, self._request = services, request
        self._first = self._page(1)

    @property
    def sources(self) -> tuple[Provenance, ...]:
        """Sources of the list."""
        return self._first.sources

    def entries(self) -> Iterator[DirectoryEntry]:
        """Yield the entries, in the order of the search."""
        yield from self._first.results
        for page in range(2, min(self._first.total_pages, LONGEST_FILE // _AT_ONCE) + 1):
            began = time.monotonic()
            yield from self._page(page).results
            # Whoever asks for a page gets the processor back as long as this part of the file took.
            time.sleep(min(_LONGEST_REST, time.monotonic() - began))

    def write_json(self, target: IO[bytes]) -> None:
        """Write the entries as programs read them."""
        head = json.dumps({"simulated": self._services.simulated, "limit": LONGEST_FILE})
        target.write(f'{head[:-1]}, "results": ['.encode())
        for rank, entry in enumerate(self.entries()):
            told = json.dumps(jsonable_encoder(entry), ensure_ascii=False)
            target.write(f"{', ' if rank else ''}{told}".encode())
        target.write(b"]}")

    def _page(self, page: int) -> SearchAnswer:
        return self._services.know.search(replace(self._request, page=page, per_page=_AT_ONCE))
