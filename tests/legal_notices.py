"""Exports of BODACC written by tests: imaginary notices under the published header."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

HEADER = (
    "id", "publicationavis", "publicationavis_facette", "parution", "dateparution", "numeroannonce", "typeavis",
    "typeavis_lib", "familleavis", "familleavis_lib", "numerodepartement", "departement_nom_officiel", "region_code",
    "region_nom_officiel", "tribunal", "commercant", "ville", "registre", "cp", "pdf_parution_subfolder",
    "listepersonnes", "listeetablissements", "jugement", "acte", "modificationsgenerales", "radiationaurcs", "depot",
    "listeprecedentexploitant", "listeprecedentproprietaire", "divers", "parutionavisprecedent", "url_complete",
)  # fmt: skip
PERSON = "SENTINELLE Prénom"
"""What stands where the published files name people: it must be read nowhere."""
ISSUE = "20260190"


def spaced(siren: str) -> str:
    """Return a SIREN as registries write it."""
    return f"{siren[:3]} {siren[3:6]} {siren[6:]}"


def notice(number: int, siren: str | None, family: str, **changed: str) -> dict[str, str]:
    """Return a notice of a firm; `nature` and `judged` write its judgment, `named` the notice that it takes back."""
    row = dict.fromkeys(HEADER, "") | {
        "id": f"A{ISSUE}{number}", "publicationavis": "A", "publicationavis_facette": "Bodacc A", "parution": ISSUE,
        "dateparution": "2026-10-01", "numeroannonce": str(number), "typeavis": "annonce",
        "typeavis_lib": "Avis initial", "familleavis": family, "numerodepartement": "85",
        "tribunal": "Tribunal de commerce de La Roche-sur-Yon", "commercant": PERSON, "ville": "Les Herbiers",
        "cp": "85500", "listepersonnes": json.dumps({"personne": {"nom": PERSON}}),
        "acte": json.dumps({"descriptif": PERSON}), "divers": PERSON,
        "registre": f"{siren},{spaced(siren)}" if siren else "",
        "url_complete": f"https://www.bodacc.fr/pages/annonces-commerciales-detail/?q.id=id:A{ISSUE}{number}",
    }  # fmt: skip
    nature, judged, named = (changed.pop(name, "") for name in ("nature", "judged", "named"))
    if nature:
        told = {"type": "initial", "nature": nature, "complementJugement": PERSON} | (
            {"date": judged} if judged else {}
        )
        row["jugement"] = json.dumps(told, ensure_ascii=False)
    if named:
        row["parutionavisprecedent"] = json.dumps(
            {
                "nomPublication": "BODACC A",
                "numeroParution": ISSUE,
                "dateParution": "2026-10-01",
                "numeroAnnonce": named,
            }
        )
    return row | changed


def write_notices(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """Write an export as it is published: semicolons, cells quoted where they must be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, HEADER, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path
