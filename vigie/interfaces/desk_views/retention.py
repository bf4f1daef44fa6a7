"""What the pages of retention are given: the register and what is due, one's own data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form
from vigie.interfaces.views import Link

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vigie.services.retention.answers import OrganisationReport, RuleReport
    from vigie.services.retention.register import ProcessingRegister, Treatment
    from vigie.services.rounds import RoundTold

HERE = "/bureau/conservation"
MINE = "/bureau/mon-compte/mes-donnees"
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class DueRow:
    """One rule: how much is due, what a purge erases, what it keeps and why."""

    label: str
    due: str
    erased: str
    kept: str
    reasons: tuple[str, ...]
    things: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class RoundRow:
    """Something that the server does by itself: when it last did, what came of it, when it does next."""

    label: str
    last: str
    said: str
    following: str
    failed: bool


@dataclass(frozen=True, slots=True)
class RetentionPage:
    """`desk/retention.html`."""

    lead: str
    form: Form
    treatments: tuple[Treatment, ...]
    rows: tuple[DueRow, ...]
    nothing: bool
    may_run: bool
    done: str = ""
    rounds: tuple[RoundRow, ...] = ()
    title: str = "Durées de garde"
    trail: tuple[Link, ...] = (DESK, Link("Durées de garde"))


@dataclass(frozen=True, slots=True)
class MinePage:
    """`desk/my_data.html`."""

    form: Form
    title: str = "Mes données"
    lead: str = "Emportez tout ce que Vigie sait de vous, ou demandez l’effacement de votre compte."
    trail: tuple[Link, ...] = (DESK, Link("Mon compte", "/bureau/mon-compte"), Link("Mes données"))


def retention_page(register: ProcessingRegister, due: OrganisationReport, form: Form, done: str = "") -> RetentionPage:
    """Build the page of retention; what is due is said first."""
    months = french.counted(register.months, "mois", "mois")
    if register.archives and not register.visa:
        rule = (
            f"Les données de prospection s’effacent après {months} sans signe de la personne. Les autres dossiers sont "
            "des archives publiques : ils sont gardés tant qu’aucun visa des archives n’est enregistré."
        )
    elif register.archives:
        rule = f"Tout s’efface {months} après le dernier contact, sous le visa « {register.visa} »."
    else:
        rule = f"Tout s’efface {months} après le dernier contact."
    rows = tuple(_due_row(one) for one in due.rules if one.due)
    return RetentionPage(
        lead=rule,
        form=form,
        treatments=register.treatments,
        rows=rows,
        nothing=not rows,
        may_run=any(one.erased for one in due.rules),
        done=done,
    )


_COUNTED = {
    "erased": ("ligne effacée", "lignes effacées"),
    "kept": ("élément échu gardé", "éléments échus gardés"),
    "written": ("lettre écrite", "lettres écrites"),
    "already": ("l’était déjà", "l’étaient déjà"),
    "refused": ("refusée", "refusées"),
}


def round_rows(rounds: Iterable[RoundTold]) -> tuple[RoundRow, ...]:
    """Return what the server does by itself, in words."""
    return tuple(
        RoundRow(
            label=one.label,
            last=french.capital(french.moment(one.ended_at)) if one.ended_at else "Jamais encore",
            said=", ".join(french.counted(count, *_COUNTED[name]) for name, count in one.said.items()),
            following=french.moment(one.due_at) if one.due_at else "dès que le serveur tourne",
            failed=bool(one.fault),
        )
        for one in rounds
    )


def _due_row(one: RuleReport) -> DueRow:
    things = tuple(
        Link(f"dossier {number}", f"/bureau/dossiers/{kept.id}")
        for number, kept in enumerate(one.kept_things[:_SHOWN], start=1)
        if one.rule == "dossiers"
    )
    return DueRow(
        label=french.capital(one.label),
        due=french.number(one.due),
        erased=french.number(one.due - one.kept),
        kept=french.number(one.kept),
        reasons=tuple(dict.fromkeys(kept.reason for kept in one.kept_things)),
        things=things,
    )


def said(report: OrganisationReport) -> str:
    """Return what a purge did, in one sentence."""
    rows = french.counted(report.erased, "ligne effacée", "lignes effacées")
    return f"Purge faite : {rows} ; {french.counted(report.kept, 'élément échu gardé', 'éléments échus gardés')}."
