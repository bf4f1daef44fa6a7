"""What makes a row of the Sirene stock faulty; tested on masked rows, so that no message can tell what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.sources import activity_codes
from vigie.sources.cells import PLAIN, not_a_day, not_a_label, outside, unlike
from vigie.sources.faults import RejectRule
from vigie.sources.identifiers import siren_rules, siret_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

BANDS = (
    *("NN", "00", "01", "02", "03", "11", "12", "21", "22", "31", "32", "41", "42", "51", "52", "53"),
    "99",  # written by some for "unknown", and read as such
)
UNKNOWN_BAND = "99"


def unit_rules(raw: ir.Table) -> list[RejectRule]:
    """Return the rules of `StockUniteLegale`, in the order in which they are tried."""
    names = ("denominationUniteLegale", "nomUniteLegale", "nomUsageUniteLegale", "sigleUniteLegale",
             "denominationUsuelle1UniteLegale")  # fmt: skip
    column = raw["categorieJuridiqueUniteLegale"]
    return [
        *siren_rules(raw, "siren"),
        _among(raw, "statutDiffusionUniteLegale", "diffusion", ("O", "P", "N"), required=True),
        _among(raw, "etatAdministratifUniteLegale", "state", ("A", "C")),
        _day(raw, "dateCreationUniteLegale"),
        _day(raw, "dateDernierTraitementUniteLegale"),
        RejectRule("categorieJuridiqueUniteLegale", "legal_category", unlike(column, "^[0-9]{1,4}$")),
        _among(raw, "categorieEntreprise", "company_category", ("PME", "ETI", "GE")),
        _among(raw, "economieSocialeSolidaireUniteLegale", "social_economy", ("O", "N")),
        *_workforce(raw, "UniteLegale"),
        *_activity(raw, "UniteLegale"),
        RejectRule("nicSiegeUniteLegale", "nic_form", unlike(raw["nicSiegeUniteLegale"], "^[0-9]{5}$")),
        *_labels(raw, names),
    ]


def establishment_rules(raw: ir.Table, known: ir.BooleanValue) -> list[RejectRule]:
    """Return the rules of `StockEtablissement`; `known` tells whether the commune code is."""
    names = ("enseigne1Etablissement", "enseigne2Etablissement", "enseigne3Etablissement",
             "denominationUsuelleEtablissement", "libelleVoieEtablissement",
             "complementAdresseEtablissement")  # fmt: skip
    siret, siren, nic = raw["siret"], raw["siren"], raw["nic"]
    same_siren = siret.startswith(siren) & (siren.length() == 9)
    same_nic = nic.isnull() | (siret.endswith(nic) & (nic.length() == 5))
    return [
        *siret_rules(raw, "siret"),
        RejectRule("siren", "siren_other", (siren != siret.left(9)).fill_null(True), sound=same_siren),
        RejectRule("nic", "nic_other", (nic != siret.right(5)).fill_null(False), sound=same_nic),
        _among(raw, "statutDiffusionEtablissement", "diffusion", ("O", "P", "N"), required=True),
        _among(raw, "etatAdministratifEtablissement", "state", ("A", "F")),
        _day(raw, "dateCreationEtablissement"),
        _day(raw, "dateDernierTraitementEtablissement"),
        _day(raw, "dateDebut"),
        RejectRule("codeCommuneEtablissement", "commune", raw["codeCommuneEtablissement"].notnull() & ~known),
        *_workforce(raw, "Etablissement"),
        *_activity(raw, "Etablissement"),
        _among(raw, "etablissementSiege", "boolean", ("true", "false", "True", "False", "TRUE", "FALSE")),
        _metres(raw, "coordonneeLambertAbscisseEtablissement"),
        _metres(raw, "coordonneeLambertOrdonneeEtablissement"),
        *_labels(raw, names),
    ]


def _activity(raw: ir.Table, suffix: str) -> list[RejectRule]:
    return [
        *activity_codes.rules(raw, f"activitePrincipale{suffix}", f"nomenclatureActivitePrincipale{suffix}"),
        activity_codes.present_rule(raw, f"activitePrincipaleNAF25{suffix}"),
    ]


def _workforce(raw: ir.Table, suffix: str) -> list[RejectRule]:
    year = f"anneeEffectifs{suffix}"
    return [
        _among(raw, f"trancheEffectifs{suffix}", "band", BANDS),
        RejectRule(year, "year", unlike(raw[year], "^[0-9]{4}$")),
        _among(raw, f"caractereEmployeur{suffix}", "employer", ("O", "N")),
    ]


def _among(raw: ir.Table, column: str, name: str, accepted: Sequence[str], *, required: bool = False) -> RejectRule:
    broken = outside(raw[column], accepted)
    return RejectRule(column, name, broken | raw[column].isnull() if required else broken)


def _day(raw: ir.Table, column: str) -> RejectRule:
    return RejectRule(column, "day", not_a_day(raw, column))


def metres(column: str) -> str:
    """Return the name of the column that holds a coordinate read as a number."""
    return f"{column}_metres"


def _metres(raw: ir.Table, column: str) -> RejectRule:
    return RejectRule(column, "coordinate", raw[column].notnull() & raw[metres(column)].isnull())


def _labels(raw: ir.Table, columns: Sequence[str]) -> list[RejectRule]:
    return [RejectRule(column, "label", not_a_label(raw[column]), quote=False, sound=raw[PLAIN]) for column in columns]
