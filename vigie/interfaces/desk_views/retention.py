"""What the pages of retention are given: the register and what is due, one's own data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.interfaces import french
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form
from vigie.interfaces.views import Link

if TYPE_CHECKING:
    from vigie.services.retention.answers import OrganisationReport, RuleReport
    from vigie.services.retention.register import Register, Treatment

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
class RetentionPage:
    """`desk/retention.html`."""

    lead: str
    form: Form
    treatments: tuple[Treatment, ...]
    rows: tuple[DueRow, ...]
    nothing: bool
    may_run: bool
    done: str = ""
    title: str = "Conservation des données"
    trail: tuple[Link, ...] = (DESK, Link("Conservation"))


@dataclass(frozen=True, slots=True)
class MinePage:
    """`desk/my_data.html`."""

    form: Form
    title: str = "Mes données"
    lead: str = "Emportez tout ce que Vigie sait de vous, ou demandez l’effacement de votre compte."
    trail: tuple[Link, ...] = (DESK, Link("Mon compte", "/bureau/mon-compte"), Link("Mes données"))


def retention_page(register: Register, due: OrganisationReport, form: Form, done: str = "") -> RetentionPage:
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
