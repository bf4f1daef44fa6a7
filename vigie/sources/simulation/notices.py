"""Imaginary legal notices of the simulated firms, under the header of the export of BODACC."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vigie.sources.simulation.days import month_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vigie.sources.simulation.sites import Sites
    from vigie.sources.simulation.units import Units
    from vigie.sources.simulation.world import World

FILE = "annonces-commerciales.csv"
HEADER = (
    "id", "publicationavis", "publicationavis_facette", "parution", "dateparution", "numeroannonce", "typeavis",
    "typeavis_lib", "familleavis", "familleavis_lib", "numerodepartement", "departement_nom_officiel", "region_code",
    "region_nom_officiel", "tribunal", "commercant", "ville", "registre", "cp", "pdf_parution_subfolder",
    "listepersonnes", "listeetablissements", "jugement", "acte", "modificationsgenerales", "radiationaurcs", "depot",
    "listeprecedentexploitant", "listeprecedentproprietaire", "divers", "parutionavisprecedent", "url_complete",
)  # fmt: skip
_COURT = "Tribunal de commerce imaginaire"
_HAPPENS = (
    (0.0006, "collective", "Jugement d’ouverture d’une procédure de sauvegarde"),
    (0.0018, "collective", "Jugement d’ouverture d’une procédure de redressement judiciaire"),
    (0.0030, "collective", "Jugement d’ouverture de liquidation judiciaire"),
    (0.0036, "collective", "Jugement arrêtant le plan de redressement"),
    (0.0056, "vente", ""),
    (0.0256, "dpc", ""),
)
"""Shares of open firms, added up: about one in three hundred knows a procedure in half a year, as in France."""
_SPAN, _WINDOW = 240, 180
"""Days over which the notices of open firms are spread, 150 of them before the first month; those that a file holds."""
_BEFORE, _SOON, _SPREAD = 150, 10, 20
"""Days before the first month; between a closing and its striking off, at least and beyond."""


class NoticeMaker:
    """Invents the notices of a month, block after block, and writes them at the end."""

    def __init__(self, world: World, month: int) -> None:
        self._draw, self._first = world.streams, world.epoch
        self._identify = world.identifiers.siren
        self._day = month_after(world.epoch, month)
        self._rows: list[dict[str, str]] = []

    def add(self, units: Units, sites: Sites) -> None:
        """Draw the notices of the firms whose head office is among some sites."""
        seats = np.flatnonzero((sites.number == units.seat[sites.unit]) & ~sites.partial)
        counter = sites.counter[seats]
        siren, drawn = self._identify(counter), self._draw.uniform("legal notice", counter)
        lag = self._draw.below("day of the legal notice", _SPAN, counter)
        after = self._draw.below("delay of the striking off", _SPREAD, counter)
        opened, closed = sites.open[seats], sites.since[seats]
        for row in np.flatnonzero(opened & (drawn < _HAPPENS[-1][0])):
            family, nature = next((name, what) for bound, name, what in _HAPPENS if drawn[row] < bound)
            self._add(int(siren[row]), self._first + timedelta(int(lag[row]) - _BEFORE), family, nature)
        for row in np.flatnonzero(~opened):
            ended = date(1970, 1, 1) + timedelta(int(closed[row]))
            self._add(int(siren[row]), ended + timedelta(_SOON + int(after[row])), "radiation", "")

    def write(self, folder: Path) -> Path:
        """Write the file; nothing of it stays when the writing is interrupted."""
        path, temporary = folder / FILE, folder / f".{FILE}.partial"
        try:
            with temporary.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, HEADER, delimiter=";", restval="")
                writer.writeheader()
                writer.writerows(self._numbered())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        return path

    @property
    def rows(self) -> int:
        """Number of notices drawn so far."""
        return len(self._rows)

    def _add(self, siren: int, published: date, family: str, nature: str) -> None:
        if not self._day - timedelta(_WINDOW) <= published <= self._day:
            return
        text = f"{siren:09d}"
        judged = {"type": "initial", "nature": nature, "date": (published - timedelta(8)).isoformat()}
        self._rows.append({
            "id": f"imaginaire-{family}-{text}", "publicationavis": "C" if family == "dpc" else "A",
            "parution": f"{published:%Y%m%d}", "dateparution": published.isoformat(), "typeavis": "annonce",
            "typeavis_lib": "Avis initial", "familleavis": family, "tribunal": _COURT,
            "registre": f"{text},{text[:3]} {text[3:6]} {text[6:]}",
            "jugement": json.dumps(judged, ensure_ascii=False) if nature else "", "divers": "Annonce (imaginaire)",
        })  # fmt: skip

    def _numbered(self) -> Iterator[dict[str, str]]:
        ordered = sorted(self._rows, key=lambda row: (row["dateparution"], row["id"]))
        for number, row in enumerate(ordered, start=1):
            yield row | {"numeroannonce": str(number)}
