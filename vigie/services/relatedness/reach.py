"""What is within the reach of a territory: activities that it has not, or little of, near what it has."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from vigie.domain.declared import Hint, InUnit, Label, Named, NumberRange, TextShape
from vigie.domain.french import listed, number
from vigie.domain.territory import TerritoryKind
from vigie.services.capabilities import Capability
from vigie.services.loaded import JOBS, REFERENCE, STOCK
from vigie.services.places import Places, communes_given, within
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.services.relatedness import reading
from vigie.services.relatedness.areas import FEWEST_AREA_JOBS, FEWEST_AREAS, Why
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir

    from vigie.domain.territory import Territory
    from vigie.services.places import Perimeter

_USUAL, _MOST = 20, 100
_BASES = 3
_MOST_OF = 0.5
"""Share of the communes of a territory that an area must hold for the territory to inherit from it."""


@dataclass(frozen=True, slots=True)
class ReachAsked:
    """What can be asked of what is within reach."""

    most: Annotated[
        int, Label("Nombre d’activités"), Named("nombre"), Hint("20 si rien n’est dit."), NumberRange(1, _MOST)
    ] = _USUAL


@dataclass(frozen=True, slots=True)
class ActivityInReach:
    """One activity near what the area holds."""

    naf: Annotated[str, Label("Code"), TextShape("code")]
    activity: Annotated[str, Label("Activité")]
    density: Annotated[float | None, Label("Déjà là, de ce qui lui est proche (%)"), InUnit("%")]
    jobs: Annotated[int, Label("Emplois déjà là"), InUnit("emplois")]
    establishments: Annotated[int, Label("Établissements déjà là"), InUnit("établissements")]
    bases: Annotated[str, Label("S’appuierait sur")]


REACH = Question(
    "reach", "a-portee", of=Of.TERRITORY, group="observe", title="Activités à portée",
    summary="Activités qu’un territoire n’a pas ou peu, proches de ce qu’il a", takes=ReachAsked, rows=ActivityInReach,
)  # fmt: skip
REACH.about = (Of.ACTIVITY, lambda row: row.naf)
CAPABILITY = Capability("À portée", questions=(REACH,))


@REACH.answered
def reach(data: DataInService, key: str, asked: ReachAsked) -> AnswerTable:
    """Return the activities within reach of the area that a territory is or inherits from, the densest first.

    Without an area to compare, there is no row and the note says why.
    """
    places = Places(data.warehouse)
    place = places.territory(key)
    perimeter = places.perimeter(place)
    areas = {row["code"]: row for row in data.warehouse.rows(_areas(data, perimeter), dict(perimeter.parameters))}
    code, why = _area_of(place, areas) if areas else ("", _no_areas())
    kind, name = (str(areas[code]["kind"]), str(areas[code]["name"])) if code else ("", "")
    near, held = _around(data, kind, code) if code else ([], set())
    rows = near[: asked.most]
    counted = _established(data, perimeter) if rows else {}
    bases = _bases(data, [row["naf"] for row in rows], held) if rows else {}
    found = tuple(
        ActivityInReach(
            row["naf"], reading.activity_name(row["naf"]), _percent(row["density"]), row["jobs"],
            counted.get(row["naf"], 0), listed(bases.get(row["naf"], [])),
        )
        for row in rows
    )  # fmt: skip
    return AnswerTable(
        title=f"À portée : {place.name}",
        lead=_lead(place.name, kind, name, areas.get(code))
        if found
        else "Rien ne peut être dit de ce qui est à portée.",
        rows=found,
        sources=data.loaded.cite(JOBS, STOCK, REFERENCE),
        simulated=data.loaded.simulated,
        note=why or _NOTE,
    )


_NOTE = (
    "Une activité est « là » quand sa part des emplois dépasse celle du pays. Le pourcentage est la part, de tout ce "
    "qui se trouve d’ordinaire aux mêmes endroits qu’elle, que le territoire a déjà : c’est une proximité, pas une "
    "prévision. Activités qui peuvent servir ailleurs que là où elles sont ; travail temporaire (78.20Z) mis à part ; "
    "emplois salariés privés publiés."
)


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _lead(place: str, kind: str, area: str, measured: Mapping[str, Any] | None) -> str:
    called = f"{reading.area_words(kind)[0]} {area}"
    inherited = "" if area == place else f"{place} hérite de son territoire d’activité ({called}). "
    if measured is None or measured["eci"] is None:
        return f"{inherited}{area} : ce qui lui manque et dont il est le plus proche."
    eci, held = number(round(measured["eci"], 2)), number(measured["diversity"])
    return (
        f"{inherited}{area} : {held} activités plus présentes qu’ailleurs, complexité (ECI) {eci}, la moyenne étant 0."
    )


def _no_areas() -> str:
    return (
        f"Il faut comparer au moins {FEWEST_AREAS} zones d’emploi (à défaut, intercommunalités de 20 000 emplois ou "
        "départements), avec les emplois de tout le pays : ils ne sont pas chargés."
    )


def _areas(data: DataInService, perimeter: Perimeter) -> ir.Table:
    """Return every area with its name, its measures and how many communes of the territory it holds."""
    area, territory = data.warehouse.table("area_complexity"), data.warehouse.table("territory")
    names = territory.group_by("kind", "code").agg(name=territory.name.argmax(territory.vintage))
    named = area.left_join(names, ["kind", "code"]).select(area, names.name)
    if perimeter.communes is None:
        return named
    member = data.warehouse.table("membership").inner_join(area.select("kind", "code"), ["kind", "code"])
    latest = member.filter(member.vintage == member.vintage.max())
    kept = latest.semi_join(communes_given(), "commune")
    inside = kept.group_by("code").agg(communes=kept.count())
    return named.left_join(inside, "code").select(named, inside.communes)


def _area_of(place: Territory, areas: Mapping[str, Mapping[str, Any]]) -> tuple[str, str]:
    """Return the area of a territory, or why it has none."""
    kind = next(iter(areas.values()))["kind"]
    if place.kind.value == kind:
        code = place.code
    elif place.kind in (TerritoryKind.REGION, TerritoryKind.FRANCE):
        return "", f"{place.name} réunit plusieurs territoires d’activité : choisissez l’un d’eux."
    else:
        found = Counter({code: area["communes"] or 0 for code, area in areas.items()})
        code, most = found.most_common(1)[0]
        if most < _MOST_OF * sum(found.values()):
            near = listed([str(areas[one]["name"]) for one, _ in found.most_common(3)])
            return "", f"{place.name} se partage entre des territoires d’activité ({near}) : choisissez l’un d’eux."
        code = code if most else ""
    if code not in areas:
        return "", f"{place.name} : ce territoire n’a pas assez d’emplois pour être comparé."
    if areas[code]["why"] == Why.FEW_JOBS.value:
        return (
            "",
            f"{place.name} : moins de {number(FEWEST_AREA_JOBS)} emplois dans des activités qui servent ailleurs.",
        )
    return code, ""


def _around(data: DataInService, kind: str, code: str) -> tuple[list[Mapping[str, Any]], set[str]]:
    """Return the activities that an area has not, the densest first, and those that it has."""
    table = data.warehouse.table("reach")
    here = table.filter(table.kind == parameter("kind"), table.code == parameter("code")).order_by("rank", "naf")
    rows = data.warehouse.rows(here, {"kind": kind, "code": code})
    # What has nothing near it here is not within reach, whatever its place in the order.
    return [row for row in rows if row["rank"] is not None and row["density"]], {
        row["naf"] for row in rows if row["rank"] is None
    }


def _established(data: DataInService, perimeter: Perimeter) -> Mapping[str, int]:
    """Count the open establishments of the territory itself, by activity."""
    table = within(data.warehouse.table("active_count"), perimeter)
    counted = table.group_by("naf").agg(establishments=table.establishments.sum().cast("float64"))
    return {row["naf"]: int(row["establishments"]) for row in data.warehouse.rows(counted, dict(perimeter.parameters))}


def _bases(data: DataInService, codes: list[str], held: set[str]) -> Mapping[str, list[str]]:
    """Return, for each activity, the nearest of those that the area has."""
    table = data.warehouse.table("related_activity")
    asked = parameter("activities", "array<string>").unnest().name("a").as_table()
    near = table.filter(table.kind == reading.TieKind.COLOCATION.value).semi_join(asked, "a")
    rows = data.warehouse.rows(near.select("a", "b", "rank").order_by("a", "rank"), {"activities": codes})
    found: dict[str, list[str]] = {naf: [] for naf in codes}
    for row in rows:
        if row["b"] in held and len(found[row["a"]]) < _BASES:
            found[row["a"]].append(f"{reading.activity_name(row['b'])} ({row['b']})")
    return found
