"""What questions of relatedness read of a generation: neighbours of an activity, areas and their names, sources."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from vigie.domain.french import counted, listed, number, percent
from vigie.domain.territory import TerritoryKind
from vigie.services.loaded import JOBS, REFERENCE, STOCK
from vigie.sources import nomenclature
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vigie.domain.provenance import Provenance
    from vigie.services.loaded import Loaded
    from vigie.services.questions import DataInService

TRADES, FLOWS, HISTORY = "metiers:", "echanges:", "sirene_historique"


class TieKind(StrEnum):
    """What brings two activities near one another."""

    COLOCATION = "colocation"
    HIRINGS = "hirings"
    INPUT_OUTPUT = "input_output"
    TOGETHER = "together"

    @property
    def label(self) -> str:
        """French name."""
        return _LABELS[self]

    @property
    def why_none(self) -> str:
        """Say why a kind has nothing, in French."""
        return _WHY_NONE[self]


_LABELS = {
    TieKind.COLOCATION: "présentes aux mêmes endroits",
    TieKind.HIRINGS: "embauchent les mêmes métiers",
    TieKind.INPUT_OUTPUT: "se fournissent l’une l’autre",
    TieKind.TOGETHER: "tenues par les mêmes entreprises",
}
_WHY_NONE = {
    TieKind.COLOCATION: "les emplois de tout le pays ne sont pas chargés, ou l’activité en compte moins de 500, ou "
    "elle sert d’abord ceux qui habitent là (commerce de détail, bâtiment, soins, écoles…)",
    TieKind.HIRINGS: "aucun fichier d’embauches par métier n’est chargé, ou l’activité en compte moins de 50",
    TieKind.INPUT_OUTPUT: "aucun tableau entrées-sorties n’est chargé",
    TieKind.TOGETHER: "moins de trois entreprises chargées tiennent cette activité et une autre",
}


@dataclass(frozen=True, slots=True)
class NearActivity:
    """One activity near another, of one kind, with what the value rests on."""

    kind: TieKind
    naf: str
    label: str
    rank: int
    value: float
    evidence: Mapping[str, Any]


def at_level(kind: TieKind, naf: str) -> str:
    """Return the code under which a kind knows an activity: flows are known by division."""
    return naf[:2] if kind is TieKind.INPUT_OUTPUT else naf


def neighbours(data: DataInService, naf: str, kinds: Iterable[TieKind], most: int) -> list[NearActivity]:
    """Return the nearest activities of one, of each kind in turn, the nearest first."""
    table = data.warehouse.table("related_activity")
    asked = table.filter(table.a.isin([parameter("naf"), parameter("division")])).order_by("kind", "rank")
    rows = data.warehouse.rows(asked, {"naf": naf, "division": naf[:2]})
    found = {kind: [row for row in rows if row["kind"] == kind.value][:most] for kind in kinds}
    return [_neighbour(kind, row) for kind in kinds for row in found[kind] if row["a"] == at_level(kind, naf)]


def _neighbour(kind: TieKind, row: Mapping[str, Any]) -> NearActivity:
    told = json.loads(row["evidence"] or "{}")
    return NearActivity(kind, row["b"], activity_name(row["b"]), row["rank"], row["value"], told)


def activity_name(naf: str) -> str:
    """Return the label of an activity at any level."""
    return nomenclature.label(naf) or "libellé non connu"


def evidence_in_words(one: NearActivity, occupations: Mapping[str, str]) -> str:
    """Say what a relatedness rests on, in one French sentence."""
    told = one.evidence
    if one.kind is TieKind.COLOCATION:
        areas = counted(told["areas"], *area_words(told["of"]))
        return f"présentes ensemble dans {areas} sur {number(told['among'])}"
    if one.kind is TieKind.HIRINGS:
        first = told["occupations"][:3]
        return listed([f"{occupations.get(code, code)} ({percent(share, 0)})" for code, share in first])
    if one.kind is TieKind.INPUT_OUTPUT:
        sold, bought = number(round(told["sells"])), number(round(told["buys"]))
        return f"vend {sold} et achète {bought} {told['unit']} ({told['vintage']})"
    firms = _seen(told["firms"], "aucune entreprise ne tient", "entreprise tient", "entreprises tiennent")
    moves = _seen(told["changes"], "aucun établissement n’est passé", "établissement est passé",
                  "établissements sont passés")  # fmt: skip
    return f"{firms} les deux ; {moves} de l’une à l’autre"


def occupation_names(data: DataInService, found: Sequence[NearActivity]) -> Mapping[str, str]:
    """Return the labels of the occupations that neighbours share."""
    codes = {code for one in found for code, _ in one.evidence.get("occupations", ())}
    if not codes:
        return {}
    table = data.warehouse.table("occupation")
    return {
        row["code"]: row["label"] for row in data.warehouse.rows(table.select("code", "label")) if row["code"] in codes
    }


def cited(loaded: Loaded, kinds: Iterable[TieKind]) -> tuple[Provenance, ...]:
    """Return the sources of some kinds of relatedness."""
    wanted: list[str] = []
    for kind in kinds:
        wanted += {
            TieKind.COLOCATION: [JOBS, REFERENCE, *_begun(loaded, "zonage:")],
            TieKind.HIRINGS: _begun(loaded, TRADES),
            TieKind.INPUT_OUTPUT: _begun(loaded, FLOWS),
            TieKind.TOGETHER: [STOCK, HISTORY],
        }[kind]
    return loaded.cite(*dict.fromkeys(wanted))


def area_words(kind: str) -> tuple[str, str]:
    """Return the name of a kind of area, in the singular and the plural."""
    return _AREAS[kind]


_AREAS = {
    TerritoryKind.ZE.value: ("zone d’emploi", "zones d’emploi"),
    TerritoryKind.EPCI.value: ("intercommunalité", "intercommunalités"),
    TerritoryKind.DEPARTEMENT.value: ("département", "départements"),
}


def _begun(loaded: Loaded, start: str) -> list[str]:
    return sorted(source for source in loaded.vintage if source.startswith(start))


def _seen(count: int | None, none: str, one: str, many: str) -> str:
    if count is None:
        return f"moins de trois {many}"
    return counted(count, one, many) if count else none
