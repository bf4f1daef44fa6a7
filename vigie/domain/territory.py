"""Territories: kinds, codes with their vintage, names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TerritoryKind(StrEnum):
    """Kinds of territories; the value is what addresses and requests use."""

    COMMUNE = "commune"
    EPCI = "epci"
    EPT = "ept"
    ZE = "ze"
    AAV = "aav"
    POLE = "pole"
    BV = "bv"
    UU = "uu"
    JOB_BASIN = "bassin"
    PETR = "petr"
    SCOT = "scot"
    DEPARTEMENT = "departement"
    REGION = "region"
    FRANCE = "france"
    PROGRAMME = "programme"
    PERIMETER = "perimetre"

    @property
    def label(self) -> str:
        """French name of the kind."""
        return _LABELS[self]


_LABELS = {
    TerritoryKind.COMMUNE: "commune",
    TerritoryKind.EPCI: "intercommunalité (EPCI)",
    TerritoryKind.EPT: "établissement public territorial (EPT)",
    TerritoryKind.ZE: "zone d’emploi",
    TerritoryKind.AAV: "aire d’attraction d’une ville",
    TerritoryKind.POLE: "pôle d’une aire d’attraction",
    TerritoryKind.BV: "bassin de vie",
    TerritoryKind.UU: "unité urbaine",
    TerritoryKind.JOB_BASIN: "bassin d’emploi",
    TerritoryKind.PETR: "pôle d’équilibre territorial et rural (PETR)",
    TerritoryKind.SCOT: "schéma de cohérence territoriale (SCoT)",
    TerritoryKind.DEPARTEMENT: "département",
    TerritoryKind.REGION: "région",
    TerritoryKind.FRANCE: "France",
    TerritoryKind.PROGRAMME: "programme",
    TerritoryKind.PERIMETER: "périmètre dessiné",
}


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory in a given vintage of the official geographic code (COG).

    `redirected_from` holds the former code that was asked for, when the territory replaced another.
    """

    kind: TerritoryKind
    code: str
    name: str
    vintage: int
    population: int | None = None
    redirected_from: str | None = None

    @property
    def key(self) -> str:
        """Unambiguous text of the territory, e.g. "epci:200071629"; accepted wherever a code is."""
        return f"{self.kind.value}:{self.code}"
