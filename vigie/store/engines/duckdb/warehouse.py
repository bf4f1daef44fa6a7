"""Read side: one generation, opened read only, shared between threads."""

from __future__ import annotations

from threading import local
from typing import TYPE_CHECKING, Any

import ibis

from vigie.store.engines.duckdb.compiling import Compiler
from vigie.store.engines.duckdb.session import execute, open_file, plain_rows
from vigie.store.tables import ALL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import duckdb
    import ibis.expr.types as ir
    import pyarrow as pa


class DuckWarehouse:
    """A generation's tables; each thread reads through its own cursor."""

    def __init__(self, path: Path, *, threads: int, memory_mib: int) -> None:
        self._connection = open_file(path, threads=threads, memory_mib=memory_mib)
        self._compiler = Compiler()
        self._cursors = local()
        self._tables = {table.name: ibis.table(table.schema, name=table.name) for table in ALL}

    def table(self, name: str) -> ir.Table:
        """Return a declared table as an expression."""
        return self._tables[name]

    def arrow(self, expression: ir.Table, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Execute an expression; the compiled query is cached by the expression's own structure."""
        return self._run(expression, parameters).to_arrow_table()

    def rows(self, expression: ir.Table, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Execute an expression and return plain rows, for small answers."""
        return plain_rows(self._run(expression, parameters))

    def close(self) -> None:
        """Release the generation."""
        self._connection.close()

    def _run(self, expression: ir.Table, parameters: Mapping[str, Any] | None) -> duckdb.DuckDBPyConnection:
        return execute(self._cursor(), self._compiler.compile(expression), parameters)

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._cursors, "cursor", None)
        if cursor is None:
            cursor = self._cursors.cursor = self._connection.cursor()
        return cursor
