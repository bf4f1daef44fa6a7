"""Read side: one generation, opened read only, shared between threads."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from threading import local
from typing import TYPE_CHECKING, Any

import duckdb

from vigie.errors import DataOutdated, DataUnreadable
from vigie.store.engines.duckdb.session import execute, open_file, plain_rows
from vigie.store.tables import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import ibis.expr.types as ir
    import pyarrow as pa

    from vigie.store.engines.duckdb.compiling import Compiler

_DAMAGE = (duckdb.IOException, duckdb.FatalException, duckdb.SerializationException, duckdb.CatalogException)
"""What DuckDB raises of a file that is damaged, unreadable or not a warehouse of Vigie."""


class DuckWarehouse:
    """A generation's tables; each thread reads through its own cursor."""

    def __init__(self, path: Path, *, threads: int, memory_mib: int) -> None:
        self._name = f"{path.parent.name}/{path.name}"
        with self._readable():
            self._connection = open_file(path, threads=threads, memory_mib=memory_mib)
        try:
            with self._readable():
                self._require_tables()
        except BaseException:
            self._connection.close()
            raise
        self._cursors = local()

    def table(self, name: str) -> ir.Table:
        """Return a declared table as an expression."""
        return self._tables[name]

    def arrow(self, expression: ir.Table, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Execute an expression; the compiled query is cached by the expression's own structure."""
        with self._readable():
            return self._run(expression, parameters).to_arrow_table()

    def rows(self, expression: ir.Table, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Execute an expression and return plain rows, for small answers."""
        with self._readable():
            return plain_rows(self._run(expression, parameters))

    def record(self, table: str, key: str) -> dict[str, Any] | None:
        """Return the row of a declared table by its identifying key, without any expression; `None` without one."""
        declared = next(one for one in ALL if one.name == table)
        if len(declared.key) != 1 or not declared.unique:
            raise ValueError(f"no single column identifies the rows of {table}")
        query = f'SELECT * FROM "{declared.name}" WHERE "{declared.key[0]}" = ?'
        with self._readable():
            rows = plain_rows(self._cursor().execute(query, [key]))
        return rows[0] if rows else None

    def close(self) -> None:
        """Release the generation."""
        self._connection.close()

    # Ibis takes a second to import: whoever only reads records by key does without.

    @cached_property
    def _tables(self) -> Mapping[str, ir.Table]:
        import ibis

        return {table.name: ibis.table(table.schema, name=table.name) for table in ALL}

    @property
    def _compiler(self) -> Compiler:
        from vigie.store.engines.duckdb.compiling import shared_compiler

        return shared_compiler()

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Tell damage of the file; raises `DataUnreadable`."""
        try:
            yield
        except _DAMAGE as fault:
            raise DataUnreadable(f"{self._name} est abîmé ou ne se lit pas") from fault

    def _require_tables(self) -> None:
        """Raise `DataOutdated` when a declared table, or one of its columns, is not there."""
        found = dict(
            self._connection.execute(
                "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE NOT internal GROUP BY 1"
            ).fetchall()
        )
        for table in ALL:
            if not set(table.schema) <= set(found.get(table.name, ())):
                raise DataOutdated(f"table {table.name} de {self._name}")

    def _run(self, expression: ir.Table, parameters: Mapping[str, Any] | None) -> duckdb.DuckDBPyConnection:
        return execute(self._cursor(), self._compiler.compile(expression), parameters)

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._cursors, "cursor", None)
        if cursor is None:
            cursor = self._cursors.cursor = self._connection.cursor()
        return cursor
