"""Opening DuckDB as Vigie wants it, and running queries on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from vigie.store.engines.duckdb.compiling import Compiled

# The file format of the pinned version: its string compression writes three times faster than the default one,
# which stays readable by DuckDB 0.10.
_FORMAT = "latest"


def open_file(path: Path, *, threads: int, memory_mib: int, scratch: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open a warehouse file: read only and cut off from the rest of the disk unless a `scratch` folder is given."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "memory_limit": f"{memory_mib}MiB",
        "preserve_insertion_order": scratch is None,  # a build sorts what it writes; an answer keeps that order
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if scratch is None:
        config["enable_external_access"] = False
        return duckdb.connect(str(path), read_only=True, config=config)
    scratch.mkdir(parents=True, exist_ok=True)
    config["temp_directory"] = str(scratch)
    config["storage_compatibility_version"] = _FORMAT
    return duckdb.connect(str(path), config=config)


def execute(
    cursor: duckdb.DuckDBPyConnection, query: Compiled, parameters: Mapping[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    """Run a compiled query; only the parameters that it awaits are handed over."""
    for name, table in query.carried.items():
        cursor.register(name, table)
    if not query.parameters:
        return cursor.execute(query.sql)
    given = parameters or {}
    return cursor.execute(query.sql, {name: given[name] for name in query.parameters})


def plain_rows(cursor: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the rows of the query just run as dictionaries."""
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
