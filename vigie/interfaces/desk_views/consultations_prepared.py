"""The pages on which officers prepare a consultation, open it, read its ideas and close it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.consultation import ConsultationState, StatementState
from vigie.domain.moderation import RULES
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.acts import ActForm, act_form
from vigie.interfaces.desk_views.consultations import ConsultationsPage, facts, here, row_of
from vigie.interfaces.desk_views.forms import Form
from vigie.interfaces.views import Link, TableView
from vigie.services.consultations.facilitating import DECIDED
from vigie.services.consultations.preparing import CLOSED, LIST, OPENED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.consultations.answers import ConsultationLine, PreparedConsultation, StatementTold


@dataclass(frozen=True, slots=True)
class IdeaRow:
    """An idea that waits, and where it is decided."""

    text: str
    when: str
    href: str


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """`desk/consultation.html`: a consultation as its officers prepare, open, read and close it."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    done: str
    facts: tuple[tuple[str, str], ...]
    links: tuple[Link, ...]
    waiting: tuple[IdeaRow, ...]
    statements: TableView | None
    halls: tuple[str, ...]
    open: ActForm | None
    close: ActForm | None


def desk_list_page(lines: Sequence[ConsultationLine]) -> ConsultationsPage:
    """Return the page of the officers."""
    going = [one for one in lines if one.state != ConsultationState.CLOSED.value]
    return ConsultationsPage(
        title="Consultations",
        lead="Préparez une question, ouvrez-la, lisez les idées qui viennent ; le résultat se publie de lui-même.",
        trail=(DESK, Link("Consultations")),
        open=tuple(row_of(one, f"{LIST}/{one.id}") for one in going),
        others=tuple(row_of(one, f"{LIST}/{one.id}") for one in lines if one not in going),
        add_href=f"{LIST}/nouvelle",
    )


def prepared_page(told: PreparedConsultation, done: str, refusals: Mapping[str, Form]) -> PreparedPage:
    """Return a consultation as its officers work on it."""
    line, place = told.line, f"{LIST}/{told.line.id}"
    links = []
    if "edit" in told.may:
        links.append(Link("Corriger", f"{place}/modifier"))
    if "seed" in told.may:
        links.append(Link("Ajouter des propositions", f"{place}/propositions"))
    if "hall" in told.may:
        links.append(Link("Ouvrir une salle", f"{place}/salle"))
    if line.state != ConsultationState.DRAFT.value:
        links += [Link("La page publique", here(line.id)), Link("Ce qu’on en dit", f"{here(line.id)}/resultat")]
    words = {"consultation": line.id}
    return PreparedPage(
        title=line.question,
        lead=f"Consultation {ConsultationState(line.state).label} : {_waiting(told.waiting)}.",
        trail=(DESK, Link("Consultations", LIST), Link(line.question)),
        done=done,
        facts=facts(line),
        links=tuple(links),
        waiting=tuple(
            IdeaRow(one.text, _day(one), f"/bureau/{DECIDED.form_at.format(statement=one.id)}") for one in told.waiting
        )
        if "decide" in told.may
        else (),
        statements=_table(told.statements),
        halls=tuple(
            f"{one.code[:4]}-{one.code[4:]} : {french.counted(one.left, 'place libre', 'places libres')}, jusqu’à "
            f"{french.moment(one.expires_at)}. À projeter : {here(line.id)}/avis?salle={one.code}"
            for one in told.halls
        ),
        open=act_form(OPENED, words, None, refusals.get(OPENED.kind)) if "open" in told.may else None,
        close=act_form(CLOSED, words, None, refusals.get(CLOSED.kind)) if "close" in told.may else None,
    )


def _waiting(ideas: Sequence[StatementTold]) -> str:
    return french.counted(len(ideas), "idée à lire", "idées à lire")


def _day(one: StatementTold) -> str:
    return french.short_date(_as_day(one))


def _as_day(one: StatementTold) -> date | None:
    return french.day_of(one.received_at) if one.received_at else None


def _table(statements: Sequence[StatementTold]) -> TableView | None:
    rows = tuple(
        (one.text or "(retirée)", french.capital(StatementState(one.state).label), RULES.get(one.rule, ""))
        for one in statements
    )
    return TableView("Propositions", ("Proposition", "Où elle en est", "Raison"), rows) if rows else None
