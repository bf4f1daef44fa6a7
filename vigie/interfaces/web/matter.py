"""Exchanges of matter: the first sites on the page of a firm; all of them at the desk, a click from an introduction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.domain import french
from vigie.domain.access import Role
from vigie.domain.matter import FlowWay
from vigie.errors import NotFound, Objected
from vigie.interfaces.desk_views import introductions
from vigie.interfaces.views import Link, MatterLine
from vigie.interfaces.web.asker import at_desk
from vigie.interfaces.web.desk.asking import ask_address
from vigie.interfaces.web.frame import show
from vigie.services.firms.declarations import writable_firm
from vigie.services.symbiosis.answering import NOT_A_VERDICT, named_to_all, partners_of
from vigie.services.symbiosis.flows import matter_book, matter_name, said_by_firms

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk
    from vigie.services.symbiosis.matching import MatterPartner

SHOWN = 3
"""Sites told on a firm's page: the first of its list."""


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


def _meet(siren: str, other: str, *, heads: bool) -> str:
    """Return where an introduction is asked for by a head, or prepared by an officer with both firms chosen."""
    if heads:
        return ask_address(other)
    return f"{introductions.ADDRESS}/nouvelle?{urlencode({'siren_a': siren, 'siren_b': other})}"


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


ROUTES = (Route("/bureau/entreprise/{siren}/matiere", firm_matter),)
