"""The name index against SQLite FTS5: the same establishments, the same fields, from the same tables.

Both are fed by the same expressions of the warehouse, so that what it costs to read them is on both sides. FTS5 indexes
the names, the street and the exact terms by column, without positions, and keeps the rest beside, as the index does;
it is given no stemming, no columns to sort by and one thread, which is all it can use.
"""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import ibis

from vigie.store.documents import contents, documents
from vigie.store.engines.tantivy import TantivyBuilder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import ibis.expr.types as ir

BATCH = 65_536
SEARCHED = ("name", "street", "terms")
KEPT = ("order", "weight", "size", "created", "lat", "lon", "record")


def measure(work: Path, rows: int) -> dict[str, Any]:
    """Build both from the warehouse of `work/data`; memory is that of the process after the name index alone."""
    from vigie.store import generation  # noqa: PLC0415 — nothing heavy at import

    folder = generation.current(work / "data")
    if folder is None:
        raise SystemExit(f"Rien n’est chargé dans {work / 'data'} : mesurez d’abord les tables (--only tables).")
    warehouse = ibis.duckdb.connect(folder / generation.WAREHOUSE, read_only=True, threads=os.cpu_count())
    return compare(warehouse.table("establishment"), warehouse.table("membership"), work / "index")


def compare(establishment: ir.Table, membership: ir.Table, work: Path) -> dict[str, Any]:
    """Build the name index, then FTS5, in an empty folder, and return seconds, processor seconds, sizes and ratios."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    ours = _timed(lambda: _index(establishment, membership, work / "tantivy"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    theirs = _timed(lambda: _fts5(establishment, membership, work / "fts5.db"))
    return {
        "establishments": ours[2],
        "index_seconds": round(ours[0], 1),
        "index_processor_seconds": round(ours[1], 1),
        "index_mib": sum(file.stat().st_size for file in (work / "tantivy").iterdir()) >> 20,
        "index_peak_memory_mib": memory,
        "fts5_seconds": round(theirs[0], 1),
        "fts5_processor_seconds": round(theirs[1], 1),
        "fts5_mib": (work / "fts5.db").stat().st_size >> 20,
        "index_ratio": round(ours[0] / theirs[0], 3),
    }


def _timed(build: Callable[[], int]) -> tuple[float, float, int]:
    start, processor = time.perf_counter(), time.process_time()
    count = build()
    return time.perf_counter() - start, time.process_time() - processor, count


def _index(establishment: ir.Table, membership: ir.Table, folder: Path) -> int:
    backend = establishment._find_backend()
    batches = backend.to_pyarrow_batches(documents(establishment, membership), chunk_size=BATCH)
    return TantivyBuilder(threads=os.cpu_count() or 2).build(batches, folder)


def _fts5(establishment: ir.Table, membership: ir.Table, path: Path) -> int:
    backend = establishment._find_backend()
    fields = contents(establishment, membership).select(*SEARCHED, *KEPT)
    columns = ", ".join([*SEARCHED, *(f'"{name}" UNINDEXED' for name in KEPT)])
    tokenizer = "unicode61 remove_diacritics 2 tokenchars '':.''"
    count = 0
    with closing(sqlite3.connect(path)) as database:
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-600000"):
            database.execute(f"PRAGMA {setting}")
        database.execute(f"CREATE VIRTUAL TABLE e USING fts5({columns}, detail=column, tokenize='{tokenizer}')")
        insert = f"INSERT INTO e VALUES ({', '.join('?' * (len(SEARCHED) + len(KEPT)))})"
        for batch in backend.to_pyarrow_batches(fields, chunk_size=BATCH):
            database.executemany(insert, zip(*(column.to_pylist() for column in batch.columns), strict=True))
            count += batch.num_rows
        database.commit()
    return count
