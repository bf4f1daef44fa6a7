"""INSEE's Sirene stock: legal units and establishments as published, to the columns of the warehouse.

Reads the layouts of 53 and 33 columns, of 54 and 35 (NAF 2025 beside NAF rev. 2, since 16 December 2025), and the one
where NAF 2025 is the principal code (from 1 January 2027): a code is what its nomenclature column says it is.
Functions are pure: a raw table of text columns in, Ibis expressions out.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import ibis

from vigie.domain.actors import JOINT, Nomenclature
from vigie.errors import StructureFault
from vigie.sources import activity_codes
from vigie.sources.base import UNDOCUMENTED, PreparedTable, cleaned, complete
from vigie.sources.cells import PLAIN, day, flag, joined, labelled, parsed, text
from vigie.sources.commune_codes import in_reference
from vigie.sources.faults import prepared, repeated, split
from vigie.sources.identifiers import keyed
from vigie.sources.imaginary import REMEDY
from vigie.sources.lambert import located
from vigie.sources.sirene_masking import OPEN, PARTIAL, SWITCHED, masked_establishments, masked_units
from vigie.sources.sirene_rules import UNKNOWN_BAND, establishment_rules, metres, unit_rules

if TYPE_CHECKING:
    import ibis.expr.types as ir

IMAGINARY = "IMAGINAIRE"
_MARK = "identifiantAdresseEtablissement"

UNIT_COLUMNS = (
    "siren", "statutDiffusionUniteLegale", "dateCreationUniteLegale", "sigleUniteLegale", "prenomUsuelUniteLegale",
    "prenom1UniteLegale", "trancheEffectifsUniteLegale", "anneeEffectifsUniteLegale",
    "dateDernierTraitementUniteLegale", "categorieEntreprise", "dateDebut", "etatAdministratifUniteLegale",
    "nomUniteLegale", "nomUsageUniteLegale", "denominationUniteLegale", "denominationUsuelle1UniteLegale",
    "denominationUsuelle2UniteLegale", "denominationUsuelle3UniteLegale", "categorieJuridiqueUniteLegale",
    "activitePrincipaleUniteLegale", "nomenclatureActivitePrincipaleUniteLegale",
    "activitePrincipaleNAF25UniteLegale", "nicSiegeUniteLegale", "economieSocialeSolidaireUniteLegale",
    "caractereEmployeurUniteLegale",
)  # fmt: skip
ESTABLISHMENT_COLUMNS = (
    "siret", "siren", "nic", "statutDiffusionEtablissement", "dateCreationEtablissement",
    "trancheEffectifsEtablissement", "anneeEffectifsEtablissement", "activitePrincipaleRegistreMetiersEtablissement",
    "dateDernierTraitementEtablissement", "etablissementSiege", "complementAdresseEtablissement",
    "numeroVoieEtablissement", "indiceRepetitionEtablissement", "typeVoieEtablissement", "libelleVoieEtablissement",
    "codePostalEtablissement", "libelleCommuneEtablissement", "libelleCommuneEtrangerEtablissement",
    "distributionSpecialeEtablissement", "codeCommuneEtablissement", "codeCedexEtablissement",
    "libelleCedexEtablissement", "libellePaysEtrangerEtablissement", "coordonneeLambertAbscisseEtablissement",
    "coordonneeLambertOrdonneeEtablissement", "dateDebut", "etatAdministratifEtablissement",
    "enseigne1Etablissement", "enseigne2Etablissement", "enseigne3Etablissement", "denominationUsuelleEtablissement",
    "activitePrincipaleEtablissement", "nomenclatureActivitePrincipaleEtablissement",
    "activitePrincipaleNAF25Etablissement", "caractereEmployeurEtablissement",
)  # fmt: skip
_UNIT_DAYS = ("dateCreationUniteLegale", "dateDernierTraitementUniteLegale")
_ESTABLISHMENT_DAYS = ("dateCreationEtablissement", "dateDernierTraitementEtablissement", "dateDebut")
_UNIT_LABELS = (
    "sigleUniteLegale", "prenomUsuelUniteLegale", "prenom1UniteLegale", "nomUniteLegale", "nomUsageUniteLegale",
    "denominationUniteLegale", "denominationUsuelle1UniteLegale", "denominationUsuelle2UniteLegale",
    "denominationUsuelle3UniteLegale",
)  # fmt: skip
_ESTABLISHMENT_LABELS = (
    "complementAdresseEtablissement", "numeroVoieEtablissement", "indiceRepetitionEtablissement",
    "typeVoieEtablissement", "libelleVoieEtablissement", "libelleCommuneEtablissement",
    "libelleCommuneEtrangerEtablissement", "distributionSpecialeEtablissement", "codeCedexEtablissement",
    "libelleCedexEtablissement", "libellePaysEtrangerEtablissement", "enseigne1Etablissement",
    "enseigne2Etablissement", "enseigne3Etablissement", "denominationUsuelleEtablissement",
)  # fmt: skip
TO_COME = "N"
"""State of what the register announces: it opens after the day of the load. A closure that is announced leaves its
establishment open ("A"), with the day in `closed`. The day is that of the load, not of the reader: counts, lists and
pages are made from the same rows, and say the same whenever they are read; the next load brings what has happened."""
_AXES = ("coordonneeLambertAbscisseEtablissement", "coordonneeLambertOrdonneeEtablissement")


def legal_units(raw: ir.Table, today: date = date.max) -> PreparedTable:
    """Prepare `StockUniteLegale`: masked, checked, with the columns of table `legal_unit`.

    What is dated after `today` has not happened yet, see `TO_COME`.
    When the raw table is numbered, a SIREN seen again is a fault; otherwise the load's own check finds it.
    """
    masked = masked_units(_dated(cleaned(raw, UNIT_COLUMNS), "UniteLegale"))
    ready = keyed(labelled(parsed(masked, _UNIT_DAYS), _UNIT_LABELS), "siren")
    checked = split(ready, unit_rules(ready))
    accepted, again = repeated(_trimmed(checked.accepted, _UNIT_LABELS), ("siren",), "siren_again")
    return prepared(accepted.select(**_unit_columns(accepted, today)), checked.faults, again)


def establishments(raw: ir.Table, units: ir.Table, communes: ir.Table, today: date = date.max) -> PreparedTable:
    """Prepare `StockEtablissement`: masked, checked, with the columns of table `establishment`.

    `units` is the prepared table of legal units. `communes` gives for each `published` code, present or former, the
    `commune` of the reference vintage. What is dated after `today` has not happened yet, see `TO_COME`. When the raw
    table is numbered, a SIRET seen again is a fault.
    """
    masked = masked_establishments(_dated(cleaned(raw, ESTABLISHMENT_COLUMNS), "Etablissement"), units)
    placed = in_reference(masked, "codeCommuneEtablissement", communes)
    read = parsed(placed, _ESTABLISHMENT_DAYS).mutate(**{metres(a): placed[a].try_cast("float64") for a in _AXES})
    ready = keyed(labelled(read, _ESTABLISHMENT_LABELS), "siret")
    checked = split(ready, establishment_rules(ready, ready["commune"].notnull()))
    accepted, again = repeated(_trimmed(checked.accepted, _ESTABLISHMENT_LABELS), ("siret",), "siret_again")
    accepted = located(accepted, metres(_AXES[0]), metres(_AXES[1]), "commune")
    return prepared(accepted.select(**_establishment_columns(accepted, today)), checked.faults, again)


def imaginary(raw: ir.Table) -> ir.Table:
    """Count the rows of `StockEtablissement` and those marked as simulated: one row, `rows` and `imaginary`."""
    table = complete(raw, (_MARK,))
    marked = (table[_MARK] == IMAGINARY).fill_null(False)
    return table.aggregate(rows=table.count(), imaginary=marked.sum().fill_null(0))


def is_simulated(file: str, rows: int, imaginary_rows: int) -> bool:
    """Tell whether a file is simulated, from the counts of `imaginary`; raises `StructureFault` for a mixture."""
    if 0 < imaginary_rows < rows:
        raise StructureFault(
            f"{imaginary_rows} de ses {rows} établissements sont imaginaires, les autres non.",
            file=file,
            column=_MARK,
            remedy=REMEDY,
        )
    return imaginary_rows > 0


def _dated(row: ir.Table, suffix: str) -> ir.Table:
    """Add `switched`, from days that masking empties: of a masked row it tells which nomenclature, and nothing else."""
    active = (row[f"etatAdministratif{suffix}"] == "A").fill_null(False)
    processed = row[f"dateDernierTraitement{suffix}"]
    return row.mutate(**{SWITCHED: activity_codes.since_switch(row["dateDebut"], processed, active)})


def _trimmed(row: ir.Table, labels: tuple[str, ...]) -> ir.Table:
    """Take off the outer spaces of labels, in the few rows that have any."""
    return row.mutate(**{name: ibis.ifelse(row[PLAIN], row[name], text(row[name])) for name in labels})


def _unit_columns(row: ir.Table, today: date) -> dict[str, ir.Value]:
    first_name = ibis.coalesce(row["prenomUsuelUniteLegale"], row["prenom1UniteLegale"])
    family_name = ibis.coalesce(row["nomUsageUniteLegale"], row["nomUniteLegale"])
    person = ibis.ifelse(family_name.isnull(), family_name, joined(" ", [first_name, family_name]))
    usual = [row[f"denominationUsuelle{rank}UniteLegale"] for rank in (1, 2, 3)]
    nic, created = row["nicSiegeUniteLegale"], day(row, "dateCreationUniteLegale")
    return {
        "siren": row["siren"],
        "diffusion": ibis.ifelse(row["masked"], PARTIAL, OPEN),
        "masked": row["masked"],
        "state": ibis.ifelse(created > today, TO_COME, row["etatAdministratifUniteLegale"]),
        "created": created,
        "natural_person": row["legal_category"] == "1000",
        "name": ibis.coalesce(row["denominationUniteLegale"], person),
        "acronym": row["sigleUniteLegale"],
        "usual_name": joined(JOINT, usual),
        "legal_category": row["legal_category"],
        "company_category": row["categorieEntreprise"],
        "social_economy": row["economieSocialeSolidaireUniteLegale"],
        **_activity(row, "UniteLegale"),
        **_workforce(row, "UniteLegale"),
        "head_office": row["siren"] + nic,
        "processed": day(row, "dateDernierTraitementUniteLegale"),
    }


def _establishment_columns(row: ir.Table, today: date) -> dict[str, ir.Value]:
    signs = [row[f"enseigne{rank}Etablissement"] for rank in (1, 2, 3)]
    state, created = row["etatAdministratifEtablissement"], day(row, "dateCreationEtablissement")
    closed = ibis.ifelse(state == "F", day(row, "dateDebut"), ibis.null("date"))
    label = ibis.coalesce(row["libelleCommuneEtablissement"], row["libelleCommuneEtrangerEtablissement"])
    return {
        "siret": row["siret"],
        "siren": row["siren"],
        "diffusion": row["diffusion"],
        "masked": row["masked"],
        "state": ibis.cases((created > today, TO_COME), (closed > today, "A"), else_=state),
        "created": created,
        "closed": closed,
        "head_office": flag(row["etablissementSiege"]),
        "name": row["unit_name"],
        "sign": joined(JOINT, signs),
        "usual_name": ibis.coalesce(row["denominationUsuelleEtablissement"], row["unit_usual_name"]),
        "acronym": row["acronym"],
        "natural_person": row["natural_person"],
        "legal_category": row["legal_category"],
        "company_category": row["company_category"],
        "address": _address(row),
        "distribution": row["distributionSpecialeEtablissement"],
        "postal_code": row["codePostalEtablissement"],
        "cedex_code": row["codeCedexEtablissement"],
        "cedex_label": row["libelleCedexEtablissement"],
        "commune": row["commune"],
        "commune_label": label,
        "country": row["libellePaysEtrangerEtablissement"],
        **_activity(row, "Etablissement"),
        "craft_code": row["activitePrincipaleRegistreMetiersEtablissement"],
        **_workforce(row, "Etablissement"),
        "longitude": row["longitude"],
        "latitude": row["latitude"],
        "processed": day(row, "dateDernierTraitementEtablissement"),
    }


def _activity(row: ir.Table, suffix: str) -> dict[str, ir.Value]:
    principal = activity_codes.known(row[f"activitePrincipale{suffix}"])
    declared = row[f"nomenclatureActivitePrincipale{suffix}"]
    scheme = activity_codes.scheme(declared, principal, switched=row[SWITCHED])
    newer = activity_codes.known(row[f"activitePrincipaleNAF25{suffix}"])
    is_newer = scheme == str(Nomenclature.NAF_2025)
    return {
        "naf": principal,
        "naf_nomenclature": scheme,
        "naf25": ibis.coalesce(newer, ibis.ifelse(is_newer, principal, ibis.null("string"))),
        UNDOCUMENTED: activity_codes.undocumented(declared, principal),
    }


def _workforce(row: ir.Table, suffix: str) -> dict[str, ir.Value]:
    return {
        "size_band": row[f"trancheEffectifs{suffix}"].nullif(UNKNOWN_BAND),
        "size_year": row[f"anneeEffectifs{suffix}"].try_cast("int16"),
        "employer": row[f"caractereEmployeur{suffix}"],
    }


def _address(row: ir.Table) -> ir.StringValue:
    number = joined("", [row["numeroVoieEtablissement"], row["indiceRepetitionEtablissement"]])
    way = joined(" ", [number, row["typeVoieEtablissement"], row["libelleVoieEtablissement"]])
    return joined(", ", [row["complementAdresseEtablissement"], way])
