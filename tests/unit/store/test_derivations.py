"""Derived tables: made by recipe, taken over while nothing that decides them changes, out of the fingerprint."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.not_empty import not_empty
from tests.published_values import write_card, write_values
from tests.refreshing import load, rows
from tests.small_stock import establishment, unit, write_stock
from vigie.services import refresh
from vigie.services.derivations import DERIVATIONS
from vigie.store import generation
from vigie.store.derivation import recipe
from vigie.store.engines.duckdb.builder import DuckBuilder
from vigie.store.tables import DERIVED, Table
from vigie.store.warehouse import Receipt


def stock(folder: Path) -> Path:
    """Write a small stock, with a file of values by commune."""
    write_stock(folder, [establishment(n) for n in range(20)], [unit(n) for n in range(20)])
    write_values(folder)
    return folder


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the tables that builds write, as they write them."""
    names: list[str] = []
    save = DuckBuilder.save

    def told(self: DuckBuilder, table: Table, *given: Any, **options: Any) -> Receipt:
        names.append(table.name)
        return save(self, table, *given, **options)

    monkeypatch.setattr(DuckBuilder, "save", told)
    return names


def description(data: Path) -> dict[str, Any]:
    folder = generation.current(data)
    assert folder is not None
    return generation.describe(folder)


def test_every_derived_table_is_made_once_after_those_it_is_made_of() -> None:
    assert [one.table.name for one in DERIVATIONS] == [table.name for table in DERIVED]
    made: set[str] = set()
    for derivation in not_empty(DERIVATIONS):
        assert not derivation.table.counted
        assert {one.name for one in derivation.inputs if one in DERIVED} <= made
        made.add(derivation.table.name)


def test_a_recipe_names_files_that_are_there() -> None:
    assert recipe("measures/*.py") != recipe("measures/cards/*.yml")
    with pytest.raises(ValueError, match="no file of the package"):
        recipe("measures/nothing_of_this_name.py")


def test_a_changed_measure_makes_its_tables_again_and_reads_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: list[str]
) -> None:
    data, files = tmp_path / "data", stock(tmp_path / "in")
    write_card(data)
    first = load(data, files)
    assert "establishment" in written
    assert load(data, files).unchanged
    written.clear()
    changed = tuple(replace(one, recipe=f"changed {one.recipe}") for one in DERIVATIONS)
    monkeypatch.setattr(refresh, "DERIVATIONS", changed)
    second = load(data, files)
    assert set(written) == {*(table.name for table in DERIVED), "event"}
    assert (second.unchanged, second.events, second.fingerprint) == (False, 0, first.fingerprint)
    assert second.generation == f"{first.generation}-2"
    assert load(data, files).unchanged


def test_a_changed_card_makes_the_tables_it_decides_again(tmp_path: Path, written: list[str]) -> None:
    data, files = tmp_path / "data", stock(tmp_path / "in")
    write_card(data)
    load(data, files)
    before = description(data)["derived"]
    written.clear()
    write_card(data, additive=False)
    assert not load(data, files).unchanged
    assert "figure" in written
    assert "establishment" not in written
    assert description(data)["derived"] != before


def test_derived_tables_stay_out_of_the_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = stock(tmp_path / "in")
    write_card(tmp_path / "data")
    first = load(tmp_path / "data", files)
    assert rows(tmp_path / "data", "figure")
    emptied = tuple(
        replace(one, recipe="nothing", derive=lambda tables, _, one=one: one.derive(tables, _)[:0])
        for one in DERIVATIONS
    )
    monkeypatch.setattr(refresh, "DERIVATIONS", emptied)
    write_card(tmp_path / "other")
    second = load(tmp_path / "other", files)
    assert second.fingerprint == first.fingerprint
    assert rows(tmp_path / "other", "figure") == []


def test_a_list_of_derivations_that_leaves_a_table_out_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "DERIVATIONS", DERIVATIONS[1:])
    with pytest.raises(ValueError, match="derivations make"):
        load(tmp_path / "data", write_stock(tmp_path / "in", [establishment(1)], [unit(1)]))
