"""The official geographic code (COG): communes, EPCI, EPT, départements, régions, in yearly vintages.

The tables ship with Vigie (`reference/*.parquet`, made by `tools/build_reference.py`). What is asked for in
words is resolved in `cog_lookup`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vigie.domain.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

REFERENCE = Path(__file__).parent / "reference"

_FRANCE = ("france", "FR", "France")


@cache
def description() -> dict[str, Any]:
    """Return what `reference.json` says: packages, versions, licences, hashes and rows of every table."""
    content: dict[str, Any] = json.loads((REFERENCE / "reference.json").read_text(encoding="utf-8"))
    return content


def latest_vintage() -> int:
    """Return the year of the geographic code that codes are brought to."""
    return int(description()["latest_vintage"])


def vintages() -> tuple[int, ...]:
    """Return the years held, oldest first."""
    return tuple(sorted(source["vintage"] for source in description()["tables"]["communes"]["sources"]))


def files() -> tuple[Path, ...]:
    """Return the files that hold the reference, for whoever hashes what a build is made of."""
    return tuple(sorted(REFERENCE.glob("*.parquet")))


def provenance(vintage: int | None = None) -> Provenance:
    """Return how the reference territories are cited."""
    return Provenance(
        id="decoupage_administratif",
        title="Découpage administratif : communes, EPCI, départements, régions, populations",
        producer="Etalab, d’après l’Insee et la DGCL",
        licence="Licence Ouverte 2.0",
        vintage=str(vintage or latest_vintage()),
        url="https://github.com/datagouv/decoupage-administratif",
    )


def communes(vintage: int | None = None, kinds: Sequence[str] = ("commune",)) -> pa.Table:
    """Return the communes of a vintage (the latest by default).

    `kinds` among commune, arrondissement, deleguee and associee; `parent` is the commune that the last three
    belong to. `population` is null when the year's figure is not that of the commune as it then was; `epci`
    is null for the few communes that have none. SIREN and postal codes are held for the latest vintage only.
    """
    wanted = (pc.field("vintage") == (vintage or latest_vintage())) & pc.field("kind").isin(list(kinds))
    return pq.read_table(REFERENCE / "communes.parquet", filters=wanted)


def territories(years: Iterable[int] | None = None) -> pa.Table:
    """Return every territory with its name and population: kind, code, vintage, name, detail, parent, population,
    population_year.

    Arrondissements of Paris, Lyon and Marseille are communes whose detail is "arrondissement" and whose parent
    is the city. The population of a territory is null when that of one of its communes is unknown.
    """
    kept = pc.field("vintage").isin(sorted(years or vintages()))
    groups = pq.read_table(REFERENCE / "territories.parquet", filters=kept)
    places = pq.read_table(REFERENCE / "communes.parquet", filters=kept)
    places = places.filter(pc.field("kind").isin(["commune", "arrondissement"]))
    district = pa.scalar("arrondissement")
    detail = pc.if_else(pc.equal(places["kind"], district), district, pa.scalar(None, pa.string()))
    places = places.set_column(places.schema.get_field_index("kind"), "kind", _repeat("commune", places.num_rows))
    places = places.append_column("detail", detail).select(groups.column_names)
    return pa.concat_tables([places, groups, _france(groups)])


def france(vintage: int) -> dict[str, Any]:
    """Return the row of the whole country in a vintage; see `territories`."""
    groups = pq.read_table(REFERENCE / "territories.parquet", filters=pc.field("vintage") == vintage)
    (row,) = _france(groups).to_pylist()
    return row


def _france(groups: pa.Table) -> pa.Table:
    """Return one row per vintage for the whole country, from its régions (overseas collectivities are apart)."""
    regions = groups.filter(pc.field("kind") == "region")
    rows = []
    for vintage in pc.unique(regions["vintage"]).to_pylist():
        year = regions.filter(pc.field("vintage") == vintage)
        known = year["population"].null_count == 0
        years = pc.drop_null(year["population_year"])
        rows.append({
            "vintage": vintage, "kind": _FRANCE[0], "code": _FRANCE[1], "name": _FRANCE[2],
            "detail": None, "parent": None,
            "population": pc.sum(year["population"]).as_py() if known else None,
            "population_year": pc.max(years).as_py() if known else None,
        })  # fmt: skip
    return pa.Table.from_pylist(rows, schema=groups.schema)


def memberships(years: Iterable[int] | None = None) -> pa.Table:
    """Return which communes make each territory: kind, code, vintage, commune.

    A commune is a member of itself. An arrondissement of Paris, Lyon or Marseille is a member of itself, of its
    city and of all its city belongs to, beside the city: sources count in one or the other, never in both, so
    counts can be summed over members; populations cannot and are given with the territories.
    """
    kept = pc.field("vintage").isin(sorted(years or vintages()))
    groups = pq.read_table(REFERENCE / "membership.parquet", filters=kept).select(
        ["kind", "code", "vintage", "commune"]
    )
    places = pq.read_table(REFERENCE / "communes.parquet", columns=["code", "vintage", "kind", "parent"], filters=kept)
    own = places.filter(pc.field("kind").isin(["commune", "arrondissement"]))
    itself = _columns(_repeat("commune", own.num_rows), own["code"], own["vintage"], own["code"])
    districts = own.filter(pc.field("kind") == "arrondissement")
    of_city = _columns(
        _repeat("commune", districts.num_rows), districts["parent"], districts["vintage"], districts["code"]
    )
    above = groups.join(
        districts.select(["code", "vintage", "parent"]).rename_columns(["district", "vintage", "commune"]),
        keys=["vintage", "commune"], join_type="inner",
    )  # fmt: skip
    inherited = _columns(above["kind"], above["code"], above["vintage"], above["district"])
    return pa.concat_tables([itself, of_city, groups, inherited])


def former_communes() -> pa.Table:
    """Return codes no longer in use: former, commune (the code that replaces it today), vintage.

    `vintage` is the first year in which the old code is no longer that of a commune, null when not known.
    """
    return pq.read_table(REFERENCE / "former_communes.parquet")


def names_ever() -> Iterator[tuple[str, str]]:
    """Yield each code with each name it bore in a vintage held: communes, communes déléguées and associées.

    Codes that were already gone in the first vintage held have no name here.
    """
    table = pq.read_table(REFERENCE / "communes.parquet", columns=["code", "name", "kind"])
    kept = table.filter(pc.field("kind") != "arrondissement").group_by(["code", "name"]).aggregate([])
    yield from zip(kept["code"].to_pylist(), kept["name"].to_pylist(), strict=True)


def _columns(kind: Any, code: Any, vintage: Any, commune: Any) -> pa.Table:
    return pa.table({"kind": kind, "code": code, "vintage": vintage, "commune": commune})


def _repeat(text: str, count: int) -> Any:
    return pa.repeat(pa.scalar(text), count)
