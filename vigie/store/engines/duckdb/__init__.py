"""DuckDB as a warehouse: one file per generation, read by many threads, written by one refresh."""

from vigie.store.engines.duckdb.builder import DuckBuilder
from vigie.store.engines.duckdb.warehouse import DuckWarehouse

__all__ = ["DuckBuilder", "DuckWarehouse"]
