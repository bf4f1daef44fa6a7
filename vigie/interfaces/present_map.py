"""The map of a territory by its parts: one variable tinted, named, and told again as a table beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vigie.domain import french
from vigie.domain.naming import short_name
from vigie.domain.territory import TerritoryKind
from vigie.interfaces.graphics import choropleth_graphic
from vigie.interfaces.maps import Inset, MapContent, MapShape
from vigie.interfaces.pages import MapSection, SearchOption
from vigie.interfaces.present import territory_href
from vigie.interfaces.sheets import FILE_LABELS, Sheet, SheetColumn, described
from vigie.interfaces.views import Graphic, Link, TableView
from vigie.services.portrait.variables import MapVariable

if TYPE_CHECKING:
    from vigie.services.outlines import OutlineSheet
    from vigie.services.portrait.variables import MapClass, MapPart, VariableMap

MOST_LINKS = 40
"""Shapes that are links: beyond, a page is too heavy and its keyboard too slow."""
MOST_ROWS = 10
"""Lines of the table beside a map, as high as the map: all of them are one link away, and the map tells the rest."""
PARTS = {
    TerritoryKind.COMMUNE: ("commune", "communes"),
    TerritoryKind.EPCI: ("intercommunalité", "intercommunalités"),
    TerritoryKind.DEPARTEMENT: ("département", "départements"),
    TerritoryKind.REGION: ("région", "régions"),
}
_SHORT = {
    MapVariable.INDUSTRY: "Part de l’industrie",
    MapVariable.JOBS: "Emplois",
    MapVariable.CHANGE: "Évolution de l’emploi",
    MapVariable.DENSITY: "Employeurs pour 1 000 habitants",
    MapVariable.BALANCE: "Employeurs ouverts moins fermés",
}
_DECIMALS = {MapVariable.INDUSTRY: 0, MapVariable.CHANGE: 1}
_ABOVE = {1: ("q3",), 2: ("q1", "q3"), 3: ("q0", "q2", "q4"), 4: ("q0", "q1", "q3", "q4"),
          5: ("q0", "q1", "q2", "q3", "q4")}  # fmt: skip
"""Tints of so many classes above zero, from the palest: as far from one another as there are few."""
_BELOW = {1: ("m1",), 2: ("m0", "m1"), 3: ("m0", "m1", "m2"), 4: ("m0", "m1", "m2", "m3")}


@dataclass(frozen=True, slots=True)
class MapAsked:
    """What an address asks of a map: the variable, the territory read beside it, every line of its table."""

    variable: str = ""
    reference: str = ""
    whole: bool = False


def map_section(found: VariableMap, sheets: Sequence[OutlineSheet], asked: MapAsked = MapAsked()) -> MapSection:
    """Return the chapter of a map, its table short unless the whole is asked for."""
    table = map_table(found)
    kept = (("comparer", asked.reference),) if asked.reference else ()
    shown = table if asked.whole or len(table.rows) <= MOST_ROWS + 1 else replace(table, rows=table.rows[:MOST_ROWS])
    return MapSection(
        title=finding_of(found),
        note=_note(found),
        options=tuple(SearchOption(name.value, _SHORT[name], name is found.variable) for name in found.available),
        table=shown,
        shown=found.variable.value,
        graphic=tinted(found, sheets, table) if sheets else None,
        kept=kept,
        more=_whole(found, kept) if shown is not table else None,
        downloads=tuple(
            Link(label, f"{territory_href(found.territory)}/carte.{kind}?montrer={found.variable.value}")
            for kind, label in FILE_LABELS.items()
        ),
    )


def _whole(found: VariableMap, kept: Sequence[tuple[str, str]]) -> Link:
    _, many = PARTS[found.kind]
    asked = urlencode([("montrer", found.variable.value), *kept, ("lignes", "toutes")])
    return Link(f"Les {len(found.parts)} {many}", f"{territory_href(found.territory)}?{asked}#carte")


def map_table(found: VariableMap) -> TableView:
    """Return the table of the variable of a map, the largest value first."""
    one, _ = PARTS[found.kind]
    rows = tuple(
        (Link(short_name(part.territory), territory_href(part.territory)), written(found.variable, part.value))
        for part in found.parts
    )
    caption = f"{_SHORT[found.variable]}{_when(found)}, {one} par {one}"
    return TableView(caption, (one.capitalize(), _column(found)), rows, (False, True))


def tinted(found: VariableMap, sheets: Sequence[OutlineSheet], table: TableView) -> Graphic:
    """Return the drawing of a map; places on other planes are drawn below it."""
    tints = tints_of(found.classes)
    main, *apart = sheets
    by_code = {part.territory.code: part for part in found.parts}
    linked = len(by_code) <= MOST_LINKS
    insets = [
        Inset(sheet, _shape(found, by_code[code], steps, tints))
        for sheet in apart
        for code, steps in sheet.steps.items()
    ]
    shapes = [
        _shape(found, part, main.steps[code], tints, linked=linked)
        for code, part in by_code.items()
        if code in main.steps
    ]
    content = MapContent(finding_of(found), f"{_note(found)} {_reading()}", main, shapes=shapes, insets=insets)
    words = {tints[one.step]: _range(found, one) for one in found.classes}
    return choropleth_graphic(content, words, table)


def finding_of(found: VariableMap) -> str:
    """Return the sentence that a map proves: where its variable is the largest, and the least."""
    first, last = found.known[0], found.known[-1]
    high, low = (
        f"{short_name(part.territory)} ({written(found.variable, part.value, unit=True)})" for part in (first, last)
    )
    return f"{_SHORT[found.variable]}{_when(found)} : {high} vient en tête, {low} en dernier"


def written(variable: MapVariable, value: float | None, *, unit: bool = False) -> str:
    """Return a value of a variable; `unit` adds the one that its name does not say."""
    if value is None:
        return french.UNKNOWN
    signed = variable in (MapVariable.CHANGE, MapVariable.BALANCE)
    told = (french.signed if signed else french.number)(value, _DECIMALS.get(variable, 0))
    return f"{told}{french.NBSP}%" if unit and variable.unit == "%" else told


def map_sheets(found: VariableMap) -> tuple[Sheet, Sheet]:
    """Return every part of a map as a sheet to take away, and the meaning of its columns."""
    label = found.variable.label
    columns = (
        SheetColumn("Code", meaning="Code officiel géographique.", kind="code"),
        SheetColumn(PARTS[found.kind][0].capitalize(), width=40),
        SheetColumn(label, found.variable.unit, "Vide quand ce n’est pas connu, jamais zéro."),
        SheetColumn("Quand", meaning="Année ou années de la valeur.", width=24),
        SheetColumn("Sources", width=60),
    )
    cited = ", ".join(source.title for source in found.sources)
    rows = [(part.territory.code, part.territory.name, part.value, found.when, cited) for part in found.parts]
    sheet = Sheet("Carte", columns, rows)
    return sheet, described(sheet)


def _shape(found: VariableMap, part: MapPart, steps: str, tints: Mapping[int, str], *, linked: bool = True) -> MapShape:
    place = part.territory
    return MapShape(
        short_name(place),
        steps,
        tints[part.step] if part.step is not None else None,
        written(found.variable, part.value, unit=True),
        territory_href(place) if linked else "",
        short_name(place),
        written(found.variable, part.value) if part.value is not None else "",
    )


def tints_of(classes: Sequence[MapClass]) -> dict[int, str]:
    """Return the tint of each class, by its step."""
    above, below = sum(one.step > 0 for one in classes), sum(one.step < 0 for one in classes)
    ramp = dict(enumerate(_ABOVE[above], start=1)) if above else {}
    return ramp | ({-rank: tint for rank, tint in enumerate(_BELOW[min(below, 4)], start=1)} if below else {})


def _range(found: VariableMap, one: MapClass) -> str:
    low, high = (written(found.variable, bound) for bound in (one.low, one.high))
    unit = f"{french.NBSP}%" if found.variable.unit == "%" else ""
    return f"{low}{unit}" if low == high else f"{low} à {high}{unit}"


def _column(found: VariableMap) -> str:
    unit = found.variable.unit
    return f"{_SHORT[found.variable]} (%)" if unit == "%" else _SHORT[found.variable]


def _when(found: VariableMap) -> str:
    return f", {found.when}" if found.when else ""


def _note(found: VariableMap) -> str:
    known, total = len(found.known), len(found.parts)
    one, many = PARTS[found.kind]
    told = f"{french.counted(known, one, many)}, par seuils naturels."
    if known < total:
        told += f" {french.counted(total - known, one, many)} sans valeur connue : en hachures."
    return told


def _reading() -> str:
    return "Chaque forme mène à son portrait ; le tableau dit les mêmes valeurs."
