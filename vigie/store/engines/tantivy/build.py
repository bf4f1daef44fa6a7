"""Writing the index: documents come in bulk from the warehouse, threads of the engine cut and sort them."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import tantivy

from vigie.sources.room import MIB, free
from vigie.store.engines.tantivy.schema import LEXICON_FILE, register, schema
from vigie.store.lexicon import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa

_OF_WRITERS = ".managed.json"
_NEARLY_FULL = 32 * MIB


class TantivyBuilder:
    """Write side of the directory; `heap_mib` bounds what is held before it goes to disk."""

    def __init__(self, threads: int = 2, heap_mib: int = 600) -> None:
        self._threads, self._heap_mib = threads, heap_mib

    def build(self, documents: Iterable[pa.RecordBatch], destination: Path) -> int:
        """Index batches of `vigie.store.documents.documents` into an empty folder and return their number.

        Everything is on disk, synchronised, when it returns; an interrupted build leaves a folder to be deleted.
        """
        destination.mkdir(parents=True, exist_ok=True)
        try:
            return self._write(documents, destination)
        except ValueError as fault:
            # A thread of the engine that failed does not say on what; what it held is given back when it ends.
            if free(destination) < _NEARLY_FULL:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(destination)) from fault
            raise

    def _write(self, documents: Iterable[pa.RecordBatch], destination: Path) -> int:
        index = tantivy.Index(schema(), str(destination), reuse=False)
        register(index)
        writer = index.writer(self._heap_mib << 20, self._threads)
        count = 0
        for batch in read_ahead(documents):
            for document in batch.column("document").to_pylist():
                writer.add_json(str(document))
            count += batch.num_rows
        writer.commit()
        writer.wait_merging_threads()
        # What writers alone need: damaged, it would keep readers out, who do without it.
        (destination / _OF_WRITERS).unlink(missing_ok=True)
        _write_durably(destination / LEXICON_FILE, shipped().dump())
        return count


def read_ahead(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Hand batches over in their order, each being read while the one before is taken in.

    The warehouse writes a batch with one thread, and would wait for whoever cuts its words. What reading raises is
    raised here.
    """
    reading = iter(batches)
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, reading, None)
        while (batch := coming.result()) is not None:
            coming = thread.submit(next, reading, None)
            yield batch


def _write_durably(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
