"""The page of sites for a need: the criteria, the best sites as a list and a map; printed, a hand-out of two pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.domain import french
from vigie.domain.declared import fields_of
from vigie.errors import NotFound, RequestFault
from vigie.interfaces import asking
from vigie.interfaces.declared_questions import parameters
from vigie.interfaces.kept_sites import answered
from vigie.interfaces.maps import Point
from vigie.interfaces.present import source_lines
from vigie.interfaces.sheets import FILE_LABELS
from vigie.interfaces.views import Fact, Graphic, Link, SourceLine
from vigie.interfaces.web.asker import asker
from vigie.interfaces.web.frame import show, with_services
from vigie.interfaces.web.maps import marked_map
from vigie.interfaces.web.questions import QuestionField, question_fields
from vigie.services.sites.answering import OPEN_INVENTORY, SITES, SitesAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.bootstrap import Services
    from vigie.domain.access import Scope
    from vigie.services.desk import Desk
    from vigie.services.questions import AnswerTable
    from vigie.services.sites.answering import SiteRow

SHOWN = 20
"""Sites told on the page: nobody visits more, the files hold them all, and a hand-out of two pages holds them."""
_ONWARD = (
    Link("Dire ce besoin à quelqu’un", "/besoin"),
    Link("Chercher un interlocuteur", "/interlocuteurs?sujet=local"),
)


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One site: its rank on the map, its name, what it is, why it fits, what is not known of it."""

    mark: str
    name: str
    what: str
    why: str
    unknown: str
    score: str


@dataclass(frozen=True, slots=True)
class SitesPage:
    """`sites.html`: what is looked for, the sites, their map; `criteria` is what was asked, for what is printed."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    action: str
    fields: tuple[QuestionField, ...]
    faults: tuple[str, ...]
    criteria: tuple[Fact, ...]
    lines: tuple[SiteLine, ...]
    map: Graphic | None
    more: str
    note: str
    sources: tuple[SourceLine, ...]
    downloads: tuple[Link, ...]
    onward: tuple[Link, ...] = _ONWARD


@with_services
def sites(request: Request, services: Services) -> Response:
    """Show the sites for a need; its address gives the same screen again."""
    asked = asking.read(parameters(SITES), request.query_params.multi_items())
    told, faults = None, dict(asked.faults)
    if not faults:
        try:
            told = answered(SITES, services, "", asked.values, lambda: _asker(request))
        except (RequestFault, NotFound) as fault:
            faults = {"": str(fault)}
    view = _view(request, services, told, faults)
    return show(request, services, "sites.html", view, section="besoin", status=422 if faults else 200)


def _asker(request: Request) -> tuple[Desk, Scope]:
    desk: Desk = request.app.state.desk
    return desk, asker(request).scope


def _view(request: Request, services: Services, told: AnswerTable | None, faults: Mapping[str, str]) -> SitesPage:
    fields, path = question_fields(SITES, request, faults), request.url.path
    rows: tuple[Any, ...] = told.rows if told else ()
    query = urlencode(request.query_params.multi_items())
    known = {name for one in fields_of(SITES.takes) for name in one.names}
    return SitesPage(
        title=told.title if told else SITES.title,
        lead=told.lead if told else "La question n’a pas été comprise : corrigez-la ci-dessous.",
        trail=(Link(SITES.title),),
        action=path,
        fields=fields,
        faults=tuple(sentence for name, sentence in faults.items() if name not in known),
        criteria=_criteria(fields) if rows else (),
        lines=tuple(_line(rank, row) for rank, row in enumerate(rows[:SHOWN], start=1)),
        map=_map(services, told) if isinstance(told, SitesAnswer) and rows else None,
        more=_more(len(rows)),
        note=told.note if told else "",
        sources=source_lines(told.sources) if told else (),
        downloads=tuple(Link(label, f"{path}.{ending}?{query}") for ending, label in FILE_LABELS.items())
        if rows
        else (),
    )


def _criteria(fields: tuple[QuestionField, ...]) -> tuple[Fact, ...]:
    """Return what was asked in words: what a form says on a screen, a hand-out says in a list."""
    told = []
    for one in fields:
        words = dict(one.choices).get(one.typed, "") if one.choices else one.typed
        if words:
            told.append(Fact(one.label, words))
    return tuple(told)


def _line(rank: int, row: SiteRow) -> SiteLine:
    area = f"{french.number(row.area, 0)}{french.NBSP}m²" if row.area else "surface non connue"
    told = (
        row.kind,
        row.commune,
        area,
        f"{french.number(row.distance, 1)}{french.NBSP}km",
        row.status,
        "" if row.whose == OPEN_INVENTORY else row.whose,
    )
    return SiteLine(
        mark=str(rank),
        name=row.name,
        what=" · ".join(filter(None, told)),
        why=row.because,
        unknown=f"Non connu : {row.unknown}" if row.unknown else "",
        score=f"{row.score} sur 100",
    )


def _map(services: Services, told: SitesAnswer) -> Graphic | None:
    placed = enumerate(zip(told.rows[:SHOWN], told.positions[:SHOWN], strict=True), start=1)
    points = [
        (where.commune, Point(row.name, where.longitude, where.latitude, mark=str(rank)))
        for rank, (row, where) in placed
        if where.longitude is not None and where.latitude is not None
    ]
    return marked_map(services, "Les sites de cette page", points)


def _more(count: int) -> str:
    if count <= SHOWN:
        return ""
    return f"Les {french.number(SHOWN)} premiers sites sur {french.number(count)} : le fichier les a tous."


ROUTES = (Route(f"/{SITES.slug}", sites),)
