"""What files to take away hold: the list of a search, the findings of a portrait, their columns, units and sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from vigie.interfaces.present import vintage_of
from vigie.interfaces.sheets import Cell, Sheet, SheetColumn, described

if TYPE_CHECKING:
    from vigie.domain.finding import Finding
    from vigie.domain.provenance import Provenance
    from vigie.services.know import DirectoryEntry
    from vigie.services.portrait.answer import Portrait

COLUMNS: Mapping[str, SheetColumn] = {
    "siret": SheetColumn("SIRET", meaning="Numéro de l’établissement, quatorze chiffres.", kind="identifier"),
    "siren": SheetColumn("SIREN", meaning="Numéro de l’entreprise, neuf chiffres.", kind="identifier"),
    "name": SheetColumn("Nom", meaning="Vide quand il n’est pas diffusible.", width=34),
    "state": SheetColumn("État (A ouvert, F fermé, N à venir)", meaning="N : la création est annoncée."),
    "naf": SheetColumn("Activité", meaning="Code dans la nomenclature de la colonne suivante."),
    "naf_nomenclature": SheetColumn("Nomenclature"),
    "naf_label": SheetColumn("Libellé de l’activité", width=40),
    "naf25": SheetColumn("Activité NAF 2025", meaning="Code dans la NAF 2025."),
    "size_band": SheetColumn(
        "Tranche d’effectif",
        meaning="Code de l’Insee. NN : pas de salarié ou pas de déclaration ; 00 : plus de salarié en fin d’année.",
        kind="code",
    ),
    "size_label": SheetColumn(
        "Effectif", "salariés", "Tranche en clair ; vide quand elle n’est pas publiée.", width=22
    ),
    "size_year": SheetColumn("Année de l’effectif", "année"),
    "employer": SheetColumn("Employeur (O, N)", meaning="Vide quand ce n’est pas connu."),
    "address": SheetColumn("Adresse", width=34),
    "distribution": SheetColumn("Distribution spéciale", meaning="Boîte postale ou course spéciale (BP, CS, TSA)."),
    "postal_code": SheetColumn("Code postal", kind="code"),
    "cedex_code": SheetColumn("Code CEDEX", meaning="Code postal du courrier d’entreprise.", kind="code"),
    "cedex_label": SheetColumn("Libellé CEDEX", width=24),
    "commune": SheetColumn("Code commune", meaning="Code officiel géographique.", kind="code"),
    "commune_name": SheetColumn("Commune", meaning="À l’étranger, la ville.", width=24),
    "country": SheetColumn("Pays", meaning="Vide en France."),
    "head_office": SheetColumn("Siège"),
    "craft": SheetColumn("Artisanat"),
    "created": SheetColumn("Création", "jour", "Vide quand la date n’est pas connue."),
    "closed": SheetColumn("Fermeture", "jour", "Annoncée quand l’état est A."),
    "longitude": SheetColumn("Longitude", "degrés (WGS 84)"),
    "latitude": SheetColumn("Latitude", "degrés (WGS 84)"),
    "distance_km": SheetColumn("Distance (km)", "kilomètres", "À vol d’oiseau, du point demandé."),
    "diffusion": SheetColumn(
        "Diffusion (O, P, U)",
        meaning="O : complète. P : partielle, à la demande de l’entreprise. U : masqué, unité légale non chargée.",
    ),
}
_FINDINGS = (
    SheetColumn("Constat", width=44),
    SheetColumn("Poste", meaning="Vide pour le chiffre d’ensemble.", width=44),
    SheetColumn("Code du poste", meaning="Activité ou tranche d’effectif.", kind="code"),
    SheetColumn("Année", "année", "Vide pour la dernière valeur."),
    SheetColumn("Valeur", "celle de la colonne Unité", "Vide quand elle n’est pas connue, jamais zéro."),
    SheetColumn("Unité", width=24),
    SheetColumn("Borne basse", "celle de la colonne Unité", "Vide quand rien ne la borne."),
    SheetColumn("Borne haute", "celle de la colonne Unité", "Vide quand rien ne la borne."),
    SheetColumn("Part connue", "part, de 0 à 1", "Part de la base dont la valeur est connue."),
    SheetColumn("Remarque", width=60),
    SheetColumn("Sources", width=60),
)
_SOURCES = (SheetColumn("Source", width=60), SheetColumn("Producteur", width=30), SheetColumn("Licence", width=24),
            SheetColumn("Données", width=30), SheetColumn("Adresse", width=60),
            SheetColumn("Mention", meaning="Texte que la licence demande de reprendre.", width=60))  # fmt: skip
_IMAGINARY = "Établissements imaginaires : seules les communes sont réelles."


def list_sheets(entries: Iterable[DirectoryEntry], sources: Iterable[Provenance], simulated: bool) -> tuple[Sheet, ...]:
    """Return the list of a search, the meaning of its columns, its sources."""
    rows = ([getattr(entry, name) for name in COLUMNS] for entry in entries)
    sheet = Sheet("Établissements", tuple(COLUMNS.values()), rows)
    return sheet, described(sheet), source_sheet(sources, simulated)


def portrait_sheets(portrait: Portrait) -> tuple[Sheet, ...]:
    """Return the findings of a portrait with their parts and years, the meaning of columns, the sources."""
    rows = [row for found in portrait.findings for row in _finding_rows(found)]
    sheet = Sheet("Constats", _FINDINGS, rows)
    return sheet, described(sheet), source_sheet(portrait.sources, portrait.simulated)


def _finding_rows(found: Finding) -> Iterable[Sequence[Cell]]:
    yield _row(found, found, "", None)
    for part in found.breakdown:
        for one in (part, *part.breakdown):
            yield _row(found, one, one.label, None)
    for year, value in found.series:
        yield (found.label, "", "", year, value, found.unit, None, None, None, "", _titles(found))


def _row(whole: Finding, one: Finding, label: str, year: str | None) -> Sequence[Cell]:
    bounds = (one.interval.low, one.interval.high) if one.interval else (None, None)
    cited = _cited(whole) if one is whole else _titles(whole)
    return (whole.label, label, one.key or "", year, one.value, one.unit, *bounds, one.coverage, one.note or "", cited)


def _titles(found: Finding) -> str:
    return ", ".join(source.title for source in found.sources)


def _cited(found: Finding) -> str:
    """Return the sources of a figure, with the text that their licence asks: a CSV file has no sheet of sources."""
    told = (f"{one.title}. {one.attribution}" if one.attribution else one.title for one in found.sources)
    return ", ".join(told)


def source_sheet(sources: Iterable[Provenance], simulated: bool) -> Sheet:
    """Return the sheet of sources, headed by what is imaginary."""
    rows: list[Sequence[Cell]] = [
        (one.title, one.producer, one.licence, vintage_of(one.vintage), one.url or "", one.attribution)
        for one in sources
    ]
    if simulated:
        rows.insert(0, (_IMAGINARY, "Vigie (simulation)", "", "", "", ""))
    return Sheet("Sources", _SOURCES, rows)
