"""Refreshing a data directory in tests, with the engines of an installation."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

import ibis
import pyarrow as pa

from vigie.services.refresh import RefreshReport, RefreshRequest, refresh
from vigie.settings import Settings
from vigie.store import generation
from vigie.store.derivation import Derivation
from vigie.store.derived_tables import DERIVED
from vigie.store.engines.duckdb.builder import DuckBuilder
from vigie.store.engines.duckdb.warehouse import DuckWarehouse
from vigie.store.engines.tantivy import TantivyBuilder
from vigie.store.pipeline import Engines
from vigie.store.steps.build_context import BuildContext, Plan
from vigie.store.steps.reference import build_reference
from vigie.store.tables import Table

DAY = date(2026, 10, 2)


def load(data_dir: Path, *files: Path, territory: str | None = None, today: date = DAY) -> RefreshReport:
    """Refresh as an installation does, from a build that was interrupted once its reference tables were made."""
    return refresh(RefreshRequest(files, territory, today), data_dir, Engines(_resumed, TantivyBuilder))


def load_underived(data_dir: Path, *files: Path, territory: str | None = None, today: date = DAY) -> RefreshReport:
    """Refresh with empty tables in place of those that measures make: as long as all the rest of it."""
    return refresh(RefreshRequest(files, territory, today), data_dir, Engines(_resumed, TantivyBuilder), underived())


def underived() -> list[Derivation]:
    """Return derivations that leave every derived table empty."""
    return [Derivation(table, (), "empty", lambda *_, table=table: _empty(table)) for table in DERIVED]


def _empty(table: Table) -> pa.Table:
    return ibis.schema(table.schema).to_pyarrow().empty_table()


def settings(data_dir: Path) -> Settings:
    """Return the settings of a small installation."""
    return Settings(data_dir=data_dir, threads=2, memory_mib=1024)


def rows(data_dir: Path, table: str) -> list[dict[str, object]]:
    """Return all rows of a table in service."""
    return in_service(data_dir, table).to_pylist()


def in_service(data_dir: Path, table: str) -> pa.Table:
    """Return a table in service as it is held, for tests that look into a large one several times."""
    folder = generation.current(data_dir)
    assert folder is not None
    warehouse = DuckWarehouse(folder / generation.WAREHOUSE, threads=1, memory_mib=512)
    try:
        return warehouse.arrow(warehouse.table(table))
    finally:
        warehouse.close()


def _resumed(path: Path, scratch: Path) -> DuckBuilder:
    if not path.exists():
        shutil.copy(_begun(), path)
    return _builder(path, scratch)


@cache
def _begun() -> Path:
    """Make the reference tables once for all tests: they are three quarters of a small build."""
    folder = Path(tempfile.mkdtemp(prefix="vigie-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    builder = _builder(folder / generation.WAREHOUSE, folder / "scratch")
    build_reference(BuildContext(Plan({}, {}, None, None, DAY), builder))
    builder.close()
    return folder / generation.WAREHOUSE


def _builder(path: Path, scratch: Path) -> DuckBuilder:
    return DuckBuilder(path, threads=2, memory_mib=1024, scratch=scratch)
