"""Lists to take away: CSV (RFC 4180), CSV that Excel opens as it is, with no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vigie.interfaces import french

COLUMNS: Mapping[str, str] = {
    "siret": "SIRET",
    "siren": "SIREN",
    "name": "Nom",
    "state": "État (A ouvert, F fermé)",
    "naf": "Activité",
    "naf_nomenclature": "Nomenclature",
    "naf_label": "Libellé de l’activité",
    "naf25": "Activité NAF 2025",
    "size_band": "Tranche d’effectif",
    "size_label": "Effectif",
    "size_year": "Année de l’effectif",
    "employer": "Employeur (O, N)",
    "address": "Adresse",
    "postal_code": "Code postal",
    "commune": "Code commune",
    "commune_name": "Commune",
    "head_office": "Siège",
    "craft": "Artisanat",
    "created": "Création",
    "closed": "Fermeture",
    "longitude": "Longitude",
    "latitude": "Latitude",
    "distance_km": "Distance (km)",
    "masked": "Diffusion partielle",
}
_IDENTIFIERS = ("siret", "siren")
_CODES = ("commune", "postal_code", "size_band")
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written: separator, mark at its head, decimal sign, whether codes are shielded from Excel."""

    separator: str
    head: str
    decimal: str
    shielded: bool


PLAIN = Dialect(",", "", ".", shielded=False)
EXCEL = Dialect(";", "\ufeff", ",", shielded=True)


def csv_lines(entries: Iterable[Mapping[str, Any]], dialect: Dialect) -> Iterator[str]:
    """Write records as CSV, one line at a time; the first carries the French names of the columns."""
    yield dialect.head + _line(list(COLUMNS.values()), dialect)
    for entry in entries:
        yield _line([_cell(name, entry.get(name), dialect) for name in COLUMNS], dialect)


def _line(cells: Sequence[str], dialect: Dialect) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=dialect.separator, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()


def _cell(name: str, value: Any, dialect: Dialect) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", dialect.decimal)
    text = str(value)
    if dialect.shielded and name in _IDENTIFIERS:
        return french.identifier(text)
    if dialect.shielded and name in _CODES:
        return f"{french.NBSP}{text}"
    return f"'{text}" if text.startswith(_RUN_BY_SPREADSHEETS) else text
