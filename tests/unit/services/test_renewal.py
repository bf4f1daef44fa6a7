"""Employers that opened and closed in a year: what counts, what does not."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from tests.unit.services.small_world import VINTAGE
from vigie.services.loaded import Loaded
from vigie.services.portrait.by_commune import CommuneFigures, CommuneRenewal
from vigie.store import tables
from vigie.store.engines.duckdb.builder import DuckBuilder
from vigie.store.engines.duckdb.warehouse import DuckWarehouse

HERE, SPRING = "85109", datetime.date(2025, 4, 1)


def site(rank: int, **more: Any) -> dict[str, Any]:
    siret = f"1234567890{rank:04d}"
    given = {"siret": siret, "siren": siret[:9], "diffusion": "O", "masked": False, "state": "A", "commune": HERE}
    return given | more


def closed(rank: int, **more: Any) -> dict[str, Any]:
    return site(rank, state="F", closed=SPRING, created=datetime.date(2010, 1, 1), employer="N", **more)


SITES = [
    site(1, created=SPRING, employer="O"),
    site(2, created=SPRING, employer="N", size_band="NN"),
    site(3, created=datetime.date(2024, 12, 31), employer="O"),
    site(4, created=SPRING, employer="O"),  # it carries on another
    closed(5, size_band="02"),
    closed(6, size_band="NN"),  # it employed until the winter before
    closed(7, size_band="NN"),  # it had employed long ago
    closed(8),  # it never employed
    closed(9, size_band="12"),  # it is carried on elsewhere
]
PERIODS = [
    (6, datetime.date(2015, 1, 1), datetime.date(2024, 11, 30), "O"),
    (6, datetime.date(2024, 12, 1), SPRING, "N"),
    (7, datetime.date(2015, 1, 1), datetime.date(2024, 3, 1), "O"),
]
LINKS = [{"predecessor": site(9)["siret"], "successor": site(4)["siret"], "date": SPRING, "continuity": True}]


@pytest.fixture
def figures(tmp_path: Path) -> CommuneFigures:
    builder = DuckBuilder(tmp_path / "w.duckdb", threads=1, memory_mib=256, scratch=tmp_path / "scratch")
    periods = [
        {"siret": site(rank)["siret"], "start": start, "end": end, "state": "A", "employer": flag}
        for rank, start, end, flag in PERIODS
    ]
    contents = {"establishment": SITES, "establishment_period": periods, "succession": LINKS}
    for table in tables.ALL:
        rows = pa.Table.from_pylist(contents.get(table.name, []), schema=ibis.schema(table.schema).to_pyarrow())
        builder.save(table, ibis.memtable(rows), "test")
    builder.close()
    loaded = Loaded("gen-test", simulated=True, created="2026-10-02T08:00:00", vintage=VINTAGE)
    return CommuneFigures(DuckWarehouse(tmp_path / "w.duckdb", threads=1, memory_mib=256), loaded)


def test_what_employs_opens_and_what_employed_in_its_last_year_closes(figures: CommuneFigures) -> None:
    assert figures.renewal == {HERE: CommuneRenewal(opened=1, closed=2)}


def test_without_a_stock_of_a_known_day_nothing_is_dated(figures: CommuneFigures) -> None:
    undated = CommuneFigures(figures._warehouse, Loaded("gen-test", simulated=True, created="2026-10-02", vintage={}))
    assert undated.renewal == {} and undated.job_years is None
