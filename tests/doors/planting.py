"""Plants sentinels in every field of a partially diffusible unit that may not be published.

The allow-list is written here again, from the law as Vigie reads it, so that the code and the test cannot be wrong
together.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

SENTINEL = "ZQXSENTINELLE"
MASKED_PLACE = ("398765.43", "6650123.45")
OPEN_PLACE = ("392000", "6648000")

ALLOWED_OF_ESTABLISHMENTS = {
    "siren", "nic", "siret", "statutDiffusionEtablissement", "dateCreationEtablissement",
    "trancheEffectifsEtablissement", "anneeEffectifsEtablissement", "dateDernierTraitementEtablissement",
    "etablissementSiege", "libelleCommuneEtablissement", "codeCommuneEtablissement",
    "libelleCommuneEtrangerEtablissement",
    "codePaysEtrangerEtablissement", "libellePaysEtrangerEtablissement", "etatAdministratifEtablissement",
    "activitePrincipaleEtablissement", "nomenclatureActivitePrincipaleEtablissement",
    "activitePrincipaleNAF25Etablissement", "caractereEmployeurEtablissement",
    "identifiantAdresseEtablissement",  # holds IMAGINAIRE: it tells that the file is simulated
}  # fmt: skip
ALLOWED_OF_UNITS = {
    "siren", "statutDiffusionUniteLegale", "dateCreationUniteLegale", "trancheEffectifsUniteLegale",
    "anneeEffectifsUniteLegale", "dateDernierTraitementUniteLegale", "categorieEntreprise",
    "etatAdministratifUniteLegale",
    "categorieJuridiqueUniteLegale", "activitePrincipaleUniteLegale", "nomenclatureActivitePrincipaleUniteLegale",
    "activitePrincipaleNAF25UniteLegale", "nicSiegeUniteLegale", "caractereEmployeurUniteLegale",
}  # fmt: skip
PLACE = ("coordonneeLambertAbscisseEtablissement", "coordonneeLambertOrdonneeEtablissement")

Row = dict[str, str]


def plant(month: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Rewrite the files of a month; return the SIRET of masked establishments, then of open ones.

    One masked unit in three has its establishments marked as open: the unit's status must win.
    """
    word = SENTINEL + month.name.replace("-", "")
    hidden: set[str] = set()
    masked: list[str] = []
    opened: list[str] = []

    def unit(row: Row) -> None:
        if row["statutDiffusionUniteLegale"] != "P":
            return
        hidden.add(row["siren"])
        legal_person = row["categorieJuridiqueUniteLegale"][:1] in "3456789" and row["categorieJuridiqueUniteLegale"]
        kept = ALLOWED_OF_UNITS | ({"denominationUniteLegale"} if legal_person else set())
        row.update({name: f"{word}U{rank}" for rank, name in enumerate(row) if name not in kept})

    def establishment(row: Row) -> None:
        if row["statutDiffusionEtablissement"] != "P" and row["siren"] not in hidden:
            row.update(zip(PLACE, OPEN_PLACE, strict=True))
            opened.append(row["siret"])
            return
        masked.append(row["siret"])
        row.update({name: f"{word}E{rank}" for rank, name in enumerate(row) if name not in ALLOWED_OF_ESTABLISHMENTS})
        row.update(zip(PLACE, MASKED_PLACE, strict=True))
        if row["siren"] in hidden and int(row["siren"]) % 3 == 0:
            row["statutDiffusionEtablissement"] = "O"

    _rewrite(month / "StockUniteLegale_utf8.csv", unit)
    _rewrite(month / "StockEtablissement_utf8.csv", establishment)
    assert hidden and masked and opened
    return tuple(masked), tuple(opened)


def _rewrite(path: Path, change: Callable[[Row], None]) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    for row in rows:
        change(row)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(rows)
