"""Who advises firms: the public page that names somebody, the officers' list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.domain import french
from vigie.domain.advising import AdviceSubject
from vigie.errors import FieldFault, NoData
from vigie.interfaces.views import Link, TableView
from vigie.interfaces.web.asker import at_desk, for_anyone
from vigie.interfaces.web.desk import adviser_gaps
from vigie.interfaces.web.desk.acts import done_sentence
from vigie.interfaces.web.frame import show_desk
from vigie.services.advising.asking import AdviceAsked, advice_asked
from vigie.services.advising.keeping import LIST, AdviserTold, every_adviser
from vigie.services.advising.routing import RoutedTo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.accounts.sessions import Asker
    from vigie.services.advising.routing import RoutedAdviser
    from vigie.services.desk import Desk

FIND = "/interlocuteurs"
_SUBJECTS = {subject.value: subject.label for subject in AdviceSubject}
NOBODY = RoutedTo((), 0)


@dataclass(frozen=True, slots=True)
class AdviserLine:
    """One service: who answers there, within which delay, how to reach them."""

    title: str
    where: str
    delay: str
    reach: tuple[Link, ...]
    hours: str
    ask_href: str


@dataclass(frozen=True, slots=True)
class FindAdviserPage:
    """`desk/adviser_find.html`: what is looked for, and who answers; `need_href` is where a need is said to them."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    subjects: tuple[tuple[str, str], ...]
    typed: dict[str, str]
    faults: dict[str, str]
    asked: str
    lines: tuple[AdviserLine, ...]
    need_href: str


@dataclass(frozen=True, slots=True)
class AdvisersPage:
    """`desk/advisers.html`: the services of the organisation."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    table: TableView | None
    done: str
    add_href: str
    gaps_href: str


@for_anyone
def find(request: Request, desk: Desk, _: Asker) -> Response:
    """Show who advises on a subject, for a firm or in a commune; nobody is named who did not agree."""
    typed = {name: request.query_params.get(name, "")[:100].strip() for name in ("sujet", "entreprise", "commune")}
    if not any(typed.values()):
        return show_desk(
            request, "desk/adviser_find.html", _find_page(typed, {}, None, NOBODY), section="interlocuteurs"
        )
    try:
        asked = _asked(request, typed)
    except FieldFault as fault:
        view = _find_page(typed, {fault.field: str(fault)}, None, NOBODY)
        return show_desk(request, "desk/adviser_find.html", view, section="interlocuteurs", status=422)
    found = desk.advising.route(asked.subject, asked.commune, asked.asker)
    return show_desk(request, "desk/adviser_find.html", _find_page(typed, {}, asked, found), section="interlocuteurs")


@at_desk
def every(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the services of the organisation to those who keep the list."""
    found = desk.acts.tell(who.scope, every_adviser, "")
    return show_desk(request, "desk/advisers.html", _list_page(found, done_sentence(request)))


def _asked(request: Request, typed: dict[str, str]) -> AdviceAsked:
    try:
        with request.app.state.installation.services() as services:
            return advice_asked(services, typed["sujet"], typed["entreprise"], typed["commune"])
    except NoData:
        return advice_asked(None, typed["sujet"], typed["entreprise"], typed["commune"])


def _find_page(
    typed: dict[str, str], faults: dict[str, str], asked: AdviceAsked | None, found: RoutedTo
) -> FindAdviserPage:
    return FindAdviserPage(
        title="Qui peut vous conseiller ?",
        lead="Un sujet, une entreprise ou une commune : voici qui répond, et dans quel délai.",
        trail=(Link("Interlocuteurs"),),
        subjects=tuple(_SUBJECTS.items()),
        typed=typed,
        faults=faults,
        asked=_sentence(asked, len(found.advisers), found.unsure) if asked else "",
        lines=tuple(_line(one, typed["entreprise"]) for one in found.advisers),
        need_href=f"/besoin?{urlencode({'siren': typed['entreprise'][:14]})}" if typed["entreprise"] else "/besoin",
    )


def _sentence(asked: AdviceAsked, count: int, unsure: int) -> str:
    what, where = asked.subject.label.lower(), french.at_place(asked.place)
    for_whom = f", pour {asked.firm}" if asked.firm else ""
    more = ""
    if unsure:
        services = french.counted(unsure, "service reçoit", "services reçoivent")
        how = "ce n’est pas connu de celle-ci" if asked.firm else "donnez son numéro"
        more = f" {services} selon la taille, l’âge ou l’activité de l’entreprise : {how}."
    if not count:
        nobody = f"Personne ne dit encore répondre sur « {what} » {where}{for_whom}"
        return f"{nobody} sans condition.{more}" if unsure else f"{nobody} : dites votre besoin, il sera lu."
    verb = french.plural(count, "interlocuteur répond", "interlocuteurs répondent")
    return f"{french.number(count)} {verb} sur « {what} » {where}{for_whom}.{more}"


def _line(one: RoutedAdviser, firm: str) -> AdviserLine:
    reach = []
    if one.email:
        reach.append(Link(one.email, f"mailto:{one.email}"))
    if one.phone:
        reach.append(Link(french.telephone(one.phone), f"tel:{one.phone.replace(' ', '')}"))
    place = ", ".join(filter(None, (one.service if one.name else "", one.antenna, one.organisation)))
    delay = f"répond sous {french.counted(one.days, 'jour ouvré', 'jours ouvrés')}" if one.days else ""
    ask = f"/besoin?{urlencode({'conseiller': one.id} | ({'siren': firm[:14]} if firm else {}))}"
    return AdviserLine(one.name or one.service, place, delay or "délai non promis", tuple(reach), one.hours, ask)


def _list_page(found: Sequence[AdviserTold], done: str) -> AdvisersPage:
    rows = tuple(
        (
            Link(one.service, f"{LIST}/{one.id}/modifier"),
            ", ".join(_SUBJECTS.get(subject, subject) for subject in one.subjects),
            french.counted(len(one.communes), "commune") if one.communes else "tout le territoire",
            french.counted(one.days, "jour ouvré", "jours ouvrés") if one.days else "non promis",
            f"{one.name}{'' if one.public or not one.name else ' (non public)'}" or "non nommée",
        )
        for one in found
    )
    columns = ("Service", "Sujets", "Communes", "Délai", "Personne")
    return AdvisersPage(
        title="Interlocuteurs",
        lead="Les services qui conseillent les entreprises de votre territoire, et qui y répond.",
        trail=(Link("Bureau", "/bureau"), Link("Interlocuteurs")),
        table=TableView("Interlocuteurs de l’organisation", columns, rows) if rows else None,
        done=done,
        add_href=f"{LIST}/nouveau",
        gaps_href=adviser_gaps.GAPS,
    )


ROUTES = (Route(FIND, find), Route(LIST, every), *adviser_gaps.ROUTES)
