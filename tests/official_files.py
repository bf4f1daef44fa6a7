"""Files in the layouts that the producers publish, filled with imaginary rows, for tests to spoil."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from vigie.domain.actors import luhn

Row = dict[str, str]

_ADDRESS = (
    "complementAdresse", "numeroVoie", "indiceRepetition", "dernierNumeroVoie", "indiceRepetitionDernierNumeroVoie",
    "typeVoie", "libelleVoie", "codePostal", "libelleCommune", "libelleCommuneEtranger", "distributionSpeciale",
    "codeCommune", "codeCedex", "libelleCedex", "codePaysEtranger", "libellePaysEtranger",
)  # fmt: skip
_SECOND_ADDRESS = tuple(
    f"{name}2Etablissement" for name in _ADDRESS if not name.endswith(("dernierNumeroVoie", "DernierNumeroVoie"))
)
ESTABLISHMENT_53 = (
    "siren", "nic", "siret", "statutDiffusionEtablissement", "dateCreationEtablissement",
    "trancheEffectifsEtablissement", "anneeEffectifsEtablissement", "activitePrincipaleRegistreMetiersEtablissement",
    "dateDernierTraitementEtablissement", "etablissementSiege", "nombrePeriodesEtablissement",
    *(f"{name}Etablissement" for name in _ADDRESS), "identifiantAdresseEtablissement",
    "coordonneeLambertAbscisseEtablissement", "coordonneeLambertOrdonneeEtablissement", *_SECOND_ADDRESS,
    "dateDebut", "etatAdministratifEtablissement", "enseigne1Etablissement", "enseigne2Etablissement",
    "enseigne3Etablissement", "denominationUsuelleEtablissement", "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement", "caractereEmployeurEtablissement",
)  # fmt: skip
ESTABLISHMENT_54 = (*ESTABLISHMENT_53, "activitePrincipaleNAF25Etablissement")
UNIT_33 = (
    "siren", "statutDiffusionUniteLegale", "unitePurgeeUniteLegale", "dateCreationUniteLegale", "sigleUniteLegale",
    "sexeUniteLegale", "prenom1UniteLegale", "prenom2UniteLegale", "prenom3UniteLegale", "prenom4UniteLegale",
    "prenomUsuelUniteLegale", "pseudonymeUniteLegale", "identifiantAssociationUniteLegale",
    "trancheEffectifsUniteLegale", "anneeEffectifsUniteLegale", "dateDernierTraitementUniteLegale",
    "nombrePeriodesUniteLegale", "categorieEntreprise", "anneeCategorieEntreprise", "dateDebut",
    "etatAdministratifUniteLegale", "nomUniteLegale", "nomUsageUniteLegale", "denominationUniteLegale",
    "denominationUsuelle1UniteLegale", "denominationUsuelle2UniteLegale", "denominationUsuelle3UniteLegale",
    "categorieJuridiqueUniteLegale", "activitePrincipaleUniteLegale", "nomenclatureActivitePrincipaleUniteLegale",
    "nicSiegeUniteLegale", "economieSocialeSolidaireUniteLegale", "caractereEmployeurUniteLegale",
)  # fmt: skip
UNIT_35 = (*UNIT_33[:-1], "societeMissionUniteLegale", UNIT_33[-1], "activitePrincipaleNAF25UniteLegale")
HISTORY = (
    "siren", "nic", "siret", "dateFin", "dateDebut", "etatAdministratifEtablissement",
    "changementEtatAdministratifEtablissement", "enseigne1Etablissement", "enseigne2Etablissement",
    "enseigne3Etablissement", "changementEnseigneEtablissement", "denominationUsuelleEtablissement",
    "changementDenominationUsuelleEtablissement", "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement", "changementActivitePrincipaleEtablissement",
    "caractereEmployeurEtablissement", "changementCaractereEmployeurEtablissement",
)  # fmt: skip
SUCCESSION = (
    "siretEtablissementPredecesseur", "siretEtablissementSuccesseur", "dateLienSuccession", "transfertSiege",
    "continuiteEconomique", "dateDernierTraitementLienSuccession",
)  # fmt: skip
JOBS = (
    "region", "code_departement", "intitule_commune", "code_commune", "grand_secteur_d_activite", "ape", "code_ape",
    "nombre_d_etablissements_2023", "effectifs_salaries_2023", "nombre_d_etablissements_2024",
    "effectifs_salaries_2024",
)  # fmt: skip


def siren(number: int) -> str:
    """Return an imaginary SIREN that passes Luhn."""
    start = f"{90_000_000 + number:08d}"
    return next(start + str(key) for key in range(10) if luhn(start + str(key)))


def siret(number: int, establishment: int = 1) -> str:
    """Return an imaginary SIRET that passes Luhn."""
    start = f"{siren(number)}{establishment:04d}"
    return next(start + str(key) for key in range(10) if luhn(start + str(key)))


def establishment(number: int, **changes: str) -> Row:
    """Return a row of `StockEtablissement`, in La Roche-sur-Yon."""
    code = siret(number)
    return {
        "siren": code[:9], "nic": code[9:], "siret": code, "statutDiffusionEtablissement": "O",
        "dateCreationEtablissement": "2015-03-01", "trancheEffectifsEtablissement": "11",
        "anneeEffectifsEtablissement": "2023", "dateDernierTraitementEtablissement": "2026-09-12T10:11:12",
        "etablissementSiege": "true", "numeroVoieEtablissement": "12", "typeVoieEtablissement": "RUE",
        "libelleVoieEtablissement": "DU MOULIN", "codePostalEtablissement": "85000",
        "libelleCommuneEtablissement": "LA ROCHE-SUR-YON", "codeCommuneEtablissement": "85191",
        "coordonneeLambertAbscisseEtablissement": "361100.0", "coordonneeLambertOrdonneeEtablissement": "6627800.0",
        "dateDebut": "2015-03-01", "etatAdministratifEtablissement": "A", "activitePrincipaleEtablissement": "25.62B",
        "nomenclatureActivitePrincipaleEtablissement": "NAFRev2", "activitePrincipaleNAF25Etablissement": "25.53B",
        "caractereEmployeurEtablissement": "O", "enseigne1Etablissement": f"ENSEIGNE IMAGINAIRE {number}",
    } | changes  # fmt: skip


def unit(number: int, **changes: str) -> Row:
    """Return a row of `StockUniteLegale`: a company."""
    return {
        "siren": siren(number), "statutDiffusionUniteLegale": "O", "dateCreationUniteLegale": "2015-03-01",
        "trancheEffectifsUniteLegale": "11", "anneeEffectifsUniteLegale": "2023",
        "dateDernierTraitementUniteLegale": "2026-09-12T10:11:12", "categorieEntreprise": "PME",
        "etatAdministratifUniteLegale": "A", "denominationUniteLegale": f"MECANIQUE IMAGINAIRE {number}",
        "categorieJuridiqueUniteLegale": "5710", "activitePrincipaleUniteLegale": "25.62B",
        "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2", "nicSiegeUniteLegale": siret(number)[9:],
        "economieSocialeSolidaireUniteLegale": "N", "caractereEmployeurUniteLegale": "O",
        "activitePrincipaleNAF25UniteLegale": "25.53B",
    } | changes  # fmt: skip


def period(number: int, **changes: str) -> Row:
    """Return a row of `StockEtablissementHistorique`."""
    code = siret(number)
    return {
        "siren": code[:9], "nic": code[9:], "siret": code, "dateDebut": "2015-03-01",
        "etatAdministratifEtablissement": "A", "activitePrincipaleEtablissement": "25.62B",
        "nomenclatureActivitePrincipaleEtablissement": "NAFRev2", "caractereEmployeurEtablissement": "O",
    } | changes  # fmt: skip


def link(number: int, **changes: str) -> Row:
    """Return a row of `StockEtablissementLiensSuccession`."""
    return {
        "siretEtablissementPredecesseur": siret(number), "siretEtablissementSuccesseur": siret(number, 2),
        "dateLienSuccession": "2024-05-01", "transfertSiege": "true", "continuiteEconomique": "true",
        "dateDernierTraitementLienSuccession": "2024-05-03T08:00:00",
    } | changes  # fmt: skip


def job(number: int, **changes: str) -> Row:
    """Return a row of Urssaf's jobs; each number gives another activity."""
    return {
        "code_commune": "85191",
        "code_ape": f"{10 + number // 26 % 80}{number // 2080 + 10:02d}{chr(65 + number % 26)}",
        "nombre_d_etablissements_2023": "3", "effectifs_salaries_2023": "40",
        "nombre_d_etablissements_2024": "4", "effectifs_salaries_2024": "45",
    } | changes  # fmt: skip


def table(header: Sequence[str], rows: Iterable[Mapping[str, str]], delimiter: str = ",") -> str:
    """Return the text of a CSV file; cells of other columns are left out."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", extrasaction="ignore", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def zipped(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """Write a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def write(path: Path, header: Sequence[str], rows: Iterable[Mapping[str, str]], delimiter: str = ",") -> Path:
    """Write a file in the format that its name announces."""
    rows = list(rows)
    if path.suffix == ".parquet":
        pq.write_table(pa.table({name: [row.get(name) or None for row in rows] for name in header}), path)
        return path
    text = table(header, rows, delimiter)
    if path.suffix == ".zip":
        return zipped(path, {f"{path.stem}.csv": text})
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
        return path
    path.write_text(text, "utf-8")
    return path
