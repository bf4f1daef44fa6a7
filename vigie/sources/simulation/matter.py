"""Imaginary wastes of the simulated sites, under the headers of the register of emissions; imaginary precedents."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vigie.sources.simulation.days import month_after
from vigie.sources.wastes import wastes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vigie.sources.simulation.sites import Sites
    from vigie.sources.simulation.units import Units
    from vigie.sources.simulation.world import World

REGISTER_FILE, PRECEDENTS_FILE = "irep_dechets_imaginaires.zip", "precedents_imaginaires.csv"
SITES_HEADER = ("identifiant", "nom_etablissement", "numero_siret", "adresse", "code_postal", "commune", "departement",
                "region", "coordonnees_x", "coordonnees_y", "code_epsg", "code_ape", "libelle_ape", "code_eprtr",
                "libelle_eprtr")  # fmt: skip
_COMMON = ("identifiant", "nom_etablissement", "dechet", "annee", "code_operation_eliminatio_valorisation",
           "libelle_operation_eliminatio_valorisation", "code_departement", "pays", "code_dechet",
           "libelle_dechet")  # fmt: skip
PRODUCED_HEADER = (*_COMMON, "quantite", "unite")
TREATED_HEADER = (*_COMMON, "quantite_admise", "quantite_traitee", "unite")
_GIVES: Mapping[str, tuple[str, ...]] = {
    "10": ("020203", "020304", "150101"), "11": ("020704",), "13": ("040222",), "16": ("030105",),
    "17": ("030308",), "18": ("150101",), "20": ("070704",), "22": ("070213", "120105"), "23": ("101208",),
    "25": ("120101", "120109"), "27": ("160214",), "28": ("120101",), "31": ("030105",), "46": ("150101", "150103"),
}  # fmt: skip
_TAKES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "01": (("020304", "R10"),), "16": (("030105", "R3"),), "17": (("150101", "R3"),), "22": (("070213", "R3"),),
    "23": (("101208", "R5"),), "24": (("120101", "R4"),), "35.3": (("030105", "R1"),),
    "38.2": (("020304", "R3"), ("120109", "D10")),
    "38.3": (("120101", "R4"), ("150101", "R3"), ("150103", "R3")),
}  # fmt: skip
"""What each division or group gives, and takes by which operation: loops that close, and some that lack one actor."""
_DECLARES, _TREATS, _SPECIALISTS = 0.1, 0.05, 0.6
"""Shares of the sites of these activities that declare: the large ones, and those whose trade it is."""
_LEAST_TONNES, _DECADES = 3.0, 2.5
PRECEDENTS = (
    ("1", "16", "31", "030105", "Matière première", "Vallée du chêne"),
    ("2", "31", "35", "030105", "Combustible", "Vallée du chêne"),
    ("3", "10", "35", "020304", "Méthanisation", "Plaine laitière"),
    ("4", "10", "10", "020304", "Alimentation animale", "Plaine laitière"),
    ("5", "22", "22", "070213", "Matière première", "Port des plasturgistes"),
    ("6", "25", "24", "120101", "Matière première", "Bassin des fondeurs"),
    ("7", "28", "24", "120101", "Matière première", "Bassin des fondeurs"),
    ("8", "13", "13", "040222", "Isolant", "Coteau des tisserands"),
    ("9", "17", "23", "030308", "Charge minérale", "Coteau des tisserands"),
    ("10", "23", "42", "101208", "Remblai", "Carrière des tuiliers"),
    ("11", "46", "16", "150103", "Palettes réparées", "Port des plasturgistes"),
    ("12", "11", "20", "020704", "Alcool", "Plaine laitière"),
)  # fmt: skip
"""Number, giving and taking divisions, waste, use and place of exchanges that never were."""


class WasteMaker:
    """Invents what sites declare, block after block, and writes the archive of the year at the end."""

    def __init__(self, world: World, month: int) -> None:
        self._draw, self._world = world.streams, world
        self._year = month_after(world.epoch, month).year - 1
        self._codes = world.activities.codes
        self._sites: list[dict[str, str]] = []
        self._rows: dict[str, list[dict[str, str]]] = {
            f"{way}_dechets_{kind}.csv": [] for way in ("Prod", "Trait") for kind in ("dangereux", "non_dangereux")
        }

    def add(self, units: Units, sites: Sites) -> None:
        """Draw what some sites declare; those of firms that asked for discretion declare nothing here."""
        siren = self._world.identifiers.siren(sites.counter)
        siret = self._world.identifiers.siret(siren, sites.number)
        drawn = self._draw.uniform("declares wastes", sites.counter, sites.slot)
        tonnes = 10 ** (self._draw.uniform("tonnes of wastes", sites.counter, sites.slot) * _DECADES)
        for row in np.flatnonzero(sites.open & ~sites.partial & ~(units.partial | units.natural)[sites.unit]):
            code = self._codes[int(sites.naf[row])]
            amount = _LEAST_TONNES * float(tonnes[row])
            given = _GIVES.get(code[:2], ()) if drawn[row] < _DECLARES else ()
            treats = drawn[row] > 1 - (_SPECIALISTS if code[:4] in _TAKES else _TREATS)
            taken = _TAKES.get(code[:4], _TAKES.get(code[:2], ())) if treats else ()
            if not given and not taken:
                continue
            number = str(len(self._sites) + 1)
            named = {"identifiant": number, "nom_etablissement": f"Site {number} (imaginaire)"}
            self._sites.append(named | {"numero_siret": f"{int(siret[row]):014d}"})
            for rank, waste in enumerate(given, start=1):
                self._add("Prod", named, waste, "R13", {"quantite": f"{amount / rank:.1f}"})
            for waste, operation in taken:
                told = f"{3 * amount:.1f}"
                self._add("Trait", named, waste, operation, {"quantite_admise": told, "quantite_traitee": told})

    def write(self, folder: Path) -> tuple[Path, ...]:
        """Write the archive and the precedents; returns their paths."""
        register, precedents = folder / REGISTER_FILE, folder / PRECEDENTS_FILE
        members = {"etablissements.csv": _csv(SITES_HEADER, self._sites)}
        for name, rows in self._rows.items():
            members[name] = _csv(PRODUCED_HEADER if name.startswith("Prod") else TREATED_HEADER, rows)
        with zipfile.ZipFile(register, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in members.items():
                # A moment of its own, so that the same world makes the same bytes.
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
        header = ("id", "case", "nace_from", "nace_to", "ewc", "final_use", "status", "ref")
        told = (
            dict(zip(header, (number, case, giver, taker, waste, use, "Réalisé", f"{case} (imaginaire)"), strict=True))
            for number, giver, taker, waste, use, case in PRECEDENTS
        )
        precedents.write_text(_csv(header, told, ","), encoding="utf-8", newline="")
        return register, precedents

    @property
    def rows(self) -> int:
        """Number of sites that declare."""
        return len(self._sites)

    def _add(self, way: str, named: Mapping[str, str], code: str, operation: str, amounts: Mapping[str, str]) -> None:
        waste = wastes()[code]
        kind = "dangereux" if waste.hazardous else "non_dangereux"
        self._rows[f"{way}_dechets_{kind}.csv"].append({
            **named, **amounts, "dechet": waste.label, "annee": str(self._year), "code_dechet": waste.written,
            "code_operation_eliminatio_valorisation": operation, "libelle_dechet": waste.label, "unite": "tonnes/an",
        })  # fmt: skip


def _csv(header: Sequence[str], rows: Iterable[Mapping[str, str]], delimiter: str = ";") -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, delimiter=delimiter, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
