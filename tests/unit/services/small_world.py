"""A small generation in a real warehouse file: two départements and counts that can be added by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from vigie.services.derivations import DERIVATIONS
from vigie.services.loaded import Loaded
from vigie.sources import cog, nomenclature
from vigie.sources.cards_reader import Card, read_cards
from vigie.store import tables
from vigie.store.engines.duckdb.builder import DuckBuilder
from vigie.store.engines.duckdb.warehouse import DuckWarehouse
from vigie.store.event_matter import matter
from vigie.store.steps.derivations import DerivationInputs

HERBIERS, ROCHE, YEU, NANTES = "85109", "85191", "85113", "44109"
PAYS_DES_HERBIERS = "248500621"
YEARS = (2019, 2021, 2024, 2026)
VINTAGE = {"sirene_etablissement": "2026-10-01", "sirene_unite_legale": "2026-10-01", "sirene_succession": "2026-10-01"}

# commune, activity, size band, employer flag, craft, head office, open establishments
COUNTS = [
    (HERBIERS, "31.09B", "12", "O", True, True, 12),
    (HERBIERS, "31.01Z", "11", "O", False, False, 8),
    (HERBIERS, "10.71C", "01", "O", True, True, 10),
    (HERBIERS, "68.20B", "NN", "O", False, True, 4),
    (HERBIERS, "68.20B", "NN", "N", False, True, 30),
    (HERBIERS, None, None, None, False, None, 6),
    (ROCHE, "10.71C", "02", "O", True, True, 30),
    (ROCHE, "62.01Z", "11", "O", False, True, 20),
    (NANTES, "62.01Z", "21", "O", False, True, 100),
    (NANTES, "10.71C", "03", "O", False, False, 100),
    (NANTES, "31.09B", "01", "O", True, True, 10),
]
FLOWS = [
    (HERBIERS, 2024, 4, 3, 1, 0),
    (HERBIERS, 2025, 6, 2, 3, 1),
    (HERBIERS, 2026, 1, 0, 0, 0),
    (NANTES, 2025, 20, 10, 0, 2),
]
SEEN, EARLIER = datetime.date(2026, 10, 2), datetime.date(2026, 9, 2)
MOVED, LEFT, MASKED = "73282932000074", "73282932000066", "35600000000048"
BORN, GONE = "55210055400013", "41816609600069"
EVENTS = [
    (
        "creation",
        "55210055400013",
        HERBIERS,
        datetime.date(2026, 9, 20),
        SEEN,
        None,
        None,
        None,
        "62.01Z",
        "NAFRev2",
        "NN",
    ),
    ("demenagement", MOVED, HERBIERS, datetime.date(2026, 9, 1), SEEN, LEFT, MOVED, NANTES, "25.62B", "NAFRev2", "12"),
    ("effectif", MOVED, HERBIERS, None, SEEN, "11", "12", None, "25.62B", "NAFRev2", "12"),
    ("activite", MASKED, ROCHE, None, EARLIER, "62.01Z", "10.71C", None, "10.71C", "NAFRev2", "03"),
    ("nom", MASKED, ROCHE, None, EARLIER, None, None, None, "10.71C", "NAFRev2", "03"),
    ("diffusion", MASKED, ROCHE, None, SEEN, None, None, None, "10.71C", "NAFRev2", "03"),
    ("fermeture", GONE, NANTES, EARLIER, EARLIER, None, None, None, "25.62B", "NAFRev2", "11"),
]


def build(
    path: Path,
    *,
    jobs: bool = False,
    succession: bool = True,
    everywhere: bool = False,
    indicators: Sequence[tuple[object, ...]] = (),
    cards: Mapping[str, Card] | None = None,
    more: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    areas: Mapping[str, float] | None = None,
) -> tuple[DuckWarehouse, Loaded]:
    """Write the generation and open it; `everywhere` gives counts to every commune of both départements.

    `cards` are those of its indicators, by source; `more` gives rows to add by table, `areas` those of communes in km².
    """
    builder = DuckBuilder(path, threads=1, memory_mib=512, scratch=path.parent / "scratch")
    contents = _reference(areas or {}) | {
        "active_count": [
            _row("active_count", commune, naf, "NAFRev2" if naf else None, *rest)
            for commune, naf, *rest in (*COUNTS, *(_counts_elsewhere() if everywhere else ()))
        ],
        "france_count": [],
        "demography": [_row("demography", *flow) for flow in FLOWS],
        "jobs": (_jobs() if jobs else []) + (_jobs_elsewhere() if everywhere else []),
        "indicator_value": [_row("indicator_value", *value) for value in indicators],
        "establishment": _establishments() + (_opened_elsewhere() if everywhere else []),
        "event": [_row("event", kind, siret, siret[:9], *rest, "sirene", None, None) for kind, siret, *rest in EVENTS],
    }
    for table in tables.ALL:
        rows = contents.get(table.name, [])
        added = (more or {}).get(table.name, ())
        if added:
            whole = [{name: row.get(name) for name in table.schema} for row in added]
            rows = pa.concat_tables([_table(rows, table), pa.Table.from_pylist(whole, schema=_schema(table))])
        content = _table(rows, table)
        told = ibis.memtable(content)
        builder.save(table, told.mutate(matter=matter(told)) if table is tables.EVENT else told, "test")
    links = {card.source: card for card in read_cards() if card.source == "sirene_succession" and succession}
    _derive(builder, {**links, **(cards or {})})
    builder.close()
    vintage = {name: day for name, day in VINTAGE.items() if succession or name != "sirene_succession"}
    if jobs:
        vintage["urssaf_emploi"] = "2024"
    return DuckWarehouse(path, threads=1, memory_mib=512), Loaded(
        "gen-test", simulated=True, created="2026-10-02T08:00:00", vintage=vintage
    )


def _table(rows: Any, table: tables.Table) -> pa.Table:
    found = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows, schema=_schema(table))
    return found.select(list(table.schema)).cast(_schema(table))


def _derive(builder: DuckBuilder, cards: Mapping[str, Card]) -> None:
    for derivation in DERIVATIONS:
        given = {table.name: builder.table(table.name) for table in derivation.inputs}
        made = derivation.derive(given, DerivationInputs(builder, cards))
        builder.save(derivation.table, ibis.memtable(made) if isinstance(made, pa.Table) else made, "derived")


def _reference(areas: Mapping[str, float]) -> dict[str, pa.Table]:
    codes = pc.field("code")
    departments = codes.isin(["85", "44"])
    groups = (pc.field("kind") != "commune") & ((pc.field("kind") != "departement") | departments)
    near = pc.starts_with(codes, "85") | pc.starts_with(codes, "44")
    territories = cog.territories(YEARS).filter(groups | ((pc.field("kind") == "commune") & near))
    members = pc.starts_with(pc.field("commune"), "85") | pc.starts_with(pc.field("commune"), "44")
    nothing = pa.nulls(territories.num_rows, pa.float64())
    for name in ("longitude", "latitude"):
        territories = territories.append_column(name, nothing)
    known = [areas.get(code) for code in territories["code"].to_pylist()]
    territories = territories.append_column("area", pa.array(known, pa.float64()))
    return {
        "territory": territories.select(list(tables.TERRITORY.schema)),
        "membership": cog.memberships(YEARS[-1:]).filter(members).select(list(tables.MEMBERSHIP.schema)),
        "former_commune": cog.former_communes().select(["former", "commune"]),
        "activity": nomenclature.activities().select(list(tables.ACTIVITY.schema)),
    }


def _jobs() -> list[dict[str, Any]]:
    figures = [
        (HERBIERS, "31.09B", 2019, 900), (HERBIERS, "31.09B", 2024, 1000), (HERBIERS, "10.71C", 2019, 100),
        (HERBIERS, "10.71C", 2024, 90), (HERBIERS, "62.01Z", 2024, None), (NANTES, "62.01Z", 2019, 4000),
        (NANTES, "62.01Z", 2024, 6000), (NANTES, "31.09B", 2019, 100), (NANTES, "31.09B", 2024, 80),
        (NANTES, "10.71C", 2019, 900), (NANTES, "10.71C", 2024, 900),
    ]  # fmt: skip
    return [_row("jobs", commune, naf, "NAFRev2", year, jobs, None) for commune, naf, year, jobs in figures]


def _elsewhere() -> list[str]:
    """Communes of both départements that the small counts leave out."""
    rows = cog.memberships(YEARS[-1:]).to_pylist()
    inside = {row["commune"] for row in rows if row["kind"] == "departement" and row["code"] in ("44", "85")}
    return sorted(inside - {HERBIERS, NANTES})


def _counts_elsewhere() -> list[tuple[object, ...]]:
    return [
        (commune, "10.71C", "01", "O", True, True, 3 + int(commune) % 5) for commune in _elsewhere() if commune != ROCHE
    ]


def _opened_elsewhere() -> list[dict[str, Any]]:
    """Employers opened in 2025, one commune in three."""
    return [
        {"siret": f"{rank:014d}", "siren": f"{rank:09d}", "diffusion": "O", "masked": False, "state": "A",
         "commune": commune, "employer": "O", "created": datetime.date(2025, 5, 5)}
        for rank, commune in enumerate(_elsewhere()[::3], start=1)
    ]  # fmt: skip


def _jobs_elsewhere() -> list[dict[str, Any]]:
    """Jobs of two activities and two years, different in each commune."""
    return [
        _row("jobs", commune, naf, "NAFRev2", year, 30 + int(commune) % 17 * share + (year - 2019) * (rank % 3), None)
        for rank, commune in enumerate(_elsewhere())
        for naf, share in (("31.09B", 2), ("62.01Z", 5))
        for year in (2019, 2024)
    ]


def _establishments() -> list[dict[str, Any]]:
    shown: dict[str, Any] = {"diffusion": "O", "masked": False, "state": "A", "size_band": "11", "employer": "O"}
    shown["processed"] = datetime.date.fromisoformat(VINTAGE["sirene_etablissement"])  # the day of the stock
    place = {"commune": HERBIERS, "longitude": -1.01, "latitude": 46.87, "naf": "31.09B", "naf_nomenclature": "NAFRev2"}
    return [
        {"siret": MOVED, "siren": MOVED[:9], "name": "MEUBLES IMAGINAIRES", **shown, **place},
        {
            "siret": "55210055400013",
            "siren": "552100554",
            "name": "PAINS IMAGINAIRES",
            **shown,
            **place,
            "size_band": "21",
        },
        {"siret": LEFT, "siren": LEFT[:9], "name": "ANCIEN", **shown, **place, "state": "F"},
        {"siret": MASKED, "siren": MASKED[:9], **shown, "masked": True, "diffusion": "P", "commune": ROCHE},
    ]


def _row(table: str, *values: object) -> dict[str, Any]:
    schema = next(one for one in tables.ALL if one.name == table).schema
    return dict(zip(schema, values, strict=True))


def _schema(table: tables.Table) -> pa.Schema:
    return ibis.schema(table.schema).to_pyarrow()
