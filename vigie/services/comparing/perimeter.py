"""A perimeter drawn by hand: territories added and subtracted, down to communes, line by line as they were pasted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from vigie.domain.declared import Hint, InUnit, Label, Named, TextShape
from vigie.domain.french import counted, number
from vigie.domain.territory import TerritoryKind
from vigie.errors import NotFound, RequestFault
from vigie.services.capabilities import Capability
from vigie.services.loaded import REFERENCE
from vigie.services.places import LARGEST_PERIMETER, Places, is_district
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.sources import cog_lookup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vigie.domain.territory import Territory

MOST_FAULTS, _LOST_ZERO = 5, re.compile("[0-9]{4}")
_LINES = re.compile(r"[\n\r\t;,]+")


@dataclass(frozen=True, slots=True)
class PerimeterAsked:
    """What a perimeter is made of."""

    codes: Annotated[
        tuple[str, ...], Label("Avec"), Named("avec"),
        Hint("Communes, intercommunalités, départements… : codes ou noms, un par ligne."),
    ] = ()  # fmt: skip
    without: Annotated[tuple[str, ...], Label("Sans"), Named("sans"), Hint("Ce qui en est retiré.")] = ()


@dataclass(frozen=True, slots=True)
class PerimeterCommune:
    """One commune of the perimeter."""

    name: Annotated[str, Label("Commune")]
    code: Annotated[str, Label("Code"), TextShape("commune")]
    population: Annotated[int | None, Label("Population"), InUnit("habitants")]
    given_by: Annotated[str, Label("Apportée par")]


@dataclass(frozen=True, slots=True)
class DrawnPerimeter(AnswerTable):
    """The communes of a perimeter; `key` is what every door accepts for it, empty where there is none."""

    key: str = ""


PERIMETER = Question(
    "perimeter", "perimetre", of=Of.EVERYTHING, group="observe", title="Dessiner un périmètre",
    summary="Les communes d’un périmètre à façon : des territoires ajoutés et retirés", takes=PerimeterAsked,
    rows=PerimeterCommune, given="codes",
)  # fmt: skip
PERIMETER.about = (Of.TERRITORY, lambda row: f"commune:{row.code}")
CAPABILITY = Capability("Périmètres", questions=(PERIMETER,))


@PERIMETER.answered
def perimeter(data: DataInService, _: str, asked: PerimeterAsked) -> DrawnPerimeter:
    """Return the communes of a perimeter, by name; what was repaired or replaced is said in the note.

    Raises `RequestFault` naming each line that means nothing, or when nothing is left, or too much.
    """
    places = Places(data.warehouse)
    remarks: list[str] = []
    added = _communes(places, asked.codes, remarks)
    if not added:
        raise RequestFault("Donnez au moins un territoire : « 85109 », « epci:200071629 », « Les Herbiers »…")
    removed = _communes(places, asked.without, remarks)
    kept = {code: by for code, by in added.items() if code not in removed}
    if not kept:
        raise RequestFault("Il ne reste aucune commune : tout ce qui est ajouté est aussi retiré.")
    if len(kept) > LARGEST_PERIMETER:
        raise RequestFault(f"Un périmètre compte au plus {number(LARGEST_PERIMETER)} communes ; en voici {len(kept)}.")
    rows = [_row(code, by) for code, by in kept.items()]
    people = [row.population for row in rows]
    total = f", {number(sum(filter(None, people)))} habitants" if None not in people else ""
    return DrawnPerimeter(
        title="Un périmètre dessiné",
        lead=f"{counted(len(rows), 'commune')}{total}.",
        rows=tuple(sorted(rows, key=lambda row: (row.name, row.code))),
        sources=data.loaded.cite(REFERENCE),
        simulated=data.loaded.simulated,
        note=" ".join(remarks),
        key=f"{TerritoryKind.PERIMETER.value}:{','.join(sorted(kept))}",
    )


def _communes(places: Places, typed: Iterable[str], remarks: list[str]) -> dict[str, str]:
    """Return the communes that lines mean, each with the territory that brings it."""
    found: dict[str, str] = {}
    faults: list[str] = []
    lines = [line.strip() for text in typed for line in _LINES.split(text) if line.strip()]
    for rank, line in enumerate(lines, start=1):
        if len(faults) >= MOST_FAULTS:
            break
        try:
            place = _read(places, line, remarks)
            inside = (place.code,) if place.kind is TerritoryKind.COMMUNE else places.perimeter(place).communes
            if inside is None:
                raise RequestFault("la France entière n’est pas un périmètre à dessiner.")
        except (RequestFault, NotFound) as fault:
            faults.append(f"Ligne {rank}, « {line[:40]} » : {fault}")
            continue
        for code in inside:
            if not is_district(code) or code == place.code:
                found.setdefault(code, place.name)
    if faults:
        raise RequestFault(" ".join(faults))
    return found


def _read(places: Places, line: str, remarks: list[str]) -> Territory:
    """Return the territory that a line means; a spreadsheet may have lost the zero that a code begins with."""
    if _LOST_ZERO.fullmatch(line):
        place = places.territory(f"commune:0{line}")
        remarks.append(f"« {line} » : le zéro de tête s’était perdu, lu 0{line} ({place.name}).")
        return place
    place = places.territory(line)
    if place.redirected_from:
        remarks.append(f"« {line} » est aujourd’hui {place.name} ({place.code}).")
    return place


def _row(code: str, by: str) -> PerimeterCommune:
    place = cog_lookup.resolve(f"commune:{code}")
    return PerimeterCommune(place.name, code, place.population, "" if by == place.name else by)
