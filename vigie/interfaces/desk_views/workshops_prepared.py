"""The page on which officers prepare a workshop, open it, lead its room and close it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.workshop import ItemKind, ItemState, WorkshopState
from vigie.interfaces.desk_views.acts import ActForm, act_form
from vigie.interfaces.desk_views.forms import Form
from vigie.interfaces.desk_views.workshops import DESK, RoomStepRow, facts, here, links, steps
from vigie.interfaces.views import Link, TableView
from vigie.services.workshops.preparing import DECIDED, LIST
from vigie.services.workshops.running import CLOSED, ROUND_ENDED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vigie.services.workshops.answers import ItemTold, PreparedWorkshop


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """What the room proposed, and where it is decided."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class PreparedWorkshopPage:
    """`desk/workshop.html`: a workshop as its officers prepare, open, lead and close it."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    done: str
    facts: tuple[tuple[str, str], ...]
    links: tuple[Link, ...]
    codes: tuple[str, ...]
    waiting: tuple[ProposalRow, ...]
    items: TableView | None
    steps: tuple[RoomStepRow, ...]
    round: ActForm | None
    close: ActForm | None


def prepared_page(found: PreparedWorkshop, done: str, refusals: Mapping[str, Form]) -> PreparedWorkshopPage:
    """Return a workshop as its officers work on it."""
    line, place = found.told.line, f"{LIST}/{found.told.line.id}"
    ways = {
        "edit": Link("Corriger", f"{place}/modifier"),
        "add": Link("Ajouter facteurs, acteurs, questions", f"{place}/ajouter"),
        "open": Link("Ouvrir l’atelier", f"{place}/ouvrir"),
        "code": Link("Ouvrir un autre code", f"{place}/code"),
    }
    words = {"workshop": line.id}
    asks = any(item.kind == ItemKind.QUESTION.value for item in found.told.items)
    return PreparedWorkshopPage(
        title=line.title,
        lead=f"Atelier {WorkshopState(line.state).label} : {line.question}",
        trail=(DESK, Link("Ateliers", LIST), Link(line.title)),
        done=done,
        facts=facts(found.told),
        links=(
            *(link for may, link in ways.items() if may in found.may),
            *(links(found.told, ours=True) if line.state != WorkshopState.DRAFT.value else ()),
        ),
        codes=tuple(
            f"{one.code[:4]}-{one.code[4:]} : {french.counted(one.left, 'place libre', 'places libres')}, jusqu’à "
            f"{french.moment(one.expires_at)}. À donner : {here(line.id)}?code={one.code}"
            for one in found.codes
        ),
        waiting=tuple(
            ProposalRow(one.text, f"/bureau/{DECIDED.form_at.format(workshop_item=one.id)}") for one in found.waiting
        )
        if "decide" in found.may
        else (),
        items=_items((*found.told.items, *found.refused)),
        steps=steps(found.told, fill=False),
        round=act_form(ROUND_ENDED, words, None, refusals.get(ROUND_ENDED.kind))
        if "round" in found.may and asks
        else None,
        close=act_form(CLOSED, words, None, refusals.get(CLOSED.kind)) if "close" in found.may else None,
    )


def _items(items: Sequence[ItemTold]) -> TableView | None:
    kinds = [kind.value for kind in ItemKind]
    rows = tuple(
        (
            Link(one.text, f"/indicateur/{one.indicator}") if one.indicator else one.text,
            french.capital(ItemKind(one.kind).label),
            "la salle" if one.from_room else "l’organisation",
            french.capital(ItemState(one.state).label),
        )
        for one in sorted(items, key=lambda one: kinds.index(one.kind))
    )
    return TableView("Ce dont on parle", ("Texte", "Sorte", "Proposé par", "Où il en est"), rows) if rows else None
