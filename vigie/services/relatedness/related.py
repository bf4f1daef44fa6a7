"""Questions about an activity: what is near it and why, where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from vigie.domain.declared import Hint, InUnit, Label, Named, TextShape
from vigie.domain.french import capital, counted, listed, number
from vigie.errors import RequestFault
from vigie.services.capabilities import Capability
from vigie.services.loaded import JOBS, REFERENCE
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.services.relatedness import reading
from vigie.services.relatedness.reading import NearActivity, TieKind
from vigie.sources import nomenclature
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir

    from vigie.domain.actors import Activity

_OF_EACH, _OF_ONE = 10, 40
_SUBCLASS = 6
"""Signs of a subclass of the NAF (25.62B)."""
_SCALES = (
    "Chaque sorte a son échelle : ne comparez les valeurs qu’au sein d’une sorte. Le travail temporaire (78.20Z) est "
    "mis à part : il embauche pour toutes les activités."
)


@dataclass(frozen=True, slots=True)
class RelatedAsked:
    """What can be asked of the neighbours of an activity."""

    kind: Annotated[
        TieKind | None, Label("Sorte de proximité"), Named("sorte"), Hint("Les quatre si rien n’est dit.")
    ] = None


@dataclass(frozen=True, slots=True)
class RelatedActivity:
    """One activity near the one asked for."""

    naf: Annotated[str, Label("Code"), TextShape("code")]
    activity: Annotated[str, Label("Activité")]
    kind: Annotated[str, Label("Sorte")]
    value: Annotated[float, Label("Proximité")]
    evidence: Annotated[str, Label("Parce que")]


@dataclass(frozen=True, slots=True)
class ReasonAsked:
    """The other activity of a pair."""

    other: Annotated[str, Label("Autre activité"), Named("avec"), Hint("Son code, par exemple 25.62A.")] = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing on which the relatedness of a pair rests."""

    kind: Annotated[str, Label("Sorte")]
    what: Annotated[str, Label("Ce qui les rapproche")]
    share: Annotated[float | None, Label("Part de la proximité (%)"), InUnit("%")]
    value: Annotated[float, Label("Proximité")]


@dataclass(frozen=True, slots=True)
class NoQuestion:
    """Nothing more can be asked."""


@dataclass(frozen=True, slots=True)
class ActivityPlace:
    """One area where an activity is present."""

    area: Annotated[str, Label("Territoire")]
    key: Annotated[str, Label("Clé"), TextShape("code")]
    jobs: Annotated[int, Label("Emplois connus"), InUnit("emplois")]
    quotient: Annotated[float, Label("Quotient de localisation")]


RELATED = Question(
    "related", "proches", of=Of.ACTIVITY, group="know", title="Ce qui est proche d’une activité",
    summary="Activités proches d’une activité, par quatre sortes de proximité", takes=RelatedAsked,
    rows=RelatedActivity,
)  # fmt: skip
REASON = Question(
    "related-why", "pourquoi", of=Of.ACTIVITY, group="know", title="Ce qui rapproche deux activités",
    summary="Ce sur quoi repose la proximité de deux activités", takes=ReasonAsked, rows=Reason,
)  # fmt: skip
WHERE = Question(
    "where", "lieux", of=Of.ACTIVITY, group="know", title="Où se trouve une activité",
    summary="Territoires où une activité est plus présente qu’ailleurs", takes=NoQuestion, rows=ActivityPlace,
)  # fmt: skip
WHERE.about = (Of.TERRITORY, lambda row: row.key)
RELATED.leads = (REASON, lambda row: {"avec": row.naf})
CAPABILITY = Capability("Proximités", questions=(RELATED, REASON, WHERE))


@RELATED.answered
def related(data: DataInService, key: str, asked: RelatedAsked) -> AnswerTable:
    """Return the activities near one, of one kind or of the four; raises `RequestFault` for a code that is not one."""
    activity = subclass_of(key)
    kinds = (asked.kind,) if asked.kind else tuple(TieKind)
    found = reading.neighbours(data, activity.code, kinds, _OF_ONE if asked.kind else _OF_EACH)
    words = reading.occupation_names(data, found)
    rows = tuple(
        RelatedActivity(one.naf, one.label, one.kind.label, round(one.value, 4), reading.evidence_in_words(one, words))
        for one in found
    )
    lacking = [kind for kind in kinds if not any(one.kind is kind for one in found)]
    return AnswerTable(
        title=f"Proche de : {activity.label} ({activity.code})",
        lead=f"{capital(counted(len(rows), 'activité proche', 'activités proches'))}, la plus proche d’abord.",
        rows=rows,
        sources=reading.cited(data.loaded, kinds),
        simulated=data.loaded.simulated,
        note=" ".join([*(f"Rien pour « {kind.label} » : {kind.why_none}." for kind in lacking), _SCALES]),
    )


@REASON.answered
def reason(data: DataInService, key: str, asked: ReasonAsked) -> AnswerTable:
    """Return all that brings two activities near; raises `RequestFault` when one of the codes is none."""
    one = subclass_of(key)
    if not asked.other:
        raise RequestFault("Dites avec quelle autre activité, par exemple « 25.62A ».")
    other = nomenclature.activity(asked.other)
    near = reading.neighbours(data, one.code, TieKind, _OF_ONE)
    found = [found for found in near if found.naf == reading.at_level(found.kind, other.code)]
    words = reading.occupation_names(data, found)
    kinds = tuple(dict.fromkeys(pair.kind for pair in found))
    return AnswerTable(
        title=f"{one.code} et {other.code}",
        lead=f"{one.label} et {other.label} : "
        + (f"{listed([kind.label for kind in kinds])}." if kinds else "rien de chargé ne les rapproche."),
        rows=tuple(row for pair in found for row in _reasons(pair, words)),
        sources=reading.cited(data.loaded, kinds or tuple(TieKind)),
        simulated=data.loaded.simulated,
        note="Seules les quarante activités les plus proches de chacune sont gardées. En dessous de trois, les "
        "entreprises ne sont pas comptées.",
    )


@WHERE.answered
def where(data: DataInService, key: str, _: NoQuestion) -> AnswerTable:
    """Return the areas where an activity is more present than elsewhere, the most jobs first."""
    activity = subclass_of(key)
    table, territory = data.warehouse.table("reach"), data.warehouse.table("territory")
    here = table.filter(table.naf == parameter("naf"), table["rank"].isnull())
    names = territory.group_by("kind", "code").agg(name=territory.name.argmax(territory.vintage))
    rows = data.warehouse.rows(here.left_join(names, ["kind", "code"]).select(here, names.name), {"naf": activity.code})
    places = [
        ActivityPlace(
            row["name"] or row["code"], f"{row['kind']}:{row['code']}", row["jobs"], round(row["quotient"], 2)
        )
        for row in sorted(rows, key=lambda row: (-row["jobs"], row["code"]))
    ]
    complexity = data.warehouse.rows(_complexity(data), {"naf": activity.code})
    areas = counted(len(places), *reading.area_words(rows[0]["kind"])) if rows else ""
    return AnswerTable(
        title=f"Où se trouve : {activity.label} ({activity.code})",
        lead=f"Plus présente qu’ailleurs dans {areas}.{_complexity_words(complexity)}"
        if rows
        else "Aucun lieu à montrer.",
        rows=tuple(places),
        sources=data.loaded.cite(JOBS, REFERENCE),
        simulated=data.loaded.simulated,
        note="Emplois salariés privés publiés ; un quotient de 2 veut dire deux fois plus présente qu’en moyenne. "
        + ("" if rows else f"Rien à montrer : {TieKind.COLOCATION.why_none}."),
    )


def _complexity(data: DataInService) -> ir.Table:
    table = data.warehouse.table("activity_complexity")
    return table.filter(table.naf == parameter("naf"))


def _complexity_words(rows: list[dict[str, object]]) -> str:
    pci = rows[0]["pci"] if rows else None
    return f" Complexité (PCI) : {number(round(float(str(pci)), 2))}." if pci is not None else ""


def parts_of(key: str) -> tuple[Activity, tuple[Activity, ...], tuple[Activity, ...]]:
    """Return the activity that a code means, those above it, those that it covers at once: none for a subclass.

    Raises `RequestFault` when the text is not a code.
    """
    activity, inside = nomenclature.activity(key), _inside(key)
    while len(inside) == 1:  # a level that only repeats the one above
        activity, inside = inside[0], _inside(inside[0].code)
    above = tuple(nomenclature.activity(node.code) for node in nomenclature.ancestors(activity.code))
    return activity, above, inside


def _inside(key: str) -> tuple[Activity, ...]:
    code = nomenclature.normalise(key)
    return tuple(nomenclature.activity(node.code) for node in nomenclature.tree().values() if node.parent == code)


def subclass_of(key: str) -> Activity:
    """Return the subclass that a code means; raises `RequestFault` for any other level."""
    activity = nomenclature.activity(key)
    if len(activity.code) != _SUBCLASS:
        inside = nomenclature.subclasses(activity.code)[:6]
        raise RequestFault(
            f"« {activity.code} » couvre plusieurs activités : choisissez-en une, par exemple {listed(inside)}."
        )
    return activity


def _reasons(pair: NearActivity, words: Mapping[str, str]) -> list[Reason]:
    shares = pair.evidence.get("occupations")
    value = round(pair.value, 4)
    if not shares:
        return [Reason(pair.kind.label, reading.evidence_in_words(pair, words), None, value)]
    return [
        Reason(pair.kind.label, f"{words.get(code, code)} ({code})", round(100 * share, 1), value)
        for code, share in shares
    ]
