"""How spread out a population is over départements and former régions, census by census, from a file handed in."""

from __future__ import annotations

from collections import defaultdict
from csv import DictReader
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from vigie.domain.french import counted, number
from vigie.errors import StructureFault
from vigie.measures.concentration import herfindahl
from vigie.services.lever_files import read_rows
from vigie.sources import cog
from vigie.sources.cog_lookup import code_book

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

YEAR, COMMUNE, PEOPLE = "annee", "CODGEO", "pop"
_OVERSEAS = ("97", "98")
_NAMED = 5
_CORRECT = "Corrigez le fichier, puis recommencez."
_CENSUS = {year: year - 2 for year in range(2008, 2021)} | {2021: 2019, 2022: 2019, 2023: 2021, 2024: 2021}
"""The census of a year of the geographic code: three years of surveys are needed, then two to publish them."""


def spread(path: Path) -> dict[str, Any]:
    """Return, by census, the number of equal parts that would be as concentrated (1/HHI) of each zoning.

    The file (CSV or Parquet) holds `annee` (of the code), `CODGEO`, `pop`. Communes since merged count where they are
    today; overseas is left out. `unknown` counts the codes that the book does not resolve, and their people.
    Raises `StructureFault` when the file is at fault.
    """
    home, region = _departments(), former_regions()
    people: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    lost: dict[str, float] = {}
    for year, code, count in _rows(path):
        department = home.get(code_book().today(code) or "")
        if department is None:
            lost[code] = lost.get(code, 0.0) + count
        elif not department.startswith(_OVERSEAS):
            people[year][department] += count
    if not people:
        raise StructureFault("aucune commune connue n’y est.", file=path.name, remedy=_CORRECT)
    told = [f"L’outre-mer est laissé de côté ; {counted(len(people), 'année lue', 'années lues')}."]
    if lost:
        shown = ", ".join(sorted(lost)[:_NAMED]) + ("…" if len(lost) > _NAMED else "")
        told.append(
            f"{counted(len(lost), 'code inconnu laissé', 'codes inconnus laissés')} de côté "
            f"({number(sum(lost.values()), 0)} habitants, toutes années) : {shown}."
        )
    # A census may be published in two years of the code: the later one stands for it.
    by_census = {_CENSUS.get(year, year): _year(year, held, region) for year, held in sorted(people.items())}
    return {
        "years": list(by_census.values()),
        "unknown": {"codes": len(lost), "people": sum(lost.values())},
        "notes": told,
    }


def _year(year: int, held: Mapping[str, float], region: Mapping[str, str]) -> dict[str, Any]:
    regions: dict[str, float] = defaultdict(float)
    for department, count in held.items():
        regions[region[department]] += count
    return {
        "year": year,
        "census": _CENSUS.get(year, year),
        "people": sum(held.values()),
        "departements": len(held),
        "departements_effective": _effective(held.values()),
        "former_regions": len(regions),
        "former_regions_effective": _effective(regions.values()),
    }


def _effective(counts: Iterable[float]) -> float | None:
    held = list(counts)
    return 1 / float(herfindahl(held)) if sum(held) > 0 else None


@cache
def former_regions() -> Mapping[str, str]:
    """Return the région, of the 22 in force until 2015, of each of the 96 départements."""
    with (cog.REFERENCE / "former_regions.csv").open(encoding="utf-8", newline="") as held:
        return {row["departement"]: row["region"] for row in DictReader(held)}


@cache
def _departments() -> Mapping[str, str]:
    communes = cog.communes(cog.latest_vintage()).select(["code", "department"])
    return {row["code"]: row["department"] for row in communes.to_pylist()}


def _rows(path: Path) -> Iterable[tuple[int, str, float]]:
    wanted = (YEAR, COMMUNE, PEOPLE)
    if path.suffix == ".parquet":
        held = pq.read_table(path)
        if lacking := [name for name in wanted if name not in held.column_names]:
            raise StructureFault(f"il manque la colonne « {lacking[0]} ».", file=path.name, remedy=_CORRECT)
        columns = (held[name].to_pylist() for name in wanted)
        yield from ((int(year), str(code), float(count or 0)) for year, code, count in zip(*columns, strict=True))
        return
    for row in read_rows(path, wanted, wanted):
        try:
            year, count = int(row[YEAR]), float(row[PEOPLE].replace(",", ".") or 0)
        except ValueError:
            raise StructureFault(
                f"« {row[YEAR][:20]} » et « {row[PEOPLE][:20]} » doivent être une année et un nombre.",
                file=path.name, line=int(row[""]), remedy=_CORRECT,
            ) from None  # fmt: skip
        if count < 0:
            raise StructureFault("une population ne peut pas être négative.", file=path.name, line=int(row[""]),
                                 remedy=_CORRECT)  # fmt: skip
        yield year, row[COMMUNE], count
