"""The page of a scheme, its conditions answered for a firm when one is named; and the schemes told on a firm's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.domain import french
from vigie.domain.declared import fields_of
from vigie.domain.levers import Applicant, Holds
from vigie.errors import NotFound, RequestFault
from vigie.interfaces.declared_questions import table
from vigie.interfaces.present import source_lines
from vigie.interfaces.views import AidLine, Fact, Link, SourceLine, TableView
from vigie.interfaces.web.frame import show, with_services
from vigie.services.aids.answering import (
    CONDITIONS,
    DECIDES_NOT,
    Fit,
    Listing,
    State,
    condition_rows,
    days_in_words,
    fitting,
    missing,
    page_of,
)
from vigie.services.aids.asker import ApplyingFirm, asker_of, asking_firm, told_of
from vigie.services.aids.book import ReadScheme, book_of, cited
from vigie.services.questions import AnswerTable

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.services.know_answers import DirectoryEntry, LegalUnit

SIREN = 9
"""Digits of the number of a firm, with which that of a site begins."""
SHOWN = 3
"""Schemes told on a firm's page: the first of its list, which is one click away."""


@dataclass(frozen=True, slots=True)
class AidPage:
    """`aid.html`: a scheme, its facts, its conditions, the words of its publisher.

    `text` is cut in paragraphs; `fault` says what is wrong with the firm that was named. `need_href` and `advice_href`
    lead to somebody.
    """

    title: str
    lead: str
    trail: tuple[Link, ...]
    imaginary: bool
    decides_not: str
    facts: tuple[Fact, ...]
    text: tuple[str, ...]
    conditions: TableView | None
    firm: str
    typed: str
    fault: str
    action: str
    url: str
    sources: tuple[SourceLine, ...]
    need_href: str = "/besoin"
    advice_href: str = "/interlocuteurs?sujet=financement"


@with_services
def aid(request: Request, services: Services) -> Response:
    """Show a scheme; `?entreprise=` answers its conditions for a firm."""
    scheme = book_of(services).scheme(request.path_params["scheme"])
    typed = request.query_params.get("entreprise", "").strip()
    firm, fault = _firm(services, typed)
    view = _page(request, services, scheme, firm, (typed, fault))
    return show(request, services, "aid.html", view, section="aides", status=422 if fault else 200)


def _firm(services: Services, typed: str) -> tuple[ApplyingFirm | None, str]:
    if not typed:
        return None, ""
    try:
        return asking_firm(services, typed, french.today()), ""
    except (NotFound, RequestFault) as refusal:
        return None, str(refusal)


def _page(
    request: Request, services: Services, scheme: ReadScheme, firm: ApplyingFirm | None, asked: tuple[str, str]
) -> AidPage:
    rows = condition_rows(scheme, firm.asker if firm else Applicant())
    told = AnswerTable(scheme.title, "", rows, (), scheme.imaginary)
    return AidPage(
        title=scheme.title,
        lead=scheme.promise or "Une aide aux entreprises.",
        trail=(Link("Aides aux entreprises", "/aides"), Link(scheme.title)),
        imaginary=scheme.imaginary,
        decides_not=DECIDES_NOT,
        facts=tuple(_facts(scheme)),
        text=french.paragraphs(scheme.description),
        conditions=_answered(table(CONDITIONS, told), bool(firm)) if rows else None,
        firm=firm.name if firm else "",
        typed=asked[0],
        fault=asked[1],
        action=request.url.path,
        url=scheme.url or "",
        sources=source_lines(cited(services, [scheme])),
        need_href=f"/besoin?siren={firm.number[:SIREN]}" if firm else "/besoin",
        advice_href=f"/interlocuteurs?sujet=financement{f'&entreprise={firm.number}' if firm else ''}",
    )


def _answered(made: TableView, answered: bool) -> TableView:
    """Leave out the column of answers while no firm is named: nothing could be said but « à vérifier »."""
    if answered:
        return made
    names = [one.name for one in fields_of(CONDITIONS.rows)]
    kept = [place for place, name in enumerate(names) if name != "answer"]
    return TableView(
        made.caption,
        tuple(made.columns[place] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in made.rows),
        tuple(made.numeric[place] for place in kept),
    )


def _facts(scheme: ReadScheme) -> list[Fact]:
    told: list[tuple[str, str]] = [
        ("Dates", french.capital(days_in_words(scheme, french.today()))),
        ("Nature", french.listed(scheme.kinds)),
        ("Ce qu’elle donne ou coûte", scheme.cost),
        ("Portée par", scheme.holders),
        ("Base juridique", scheme.legal_basis),
        ("Vérifiée par son éditeur le", french.long_date(scheme.updated) if scheme.updated else ""),
    ]
    return [Fact(label, value) for label, value in told if value]


def aid_lines(services: Services, unit: LegalUnit, site: DirectoryEntry | None) -> tuple[AidLine, ...]:
    """Return the first schemes that may help a firm, none where no catalogue is loaded or nothing may help it."""
    book = book_of(services)
    if not book.schemes:
        return ()
    on = french.today()
    asker = asker_of(services, told_of(unit), told_of(site), on)
    found = [(one, holds) for one, holds in fitting(book, asker, Listing("", State.OPEN, on)) if holds is not Holds.NO]
    number = site.siret if site is not None else unit.siren
    return tuple(_line(one, holds, asker, number) for one, holds in found[:SHOWN])


def _line(one: ReadScheme, holds: Holds, asker: Applicant, number: str) -> AidLine:
    fit = Fit.NOTHING_AGAINST.value if holds is Holds.YES else f"À vérifier : {missing(one, holds, asker)}"
    days = french.capital(days_in_words(one, french.today()))
    return AidLine(one.title, page_of(one.id, number), one.promise, days, french.capital(fit))


ROUTES = (Route("/aide/{scheme}", aid),)
