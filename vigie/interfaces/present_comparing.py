"""Territories side by side, in words: one table a theme, one drawing, and the form that asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vigie.domain import french
from vigie.interfaces.graphics import bars_graphic
from vigie.interfaces.pages import SearchOption
from vigie.interfaces.plots import Bar, ChartWording
from vigie.interfaces.present import source_lines
from vigie.interfaces.present_findings import decimals_of
from vigie.interfaces.sheets import FILE_LABELS
from vigie.interfaces.views import Graphic, Link, Plate, SourceLine, TableView
from vigie.services.comparing.compare import MOST, REFERENCE

if TYPE_CHECKING:
    from vigie.domain.territory import Territory
    from vigie.services.comparing.compare import ComparedFigure
    from vigie.services.questions import AnswerTable

FIRST_DRAWN = "industry_share"


@dataclass(frozen=True, slots=True)
class TypedPlace:
    """A place of the form: the text of its field, and which place that was understood to be."""

    text: str = ""
    understood: str = ""


@dataclass(frozen=True, slots=True)
class TypedPlaces:
    """The places of the form; `beside` are those that a lone one may be read with."""

    places: tuple[TypedPlace, ...] = ()
    reference: TypedPlace = TypedPlace()
    beside: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparePage:
    """`compare.html`: the territories asked for, what is wrong with them, the drawing, one plate a theme.

    `kept` are the other choices of the address, for the form that changes the drawing.
    """

    title: str
    lead: str
    trail: tuple[Link, ...]
    typed: tuple[TypedPlace, ...]
    reference: TypedPlace
    faults: tuple[str, ...]
    beside: tuple[Link, ...] = ()
    options: tuple[SearchOption, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    graphic: Graphic | None = None
    plates: tuple[Plate, ...] = ()
    places: tuple[Link, ...] = ()
    note: str = ""
    downloads: tuple[Link, ...] = ()
    api_href: str = ""
    sources: tuple[SourceLine, ...] = ()


def further(place: Territory) -> tuple[Link, ...]:
    """Return the other chapters on a territory, and where it is set beside others."""
    here = f"/territoire/{place.kind.value}/{place.code}"
    return (
        Link("Structure productive", f"{here}/structure"),
        Link("Métiers d’ici", f"{here}/metiers"),
        Link("À portée", f"{here}/a-portee"),
        Link("Qui travaille avec qui", f"{here}/relations"),
        Link("Métropole ou réseaux ?", f"{here}/metropole-ou-reseaux"),
        Link("Territoires semblables", f"{here}/semblables"),
        Link("Comparer", f"/comparer?{urlencode({'avec': place.key})}"),
    )


def compared(rows: Sequence[ComparedFigure], caption: str = "Indicateurs", *, links: bool = False) -> TableView:
    """Return figures with a line an indicator and a column a territory, the reference last and named so."""
    places = {row.territory: _heading(row) for row in rows}
    by_indicator: dict[str, dict[str, ComparedFigure]] = {}
    for row in rows:
        by_indicator.setdefault(row.indicator, {})[row.territory] = row
    lines = tuple(
        (_called(next(iter(told.values())), links=links), *(_cell(told.get(key), links=links) for key in places))
        for told in by_indicator.values()
    )
    return TableView(caption, ("Indicateur", *places.values()), lines, (False, *(True for _ in places)))


def beside_href(code: str, place: Territory) -> str:
    """Return where a place is read beside another."""
    return f"/comparer?{urlencode([('avec', code), ('avec', place.key)])}"


def compare_page(
    asked: tuple[Sequence[str], str],
    chosen: TypedPlaces,
    answer: tuple[AnswerTable, Sequence[Territory]] | None,
    drawn: str,
    fault: str,
) -> ComparePage:
    """Return the page of a comparison; without an answer it is the form alone, with what is wrong if anything is."""
    codes, reference = asked
    fields = (*chosen.places, *(TypedPlace() for _ in range(MOST - len(codes))))[:MOST]
    faults = (fault,) if fault else ()
    if answer is None:
        lead = f"Jusqu’à {MOST} territoires côte à côte, et une référence : tous leurs chiffres, avec leurs sources."
        return ComparePage("Comparer des territoires", lead, _trail(), fields, chosen.reference, faults, chosen.beside)
    told, places = answer
    rows: Sequence[ComparedFigure] = told.rows
    drawable = {row.indicator: row for row in rows if row.value is not None}
    shown = drawn if drawn in drawable else FIRST_DRAWN if FIRST_DRAWN in drawable else next(iter(drawable), "")
    query = urlencode([*(("avec", code) for code in codes if code), *([("reference", reference)] if reference else [])])
    return ComparePage(
        title=told.title,
        lead=told.lead,
        trail=_trail(),
        typed=fields,
        reference=chosen.reference,
        faults=faults,
        options=tuple(SearchOption(name, row.label, name == shown) for name, row in drawable.items()),
        kept=(*(("avec", code) for code in codes if code), *((("reference", reference),) if reference else ())),
        graphic=_drawing([row for row in rows if row.indicator == shown]) if shown else None,
        plates=tuple(_plate(theme, of) for theme, of in _by_theme(rows).items()),
        places=tuple(Link(place.name, f"/territoire/{place.kind.value}/{place.code}") for place in places),
        note=told.note,
        downloads=tuple(Link(label, f"/comparer.{ending}?{query}") for ending, label in FILE_LABELS.items()),
        api_href=f"/api/v1/compare?{urlencode([('codes', code) for code in codes if code])}"
        + (f"&{urlencode({'reference': reference})}" if reference else ""),
        sources=source_lines(told.sources),
    )


def _trail() -> tuple[Link, ...]:
    return Link("Territoires", "/territoires"), Link("Comparer")


def _by_theme(rows: Sequence[ComparedFigure]) -> Mapping[str, list[ComparedFigure]]:
    found: dict[str, list[ComparedFigure]] = {}
    for row in rows:
        found.setdefault(row.theme, []).append(row)
    return found


def _plate(theme: str, rows: Sequence[ComparedFigure]) -> Plate:
    whys = dict.fromkeys(f"{row.label}, {row.name} : {row.why}" for row in rows if row.why)
    note = " ".join(list(whys)[:2]) + (f" {len(whys) - 2} autres valeurs ne sont pas connues." if len(whys) > 2 else "")
    anchor = "".join(letter if letter.isalnum() else "-" for letter in theme.lower())
    return Plate(anchor, theme, note, tables=(compared(rows, theme, links=True),))


def _drawing(rows: Sequence[ComparedFigure]) -> Graphic:
    known = [row for row in rows if row.value is not None]
    first, last = (choose(known, key=lambda row: row.value or 0.0) for choose in (max, min))
    label = rows[0].label
    title = f"{label} : {first.name} vient en tête"
    if first is not last:
        title += f", {last.name} en dernier"
    reference = next((row.value for row in rows if row.role == REFERENCE), None)
    bars = [
        Bar(f"{row.name} ({REFERENCE})" if row.role else row.name, row.value,
            reference=None if row.role else reference, href=_href(row))
        for row in rows
    ]  # fmt: skip
    words = ChartWording(title, f"{label}, en {rows[0].unit}.", rows[0].unit)
    heads = ("Territoire", label, *(["Référence"] if any(bar.reference is not None for bar in bars) else []))
    return bars_graphic(words, bars, heads)


def _heading(row: ComparedFigure) -> str:
    return f"{row.name} ({REFERENCE})" if row.role else row.name


def _called(row: ComparedFigure, *, links: bool) -> str | Link:
    said = f"{row.label} ({row.unit})" if row.unit else row.label
    return Link(said, f"/indicateur/{row.indicator}") if links else said


def _cell(row: ComparedFigure | None, *, links: bool) -> str | Link:
    if row is None:
        return "sans objet"
    if row.value is None:
        return french.UNKNOWN
    said = french.number(row.value, decimals_of(row.value))
    return Link(said, _href(row)) if links else said


def _href(row: ComparedFigure) -> str:
    kind, _, code = row.territory.partition(":")
    return f"/territoire/{kind}/{code}/constat/{row.indicator}"
