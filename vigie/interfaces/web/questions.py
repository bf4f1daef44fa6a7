"""The page of each declared question, and its answer as a file."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain import french
from vigie.domain.declared import Field, fields_of
from vigie.errors import NotFound, RequestFault
from vigie.interfaces import asking
from vigie.interfaces.declared_questions import parameters, sheets, table
from vigie.interfaces.exports import KINDS
from vigie.interfaces.kept_sites import answered
from vigie.interfaces.present import source_lines, territory_href
from vigie.interfaces.sheets import FILE_LABELS
from vigie.interfaces.views import Link, SourceLine, TableView
from vigie.interfaces.web.asker import asker
from vigie.interfaces.web.files import handed_out
from vigie.interfaces.web.frame import show, with_services
from vigie.interfaces.web.territories import asked_territory
from vigie.services.aids.answering import CONDITIONS, SCHEMES
from vigie.services.capabilities import questions
from vigie.services.comparing.compare import COMPARE, MOST
from vigie.services.comparing.perimeter import PERIMETER
from vigie.services.comparing.similar import SIMILAR
from vigie.services.connect.network import NETWORK
from vigie.services.connect.territory import LINKS
from vigie.services.laboratory.answering import BEYOND, HYPOTHESIS
from vigie.services.laboratory.named_cases import CASES
from vigie.services.laboratory.territory import EXPECTED
from vigie.services.questions import Of
from vigie.services.sites.answering import SITES
from vigie.services.symbiosis.answering import SYMBIOSIS, WASTES
from vigie.services.symbiosis.of_territory import EXCHANGES, LOOPS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vigie.bootstrap import Services
    from vigie.domain.access import Scope
    from vigie.services.desk import Desk
    from vigie.services.questions import AnswerTable, Question

ADDRESSES = {
    Of.TERRITORY: "/territoire/{kind}/{code}/",
    Of.FIRM: "/entreprise/{siren}/",
    Of.ACTIVITY: "/activite/{naf}/",
    Of.INDICATOR: "/indicateur/{indicator_id}/",
    Of.EVERYTHING: "/",
}


PAGES = {Of.TERRITORY: "/territoire/", Of.ACTIVITY: "/activite/", Of.INDICATOR: "/indicateur/",
         Of.METHOD: "/methode/", Of.FIRM: "/entreprise/"}  # fmt: skip
"""Where the pages of things are, before their key."""
OWN_PAGE = (COMPARE, PERIMETER, HYPOTHESIS, SITES)
_WASTE_LIST = Link(WASTES.title, f"/{WASTES.slug}")
_SECTIONS = {Of.TERRITORY: "territoires", Of.FIRM: "annuaire"}
MOST_ROWS, _FEWEST_ROWS, _CELLS = 60, 20, 280
"""Rows that a page shows whole, and fewer of longer answers that are wide: nobody reads more, files hold them all."""


@dataclass(frozen=True, slots=True)
class QuestionField:
    """One thing that can be asked: its name in the address, what was typed, what is wrong with it.

    `choices` are the words it accepts, each with its label, where it accepts only some; `blank` is that of saying none.
    """

    name: str
    label: str
    hint: str
    typed: str
    fault: str
    type: str
    choices: tuple[tuple[str, str], ...] = ()
    blank: str = "Toutes"


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """`question.html`: a declared question, its answer as a table, its files; no table when nothing answers.

    `onward` is what a reader does next."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    action: str
    fields: tuple[QuestionField, ...]
    faults: tuple[str, ...]
    table: TableView | None
    note: str
    sources: tuple[SourceLine, ...]
    downloads: tuple[Link, ...]
    onward: tuple[Link, ...] = ()


def routes() -> tuple[Route, ...]:
    """Return the page and the files of every declared question."""
    return tuple(
        Route(f"{ADDRESSES[question.of]}{question.slug}{ending}", work(question))
        for question in questions()
        for ending, work in (("", _page), (".{ending}", _file))
        if ending or question not in OWN_PAGE
    )


def _page(question: Question[Any]) -> Callable[[Request], Response]:
    @with_services
    def page(request: Request, services: Services) -> Response:
        key, trail = _about(question, request, services)
        if isinstance(key, Response):
            return key
        told, fault = _answered(question, request, services, key)
        view = _view(question, request, trail, told, fault)
        section = _SECTIONS.get(question.of, "territoires")
        section = {SCHEMES: "aides", CONDITIONS: "aides", WASTES: "besoin"}.get(question, section)
        return show(request, services, "question.html", view, section=section, status=422 if fault else 200)

    return page


def _file(question: Question[Any]) -> Callable[[Request], Response]:
    @with_services
    def file(request: Request, services: Services) -> Response:
        ending = request.path_params["ending"]
        if ending not in KINDS:
            known = ", ".join(f"{question.slug}.{kind}" for kind in KINDS)
            raise NotFound(f"Ce fichier n’existe pas : choisissez {known}.")
        key, _ = _about(question, request, services)
        if isinstance(key, Response):
            return key
        given = asking.read(parameters(question), request.query_params.multi_items()).or_fault()
        told = answered(question, services, key, given, lambda: _asker(request))
        kind, made = KINDS[ending], sheets(question, told, ending)
        name = f"{question.slug}.{ending}"
        return handed_out(request, name, kind.media_type, lambda target: kind.into(made, target))

    return file


def _about(
    question: Question[Any], request: Request, services: Services
) -> tuple[str, tuple[Link, ...]] | tuple[Response, tuple[Link, ...]]:
    """Return what the question is about and the trail that leads to it, or where a former code leads."""
    here = Link(question.title)
    if question.of is Of.TERRITORY:
        place = asked_territory(request, services)
        if place.redirected_from:
            tail = request.url.path.rpartition("/")[2]
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{territory_href(place)}/{tail}{query}", 308), ()
        return place.key, (Link("Territoires", "/territoires"), Link(place.name, territory_href(place)), here)
    if question.of is Of.FIRM:
        siren = request.path_params["siren"]
        return siren, (Link("Annuaire", "/annuaire"), Link("L’entreprise", f"/entreprise/{siren}"), here)
    if question.of is Of.ACTIVITY:
        naf = request.path_params["naf"]
        return naf, (Link("Annuaire", "/annuaire"), Link("L’activité", f"/activite/{naf}"), here)
    if question.of is Of.INDICATOR:
        name = request.path_params["indicator_id"]
        return name, (Link("Indicateurs", "/indicateurs"), Link("L’indicateur", f"/indicateur/{name}"), here)
    return "", (here,)


def _answered(
    question: Question[Any], request: Request, services: Services, key: str
) -> tuple[AnswerTable | None, Mapping[str, str]]:
    """Return the answer, or what is wrong by the name of the field; "" is the whole question."""
    asked = asking.read(parameters(question), request.query_params.multi_items())
    if asked.faults:
        return None, asked.faults
    try:
        return answered(question, services, key, asked.values, lambda: _asker(request)), {}
    except RequestFault as fault:
        return None, {"": str(fault)}


def _asker(request: Request) -> tuple[Desk, Scope]:
    desk: Desk = request.app.state.desk
    return desk, asker(request).scope


def _view(
    question: Question[Any],
    request: Request,
    trail: tuple[Link, ...],
    told: AnswerTable | None,
    faults: Mapping[str, str],
) -> QuestionPage:
    told = _shown(told) if told else None
    path, query = request.url.path, urlencode(request.query_params.multi_items())
    tail = f"?{query}" if query else ""
    return QuestionPage(
        title=told.title if told else question.title,
        lead=told.lead if told else "La question n’a pas été comprise : corrigez-la ci-dessous.",
        trail=trail,
        action=path,
        fields=question_fields(question, request, faults),
        faults=tuple(sentence for name, sentence in faults.items() if name not in _names(question)),
        table=_opening(question, told, path, _firm_of(request)) if told and told.rows else None,
        note=told.note if told else "",
        sources=source_lines(told.sources) if told else (),
        downloads=tuple(Link(label, f"{path}.{ending}{tail}") for ending, label in FILE_LABELS.items()) if told else (),
        onward=_onward(question, request, told) if told else (),
    )


def question_fields(question: Question[Any], request: Request, faults: Mapping[str, str]) -> tuple[QuestionField, ...]:
    """Return what can be asked as a form shows it again, with what is wrong with each."""
    return tuple(_field(one, request, faults) for one in fields_of(question.takes))


def _onward(question: Question[Any], request: Request, told: AnswerTable) -> tuple[Link, ...]:
    """Return what a reader does next with the rows of an answer."""
    if question in _BESIDE:
        here = request.url.path.rpartition("/")[0]
        beside = tuple(Link(one.title, f"{here}/{one.slug}") for one in _BESIDE[question])
        return (*beside, *_with_firms(request), _WASTE_LIST) if question in (EXCHANGES, LOOPS) else beside
    if question in _LABORATORY:
        query = f"?{request.url.query}" if request.url.query and question is BEYOND else ""
        return tuple(Link(one.title, f"/{one.slug}{query}") for one in _LABORATORY[question])
    if question is SYMBIOSIS:
        return (_WASTE_LIST,)
    if question is not SIMILAR or not told.rows:
        return ()
    here = f"{request.path_params['kind']}:{request.path_params['code']}"
    near = [("avec", row.key) for row in told.rows[: MOST - 1]]
    return (Link("Comparer avec les plus proches", f"/comparer?{urlencode([('avec', here), *near])}"),)


def _with_firms(request: Request) -> tuple[Link, ...]:
    """Return where members read the same with what firms say."""
    here = f"{request.path_params['kind']}:{request.path_params['code']}"
    return (Link("Avec ce que disent les entreprises (bureau)", f"/bureau/matiere?{urlencode({'territoire': here})}"),)


_BESIDE: Mapping[Question[Any], tuple[Question[Any], ...]] = {
    EXCHANGES: (LOOPS,),
    LOOPS: (EXCHANGES,),
    LINKS: (NETWORK, EXPECTED),
    NETWORK: (LINKS, EXPECTED),
}
"""Other questions about the same place that a reader asks next."""
_LABORATORY: Mapping[Question[Any], tuple[Question[Any], ...]] = {
    BEYOND: (HYPOTHESIS,),
    CASES: (HYPOTHESIS, BEYOND),
    EXPECTED: (HYPOTHESIS, BEYOND),
}


def _opening(question: Question[Any], told: AnswerTable, path: str, firm: str) -> TableView:
    """Return the rows of an answer, the first cell of each leading to the question that it opens, if there is one."""
    made = table(question, told)
    if question.about is not None:
        kind, key_of = question.about
        keyed = zip(map(key_of, told.rows), made.rows, strict=True)
        linked = ((Link(str(cells[0]), f"{PAGES[kind]}{key.replace(':', '/', 1)}"), *cells[1:]) for key, cells in keyed)
        return replace(made, rows=tuple(linked))
    if question.opens is not None:
        pages = [question.opens(row, firm) for row in told.rows]
        # What numbers a row is in its address: people read the rest.
        kept = [place for place, one in enumerate(fields_of(question.rows)) if one.name != "id"]
        opening = tuple(
            (Link(str(cells[0]), page), *(cells[place] for place in kept[1:]))
            for page, cells in zip(pages, made.rows, strict=True)
        )
        return TableView(made.caption, tuple(made.columns[place] for place in kept), opening)
    if question.leads is None:
        return made
    target, asks = question.leads
    start = path.rpartition("/")[0]
    rows = zip(told.rows, made.rows, strict=True)
    opened = tuple(
        (Link(str(cells[0]), f"{start}/{target.slug}?{urlencode(asks(row))}"), *cells[1:]) for row, cells in rows
    )
    return replace(made, rows=opened)


def _firm_of(request: Request) -> str:
    """Return the number of the firm that a page is about, in its address or among what is asked; empty without one."""
    return str(request.path_params.get("siren") or request.query_params.get("entreprise", ""))


def _shown(told: AnswerTable) -> AnswerTable:
    """Keep the rows that a page shows, and say so."""
    most = rows_shown(len(told.rows), len(fields(told.rows[0])) if told.rows else 1)
    return replace(told, rows=told.rows[:most], note=_note(told, most))


def rows_shown(rows: int, columns: int) -> int:
    """Return how many rows of so many columns a page shows at most: all of an answer that is short enough to read."""
    return rows if rows <= MOST_ROWS else max(_FEWEST_ROWS, min(MOST_ROWS, _CELLS // columns))


def _note(told: AnswerTable, most: int) -> str:
    """Return what is said beside the table, where its first rows stand for all of them too."""
    left = len(told.rows) - most
    if left <= 0:
        return told.note
    first = f"Les {most} premières lignes sur {french.number(len(told.rows))}\u00a0: le fichier les a toutes."
    return f"{first} {told.note}".strip()


def _field(one: Field, request: Request, faults: Mapping[str, str]) -> QuestionField:
    name = one.names[-1]
    kinds = {"date": "date", "int": "number"}
    typed = next((request.query_params.getlist(known) for known in one.names if known in request.query_params), [])
    fault = next((faults[known] for known in one.names if known in faults), "")
    choices = tuple((one.words or {}).items())
    kind = kinds.get(one.type.__name__, "text")
    used = "" if one.default is None or choices else str(one.default)
    return QuestionField(
        name, one.label, one.hint, ",".join(filter(None, typed)) or used, fault, kind, choices, one.missing or "Toutes"
    )


def _names(question: Question[Any]) -> set[str]:
    return {name for one in fields_of(question.takes) for name in one.names}
