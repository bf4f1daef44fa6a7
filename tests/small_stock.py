"""Small official-format stocks written by tests: imaginary firms of Vendée, in any published format."""

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

Row = Mapping[str, str]

ESTABLISHMENT_HEADER = tuple(
    """
    siren nic siret statutDiffusionEtablissement dateCreationEtablissement trancheEffectifsEtablissement
    anneeEffectifsEtablissement activitePrincipaleRegistreMetiersEtablissement dateDernierTraitementEtablissement
    etablissementSiege nombrePeriodesEtablissement complementAdresseEtablissement numeroVoieEtablissement
    indiceRepetitionEtablissement typeVoieEtablissement libelleVoieEtablissement codePostalEtablissement
    libelleCommuneEtablissement libelleCommuneEtrangerEtablissement codeCommuneEtablissement
    libellePaysEtrangerEtablissement identifiantAdresseEtablissement coordonneeLambertAbscisseEtablissement
    coordonneeLambertOrdonneeEtablissement dateDebut etatAdministratifEtablissement enseigne1Etablissement
    enseigne2Etablissement enseigne3Etablissement denominationUsuelleEtablissement activitePrincipaleEtablissement
    nomenclatureActivitePrincipaleEtablissement caractereEmployeurEtablissement
    activitePrincipaleNAF25Etablissement
    """.split()  # noqa: SIM905 — one column a line would fill three pages
)
UNIT_HEADER = tuple(
    """
    siren statutDiffusionUniteLegale dateCreationUniteLegale sigleUniteLegale prenom1UniteLegale
    prenomUsuelUniteLegale trancheEffectifsUniteLegale anneeEffectifsUniteLegale dateDernierTraitementUniteLegale
    categorieEntreprise etatAdministratifUniteLegale nomUniteLegale nomUsageUniteLegale denominationUniteLegale
    denominationUsuelle1UniteLegale denominationUsuelle2UniteLegale denominationUsuelle3UniteLegale
    categorieJuridiqueUniteLegale activitePrincipaleUniteLegale nomenclatureActivitePrincipaleUniteLegale
    nicSiegeUniteLegale economieSocialeSolidaireUniteLegale caractereEmployeurUniteLegale
    activitePrincipaleNAF25UniteLegale
    """.split()  # noqa: SIM905 — one column a line would fill three pages
)
LINK_HEADER = tuple(
    """
    siretEtablissementPredecesseur siretEtablissementSuccesseur dateLienSuccession transfertSiege
    continuiteEconomique dateDernierTraitementLienSuccession
    """.split()  # noqa: SIM905 — one column a line would fill three pages
)
ESTABLISHMENTS, UNITS = "StockEtablissement_utf8", "StockUniteLegale_utf8"
LINKS = "StockEtablissementLiensSuccession_utf8"


def siren(number: int) -> str:
    """Return a valid SIREN."""
    return _with_key(f"{10_000_000 + number}")


def siret(number: int, site: int = 1) -> str:
    """Return a valid SIRET of that SIREN."""
    return _with_key(f"{siren(number)}{site:04d}")


def siret_of(siren: str, site: int = 1) -> str:
    """Return a valid SIRET of a SIREN."""
    return _with_key(f"{siren}{site:04d}")


def establishment(number: int, site: int = 1, **changes: str) -> dict[str, str]:
    """Return an open establishment of La Roche-sur-Yon (or elsewhere, see `changes`)."""
    own = siret(number, site)
    row = {
        "siren": own[:9], "nic": own[9:], "siret": own, "statutDiffusionEtablissement": "O",
        "dateCreationEtablissement": "2015-03-01", "trancheEffectifsEtablissement": "11",
        "anneeEffectifsEtablissement": "2023", "dateDernierTraitementEtablissement": "2026-09-01T08:00:00",
        "etablissementSiege": "true" if site == 1 else "false", "numeroVoieEtablissement": str(number % 90 + 1),
        "typeVoieEtablissement": "RUE", "libelleVoieEtablissement": "DES ESSAIS", "codePostalEtablissement": "85000",
        "libelleCommuneEtablissement": "LA ROCHE-SUR-YON", "codeCommuneEtablissement": "85191",
        "dateDebut": "2020-01-01", "etatAdministratifEtablissement": "A",
        "activitePrincipaleEtablissement": "25.62B", "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
        "caractereEmployeurEtablissement": "O", "activitePrincipaleNAF25Etablissement": "25.53Y",
    }  # fmt: skip
    return row | changes


def unit(number: int, **changes: str) -> dict[str, str]:
    """Return an active company."""
    row = {
        "siren": siren(number), "statutDiffusionUniteLegale": "O", "dateCreationUniteLegale": "2015-03-01",
        "etatAdministratifUniteLegale": "A", "denominationUniteLegale": f"ATELIER IMAGINAIRE {number}",
        "categorieJuridiqueUniteLegale": "5499", "activitePrincipaleUniteLegale": "25.62B",
        "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2", "nicSiegeUniteLegale": siret(number)[9:],
    }  # fmt: skip
    return row | changes


def link(before: str, after: str, day: str = "2026-09-15", continuity: str = "true") -> dict[str, str]:
    """Return a succession link."""
    return {
        "siretEtablissementPredecesseur": before, "siretEtablissementSuccesseur": after, "dateLienSuccession": day,
        "transfertSiege": "true", "continuiteEconomique": continuity,
    }  # fmt: skip


def write_stock(
    folder: Path, establishments: Iterable[Row], units: Iterable[Row], links: Iterable[Row] = (), *, kind: str = "csv"
) -> Path:
    """Write the stock in a format ("csv", "csv.gz", "zip", "parquet") and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder, ESTABLISHMENTS, ESTABLISHMENT_HEADER, list(establishments), kind)
    write_table(folder, UNITS, UNIT_HEADER, list(units), kind)
    rows = list(links)
    if rows:
        write_table(folder, LINKS, LINK_HEADER, rows, kind)
    return folder


def write_table(folder: Path, name: str, header: Sequence[str], rows: Sequence[Row], kind: str) -> Path:
    """Write one table and return its file."""
    path = folder / f"{name}.{kind}"
    if kind == "parquet":
        columns = {column: pa.array([row.get(column) or None for row in rows], pa.string()) for column in header}
        pq.write_table(pa.table(columns), path)
        return path
    content = as_csv(header, rows)
    if kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{name}.csv", content)
    else:
        path.write_bytes(gzip.compress(content) if kind == "csv.gz" else content)
    return path


def as_csv(header: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Return a table as INSEE writes it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _with_key(digits: str) -> str:
    return next(f"{digits}{key}" for key in range(10) if luhn(f"{digits}{key}"))
