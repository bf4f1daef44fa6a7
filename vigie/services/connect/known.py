"""Known ties of a firm: with whom it already worked, by what, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from vigie.domain.actors import compact_identifier
from vigie.domain.declared import Hint, Label, Named, NumberRange, TextShape
from vigie.domain.firm_names import usual_case
from vigie.domain.french import counted
from vigie.errors import NotFound, Objected, RequestFault
from vigie.services.capabilities import Capability
from vigie.services.loaded import STOCK
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.sources.ties.groups import CONTRACT, PROJECT, Certainty
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

TIES = "liens:"
KIND_WORDS = {CONTRACT: "marché public tenu ensemble", PROJECT: "projet européen commun"}
_CERTAINTY_WORDS = {Certainty.DECLARED.value: "dit par la source", Certainty.DOUBTFUL.value: "douteux"}
_MOST = 2_000
"""Rows of ties read of one firm: the most tied have some hundreds."""


@dataclass(frozen=True, slots=True)
class TiesAsked:
    """What can be asked of the ties of a firm."""

    doubtful: Annotated[
        bool, Label("Liens douteux"), Named("douteux"),
        Hint("Aussi ceux dont la source ne dit pas que c’est un groupement.")
    ] = False  # fmt: skip
    most: Annotated[int, Label("Lignes au plus"), Named("lignes"), NumberRange(1, 200)] = 50


@dataclass(frozen=True, slots=True)
class KnownTie:
    """One partner of a firm, and what joined them."""

    siren: Annotated[str, Label("SIREN"), TextShape("identifier")]
    name: Annotated[str, Label("Nom")]
    kind: Annotated[str, Label("Ce qui les lie")]
    times: Annotated[int, Label("Fois")]
    last: Annotated[date | None, Label("Dernière fois")]
    weight: Annotated[float, Label("Force"), Hint("Somme de 1/(k − 1) sur les groupes de k membres.")]
    certainty: Annotated[str, Label("Certitude")]


KNOWN = Question(
    "ties", "liens-connus", of=Of.FIRM, group="know", title="Avec qui elle a déjà travaillé",
    summary="Liens connus d’une entreprise : marchés tenus ensemble, projets européens communs", takes=TiesAsked,
    rows=KnownTie,
)  # fmt: skip
CAPABILITY = Capability("Liens connus", questions=(KNOWN,))


@KNOWN.answered
def known_ties(data: DataInService, key: str, asked: TiesAsked) -> AnswerTable:
    """Return the partners of a firm, the strongest tie first; names are those of the masked directory.

    A partner that objects, asked for discretion, is a natural person, is closed or is not loaded is not among them.
    Raises `RequestFault`, `NotFound` or `Objected` like any reading of a firm.
    """
    siren = shown_siren(data, key)
    partners = partners_of(data, siren, doubtful=asked.doubtful)
    names = shown_names(data, [one["partner"] for one in partners])
    rows = [
        KnownTie(
            siren=one["partner"],
            name=names[one["partner"]],
            kind=KIND_WORDS[one["kind"]],
            times=one["times"],
            last=one["last"],
            weight=round(one["weight"], 3),
            certainty=_CERTAINTY_WORDS[one["certainty"]],
        )
        for one in partners
        if one["partner"] in names
    ]
    sources = sorted(source for source in data.loaded.vintage if source.startswith(TIES))
    told = counted(len(rows), "partenaire connu", "partenaires connus")
    none = "Aucun lien connu parmi les entreprises chargées." if sources else "Aucun fichier de liens n’est chargé."
    return AnswerTable(
        title="Avec qui elle a déjà travaillé",
        lead=f"{told}, du plus fort au moins fort." if rows else none,
        rows=tuple(rows[: asked.most]),
        sources=(*data.loaded.cite(STOCK, *sources),),
        simulated=data.loaded.simulated,
        note="Un marché donné à plusieurs n’est un lien que si le groupement est dit conjoint ou solidaire. "
        "L’absence de lien connu ne dit pas qu’une entreprise travaille seule.",
    )


def shown_siren(data: DataInService, key: str) -> str:
    """Return the SIREN that is meant; raises `RequestFault`, or `Objected` for a firm that is not shown."""
    digits = compact_identifier(key)
    if digits is None:
        raise RequestFault(f"« {key} » n’est ni un SIREN (9 chiffres) ni un SIRET (14 chiffres).")
    if data.suppressions.holds(digits[:9]):
        raise Objected
    return digits[:9]


def partners_of(data: DataInService, siren: str, *, doubtful: bool = False) -> list[dict[str, Any]]:
    """Return the partners of a firm by kind and certainty: times, last day, weight; strongest first."""
    unit = data.warehouse.record("legal_unit", siren)
    if unit is None:
        raise NotFound(f"Aucune entreprise {siren} parmi celles qui sont chargées.")
    table = data.warehouse.table("tie")
    rows = data.warehouse.rows(table.filter(table.siren == parameter("siren")).limit(_MOST), {"siren": siren})
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in rows:
        if row["certainty"] == Certainty.DOUBTFUL and not doubtful:
            continue
        key = row["partner"], row["kind"], row["certainty"]
        one = found.setdefault(key, {**row, "times": 0, "weight": 0.0, "last": None})
        one["times"] += 1
        one["weight"] += row["weight"]
        one["last"] = max(filter(None, (one["last"], row["date"])), default=None)
    return sorted(found.values(), key=lambda one: (-one["weight"], one["partner"]))


def shown_names(data: DataInService, sirens: list[str]) -> Mapping[str, str]:
    """Return the public names of the firms that may be named: open, loaded, no natural person, no objection."""
    if not sirens:
        return {}
    units = data.warehouse.table("legal_unit")
    named = units.filter(units.siren.isin(sorted(set(sirens)))).select(
        "siren", "name", "usual_name", "state", "diffusion", "natural_person"
    )
    return {
        row["siren"]: usual_case(row["name"] or row["usual_name"] or "nom non connu")
        for row in data.warehouse.rows(named)
        if row["state"] == "A"
        and row["diffusion"] == "O"
        and not row["natural_person"]
        and not data.suppressions.holds(row["siren"])
    }
