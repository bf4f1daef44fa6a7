"""What a territory is made of, division by division, beside a reference, and what changed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np

from vigie.domain.declared import Hint, InUnit, Label, Named, TextShape
from vigie.domain.french import number, percent, signed
from vigie.domain.territory import TerritoryKind
from vigie.measures.concentration import hachman, herfindahl, krugman, location_quotient
from vigie.measures.dynamics import shift_share
from vigie.services.capabilities import Capability
from vigie.services.figures.employment import base_year
from vigie.services.figures.mixes import SMALLEST, SMALLEST_DIVISION
from vigie.services.kept import kept_with
from vigie.services.loaded import JOBS, REFERENCE
from vigie.services.places import Places, within
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.sources import nomenclature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.domain.finding_table import Floats
    from vigie.domain.territory import Territory
    from vigie.measures.dynamics import ShiftShare
    from vigie.services.places import Perimeter

ByYear = dict[int, dict[str, float]]


@dataclass(frozen=True, slots=True)
class StructureAsked:
    """What a territory is set beside."""

    reference: Annotated[
        str, Label("Comparé à"), Named("comparer"), Hint("Code d’un territoire : 85, region:52… La France par défaut.")
    ] = "FR"  # fmt: skip


@dataclass(frozen=True, slots=True)
class StructureLine:
    """One division of activities in a territory."""

    activity: Annotated[str, Label("Activité")]
    code: Annotated[str, Label("Division"), TextShape("code")]
    jobs: Annotated[int, Label("Emplois"), InUnit("emplois")]
    share: Annotated[float, Label("Part ici (%)"), InUnit("%")]
    reference: Annotated[float | None, Label("Référence (%)"), InUnit("%")]
    quotient: Annotated[
        float | None, Label("Fois la référence"), Hint("Vide sous 20 emplois : le quotient dirait un seul site.")
    ]
    change: Annotated[float | None, Label("Évolution"), InUnit("emplois")]
    national: Annotated[float | None, Label("due à l’ensemble"), InUnit("emplois")]
    structural: Annotated[float | None, Label("due à l’activité"), InUnit("emplois")]
    local: Annotated[float | None, Label("propre à lui"), InUnit("emplois")]


STRUCTURE = Question(
    "structure", "structure", of=Of.TERRITORY, group="observe", title="Structure productive",
    summary="Activités d’un territoire en emplois, à côté d’une référence, et ce qui explique leur évolution",
    takes=StructureAsked, rows=StructureLine,
)  # fmt: skip
STRUCTURE.about = (Of.ACTIVITY, lambda row: row.code)
CAPABILITY = Capability("Structure productive", questions=(STRUCTURE,))


@STRUCTURE.answered
def structure(data: DataInService, key: str, asked: StructureAsked) -> AnswerTable:
    """Return the divisions of a territory, the most jobs first, with their shift-share since five years before.

    Published private jobs; where too few are known there is no row and the note says why. Raises what reading a
    territory or its reference does.
    """
    places = Places(data.warehouse)
    place, beside = places.territory(key), places.territory(asked.reference)
    here = _jobs(data, places.perimeter(place))
    there = _jobs(data, places.perimeter(beside)) if here else {}
    last = max(here, default=0)
    total = sum(here.get(last, {}).values())
    small = total < SMALLEST["jobs"]
    rows = () if small else _rows(here, there, last)
    return AnswerTable(
        title=f"Structure productive : {place.name}",
        lead="Rien ne peut être dit de ses activités." if small else _lead(place, beside, here[last], there[last]),
        rows=rows,
        sources=data.loaded.cite(JOBS, REFERENCE),
        simulated=data.loaded.simulated,
        note=_why(place, here) if small else _note(here, there, last),
    )


def _jobs(data: DataInService, perimeter: Perimeter) -> ByYear:
    """Return the published jobs of a territory by year and division; those of the country are counted once."""
    if perimeter.communes is None:
        return kept_with(data.warehouse, "jobs by division", lambda: _counted(data, perimeter))
    return _counted(data, perimeter)


def _counted(data: DataInService, perimeter: Perimeter) -> ByYear:
    table = data.warehouse.table("jobs")
    kept = within(table.filter(table.naf_nomenclature == "NAFRev2", table.jobs.notnull()), perimeter)
    coded = kept.mutate(division=kept.naf[:2])
    counted = coded.group_by("year", "division").agg(jobs=coded.jobs.sum().cast("float64"))
    found: ByYear = {}
    for row in data.warehouse.rows(counted, dict(perimeter.parameters)):
        if row["jobs"]:
            found.setdefault(int(row["year"]), {})[row["division"]] = row["jobs"]
    return found


def _split(here: ByYear, there: ByYear, last: int) -> tuple[list[str], ShiftShare | None]:
    """Return the divisions and the shift-share of each from the base year; `None` with one year only."""
    codes = sorted({*here[last], *here.get(_base(here), {}), *there.get(last, {})})
    first = _base(here)
    if first == last or first not in there:
        return codes, None
    columns = [
        np.array([by_code.get(code, 0.0) for code in codes])
        for by_code in (here[first], here[last], there[first], there.get(last, {}))
    ]
    return codes, shift_share(*columns)


def _base(here: ByYear) -> int:
    return base_year(sorted(here)) or 0


def _rows(here: ByYear, there: ByYear, last: int) -> tuple[StructureLine, ...]:
    codes, split = _split(here, there, last)
    mine, theirs = _mix(here[last], there.get(last, {}), codes)
    quotients = location_quotient(mine[None, :], theirs)[0]
    made = [
        StructureLine(
            nomenclature.label(code) or code, code, round(float(mine[rank])), _percent(mine[rank], mine.sum()) or 0.0,
            _percent(theirs[rank], theirs.sum()),
            round(float(quotients[rank]), 2) if mine[rank] >= SMALLEST_DIVISION["jobs"] else None,
            *(_rounded(part[rank]) if part is not None else None for part in (
                (split.total, split.national, split.structural, split.local) if split else (None,) * 4
            )),
        )
        for rank, code in enumerate(codes)
        if mine[rank] or (split and split.total[rank])
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda row: (-row.jobs, row.code)))


def _mix(here: Mapping[str, float], there: Mapping[str, float], codes: list[str]) -> tuple[Floats, Floats]:
    return np.array([here.get(code, 0.0) for code in codes]), np.array([there.get(code, 0.0) for code in codes])


def _percent(part: float, whole: float) -> float | None:
    return round(100 * float(part) / float(whole), 2) if whole else None


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 1)


def _lead(place: Territory, beside: Territory, here: Mapping[str, float], there: Mapping[str, float]) -> str:
    codes = sorted({*here, *there})
    mine, theirs = _mix(here, there, codes)
    apart, like = float(krugman(mine[None, :], theirs)[0]), float(hachman(mine[None, :], theirs)[0])
    even = 1 / float(herfindahl(mine))
    jobs, changing = number(round(float(mine.sum()))), percent(apart / 2, 0)
    return (
        f"{jobs} emplois. Pour que {place.name} ait les mêmes activités que {_called(beside)}, {changing} d’entre eux "
        f"auraient à changer d’activité (indice de Krugman {number(apart, 2)} ; de Hachman {number(like, 2)}). "
        f"Ses activités sont variées comme {number(even, 0)} divisions de même poids."
    )


def _called(place: Territory) -> str:
    return "la France" if place.kind is TerritoryKind.FRANCE else place.name


def _note(here: ByYear, there: ByYear, last: int) -> str:
    told = f"Emplois salariés privés publiés, fin {last} ; ceux que la source garde secrets ne sont pas comptés."
    _, split = _split(here, there, last)
    if split is None:
        return f"{told} Une seule année est connue : l’évolution ne l’est pas."
    total, national, structural, local = (
        signed(round(float(np.nansum(part)))) for part in (split.total, split.national, split.structural, split.local)
    )
    return (
        f"{told} De fin {_base(here)} à fin {last} : {total} emplois, dont {national} si tout avait suivi la "
        f"référence, {structural} parce que ses activités y ont crû plus ou moins que l’ensemble, {local} qui lui "
        "sont propres (décomposition structurelle-résiduelle, Dunn 1960)."
    )


def _why(place: Territory, here: ByYear) -> str:
    if not here:
        return "La source d’emploi n’est pas chargée, ou ne dit rien de ce territoire."
    return f"{place.name} : moins de {SMALLEST['jobs']} emplois publiés, la structure ne dirait que sa petite taille."
