"""Building the index of names: its schema, its files, and what tells that they are damaged."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

import tantivy

from vigie.errors import DataUnreadable
from vigie.sources.room import MIB, free
from vigie.store.lexicon import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa

FORMAT = 5  # to be raised when an index written before can no longer be read
LEXICON_FILE = f"lexicon-{FORMAT}.json"


def schema() -> tantivy.Schema:
    """Return the schema: words to search, exact terms to filter, numbers to sort, one stored record."""
    builder = tantivy.SchemaBuilder()
    for name, analyzer in (("name", "words"), ("called", "keys"), ("street", "words"), ("terms", "terms")):
        builder.add_text_field(name, tokenizer_name=analyzer, index_option="basic")
    builder.add_text_field("order", tokenizer_name="nothing", index_option="basic", fast=True)
    builder.add_text_field("record", tokenizer_name="nothing", index_option="basic", stored=True)
    builder.add_float_field("weight", fast=True)
    builder.add_unsigned_field("size", fast=True)
    builder.add_integer_field("created", fast=True)
    builder.add_float_field("lat", fast=True)
    builder.add_float_field("lon", fast=True)
    builder.add_unsigned_field("cell", indexed=True)
    return builder.build()


def analyzers() -> dict[str, tantivy.TextAnalyzer]:
    """Return how each kind of field is cut into words, and how a word is brought to its stem (« stems »).

    Stems are not indexed: a word typed is looked up together with the words of the index that share its stem.
    """

    def chain(tokenizer: tantivy.Tokenizer, *filters: tantivy.Filter) -> tantivy.TextAnalyzer:
        builder = tantivy.TextAnalyzerBuilder(tokenizer)
        for step in filters:
            builder = builder.filter(step)
        return builder.build()

    simple, low, fold = tantivy.Tokenizer.simple, tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold()
    return {
        "words": chain(simple(), low, fold),
        "stems": chain(simple(), low, fold, tantivy.Filter.stemmer("french")),
        "keys": chain(tantivy.Tokenizer.whitespace(), low, fold),
        "terms": chain(tantivy.Tokenizer.whitespace()),
        "nothing": chain(tantivy.Tokenizer.regex("^\x00$")),
    }


def register(index: tantivy.Index) -> None:
    """Make the analyzers known to an index that was created or opened.

    The name to sort by is not searched (« nothing ») but kept whole, folded, in a column.
    """
    for name in ("words", "keys", "terms", "nothing"):
        index.register_tokenizer(name, analyzers()[name])
    whole = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    whole = whole.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())
    index.register_fast_field_tokenizer("nothing", whole.build())


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


_OF_FILES = ("An IO error occurred", "Data corrupted")
_PANIC = "PanicException"  # the binding of Rust raises it, as no `Exception`, and does not export it


class GenerationName(Protocol):
    """What reads the index of a generation, whose name it knows."""

    @property
    def name(self) -> str:
        """Name of the generation."""


Reader = TypeVar("Reader", bound=GenerationName)
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def is_damage(fault: BaseException) -> bool:
    """Tell whether a fault is that of a file, and not of a question."""
    if type(fault).__name__ == _PANIC:
        return True
    return isinstance(fault, ValueError) and str(fault).startswith(_OF_FILES)


def unreadable(generation: str) -> DataUnreadable:
    """Return the error of a damaged index."""
    return DataUnreadable(f"l’index des noms de {generation} est abîmé ou ne se lit pas")


def telling_damage(
    read: Callable[Concatenate[Reader, Given], Answer],
) -> Callable[Concatenate[Reader, Given], Answer]:
    """Make a reading say that the index is damaged; it then raises `DataUnreadable`."""

    @wraps(read)
    def reading(self: Reader, /, *given: Given.args, **options: Given.kwargs) -> Answer:
        try:
            return read(self, *given, **options)
        except BaseException as fault:
            if not is_damage(fault):
                raise
            raise unreadable(self.name) from fault

    return reading
