"""Running queries that read published files: pipes fed meanwhile, records counted, faults said in French."""

from __future__ import annotations

import json
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb
import ibis
import pyarrow.parquet as pq

from vigie.sources.room import is_full
from vigie.store.engines.duckdb import reading
from vigie.store.engines.duckdb.faults import csv_refusal, refusal
from vigie.store.engines.duckdb.session import execute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import ibis.expr.types as ir

    from vigie.errors import VigieError
    from vigie.sources.base import SourceFile
    from vigie.store.engines.duckdb.compiling import Compiled

T = TypeVar("T")
_PROFILED = json.dumps(dict.fromkeys(("OPERATOR_TYPE", "OPERATOR_NAME", "OPERATOR_CARDINALITY"), "true"))


class QueryRunner:
    """Queries on one connection, over saved tables and published files alike."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, threads: int) -> None:
        self._connection, self._threads = connection, threads
        # Settings of the whole database, changed beside: a transaction that failed takes no statement any more.
        self._settings = connection.cursor()
        connection.execute(f"SET enable_profiling = 'no_output'; SET custom_profiling_settings = '{_PROFILED}'")
        self._raws: dict[str, tuple[SourceFile, bool]] = {}

    def raw(self, file: SourceFile, *, numbered: bool) -> ir.Table:
        """Present a file as an expression; it is opened only when a query runs on it."""
        name = f"raw_{file.source.replace(':', '_')}{'_numbered' if numbered else ''}"
        self._raws[name] = (file, numbered)
        return ibis.table(reading.schema(file, numbered=numbered), name=name)

    def run(
        self, query: Compiled, take: Callable[[duckdb.DuckDBPyConnection], T], before: str = "", after: str = ""
    ) -> tuple[T, int | None]:
        """Run a query between two pieces of SQL; return what `take` makes of it, and the records read from files.

        Raises `StructureFault` when a file cannot be read to its end.
        """
        raws = {name: self._raws[name] for name in query.tables if name in self._raws}
        query = query._replace(sql=f"{before}{query.sql}{after}")
        if not raws:
            with self._translated([]):
                return take(execute(self._connection, query)), None
        files = [file for file, _ in raws.values()]
        ordered = any(numbered for _, numbered in raws.values())
        with reading.feeding(files) as paths, self._translated([(paths[f], f) for f in files]):
            for name, (file, numbered) in raws.items():
                source = reading.query(file, paths[file], numbered=numbered)
                self._connection.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {source}')
            with self.in_order(one_thread=True) if ordered else nullcontext(), self._as_written():
                if any(map(reading.is_piped, files)) and self._scans(query) > len(files):
                    records = self._copy(raws)
                    return take(execute(self._connection, query)), records
                return take(execute(self._connection, query)), self._read(files)

    @contextmanager
    def _translated(self, files: list[tuple[str, SourceFile]]) -> Iterator[None]:
        try:
            yield
        except duckdb.InterruptException:
            raise  # whoever interrupted knows why
        except duckdb.Error as error:
            if is_full(error):
                raise
            said = refusal(error, files) or next(filter(None, (_second_look(file) for _, file in files)), None)
            if said is None:
                raise
            raise said from error

    @contextmanager
    def in_order(self, *, one_thread: bool = False) -> Iterator[None]:
        """Keep the order of rows where it matters, at the price of some speed."""
        self._settings.execute(
            f"SET preserve_insertion_order = true; SET threads = {1 if one_thread else self._threads}"
        )
        try:
            yield
        finally:
            self._settings.execute(f"SET preserve_insertion_order = false; SET threads = {self._threads}")

    @contextmanager
    def _as_written(self) -> Iterator[None]:
        """Keep the sides of joins: DuckDB takes a text file for small, and would hold its rows rather than stream them.

        On a million establishments that costs 1.4 s of processor time and as many wide rows in memory.
        """
        self._settings.execute("SET disabled_optimizers = 'build_side_probe_side'")
        try:
            yield
        finally:
            self._settings.execute("RESET disabled_optimizers")

    def _scans(self, query: Compiled) -> int:
        """Return how many times a query would read text files: a pipe can be read only once."""
        plan = execute(self._connection, query._replace(sql=f"EXPLAIN (FORMAT json) {query.sql}")).fetchall()
        return sum(map(_readers, json.loads(plan[0][1])))

    def _copy(self, raws: dict[str, tuple[SourceFile, bool]]) -> int:
        """Copy piped files into working tables, for a query that reads them several times; return their records."""
        records = 0
        for name, (file, _) in raws.items():
            if reading.is_piped(file):
                self._connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}_copy" AS FROM "{name}"')
                self._connection.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS FROM "{name}_copy"')
                records += self._connection.execute(f'SELECT count(*) FROM "{name}_copy"').fetchall()[0][0]
        return records

    def _read(self, files: list[SourceFile]) -> int:
        """Return the records read: counted by the text reader itself, told by the footer of a Parquet file."""
        footers = sum(pq.read_metadata(file.path).num_rows for file in files if file.format == "parquet")
        return footers + _scanned(json.loads(self._connection.get_profiling_information()))


def _scanned(plan: dict[str, Any]) -> int:
    own = int(plan["operator_cardinality"]) if plan.get("operator_name", "").strip() == "READ_CSV" else 0
    return own + sum(map(_scanned, plan.get("children", ())))


def _readers(plan: dict[str, Any]) -> int:
    return int(plan["name"].strip() == "READ_CSV") + sum(map(_readers, plan["children"]))


def _second_look(file: SourceFile) -> VigieError | None:
    """Read all the columns of a text file, to say what is wrong with it.

    When only some columns are read, DuckDB 1.5 may stumble while wording the fault of a line (an internal error).
    """
    if file.format == "parquet":
        return None
    with duckdb.connect() as apart, reading.feeding([file]) as paths:
        try:
            apart.execute(f"SELECT count(COLUMNS(*)) FROM ({reading.everything(file, paths[file])})").fetchall()
        except duckdb.Error as error:
            return csv_refusal(str(error), file)
    return None
