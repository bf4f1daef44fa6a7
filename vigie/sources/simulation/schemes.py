"""Imaginary schemes that help firms, in the three layouts in which real ones are published.

Their identifiers begin with `imaginaire-` and their titles say it too: nobody takes them for real ones. They close one
after the other, at the end of months, so that some always close soon.
"""

from __future__ import annotations

import csv
import io
import json
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from vigie.domain.french import short_date
from vigie.sources.aids import IMAGINARY
from vigie.sources.simulation.days import month_after

if TYPE_CHECKING:
    from pathlib import Path

PLAIN_FILE = "dispositifs_aide_imaginaires.csv"
PROFESSIONAL_FILE = "dispositifs_aide_professionnels_imaginaires.csv"
STRUCTURED_FILE = "programmes_aide_imaginaires.json"
_NAMESPACE = uuid.UUID("5f0c2a6e-7f6b-4d0e-9d53-0d3b0f9f3a11")
_HOLDERS = ("Agence imaginaire des vallées", "Région imaginaire", "Banque imaginaire du littoral",
            "Chambre imaginaire des métiers")  # fmt: skip
_EVERY_SECTION = "A|B|C|D|E|F|G|H|I|J|K|L|M|N|O|P|Q|R|S|T|U"
_STARTED = "Le projet ne doit pas avoir commencé avant la demande"


@dataclass(frozen=True, slots=True)
class _Made:
    """A scheme to write; `months` counts those until it closes, that of the simulation included; 0 means never."""

    title: str
    promise: str
    kind: str
    cost: str
    sections: str = _EVERY_SECTION
    least: int | None = None
    most: int | None = None
    years: int | None = None
    alone: bool = True
    months: int = 0
    other: tuple[str, ...] = ()


_PLAIN = (
    _Made("Diagnostic des toitures d’atelier", "Savoir ce que le toit d’un atelier laisse passer", "étude", "Gratuit",
          other=(_STARTED,)),
    _Made("Chèque vélo-cargo", "Acheter un vélo pour les livraisons", "financement", "Jusqu’à 2 000 € par vélo",
          months=2, alone=False),
    _Made("Formation aux économies d’eau", "Apprendre à mesurer et réduire l’eau d’une ligne", "formation", "Gratuit",
          sections="C|E|I", years=1, months=1),
)  # fmt: skip
_PROFESSIONAL = (
    _Made("Aide à la première machine connectée", "Relier une machine-outil à un suivi de production", "financement",
          "La moitié du coût, dans la limite de 40 000 €", sections="C", most=249, years=2, alone=False, months=3,
          other=(_STARTED, "Le devis vient d’un intégrateur indépendant de l’entreprise")),
    _Made("Prêt à la reprise d’atelier", "Reprendre un atelier dont le dirigeant part", "prêt",
          "De 30 000 à 300 000 €", sections="C|F|G", most=49, months=4),
    _Made("Étude de réemploi des chutes", "Trouver qui prendrait les chutes de production", "étude",
          "Sept dixièmes du coût de l’étude", sections="13|14|15|16|22|25|31", least=5, years=1),
    _Made("Prime à l’embauche d’un ingénieur", "Recruter le premier ingénieur de l’entreprise", "financement",
          "12 000 € la première année", sections="C|J|M", least=10, most=249, months=6,
          other=("L’entreprise n’emploie aucun ingénieur",)),
)  # fmt: skip
_STRUCTURED = (
    _Made("Visite énergie des ateliers", "Une demi-journée pour lire ses factures", "étude", "Gratuit",
          sections="C|F|I", most=249),
    _Made("Investissement sobriété", "Remplacer un four, un compresseur, un éclairage", "financement",
          "Jusqu’à 80 000 €", sections="C", least=10, most=4999, months=5, other=(_STARTED,)),
    _Made("Crédit d’impôt bâtiment", "Isoler un bâtiment dont on est propriétaire", "avantage fiscal",
          "Trois dixièmes des dépenses", most=249, months=8),
)  # fmt: skip


def write_schemes(folder: Path, region: str, day: date) -> tuple[Path, ...]:
    """Write the three catalogues of a simulation: some schemes are of its région alone; returns their paths."""
    written = {
        PLAIN_FILE: _csv([_plain_cells(rank, one, region, day) for rank, one in enumerate(_PLAIN)]),
        PROFESSIONAL_FILE: _csv([_cells(rank, one, region, day) for rank, one in enumerate(_PROFESSIONAL)]),
        STRUCTURED_FILE: json.dumps(
            [_object(rank, one, day) for rank, one in enumerate(_STRUCTURED)], ensure_ascii=False, indent=1
        )
        + "\n",
    }
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return tuple(folder / name for name in written)


def _csv(rows: list[dict[str, str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _common(rank: int, one: _Made, day: date) -> dict[str, str]:
    holder = _HOLDERS[(rank + len(one.title)) % len(_HOLDERS)]
    return {
        "id": _identifier(one),
        "titre": f"{one.title} (imaginaire)",
        "promesse": one.promise,
        "description": f"{one.promise}. Ce dispositif n’existe pas : il montre ce que Vigie fait des vrais.\n\n"
        f"Montant de l'aide ou cout: {one.cost}",
        "eligibilite": "",
        "types_aides": one.kind,
        "porteurs": json.dumps([{"nom": holder, "siren": "", "roles": ["instructeur"]}], ensure_ascii=False),
        "programmes_parents": "",
        "url_source": f"https://aides.exemple.invalid/{_identifier(one)}",
        "cibles": "professionnels",
        "eligibilite_geographique": "PAYS-99100",
        "eligibilite_geographique_exclusions": "",
        "date_ouverture": f"{month_after(day, -6).isoformat()}T00:00:00Z",
        "date_cloture": f"{_closing(one, day).isoformat()}T12:00:00Z" if one.months else "",
        "date_mise_a_jour": f"{day.isoformat()}T00:00:00Z",
    }


def _plain_cells(rank: int, one: _Made, region: str, day: date) -> dict[str, str]:
    lines = [
        f"Eligibilité Sectorielle : {_sector(one)}",
        f"Secteurs principalement concernés par le dispositif : {one.sections}",
        "Eligibilité en fonction du nombre de salariés: Toutes tailles",
    ]  # fmt: skip
    if one.years:
        lines.append(f"Eligibilité lié à la durée d'existence de l'entreprise : Au moins {one.years} an d’activité")
    if not one.alone:
        lines.append("Non éligible aux micro entreprises")
    if one.other:
        lines += ["", " Autres conditions d'éligibilité :", *(f"- {said}" for said in one.other)]
    places = {"eligibilite_geographique": f"REG-{region}"} if rank and region else {}
    return _common(rank, one, day) | {"eligibilite": "\n".join(lines)} | places


def _cells(rank: int, one: _Made, region: str, day: date) -> dict[str, str]:
    places = {"eligibilite_geographique": f"REG-{region}"} if rank % 2 and region else {}
    return _common(rank, one, day) | places | {
        "eligibilite": "\n".join(f"• {said} ;" for said in one.other) or "• Être à jour de ses cotisations ;",
        "base_juridique": json.dumps([{"libelle": "Règlement de minimis", "lien": ""}], ensure_ascii=False),
        "eligibilite_effectif_minimal": "" if one.least is None else str(one.least),
        "eligibilite_effectif_maximal": "" if one.most is None else str(one.most),
        "eligibilite_categorie_taille_entreprise": "MIC|PME" if one.most is not None else "",
        "eligibilite_annees_existence_minimal": str(one.years or ""),
        "eligibilite_forme_juridique": "",
        "eligibilite_forme_juridique_exclusions": "" if one.alone else "EI|Microentrepreneur",
        "ciblage_secteur_activite": "industrie",
        "ciblage_naf": one.sections,
        "ciblage_naf_exclusions": "",
        "chainage_paiement": "",
    }  # fmt: skip


def _object(rank: int, one: _Made, day: date) -> dict[str, object]:
    sections = one.sections.split("|")
    return {
        "id": _identifier(one), "titre": f"{one.title} (imaginaire)", "promesse": one.promise,
        "description": f"{one.promise}. Ce dispositif n’existe pas : il montre ce que Vigie fait des vrais.",
        "operateur": _HOLDERS[rank], "autres_operateurs": [], "nature": one.kind,
        "montants": {"montant du financement": one.cost}, "url": f"https://aides.exemple.invalid/{_identifier(one)}",
        "naf_sections": sections, "naf_toutes": one.sections == _EVERY_SECTION, "regions": [],
        "effectif_min": one.least, "effectif_max": one.most, "exclut_microentrepreneur": not one.alone,
        "ouvert_administrations": False, "validite_debut": short_date(month_after(day, -6)),
        "validite_fin": short_date(_closing(one, day)) if one.months else None, "objectifs": ["energy"],
        "conditions_texte": {
            "taille de l'entreprise": [f"Moins de {one.most + 1} salariés" if one.most else "Toutes tailles"],
            "secteur d'activité": [_sector(one)],
            "nombre d'années d'activité": ["Éligible à toutes les entreprises"],
            "autres critères d'éligibilité": list(one.other),
        },
        "champs_conditionnels": None, "indisponible": None, "autonomie": None,
    }  # fmt: skip


def _sector(one: _Made) -> str:
    return "Tous secteurs d’activité" if one.sections == _EVERY_SECTION else "Industrie et métiers proches"


def _identifier(one: _Made) -> str:
    return f"{IMAGINARY}{uuid.uuid5(_NAMESPACE, one.title)}"


def _closing(one: _Made, day: date) -> date:
    """Return the last day of the month in which a scheme closes, that of the simulation being the first."""
    return month_after(day, one.months) - timedelta(days=1)
