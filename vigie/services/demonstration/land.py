"""The file of imaginary land units that the demonstration brings, in the layout of the CNIG."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

_CORNER = (365_000, 6_630_000)
"""Metres in Lambert-93, in the Vendée."""
_LINES = (
    ("1.2", 120, "vacant", "en vente", ""),
    ("0.64", 80, "occupé", "vendu, commercialisation achevée", "Société imaginaire des halles"),
    ("2.25", 150, "inoccupé", "réservé par option de réservation", ""),
)
"""Hectares, side of the plot in metres, occupation, stage of sale, who bought it."""
_TITLES = (
    "terr_id", "site_id", "terr_surf_brute", "terr_identif_date", "terr_actu_date", "terr_maitrise_fonc",
    "terr_stade_amngt", "terr_stade_comm", "terr_etat_occup", "terr_usage", "terr_geomsurf", "terr_acquereur",
)  # fmt: skip


def land_file(commune: str, seen_on: date) -> bytes:
    """Return a file of three imaginary land units of a commune, surveyed on a day."""
    rows = [_TITLES, *(_line(commune, seen_on, rank) for rank in range(len(_LINES)))]
    return "".join(f"{';'.join(row)}\n" for row in rows).encode()


def _line(commune: str, seen_on: date, rank: int) -> tuple[str, ...]:
    hectares, side, occupation, sale, buyer = _LINES[rank]
    x, y, deep = _CORNER[0] + 300 * rank, _CORNER[1], round(float(hectares) * 10_000 / side)
    ring = ((x, y), (x + side, y), (x + side, y + deep), (x, y + deep), (x, y))
    return (
        f"{commune}_TERRAIN-ECO_9000{rank + 1}", f"{commune}_SITE-ECO_90001", hectares, "2024-01-15",
        seen_on.isoformat(), "structure intercommunale", "viabilisé et aménagé", sale, occupation, "bâti productif",
        f"POLYGON(({', '.join(f'{east} {north}' for east, north in ring)}))", buyer,
    )  # fmt: skip
