"""What the pages of portfolios are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.dossiers import ADDRESS as DOSSIERS
from vigie.interfaces.desk_views.forms import Form
from vigie.interfaces.views import Link

if TYPE_CHECKING:
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
