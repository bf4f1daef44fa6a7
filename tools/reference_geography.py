"""Communes, EPCI, EPT, départements, régions and former codes, out of the yearly packages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from reference_packages import Vintage, read_json

Row = dict[str, Any]

_KINDS = {
    "commune-actuelle": "commune",
    "arrondissement-municipal": "arrondissement",
    "commune-deleguee": "deleguee",
    "commune-associee": "associee",
}
_GRAND_PARIS = "200054781"
_MAYOTTE, _MAYOTTE_YEAR = "976", 2017


class Edition:
    """One package as published, with the reading rules of its vintage."""

    def __init__(self, vintage: Vintage, archive: Path, complement: Edition | None = None) -> None:
        self.vintage = vintage
        self._archive = archive
        self.epci: list[Row] = read_json(archive, "data/epci.json")
        self._complement = complement
        self.records = self._records()
        self.member_population = {
            member["code"]: member.get("populationMunicipale") for group in self.epci for member in group["membres"]
        }
        self._created = self._created_since_population()

    def _records(self) -> list[Row]:
        """Records of the year; those of an incomplete package are picked by the year's EPCI composition."""
        records: list[Row] = read_json(self._archive, "data/communes.json")
        if self.vintage.complete or self._complement is None:
            return records
        grouped = {member["code"] for group in self.epci for member in group["membres"]}
        alone = {code for code in self._complement.current if code not in self._complement.epci_of}
        known = {record["code"]: record for record in self._complement.records if _is(record, "commune")}
        known |= {record["code"]: record for record in records if _is(record, "commune")}
        overseas = {code for code, record in known.items() if _department(record)[:2] > "97" or "zone" in record}
        kept = [known[code] for code in sorted(grouped | (alone & known.keys()) | overseas)]
        return kept + [record for record in records if _is(record, "arrondissement")]

    @cached_property
    def current(self) -> dict[str, Row]:
        """Communes in force, by code."""
        return {record["code"]: record for record in self.records if _is(record, "commune")}

    @cached_property
    def epci_of(self) -> dict[str, str]:
        """SIREN of the EPCI of each commune that has one."""
        return {member["code"]: group["code"] for group in self.epci for member in group["membres"]}

    def history(self) -> list[Row]:
        """Dated events of communes since 1943, which only the 2019 package carries."""
        rows: list[Row] = read_json(self._archive, "data/historique-communes.json")
        return rows

    def _created_since_population(self) -> set[str]:
        """Communes whose figure is that of one former commune: created after the geography of the populations."""
        if self.vintage.population_of != "previous":
            return set()
        start, end = f"{self.vintage.year - 1}-01-01", f"{self.vintage.year}-01-01"
        return {
            event["code"]
            for event in self.history()
            if event["type"] == "COM"
            and "dateFin" not in event
            and start < event.get("dateDebut", "") <= end
            and event.get("raisonDebut") != "changement de nom"
        }

    def population(self, record: Row) -> int | None:
        """Population of a commune in the geography of this vintage; `None` when it is not known."""
        code = record["code"]
        if not _is(record, "commune", "arrondissement"):
            return None
        if self.vintage.population_year is None or code in self._created:
            return None
        if self.vintage.population_of == "epci" and self.member_population.get(code) is not None:
            return int(self.member_population[code])
        return record.get("population")

    def population_year(self, department: str) -> int | None:
        """Census year of the populations; overseas collectivities have their own, which the package does not tell."""
        if self.vintage.population_year is None:
            return None
        if department == _MAYOTTE:
            return _MAYOTTE_YEAR
        return None if department > "976" else self.vintage.population_year

    def communes(self, *, details: bool) -> Iterator[Row]:
        """Rows of the table of communes; SIREN and postal codes only when details are wanted."""
        epci, current = self.epci_of, self.current
        for record in self.records:
            parent = record.get("commune") or record.get("chefLieu")
            home = current.get(parent or record["code"], record)
            department = _department(home)
            population = self.population(record)
            yield {
                "vintage": self.vintage.year,
                "code": record["code"],
                "name": record["nom"],
                "kind": _KINDS[record["type"]],
                "parent": parent,
                "department": department,
                "region": _region(home),
                "epci": epci.get(home["code"]),
                "population": population,
                "population_year": None if population is None else self.population_year(department),
                "siren": record.get("siren") if details else None,
                "postal_codes": record.get("codesPostaux") if details else None,
            }

    def territories(self) -> Iterator[Row]:
        """Rows of the table of territories, and their communes under "members"."""
        communes = self.current
        by_department, by_region = defaultdict(list), defaultdict(list)
        for code, record in communes.items():
            by_department[_department(record)].append(code)
            if region := _region(record):
                by_region[region].append(code)
        for group in self.epci:
            yield self._territory("epci", group, group["type"], None, _codes(group))
        for group in self._ept():
            yield self._territory("ept", group, "EPT", _GRAND_PARIS, _codes(group))
        for item in [*read_json(self._archive, "data/departements.json"), *self._collectivities()]:
            region = item.get("region")
            parent = region if region in by_region else None
            yield self._territory("departement", item, None, parent, by_department[item["code"]])
        for item in read_json(self._archive, "data/regions.json"):
            if item["code"] in by_region:
                yield self._territory("region", item, None, None, by_region[item["code"]])

    def _ept(self) -> list[Row]:
        try:
            rows: list[Row] = read_json(self._archive, "data/ept.json")
        except KeyError:  # published from 2023 on
            return []
        return rows

    def _collectivities(self) -> list[Row]:
        """Overseas collectivities, which packages before 2022 carry on the communes only."""
        found = {}
        for record in self.current.values():
            if group := record.get("collectiviteOutremer"):
                found[group["code"]] = group
        return list(found.values())

    def _territory(self, kind: str, item: Row, detail: str | None, parent: str | None, members: list[str]) -> Row:
        populations = [self.population(self.current[code]) for code in members]
        total = None if None in populations else sum(filter(None, populations))
        years = {self.population_year(_department(self.current[code])) for code in members}
        if kind == "epci" and total is None and self.vintage.population_of == "previous":
            total = item["populationMunicipale"]
        return {
            "vintage": self.vintage.year,
            "kind": kind,
            "code": item["code"],
            "name": item["nom"],
            "detail": detail,
            "parent": parent,
            "population": total,
            "population_year": years.pop() if total is not None and len(years) == 1 else None,
            "members": sorted(members),
        }


def former_communes(editions: Iterable[Edition]) -> Iterator[Row]:
    """Rows of former codes: the code that replaces each today, and the first vintage in which it does.

    Every edition names the former codes of its communes; the last one gives today's code. A code in force
    in 2019 or later ends with the first vintage that lacks it, an older one with its last dated event.
    """
    ordered = sorted(editions, key=lambda edition: edition.vintage.year)
    latest = ordered[-1]
    today = {
        former: record["code"]
        for record in latest.records
        if _is(record, "commune")
        for former in record.get("anciensCodes", ())
    }
    for record in latest.records:
        if record["type"] in ("commune-deleguee", "commune-associee"):
            today.setdefault(record["code"], record["chefLieu"])
    ended = _dated_ends(ordered[0].history())
    for before, after in pairwise(ordered):
        ended |= dict.fromkeys(before.current.keys() - after.current.keys(), after.vintage.year)
    for former in sorted(today.keys() - latest.current.keys()):
        yield {"former": former, "commune": today[former], "vintage": ended.get(former)}


def _dated_ends(history: list[Row]) -> dict[str, int]:
    """Return the first vintage in which each code of the history no longer is that of a commune."""
    ends: dict[str, int] = {}
    for event in history:
        if event["type"] == "COM" and (end := event.get("dateFin")):
            year = int(end[:4]) + (end[5:] != "01-01")
            ends[event["code"]] = max(year, ends.get(event["code"], 0))
    return ends


def _is(record: Row, *kinds: str) -> bool:
    return _KINDS[record["type"]] in kinds


def _codes(group: Row) -> list[str]:
    return [member["code"] for member in group["membres"]]


def _department(record: Row) -> str:
    code: str = record.get("departement") or record["collectiviteOutremer"]["code"]
    return code


def _region(record: Row) -> str | None:
    region: str | None = record.get("region")
    return region if region is not None and len(region) == 2 else None
