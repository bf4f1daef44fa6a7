"""Archives of the register of polluting emissions as tests write them: published headers, imaginary rows."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from vigie.sources.simulation.matter import PRODUCED_HEADER, SITES_HEADER, TREATED_HEADER

Row = Mapping[str, str]
NAME, PLACE = "EARL SENTINELLE DUPRE", "987654.321"
"""A name and a coordinate that must stay nowhere."""


def declared(number: str, waste: str, tonnes: str, operation: str = "R13", year: str = "2024", **more: str) -> Row:
    """Return a row of production or treatment."""
    return {
        "identifiant": number, "nom_etablissement": NAME, "annee": year, "code_dechet": waste,
        "code_operation_eliminatio_valorisation": operation, "quantite": tonnes, "quantite_admise": tonnes,
        "quantite_traitee": tonnes, "unite": "tonnes/an", **more,
    }  # fmt: skip


def write_register(
    path: Path, sites: Mapping[str, str], produced: Sequence[Row] = (), treated: Sequence[Row] = ()
) -> Path:
    """Write an archive: SIRET by number of the register, rows of non-hazardous production and treatment."""
    rows = [
        {"identifiant": number, "numero_siret": siret, "nom_etablissement": NAME, "coordonnees_x": PLACE,
         "coordonnees_y": PLACE, "adresse": f"{NAME}, LE BOURG"}
        for number, siret in sites.items()
    ]  # fmt: skip
    members = {
        "etablissements.csv": _csv(SITES_HEADER, rows),
        "Prod_dechets_non_dangereux.csv": _csv(PRODUCED_HEADER, produced),
        "Trait_dechets_non_dangereux.csv": _csv(TREATED_HEADER, treated),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def _csv(header: Sequence[str], rows: Sequence[Row]) -> str:
    lines = [";".join(header), *(";".join(row.get(column, "") for column in header) for row in rows)]
    return "\n".join(lines) + "\n"
