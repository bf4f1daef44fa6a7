"""Reading part of a Parquet file where it is published: DuckDB asks by HTTP ranges for what a territory needs of it."""

from __future__ import annotations

import os
import ssl
import threading
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import duckdb
import pyarrow as pa

from vigie.sources.remote import NotByRanges
from vigie.sources.room import is_full

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vigie.sources.remote import Cut

_LOOK = 0.5  # seconds between two looks at how far a query is


def cut(wanted: Cut, target: Path, scratch: Path, memory_mib: int, progress: Callable[[float], None]) -> int:
    """Write the rows of a cut to a Parquet file, ordered by their first column; return how many there are.

    `progress` is told the share done, 0 to 1. Raises `NotByRanges` when the address does not answer as it should, or
    the file changes while it is read.
    """
    connection = duckdb.connect(
        config={"memory_limit": f"{memory_mib}MiB", "temp_directory": str(scratch),
                "autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )  # fmt: skip
    try:
        _open_the_way(connection, wanted.url)
        _register(connection, wanted)
        offered = [row[0] for row in connection.execute(f"DESCRIBE FROM {_remote(wanted)}").fetchall()]
        kept = [_name(column) for column in wanted.columns if column in offered]
        if not kept:
            raise NotByRanges(f"le fichier de {wanted.url} n’a aucune des colonnes attendues")
        with _watched(connection, progress):
            rows = connection.execute(
                f"COPY (SELECT {', '.join(kept)} FROM {_remote(wanted)} WHERE {_condition(wanted)} "
                f"ORDER BY {kept[0]}) TO {_text(str(target))} (FORMAT parquet, COMPRESSION zstd)"
            ).fetchall()
        return int(rows[0][0])
    except duckdb.Error as error:
        if is_full(error):
            raise
        said = str(error).splitlines()[0][:200]
        raise NotByRanges(f"la lecture par morceaux de {wanted.url} s’est interrompue ({said})") from error
    finally:
        connection.close()


def _open_the_way(connection: duckdb.DuckDBPyConnection, url: str) -> None:
    """Load `httpfs` from its package, and refuse what would hide a fault: whole files in memory, changed files."""
    try:
        package = import_module("duckdb_extension_httpfs")
    except ImportError as error:
        raise NotByRanges("l’extension « httpfs » de DuckDB n’est pas installée ici") from error
    folder = Path(str(package.__file__)).parent / "extensions" / f"v{duckdb.__version__}"
    connection.execute(f"LOAD {_text(str(folder / 'httpfs.duckdb_extension'))}")
    connection.execute("SET auto_fallback_to_full_download = false; SET http_retries = 5; SET http_timeout = 60")
    connection.execute("SET enable_external_file_cache = false; SET unsafe_disable_etag_checks = false")
    address = urlsplit(url)
    proxy = "" if proxy_bypass(address.hostname or "") else getproxies().get(address.scheme, "")
    connection.execute(f"SET http_proxy = {_text(proxy)}")
    authorities = os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile
    if authorities:
        connection.execute(f"SET ca_cert_file = {_text(authorities)}; SET enable_server_cert_verification = true")


def _register(connection: duckdb.DuckDBPyConnection, wanted: Cut) -> None:
    for name in ("keys", "near", "known"):
        connection.register(f"cut_{name}", pa.table({"key": pa.array(sorted(getattr(wanted, name)), pa.string())}))


def _condition(wanted: Cut) -> str:
    """Return the SQL that keeps a row: one of its keys is wanted, or is like those near and unknown."""
    keys = "(FROM cut_keys)"
    if wanted.keys_in is not None:
        keys = f"(SELECT {_name(wanted.key)} FROM read_parquet({_text(str(wanted.keys_in))}))"
    kept = [f"{_name(column)} IN {keys}" for column in wanted.by]
    if wanted.near:
        column = _name(wanted.by[0])
        kept.append(f"({column}[:2] IN (FROM cut_near) AND {column} NOT IN (FROM cut_known))")
    return " OR ".join(kept)


@contextmanager
def _watched(connection: duckdb.DuckDBPyConnection, progress: Callable[[float], None]) -> Iterator[None]:
    """Tell how far the query that runs inside is, from a thread of its own."""
    connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    done = threading.Event()

    def look() -> None:
        while not done.wait(_LOOK):
            with suppress(duckdb.Error):
                progress(max(0.0, connection.query_progress()) / 100)

    watcher = threading.Thread(target=look, name="progress of a cut", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _remote(wanted: Cut) -> str:
    return f"read_parquet({_text(wanted.url)})"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
