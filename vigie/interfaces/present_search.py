"""The directory page: the sentence that answers a search, its filters, its list, its map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vigie.domain import french
from vigie.interfaces import sheets
from vigie.interfaces.pages import SearchForm, SearchOption, SearchResultsPage
from vigie.interfaces.present import establishment_line, pager, source_lines
from vigie.interfaces.present_understood import chips, nearest, portrait
from vigie.interfaces.searching import AROUND, SIZES, SORTS, STATES, UNKNOWN_BAND
from vigie.interfaces.views import Choice, Graphic, Link

if TYPE_CHECKING:
    from vigie.services.know import SearchAnswer, SearchRequest

Pairs = Sequence[tuple[str, str]]

ADDRESS = "/annuaire"
LISTS = {**{f"liste.{kind}": label for kind, label in sheets.FILE_LABELS.items()}, "liste.json": "JSON"}
"""The files of a list, by name."""
_NUMBERED = 20
_LONGEST_SAID = 80
"""Signs of a text that a sentence repeats."""
_SORT_LABELS = {
    "pertinence": "pertinence",
    "distance": "distance",
    "taille": "effectif",
    "nom": "nom",
    "creation": "date de création",
}
_FILTER_LABELS = {
    "naf": "Activité",
    "taille": "Taille",
    "territoire": "Lieu",
    "autour": "Autour",
    "rayon": "Rayon (km)",
    "artisanat": "Artisanat",
    "siege": "Siège",
    "employeur": "Employeur",
    "cree_apres": "Créé à partir du",
    "cree_avant": "Créé avant le",
    "etat": "État",
}
_SIZE_LABELS = {"1-9": "1 à 9 salariés", "10-49": "10 à 49", "50-249": "50 à 249", "250-plus": "250 et plus"}
_RARER = ("siege", "artisanat", "employeur", "cree_apres", "cree_avant", "lat", "lon", "rayon", "etat")
"""Filters under « Plus de critères »."""
_STATE_LABELS = {"A": "ouverts", "F": "fermés", "tous": "ouverts et fermés"}


@dataclass(frozen=True, slots=True)
class Wordings:
    """Names of codes that a search may hold, for its form and its filters."""

    bands: Mapping[str, str]
    sections: Mapping[str, str]
    territories: Mapping[str, str]


def search_sentence(request: SearchRequest, answer: SearchAnswer, territories: Sequence[str] = ()) -> str:
    """Return the sentence that answers a search; the command line and the page say the same."""
    state = {"A": "ouvert", "F": "fermé", None: ""}[request.state]
    text = " ".join(request.text.split())
    asked = f" à « {text if len(text) <= _LONGEST_SAID else text[:_LONGEST_SAID] + '…'} »" if text else ""
    where = f" dans {french.listed(territories)}" if territories else ""
    verb = "répond" if asked else "correspond"
    if answer.total == 0:
        kind = f"Aucun site {state}".rstrip()
        return f"{kind} ne {verb}{asked}{where}."
    many = answer.total > 1
    word = french.plural(answer.total, "site")
    quality = f" {state}{'s' if many else ''}" if state else ""
    verb = f"{verb}ent" if many else verb
    if answer.approximate:
        near = "s’en approchent" if many else "s’en approche"
        return f"Rien ne répond exactement{asked} : {french.number(answer.total)} {word}{quality} {near}{where}."
    return f"{french.number(answer.total)} {word}{quality} {verb}{asked}{where}."


def empty_directory(form: SearchForm, lead: str) -> SearchResultsPage:
    """Return the page before anything is asked, or when what is asked cannot be read."""
    return SearchResultsPage(lead=lead, form=form, asked=False)


def directory(
    request: SearchRequest, answer: SearchAnswer, pairs: Pairs, words: Wordings, drawing: Graphic | None
) -> SearchResultsPage:
    """Return the page of a search that was answered; `pairs` are those of the address."""
    kept = [(name, value) for name, value in pairs if value.strip()]
    return SearchResultsPage(
        lead=search_sentence(request, answer, tuple(words.territories.get(key, key) for key in request.within)),
        form=search_form(kept, words, answered=True),
        notes=answer.notes,
        understood=chips(answer.understood, partial(address, kept)),
        nearest=nearest(answer, partial(address, kept)),
        portrait=portrait(answer.understood),
        applied=_applied(kept, words),
        sorts=_sorts(kept, request),
        results=tuple(
            establishment_line(entry, str(rank) if entry.longitude is not None and rank <= _NUMBERED else "")
            for rank, entry in enumerate(answer.results, start=1)
        ),
        map=drawing,
        pager=pager(answer.page, answer.total_pages, lambda page: address(kept, page=str(page))),
        downloads=tuple(Link(label, address(kept, path=f"{ADDRESS}/{name}")) for name, label in LISTS.items()),
        sources=source_lines(answer.sources),
    )


def search_form(
    pairs: Pairs, words: Wordings, faults: Mapping[str, str] | None = None, *, answered: bool = False
) -> SearchForm:
    """Return the form as last sent; once `answered` its filters are folded, and those in force are seen as chips."""
    one = dict(pairs)
    sizes = {value for name, text in pairs if name == "taille" for value in text.split(",")}
    sections = {value for name, value in pairs if name == "naf"} & set(words.sections)
    typed = ", ".join(value for name, value in pairs if name == "naf" and value not in words.sections)
    return SearchForm(
        q=one.get("q", ""),
        naf=typed,
        territoire=one.get("territoire", ""),
        lat=one.get("lat", ""),
        lon=one.get("lon", ""),
        rayon=one.get("rayon", ""),
        cree_apres=one.get("cree_apres", ""),
        cree_avant=one.get("cree_avant", ""),
        tailles=tuple(SearchOption(name, _SIZE_LABELS[name], name in sizes) for name in SIZES),
        autour=tuple(SearchOption(name, label, one.get("autour", "") == name) for name, label in AROUND.items()),
        taille=tuple(SearchOption(value, label, value in sizes) for value, label in words.bands.items()),
        etat=tuple(SearchOption(value, _STATE_LABELS[value], one.get("etat", "A") == value) for value in STATES),
        siege=_yes_no(one.get("siege", ""), "sièges", "autres sites"),
        artisanat=_yes_no(one.get("artisanat", ""), "artisans", "hors artisanat"),
        employeur=_yes_no(one.get("employeur", ""), "employeurs", "sans salarié"),
        tri=one.get("tri", ""),
        sections=(
            SearchOption("", "tous"),
            *(SearchOption(code, f"{code} · {label}", code in sections) for code, label in words.sections.items()),
        ),
        faults=dict(faults or {}),
        more=any(name in _RARER or (name == "taille" and value not in SIZES) for name, value in pairs) or bool(typed),
        open=not answered or bool(faults),
    )


def address(pairs: Pairs, path: str = ADDRESS, **changed: str) -> str:
    """Return the address of the same search with some parameters changed; an empty value removes its parameter."""
    kept = [(name, value) for name, value in pairs if name not in changed and (name != "page" or "page" in changed)]
    query = urlencode([*kept, *((name, value) for name, value in changed.items() if value)])
    return f"{path}?{query}" if query else path


def _applied(pairs: Pairs, words: Wordings) -> tuple[Link, ...]:
    links = []
    for position, (name, value) in enumerate(pairs):
        if name in _FILTER_LABELS:
            others = [pair for rank, pair in enumerate(pairs) if rank != position and not _goes_with(pair[0], name)]
            links.append(Link(f"{_FILTER_LABELS[name]} : {_worded(name, value, words)}", address(others)))
    return tuple(links)


def _goes_with(name: str, removed: str) -> bool:
    """A point goes away with its radius, and what is around a place with the place."""
    return (removed == "rayon" and name in ("lat", "lon")) or (removed == "territoire" and name == "autour")


def _worded(name: str, value: str, words: Wordings) -> str:
    if name == "taille":
        return _SIZE_LABELS.get(value, words.bands.get(value, value))
    if name == "autour":
        return AROUND.get(value, value)
    if name == "naf":
        return f"{value} · {words.sections[value]}" if value in words.sections else value
    if name == "etat":
        return _STATE_LABELS.get(value, value)
    return words.territories.get(value, value) if name == "territoire" else value


def _sorts(pairs: Pairs, request: SearchRequest) -> tuple[Choice, ...]:
    offered = [name for name in SORTS if name != "distance" or request.near]
    return tuple(Choice(_SORT_LABELS[name], address(pairs, tri=name), SORTS[name] == request.sort) for name in offered)


def _yes_no(chosen: str, yes: str, no: str) -> tuple[SearchOption, ...]:
    return SearchOption("", "tous"), SearchOption("oui", yes, chosen == "oui"), SearchOption("non", no, chosen == "non")


def band_options(labels: Mapping[str, str]) -> dict[str, str]:
    """Return the size bands that a search accepts, in order, with the one that stands for « not published »."""
    return {**labels, UNKNOWN_BAND: "effectif non publié"}
