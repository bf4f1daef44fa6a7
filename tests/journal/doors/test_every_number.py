"""The numbers of a generation, looked through where a firm objects: each once, at once or in parts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from vigie.services.firms import suppression_list
from vigie.store import generation
from vigie.store.engines.duckdb.warehouse import DuckWarehouse


@pytest.mark.parametrize(("at_once", "parts"), [(500_000, 1), (5, 10), (1, 100)])
def test_every_number_comes_once(loaded: Path, monkeypatch: pytest.MonkeyPatch, at_once: int, parts: int) -> None:
    monkeypatch.setattr(suppression_list, "_AT_ONCE", at_once)
    folder = generation.current(loaded)
    assert folder is not None
    warehouse = DuckWarehouse(folder / generation.WAREHOUSE, threads=1, memory_mib=512)
    looks: list[object] = []
    read = warehouse.arrow
    monkeypatch.setattr(warehouse, "arrow", lambda *asked: looks.append(asked) or read(*asked))
    found = Counter(suppression_list.sirens_of(warehouse)())
    expected = {row["siren"] for row in warehouse.rows(warehouse.table("establishment").select("siren"))}
    warehouse.close()
    assert set(found) >= expected and len(expected) > 40
    assert set(found.values()) == {1}
    assert len(looks) == parts
