"""Refreshing a data directory in tests, with the engines of an installation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from vigie.bootstrap import refresh
from vigie.services.refresh import RefreshReport, RefreshRequest
from vigie.settings import Settings
from vigie.store import generation
from vigie.store.engines.duckdb import DuckWarehouse

DAY = date(2026, 10, 2)


def load(data_dir: Path, *files: Path, territory: str | None = None, today: date = DAY) -> RefreshReport:
    """Refresh with small memory and two threads."""
    return refresh(settings(data_dir), RefreshRequest(files, territory, today))


def settings(data_dir: Path) -> Settings:
    """Return the settings of a small installation."""
    return Settings(data_dir=data_dir, threads=2, memory_mib=1024)


def rows(data_dir: Path, table: str) -> list[dict[str, object]]:
    """Return all rows of a table in service."""
    folder = generation.current(data_dir)
    assert folder is not None
    warehouse = DuckWarehouse(folder / generation.WAREHOUSE, threads=1, memory_mib=512)
    try:
        return warehouse.rows(warehouse.table(table))
    finally:
        warehouse.close()
