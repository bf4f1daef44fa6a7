"""Exchanges of matter: the first sites on a firm's page; all those of a firm or of a territory at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.domain import french
from vigie.domain.access import Right, Role, Thing
from vigie.domain.matter import FlowWay
from vigie.errors import NotFound, Objected, RequestFault
from vigie.interfaces.desk_views.introductions import ask_address, prepare_address
from vigie.interfaces.present import source_lines, territory_href
from vigie.interfaces.views import Link, MatterLine, SourceLine
from vigie.interfaces.web.asker import at_desk
from vigie.interfaces.web.frame import show
from vigie.services.firms.declarations import writable_firm
from vigie.services.symbiosis.answering import named_to_all, partners_of
from vigie.services.symbiosis.flows import matter_book, matter_name, said_by_firms
from vigie.services.symbiosis.of_territory import EXCHANGES, NOT_A_VERDICT, told_exchanges, told_loops

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk
    from vigie.services.symbiosis.matching import MatterPartner
    from vigie.services.symbiosis.of_territory import MatterExchangeRow, MissingRow

TERRITORY = "/bureau/matiere"
SHOWN = 3
"""Sites told on a firm's page: the first of its list."""
_MOST_EXCHANGES, _MOST_LOOPS = 12, 12
"""Lines that a page shows, the largest: files hold all that is published, the API all that one may read."""


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A site that could take or give, and where one asks to meet it."""

    line: MatterLine
    meet: str


@dataclass(frozen=True, slots=True)
class FirmMatterPage:
    """`desk/matter.html`: who could exchange matter with a firm, what firms say included as far as one may read it."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    lines: tuple[MeetingLine, ...]
    meet_label: str
    declare_href: str
    published_href: str
    note: str


@dataclass(frozen=True, slots=True)
class ProposedExchange:
    """One exchange of the best set: who gives, who takes, what, and where it is introduced by whoever may."""

    giver: Link
    taker: Link
    what: str
    prepare: str


@dataclass(frozen=True, slots=True)
class LackingLine:
    """One matter that lacks an actor: what, who has it, whom to look for and why."""

    title: str
    where: str
    sought: str


@dataclass(frozen=True, slots=True)
class TerritoryMatterPage:
    """`desk/territory_matter.html`: the best exchanges of a territory, what lacks an actor, with what firms say."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    exchanges: tuple[ProposedExchange, ...]
    loops_lead: str
    loops: tuple[LackingLine, ...]
    note: str
    sources: tuple[SourceLine, ...]
    published_href: str


@at_desk
def firm_matter(request: Request, desk: Desk, who: Asker) -> Response:
    """Show a firm's exchanges to its head and to officers, each one click from an introduction."""
    siren = writable_firm(who.scope, request.path_params["siren"])
    declared = said_by_firms(desk.flows.readable(who.scope))
    with request.app.state.installation.services() as services:
        site, found = partners_of(services, siren, declared)
        heads = who.scope.role is Role.HEAD
        own = sum(flow.siren == siren for flow in declared)
        said = french.counted(own, "flux dit", "flux dits") if own else "aucun flux dit"
        pistes = french.counted(len(found), "piste", "pistes")
        view = FirmMatterPage(
            title=f"Échanges de matière : {site.name}",
            lead=f"{french.capital(pistes)}, avec {said} par l’entreprise et ce que publient les registres.",
            trail=(Link("L’entreprise", f"/entreprise/{siren}"), Link("Échanges de matière")),
            lines=tuple(MeetingLine(matter_line(one), _meet(siren, one.site.siren, heads=heads)) for one in found),
            meet_label="Demander à la rencontrer" if heads else "Proposer une mise en relation",
            declare_href=f"/bureau/entreprise/{siren}/flux",
            published_href=f"/entreprise/{siren}/echanges-de-matiere",
            note=NOT_A_VERDICT,
        )
        return show(request, services, "desk/matter.html", view, section="annuaire")


@at_desk
def territory_matter(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the exchanges of a territory to whoever reads introductions or their totals: one’s own without another."""
    who.scope.require(Thing.INTRODUCTIONS, Right.READ, Right.AGGREGATE)
    key = request.query_params.get("territoire", "").strip()[:200] or desk.advising.territory(who.scope)
    if not key:
        raise RequestFault("Dites quel territoire : celui de votre organisation n’est pas connu.")
    declared = said_by_firms(desk.flows.readable(who.scope))
    with request.app.state.installation.services() as services:
        best, lacking = told_exchanges(services, key, declared), told_loops(services, key, declared)
        prepares = who.scope.may(Thing.INTRODUCTIONS, Right.WRITE)
        place = services.observe.territory(key)
        view = TerritoryMatterPage(
            title=best.title,
            lead=best.lead + _foremost(len(best.rows)),
            trail=(Link("Bureau", "/bureau"), Link(place.name, territory_href(place)), Link("Échanges de matière")),
            exchanges=tuple(_proposed(row, prepares=prepares) for row in best.rows[:_MOST_EXCHANGES]),
            loops_lead=lacking.lead,
            loops=tuple(map(_lacking, lacking.rows[:_MOST_LOOPS])),
            note=best.note,
            sources=source_lines(best.sources),
            published_href=f"{territory_href(place)}/{EXCHANGES.slug}",
        )
        return show(request, services, "desk/territory_matter.html", view, section="territoires")


def _lacking(row: MissingRow) -> LackingLine:
    sought = f"À chercher : {row.activity.lower()} · {row.because}" if row.activity else row.because
    return LackingLine(f"{row.matter} : il manque {row.missing}", f"{row.amount} · {row.sites}", sought)


def _foremost(count: int) -> str:
    if count <= _MOST_EXCHANGES:
        return ""
    return f" Voici les {french.number(_MOST_EXCHANGES)} plus importants."


def _proposed(row: MatterExchangeRow, *, prepares: bool) -> ProposedExchange:
    giver, taker = row.giver_siret[:9], row.taker_siret[:9]
    return ProposedExchange(
        Link(row.giver, f"/entreprise/{giver}"),
        Link(row.taker, f"/entreprise/{taker}"),
        f"{row.matter}, {row.amount}, à {french.number(row.distance, 1)}\u00a0km",
        prepare_address(giver, taker) if prepares else "",
    )


def _meet(siren: str, other: str, *, heads: bool) -> str:
    """Return where an introduction is asked for by a head, or prepared by an officer with both firms chosen."""
    return ask_address(other) if heads else prepare_address(siren, other)


def matter_lines(services: Services, number: str) -> tuple[MatterLine, ...]:
    """Return the first sites that a register names, to exchange matter with a firm; none where nothing is loaded."""
    if not matter_book(services).known:
        return ()
    try:
        _, found = partners_of(services, number, ())
    except (NotFound, Objected):
        return ()
    return tuple(map(matter_line, named_to_all(found)[:SHOWN]))


def matter_line(one: MatterPartner) -> MatterLine:
    """Return a site as a list tells it."""
    does = "pourrait prendre" if one.way is FlowWay.TAKES else "pourrait donner"
    far = f" à {french.number(one.kilometres, 1)} km" if one.kilometres is not None else ""
    return MatterLine(
        name=one.site.name,
        href=f"/etablissement/{one.site.siret}",
        what=f"{does}{far} : {matter_name(one.matter)} ({one.quantity})",
        why=french.capital(one.because),
        obstacles=french.capital(" ; ".join(one.obstacles)),
    )


ROUTES = (
    Route("/bureau/entreprise/{siren}/matiere", firm_matter),
    Route(TERRITORY, territory_matter),
)
