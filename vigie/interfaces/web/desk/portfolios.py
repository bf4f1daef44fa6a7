"""The pages of portfolios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.domain import french
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.dossiers import ADDRESS as DOSSIERS
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.http import form_status
from vigie.interfaces.optional_data import firm_names
from vigie.interfaces.views import Link
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.acts import Fault, done, done_sentence
from vigie.interfaces.web.frame import show_desk
from vigie.services.entries import read, typed
from vigie.services.followup.portfolios import FILLED, MADE, RENAMED, Watching

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.acts import Act
    from vigie.services.desk import Desk
    from vigie.services.followup.answers import PortfolioLine, PortfolioRecord

ADDRESS = "/bureau/portefeuilles"
PORTFOLIOS = Link("Portefeuilles", ADDRESS)


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One portfolio in the list."""

    name: str
    href: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PortfoliosPage:
    """`desk/portfolios.html`."""

    lead: str
    rows: tuple[PortfolioRow, ...]
    form: Form
    done: str = ""
    title: str = "Portefeuilles"
    trail: tuple[Link, ...] = (DESK, Link("Portefeuilles"))


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A firm or a territory of a portfolio, and its dossiers."""

    id: str
    name: Link
    remarks: tuple[str, ...]
    dossiers: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """`desk/portfolio.html`."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    address: str
    rows: tuple[MemberRow, ...]
    may_write: bool
    forms: Mapping[str, Form]
    done: str = ""
    dossiers_href: str = ""


def portfolios_page(lines: Sequence[PortfolioLine], form: Form, done: str = "") -> PortfoliosPage:
    """Build the list of portfolios."""
    lead = (
        f"{french.counted(len(lines), 'portefeuille')} dans l’organisation ; les vôtres viennent d’abord."
        if lines
        else "Un portefeuille réunit les entreprises et les territoires dont vous voulez voir les changements le lundi."
    )
    rows = tuple(
        PortfolioRow(
            line.name,
            f"{ADDRESS}/{line.id}",
            (
                french.counted(line.firms, "entreprise"),
                french.counted(line.territories, "territoire"),
                *([f"tenu par {line.owner_name}"] if line.owner_name else []),
            ),
        )
        for line in lines
    )
    return PortfoliosPage(lead, rows, form, done)


def portfolio_page(
    record: PortfolioRecord, firms: Mapping[str, str], forms: Mapping[str, Form], done: str = ""
) -> PortfolioPage:
    """Build the page of a portfolio; `firms` are the public names of its firms, by SIREN."""
    line = record.line
    rows = []
    for member in record.members:
        since = f"suivi depuis le {french.long_date(member.since)}"
        if member.siren:
            label = firms.get(member.siren) or f"Entreprise {french.identifier(member.siren)}"
            name = Link(label, f"/entreprise/{member.siren}")
            remarks = (f"SIREN {french.identifier(member.siren)}", since)
        else:
            name = Link(member.territory_name, f"/territoire/{member.territory.replace(':', '/', 1)}")
            remarks = ("territoire", since)
        dossiers = tuple(
            Link("Dossier" if len(member.dossiers) == 1 else f"Dossier {rank}", f"{DOSSIERS}/{identifier}")
            for rank, identifier in enumerate(member.dossiers, 1)
        )
        rows.append(MemberRow(member.id, name, remarks, dossiers))
    inside = french.listed([french.counted(line.firms, "entreprise"), french.counted(line.territories, "territoire")])
    return PortfolioPage(
        title=line.name,
        lead=f"Ce portefeuille réunit {inside}."
        if rows
        else "Ce portefeuille est vide : ajoutez-y une entreprise depuis sa fiche, ou ici par son SIREN.",
        trail=(DESK, PORTFOLIOS, Link(line.name)),
        address=f"{ADDRESS}/{line.id}",
        rows=tuple(rows),
        may_write=record.may_write,
        forms=forms,
        done=done,
        dossiers_href=f"{DOSSIERS}?portefeuille={line.id}",
    )


HOME = ADDRESS


@at_desk
def portfolios(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the portfolios of the organisation."""
    return _list(request, desk, who, Form())


@form_at_desk
def add_firm(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Put a firm or a territory in one's first portfolio, from its page, in one click."""
    filled = desk.followup.portfolios.fill_first(who.scope, read(Watching, typed(Watching, words(form))))
    return done(f"{HOME}/{filled.line.id}", FILLED)


@at_desk
def portfolio(request: Request, desk: Desk, who: Asker) -> Response:
    """Show a portfolio."""
    record = desk.followup.portfolios.read(who.scope, request.path_params["portfolio"])
    return _one(request, record, {}, done_sentence(request))


def _list_again(
    request: Request, desk: Desk, who: Asker, _: Act[Any, Any], given: Mapping[str, str], fault: Fault
) -> Response:
    return _list(request, desk, who, refused(given, fault), form_status(fault))


def _again(
    request: Request, desk: Desk, who: Asker, act: Act[Any, Any], given: Mapping[str, str], fault: Fault
) -> Response:
    """Show a portfolio again beside what is wrong."""
    record = desk.followup.portfolios.read(who.scope, request.path_params["portfolio"])
    place = "name" if act is RENAMED else "territory" if given.get("territory") else "siren"
    return _one(request, record, {place: refused(given, fault)})


def _list(request: Request, desk: Desk, who: Asker, form: Form, status: int = 200) -> Response:
    lines = desk.followup.portfolios.all(who.scope)
    view = portfolios_page(lines, form, done_sentence(request))
    return show_desk(request, "desk/portfolios.html", view, status=status)


def _one(request: Request, record: PortfolioRecord, refusals: Mapping[str, Form], said: str = "") -> Response:
    forms = {name: Form() for name in ("siren", "territory")} | {
        "name": Form({"name": record.line.name, "version": record.version}),
        **refusals,
    }
    firms = (member.siren for member in record.members if member.siren)
    names = firm_names(request.app.state.installation, firms)
    view = portfolio_page(record, names, forms, said)
    return show_desk(request, "desk/portfolio.html", view, status=422 if refusals else 200)


HOSTS = {MADE.kind: _list_again, RENAMED.kind: _again, FILLED.kind: _again}
ROUTES = (
    Route(HOME, portfolios, methods=["GET"]),
    Route(f"{HOME}/ajouter", add_firm, methods=["POST"]),
    Route(f"{HOME}/{{portfolio}}", portfolio, methods=["GET"]),
)
