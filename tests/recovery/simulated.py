"""What the tests of the simulator share: names of the tables and of the months."""

from __future__ import annotations

ISLAND = "85113"
"""The least populous place where the imaginary country has establishments."""
MONTHS = ("2026-10-01", "2026-11-01", "2026-12-01")
TABLES = {
    "e": "StockEtablissement_utf8",
    "u": "StockUniteLegale_utf8",
    "h": "StockEtablissementHistorique_utf8",
    "l": "StockEtablissementLiensSuccession_utf8",
}
JOBS = "etablissements-et-effectifs-salaries-au-niveau-commune-x-ape-last"


def one(rows: list[tuple[object, ...]]) -> object:
    """Return the only value of a query."""
    return rows[0][0]
