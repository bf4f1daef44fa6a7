"""Imaginary ties of the simulated firms: contracts held together and European projects, under their published headers.

Builders, makers and design offices of one intercommunalité hold contracts together; makers and engineers of the whole
territory meet in projects with foreign partners. Groups are drawn among the head offices of
the first month, so that they are the same every month.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vigie.sources.simulation.days import day_number, month_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vigie.sources.simulation.sites import Sites
    from vigie.sources.simulation.units import Units
    from vigie.sources.simulation.world import World

CONTRACTS_FILE, PROJECTS_FILE = "decp-imaginaires.csv", "cordis-imaginaires-projects-csv.zip"
CONTRACTS_HEADER = (
    "uid", "id", "nature", "acheteur_id", "acheteur_nom", "titulaire_id", "titulaire_nom", "titulaire_typeIdentifiant",
    "objet", "codeCPV", "procedure", "dureeMois", "dateNotification", "datePublicationDonnees", "montant", "techniques",
    "typeGroupementOperateurs", "idAccordCadre", "donneesActuelles",
)  # fmt: skip
ORGANISATIONS_HEADER = (
    "projectID", "projectAcronym", "organisationID", "vatNumber", "name", "shortName", "SME", "activityType", "street",
    "postCode", "city", "country", "nutsCode", "geolocation", "organizationURL", "contactForm", "contentUpdateDate",
    "rcn", "order", "role", "ecContribution", "netEcContribution", "totalCost", "endOfParticipation", "active",
)  # fmt: skip
PROJECTS_HEADER = ("id", "acronym", "status", "title", "startDate", "endDate")
_BUILDS = frozenset({*range(10, 34), 41, 42, 43, 62, 71, 72, 81})
_INVENTS = frozenset({*range(20, 34), 62, 71, 72})
"""Divisions of NAF rev. 2 whose firms hold contracts together, and those that enter projects."""
# Far above real shares, where one firm in a hundred has a known tie: a demonstration must show some.
_HOLDERS, _PARTICIPANTS = 0.12, 0.05
_GROUPINGS = ((0.45, "Conjoint"), (0.80, "Solidaire"), (0.90, ""), (1.0, "Pas de groupement"))
"""How groups are told, shares added up: one in ten is not told, which makes a doubtful tie; one in ten is none."""
_DAYS = 1_500
_LEADS = 0.4
"""Share of firms that lead a group, in which those after them join: what becomes of one firm moves no other group."""
_MOST = {"contract": 4, "project": 6}
_ABROAD = (("DE", "800000001"), ("IT", "800000002"), ("ES", "800000003"))


class TieMaker:
    """Gathers the firms that cooperate, block after block, and writes both files at the end."""

    def __init__(self, world: World, month: int) -> None:
        self._world, self._draw = world, world.streams
        self._until, self._first = month_after(world.epoch, month), world.epoch
        self._holders: dict[str, list[tuple[float, int]]] = defaultdict(list)
        self._participants: list[tuple[float, int]] = []
        self.rows = 0

    def add(self, units: Units, sites: Sites) -> None:
        """Draw who cooperates among the head offices of legal persons that are as old as the simulation."""
        seats = np.flatnonzero((sites.number == units.seat[sites.unit]) & ~sites.partial)
        old = sites.created[seats] <= day_number(self._first)
        seats = seats[old & ~(units.partial | units.natural)[sites.unit[seats]]]
        counter = sites.counter[seats]
        siren = self._world.identifiers.siren(counter)
        siret = self._world.identifiers.siret(siren, sites.number[seats])
        division = self._world.activities.division[sites.naf[seats]]
        builds = np.isin(division, list(_BUILDS)) & self._draw.chance("holds contracts", _HOLDERS, counter)
        invents = np.isin(division, list(_INVENTS)) & self._draw.chance("enters projects", _PARTICIPANTS, counter)
        order = self._draw.uniform("order of cooperation", counter)
        for row in np.flatnonzero(builds):
            commune = int(sites.commune[seats[row]])
            place = self._world.communes.epci[commune] or self._world.communes.codes[commune]
            self._holders[place].append((float(order[row]), int(siret[row])))
        self._participants += [(float(order[row]), int(siret[row])) for row in np.flatnonzero(invents)]

    def write(self, folder: Path) -> tuple[Path, ...]:
        """Write the files that have a row, since one without could not be told imaginary; same world, same bytes."""
        contracts, projects = folder / CONTRACTS_FILE, folder / PROJECTS_FILE
        written = []
        rows = list(self._contracts())
        self.rows = len(rows)
        if rows:
            contracts.write_text(_csv(CONTRACTS_HEADER, rows, ","), encoding="utf-8", newline="")
            written.append(contracts)
        organisations, told = self._projects()
        if not told:
            return tuple(written)
        members = {
            "organization.csv": _csv(ORGANISATIONS_HEADER, organisations, ";"),
            "project.csv": _csv(PROJECTS_HEADER, told, ";"),
        }
        with zipfile.ZipFile(projects, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in members.items():
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
        return (*written, projects)

    def _contracts(self) -> Iterator[dict[str, str]]:
        for held in self._holders.values():
            for group in self._cut(held, "contract"):
                signed, key = self._drawn("contract", group)
                if signed > self._until:
                    continue
                grouping = next(word for bound, word in _GROUPINGS if key < bound)
                market = f"imaginaire-{_siren(group[0]):09d}"
                for siret in group:
                    yield {
                        "uid": market, "id": market, "nature": "Marché", "titulaire_id": f"{siret:014d}",
                        "titulaire_typeIdentifiant": "SIRET", "objet": "Marché (imaginaire)",
                        "dateNotification": signed.isoformat(), "typeGroupementOperateurs": grouping,
                        "donneesActuelles": "true",
                    }  # fmt: skip

    def _projects(self) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        organisations, told = [], []
        for group in self._cut(self._participants, "project"):
            begun, _ = self._drawn("project", group)
            if begun > self._until:
                continue
            number = f"9{_siren(group[0]):09d}"
            told.append({"id": number, "acronym": f"IMAGINAIRE{number}", "title": "Projet (imaginaire)",
                         "status": "SIGNED", "startDate": begun.isoformat()})  # fmt: skip
            shared = {"projectID": number, "projectAcronym": f"IMAGINAIRE{number}", "role": "participant",
                      "shortName": "Organisation (imaginaire)"}  # fmt: skip
            for siren in map(_siren, group):
                vat = f"FR{(12 + 3 * (siren % 97)) % 97:02d}{siren:09d}"
                organisations.append(shared | {"organisationID": f"7{siren:09d}", "vatNumber": vat, "country": "FR"})
            organisations += [shared | {"organisationID": pic, "country": country} for country, pic in _ABROAD]
        return organisations, told

    def _cut(self, held: list[tuple[float, int]], what: str) -> Iterator[list[int]]:
        """Cut firms in groups: one that leads, and those that follow it in their drawn order, two members at least."""
        group: list[int] = []
        for _, siret in sorted(held):
            leads = self._draw.chance(f"leads a {what}", _LEADS, np.array([_siren(siret)], dtype=np.int64))[0]
            if leads or len(group) == _MOST[what]:
                if len(group) > 1:
                    yield group
                group = [siret] if leads else []
            elif group:
                group.append(siret)
        if len(group) > 1:
            yield group

    def _drawn(self, what: str, group: list[int]) -> tuple[date, float]:
        """Return the day and a number between 0 and 1 drawn from the first of a group."""
        first = np.array([_siren(group[0])], dtype=np.int64)
        back = int(self._draw.below(f"day of the {what}", _DAYS, first)[0])
        return self._first + timedelta(60 - back), float(self._draw.uniform(f"kind of {what}", first)[0])


def _siren(siret: int) -> int:
    return siret // 100_000


def _csv(header: tuple[str, ...], rows: list[dict[str, str]], delimiter: str) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, delimiter=delimiter, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
