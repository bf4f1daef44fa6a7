"""One indicator at one level: the ranking first, then its map, its card and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vigie.domain import french
from vigie.domain.french import counted
from vigie.domain.territory import TerritoryKind
from vigie.interfaces.graphics import choropleth_graphic
from vigie.interfaces.maps import Inset, MapContent, MapShape
from vigie.interfaces.pages import SearchOption
from vigie.interfaces.present import source_lines
from vigie.interfaces.present_catalogue import INDICATORS, card_facts
from vigie.interfaces.present_findings import decimals_of
from vigie.interfaces.present_map import tints_of
from vigie.interfaces.sheets import FILE_LABELS
from vigie.interfaces.views import Fact, Graphic, Link, SourceLine, TableView
from vigie.services.comparing.classes import classed

if TYPE_CHECKING:
    from vigie.services.indicator_cards import IndicatorCard
    from vigie.services.indicator_values import IndicatorValue, ValuesAsked
    from vigie.services.outlines import OutlineSheet
    from vigie.services.portrait.variables import MapClass
    from vigie.services.questions import AnswerTable

MOST_ROWS = 40
MOST_SHAPES = 2000
"""Territories drawn by the server: with more, a page takes longer to come than its list to be read."""
LINKED_SHAPES = 40
_OVERSEAS = {-21.0: "La Réunion", -13.0: "Mayotte", 4.0: "Guyane", 16.0: "Antilles", 47.0: "Saint-Pierre"}
"""Names of the planes of `vigie.domain.projection` other than that of metropolitan France."""


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """`indicator.html`: the ranking of a level, its map, the card; without an answer, what is wrong and the card.

    `more` says how many lines the files have beyond those of the page; `no_map` why there is no drawing.
    """

    title: str
    lead: str
    trail: tuple[Link, ...]
    formula: str
    facts: tuple[Fact, ...]
    limits: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sources: tuple[SourceLine, ...] = ()
    levels: tuple[SearchOption, ...] = ()
    within: str = ""
    finding: str = ""
    fault: str = ""
    table: TableView | None = None
    more: Link | None = None
    graphic: Graphic | None = None
    no_map: str = ""
    note: str = ""
    downloads: tuple[Link, ...] = ()
    api_href: str = ""


def indicator_page(
    card: IndicatorCard, asked: ValuesAsked, told: AnswerTable | None, sheets: Sequence[OutlineSheet], fault: str
) -> IndicatorPage:
    """Return the page of an indicator at the level asked for; `sheets` are the outlines of its territories."""
    rows: Sequence[IndicatorValue] = told.rows if told else ()
    known = [row for row in rows if row.value is not None]
    query = urlencode({
        name: value for name, value in (("niveau", asked.level), ("dans", asked.within), ("millesime", asked.vintage))
        if value
    })  # fmt: skip
    left = len(rows) - MOST_ROWS
    finding = _finding(card, known)
    table = _table(card, rows, asked.level) if known else None
    return IndicatorPage(
        title=card.label,
        lead=card.question,
        trail=(INDICATORS, Link(card.label)),
        formula=card.formula,
        facts=card_facts(card),
        limits=card.limits,
        references=card.references,
        sources=source_lines(told.sources) if told else (),
        levels=tuple(SearchOption(kind.value, kind.label, kind.value == asked.level) for kind in card.levels),
        within=asked.within,
        finding=finding,
        fault=fault,
        table=table,
        more=Link(counted(left, "autre ligne", "autres lignes") if left > 0 else "Toutes les lignes",
                  f"/indicateur/{card.id}/valeurs?{query}"),
        graphic=_map(card, rows, sheets, finding, table) if table and sheets and len(known) > 1 else None,
        no_map=_no_map(rows, known, sheets),
        note=f"{told.lead} {told.note}" if told else "",
        downloads=tuple(
            Link(label, f"/indicateur/{card.id}/valeurs.{ending}?{query}") for ending, label in FILE_LABELS.items()
        )
        if told
        else (),
        api_href=f"/api/v1/indicators/{card.id}/values?{query}" if told else "",
    )  # fmt: skip


def _finding(card: IndicatorCard, known: Sequence[IndicatorValue]) -> str:
    if len(known) < 2:
        return ""
    first, last = known[0], known[-1]
    tied = sum(row.rank == 1 for row in known)
    head = f"{first.name} ({_said(card, first.value)}) vient en tête"
    if tied > 1:
        head = f"{counted(tied, 'territoire')} à égalité en tête ({_said(card, first.value)})"
    return f"{card.label} : {head}, {last.name} ({_said(card, last.value)}) en dernier"


def _table(card: IndicatorCard, rows: Sequence[IndicatorValue], level: str) -> TableView:
    shown = rows[:MOST_ROWS]
    bounded = any(row.low is not None or row.high is not None for row in shown)
    covered = any(row.coverage is not None and row.coverage < 1 for row in shown)
    heads = ("Territoire", "Rang", f"{card.label} ({card.unit})" if card.unit else card.label,
             *(["Intervalle"] if bounded else []), *(["Part connue"] if covered else []))  # fmt: skip
    return TableView(
        f"{card.label} par {TerritoryKind(level).label}", heads,
        tuple(_line(row, level, bounded=bounded, covered=covered) for row in shown),
        (False, *(True for _ in heads[1:])),
    )  # fmt: skip


def _line(row: IndicatorValue, level: str, *, bounded: bool, covered: bool) -> tuple[str | Link, ...]:
    value = french.number(row.value, decimals_of(row.value)) if row.value is not None else row.why.rstrip(".")
    cells: list[str | Link] = [
        Link(row.name, f"/territoire/{level}/{row.code}"), str(row.rank) if row.rank else "sans rang", value,
    ]  # fmt: skip
    if bounded:
        known = row.low is not None and row.high is not None
        cells.append(
            f"{french.number(row.low, decimals_of(row.low))} à {french.number(row.high, decimals_of(row.high))}"
            if known
            else "sans objet"
        )
    if covered:
        cells.append("sans objet" if row.coverage is None else french.percent(row.coverage, 0))
    return tuple(cells)


def _map(
    card: IndicatorCard, rows: Sequence[IndicatorValue], sheets: Sequence[OutlineSheet], title: str, table: TableView
) -> Graphic:
    steps, classes = classed({row.code: row.value for row in rows if row.value is not None})
    tints = tints_of(classes)
    by_code = {row.code: row for row in rows}
    level_of = table.rows[0][0]
    start = level_of.href.rpartition("/")[0] if isinstance(level_of, Link) else ""

    def shape(code: str, path: str) -> MapShape:
        row, linked = by_code[code], len(rows) <= LINKED_SHAPES
        value = french.number(row.value, decimals_of(row.value)) if row.value is not None else ""
        return MapShape(
            row.name, path, tints[steps[code]] if code in steps else None, _said(card, row.value),
            f"{start}/{code}" if linked else "", row.name if linked else "", value if linked else "",
        )  # fmt: skip

    main, *apart = sheets
    insets = []
    for sheet in apart:
        first, *others = [shape(code, path) for code, path in sheet.steps.items()]
        insets.append(Inset(sheet, first, others, _OVERSEAS.get(sheet.parallel or 0.0, "")))
    unknown = len(rows) - len(steps)
    description = f"{counted(len(steps), 'territoire')}, par seuils naturels."
    if unknown:
        description += f" {counted(unknown, 'territoire')} sans valeur connue, en hachures."
    shapes = [shape(code, path) for code, path in main.steps.items()]
    content = MapContent(title, description, main, shapes=shapes, insets=insets)
    return choropleth_graphic(content, {tints[one.step]: _range(card, one) for one in classes}, table)


def _no_map(rows: Sequence[IndicatorValue], known: Sequence[IndicatorValue], sheets: Sequence[OutlineSheet]) -> str:
    if sheets or len(known) < 2:
        return ""
    if len(rows) > MOST_SHAPES:
        return (
            f"{counted(len(rows), 'territoire')} sont trop nombreux pour une carte de cette page : choisissez un "
            "territoire qui les contient (« Dans »)."
        )
    return "Les contours de ce niveau ne sont pas connus ici : la liste dit les mêmes valeurs."


def _said(card: IndicatorCard, value: float | None) -> str:
    return french.quantity(value, card.unit, decimals_of(value))


def _range(card: IndicatorCard, one: MapClass) -> str:
    low, high = (french.number(bound, decimals_of(bound)) for bound in (one.low, one.high))
    unit = f"{french.NBSP}%" if card.unit == "%" else ""
    return f"{low}{unit}" if low == high else f"{low} à {high}{unit}"
