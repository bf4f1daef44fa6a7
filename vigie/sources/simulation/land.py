"""Imaginary brownfields, where simulated workshops closed, under the headers of the Cnig standard."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from vigie.sources.lambert import degrees

if TYPE_CHECKING:
    from pathlib import Path

    from vigie.sources.simulation.columns import Columns
    from vigie.sources.simulation.sites import Sites
    from vigie.sources.simulation.world import World

FILE = "friches-standard_imaginaires.csv"
HEADER = ("site_id", "site_nom", "site_statut", "comm_nom", "comm_insee", "unite_fonciere_surface", "geompoint")
_SHARE = 0.02
"""Share of the workshops that closed which leave a brownfield: a few dozen in a département, as in inventories."""
_STATUSES = (
    "friche sans projet",
    "friche sans projet",
    "friche avec projet",
    "friche potentielle",
    "friche reconvertie",
)
_UNMEASURED = 0.1
"""Share of brownfields whose area no inventory gives."""
_LEAST_M2, _DECADES = 600.0, 2.0
"""Areas from 600 m² to 6 ha, as many in each tenfold."""
_OVERSEAS = "97"
_MANUFACTURING = frozenset(str(division) for division in range(10, 34))


class LandMaker:
    """Invents the brownfields of a territory, block after block, and writes them at the end."""

    def __init__(self, world: World) -> None:
        self._draw = world.streams
        self._makes = np.array([code[:2] in _MANUFACTURING for code in world.activities.codes])
        self._rows: list[dict[str, str]] = []

    def add(self, columns: Columns, sites: Sites) -> None:
        """Draw brownfields among workshops that closed, where they have a position."""
        if "coordonneeLambertAbscisseEtablissement" not in columns:
            return
        drawn = self._draw.uniform("leaves a brownfield", sites.counter, sites.slot)
        shape = self._draw.uniform("area of a brownfield", sites.counter, sites.slot)
        for row in np.flatnonzero(~sites.open & ~sites.partial & self._makes[sites.naf] & (drawn < _SHARE)).tolist():
            said = {
                name: str(columns[f"{name}Etablissement"][row].as_py() or "")
                for name in ("coordonneeLambertAbscisse", "coordonneeLambertOrdonnee", "codeCommune", "libelleCommune")
            }
            if said["codeCommune"].startswith(_OVERSEAS) or not said["coordonneeLambertAbscisse"]:
                continue
            longitude, latitude = degrees(
                float(said["coordonneeLambertAbscisse"]), float(said["coordonneeLambertOrdonnee"])
            )
            number, share = len(self._rows) + 1, float(drawn[row]) / _SHARE
            area = "" if share < _UNMEASURED else f"{_LEAST_M2 * 10 ** (float(shape[row]) * _DECADES):.0f}"
            self._rows.append({
                "site_id": f"{said['codeCommune']}_{number}", "site_nom": f"Ancien atelier n° {number} (imaginaire)",
                "site_statut": _STATUSES[int(share * len(_STATUSES))], "comm_nom": said["libelleCommune"],
                "comm_insee": said["codeCommune"], "unite_fonciere_surface": area,
                "geompoint": f"Point ({longitude:.6f} {latitude:.6f})",
            })  # fmt: skip

    def write(self, folder: Path) -> Path:
        """Write the file."""
        path = folder / FILE
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, HEADER, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self._rows)
        return path

    @property
    def rows(self) -> int:
        """Number of brownfields."""
        return len(self._rows)
