"""The pages of workshops: the list, the first screen, one cell at a time, the room’s screen, cards, what came out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.workshop import STEPS, ItemKind, WorkshopState
from vigie.interfaces.desk_views.forms import Form
from vigie.interfaces.graphics import bars_graphic
from vigie.interfaces.plots import Bar, ChartWording
from vigie.interfaces.views import Graphic, Link, TableView
from vigie.services.indicator_cards import indicator_cards
from vigie.services.workshops.preparing import LIST
from vigie.services.workshops.scenarios import DRAWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.workshops.answers import (
        CellTold,
        ItemTold,
        PaperTold,
        WorkshopLine,
        WorkshopResult,
        WorkshopTold,
    )

ALL = "/ateliers"
DESK = Link("Bureau", "/bureau")
_SECRECY = (
    "Ni nom, ni compte : votre appareil garde un secret, le site une empreinte, effacée à la clôture. Une case n’est "
    "dite qu’à partir de trois réponses."
)
_FORGOTTEN = "Les réponses ont été effacées à la clôture ; il reste leurs comptes par case."


def here(workshop: str) -> str:
    """Return the address of a workshop."""
    return f"/atelier/{workshop}"


@dataclass(frozen=True, slots=True)
class WorkshopRow:
    """One workshop of a list."""

    link: Link
    note: str
    state: str


@dataclass(frozen=True, slots=True)
class WorkshopsPage:
    """`workshops.html`: those there are; for officers, the way to prepare one."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    rows: tuple[WorkshopRow, ...]
    add_href: str = ""


@dataclass(frozen=True, slots=True)
class RoomStepRow:
    """A step, how far the room is, and where it is filled."""

    label: str
    progress: str
    href: str


@dataclass(frozen=True, slots=True)
class RoomPage:
    """`workshop.html`: what the room works on, the code that lets in, the steps that can be filled and left."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    agenda: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    steps: tuple[RoomStepRow, ...]
    links: tuple[Link, ...]
    secrecy: str
    joining: bool
    proposing: bool
    said: str
    form: Form


@dataclass(frozen=True, slots=True)
class CellPage:
    """`workshop_cell.html`: one cell, its marks; nothing leads away but the steps."""

    title: str
    lead: str
    kicker: str
    cell: str
    marks: tuple[tuple[int, str, bool], ...]
    progress: str
    form: Form
    ways: tuple[Link, ...]
    bare: bool = True


@dataclass(frozen=True, slots=True)
class ScreenPage:
    """`workshop_screen.html`: what a room reads from afar: question, how far it is; nobody's answer."""

    title: str
    lead: str
    people: str
    steps: tuple[RoomStepRow, ...]
    address: str
    bare: bool = True


@dataclass(frozen=True, slots=True)
class CardsPage:
    """`workshop_cards.html`: a card for each factor, to be cut out."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    cards: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WorkshopResultPage:
    """`workshop_result.html`: what came out, in words, a chart and tables; then the minutes."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    sentences: tuple[str, ...]
    influence: Graphic | None
    factors: TableView | None
    actors: TableView | None
    objectives: TableView | None
    scenarios: TableView | None
    signs: TableView | None
    cells: TableView | None
    minutes: tuple[str, ...]
    project: Link | None


def list_page(lines: Sequence[WorkshopLine], *, ours: bool = False) -> WorkshopsPage:
    """Return the workshops that everybody reads or, of `ours`, those that are prepared too."""
    return WorkshopsPage(
        title="Ateliers de prospective",
        lead="Une salle remplit ensemble une matrice d’influences, sans compte ; ses désaccords sont un résultat.",
        trail=(DESK, Link("Ateliers")) if ours else (Link("Ateliers"),),
        rows=tuple(
            WorkshopRow(
                Link(one.title, f"{LIST}/{one.id}" if ours else here(one.id)),
                f"{one.question} {one.organisation}, {one.territory_name}, {_days(one)}.",
                WorkshopState(one.state).label,
            )
            for one in lines
        ),
        add_href=f"{LIST}/nouveau" if ours else "",
    )


def room_page(told: WorkshopTold, form: Form, *, known: bool, code: str = "", said: str = "") -> RoomPage:
    """Return the first screen of a workshop."""
    line = told.line
    return RoomPage(
        title=line.title,
        lead=line.question,
        trail=(Link("Ateliers", ALL), Link(line.title)),
        agenda=line.agenda,
        facts=facts(told),
        steps=steps(told, fill=known and line.open),
        links=links(told),
        secrecy=_SECRECY if line.state == WorkshopState.OPEN.value else _FORGOTTEN,
        joining=line.open and not known,
        proposing=line.open and known,
        said=said,
        form=form if form.faults or not code else Form({"code": code}),
    )


def cell_page(paper: PaperTold, form: Form) -> CellPage:
    """Return one cell to fill."""
    asked, line = paper.asked, paper.told.line
    others = [one for one in paper.told.steps if one.key != paper.step.key]
    return CellPage(
        title=asked.sentence if asked else "Tout est rempli",
        lead="" if asked else "Cette étape est finie pour vous.",
        kicker=f"{line.title} : {paper.step.label}",
        cell=asked.cell if asked else "",
        marks=tuple((mark, word, mark == asked.mine) for mark, word in asked.marks) if asked else (),
        progress=f"{french.number(paper.done)} sur {french.counted(paper.step.cells, 'case')} de votre côté.",
        form=form,
        ways=(
            *(Link(one.label, f"{here(line.id)}/remplir?etape={one.key}") for one in others),
            Link("L’atelier", here(line.id)),
        ),
    )


def screen_page(told: WorkshopTold, address: str) -> ScreenPage:
    """Return what is projected in the room."""
    return ScreenPage(
        title=told.line.question,
        lead=told.line.title,
        people=french.counted(told.people, "personne a répondu", "personnes ont répondu"),
        steps=steps(told, fill=False),
        address=address,
    )


def cards_page(told: WorkshopTold) -> CardsPage:
    """Return a card for each factor, numbered."""
    factors = [item for item in told.items if item.kind == ItemKind.FACTOR.value]
    return CardsPage(
        title="Cartes des facteurs",
        lead=f"{told.line.title} : {french.counted(len(factors), 'carte')} à imprimer et à découper.",
        trail=(Link("Ateliers", ALL), Link(told.line.title, here(told.line.id)), Link("Cartes")),
        cards=tuple((f"Facteur {rank}", item.text) for rank, item in enumerate(factors, start=1)),
    )


def result_page(found: WorkshopResult) -> WorkshopResultPage:
    """Return what came out of a workshop."""
    line = found.told.line
    return WorkshopResultPage(
        title="Ce qui ressort de l’atelier",
        lead=line.question,
        trail=(Link("Ateliers", ALL), Link(line.title, here(line.id)), Link("Ce qui ressort")),
        sentences=found.sentences,
        influence=_influence(found),
        factors=_factors(found),
        actors=_table(
            "Poids des acteurs (1 en moyenne)",
            ("Acteur", "Poids"),
            [(one.name, french.number(one.weight, 2)) for one in found.actors],
        ),
        objectives=_table(
            "Ce qui pèse pour et contre chaque objectif",
            ("Objectif", "Pour", "Contre"),
            [(one.name, french.number(one.pro, 1), french.number(one.con, 1)) for one in found.objectives],
        ),
        scenarios=_table(
            "Scénarios qui se tiennent",
            ("Scénario", "Famille", "Soutien mutuel", "Marge", f"Tient, sur {DRAWS} salles tirées"),
            [
                (french.listed(one.hypotheses), *map(french.number, (one.family, one.score, one.margin, one.holds)))
                for one in found.scenarios
            ],
        ),
        signs=_signs(found.told),
        cells=_cells(found.cells),
        minutes=found.minutes,
        project=Link("Le projet que cet atelier éclaire", f"/projet/{line.vision}") if line.vision else None,
    )


def facts(told: WorkshopTold) -> tuple[tuple[str, str], ...]:
    """Return what to know of a workshop."""
    line = told.line
    return (
        ("Organisé par", line.organisation),
        ("Territoire", line.territory_name),
        ("Jours", _days(line)),
        ("Où il en est", WorkshopState(line.state).label),
        ("Ont répondu", french.counted(told.people, "personne")),
    )


def _days(line: WorkshopLine) -> str:
    first, last = french.long_date(line.held_on), french.long_date(line.ends_on)
    return first if first == last else f"du {first} au {last}"


def links(told: WorkshopTold, *, ours: bool = False) -> tuple[Link, ...]:
    """Return where a workshop leads, for everybody or for its officers."""
    place, closed = here(told.line.id), told.line.state == WorkshopState.CLOSED.value
    return (
        *((Link("La page de la salle", place),) if ours else ()),
        *((Link("Ce qui ressort", f"{place}/resultat"),) if closed or ours else ()),
        *(() if closed else (Link("Projeter", f"{place}/ecran"),)),
        Link("Cartes des facteurs", f"{place}/cartes"),
    )


def steps(told: WorkshopTold, *, fill: bool) -> tuple[RoomStepRow, ...]:
    """Return the steps of a workshop and how far the room is, with where they are filled."""
    return tuple(
        RoomStepRow(
            one.label,
            f"{french.number(one.told)} sur {french.counted(one.cells, 'case')} à trois réponses ou plus",
            f"{here(told.line.id)}/remplir?etape={one.key}" if fill else "",
        )
        for one in told.steps
    )


def _influence(found: WorkshopResult) -> Graphic | None:
    if not found.factors:
        return None
    first = found.factors[0]
    return bars_graphic(
        ChartWording(
            f"« {first.name} » agit le plus sur les autres",
            "Influence directe de chaque facteur, somme des milieux de sa ligne ; le trait dit sa dépendance.",
            "points",
        ),
        [Bar(one.name, float(one.direct_influence), reference=float(one.direct_dependence)) for one in found.factors],
        ("Facteur", "Influence directe", "Dépendance directe"),
    )


def _factors(found: WorkshopResult) -> TableView | None:
    columns = ("Facteur", "Rôle", "Influence directe", "Dépendance directe", "Influence indirecte (%)",
               "Dépendance indirecte (%)", "Rang direct", "Rang indirect")  # fmt: skip
    seen = {item.text: _seen(found.told, item, item.text) for item in found.told.items if item.indicator}
    rows = [
        (
            seen.get(one.name, one.name), one.role,
            french.number(one.direct_influence), french.number(one.direct_dependence),
            french.number(one.indirect_influence, 1), french.number(one.indirect_dependence, 1),
            french.number(one.rank_direct), french.number(one.rank_indirect),
        )
        for one in found.factors
    ]  # fmt: skip
    return TableView("Facteurs", columns, tuple(rows), (False, False, *(True,) * 6)) if rows else None


def _seen(told: WorkshopTold, item: ItemTold, label: str) -> Link:
    """Return where what is seen of an item today is read: a figure of the territory, with its source and vintage."""
    return Link(label, f"/territoire/{'/'.join(told.line.territory.split(':'))}/constat/{item.indicator}")


def _signs(told: WorkshopTold) -> TableView | None:
    """Return what would change if one scenario or another came true, and where it is seen today."""
    rows = [
        (
            item.text,
            ", ou ".join(one.text.removeprefix(f"{item.text} : ") for one in told.items if one.within == item.id),
            _seen(told, item, indicator_cards()[item.indicator].label),
        )
        for item in told.items
        if item.kind == ItemKind.DESCRIPTOR.value and item.indicator in indicator_cards()
    ]
    columns = ("Composante", "Ce qui peut venir", "Ce qu’on en voit aujourd’hui")
    return TableView("À quoi l’on verra lequel vient", columns, tuple(rows)) if rows else None


def _cells(cells: Sequence[CellTold]) -> TableView | None:
    split = sorted(cells, key=lambda one: (one.word != "désaccord", one.word != "partagé", one.mark is None))
    rows = [
        (
            f"{one.line} → {one.column}" if one.column else one.line,
            STEPS[one.step].label,
            STEPS[one.step].marks[one.mark] if one.mark is not None else "",
            ", ".join(f"{STEPS[one.step].marks[mark]} : {french.number(many)}" for mark, many in one.counts),
            one.word,
        )
        for one in split
    ]
    columns = ("Case", "Étape", "Milieu de la salle", "Réponses", "Accord")
    return TableView("Chaque case, les désaccords d’abord", columns, tuple(rows)) if rows else None


def _table(caption: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> TableView | None:
    return TableView(caption, columns, tuple(rows), (False, *(True,) * (len(columns) - 1))) if rows else None
