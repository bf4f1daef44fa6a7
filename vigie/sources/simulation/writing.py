"""Writing tables of text, batch after batch, in the formats that INSEE publishes; nothing half-written stays."""

from __future__ import annotations

import contextlib
import gzip
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from vigie.sources.simulation.columns import Columns, nothing

Format = Literal["zip", "csv", "csv.gz", "parquet"]
FORMATS: tuple[Format, ...] = ("zip", "csv", "csv.gz", "parquet")
_SAME_DATE = (2026, 1, 1, 0, 0, 0)


class TableFile:
    """One table being written; takes its final name on success only.

    Every column is text, in every format, so that the content is the same. Text holds neither quote, delimiter
    nor line break: cells need no quoting, as in INSEE's files.
    """

    def __init__(self, folder: Path, name: str, columns: Sequence[str], kind: Format, delimiter: str = ",") -> None:
        self.path = folder / f"{name}.{kind}"
        self.rows = 0
        self._schema = pa.schema([(column, pa.string()) for column in columns])
        self._temporary = folder / f".{name}.{kind}.partial"
        self._member, self._kind, self._delimiter = f"{name}.csv", kind, delimiter
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Open the temporary file and write the header."""
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the file its final name, or remove it after an error."""
        try:
            self._stack.close()
            if kind is None:
                self._temporary.replace(self.path)
        finally:
            self._temporary.unlink(missing_ok=True)

    def write(self, columns: Columns) -> None:
        """Write rows; a column that is not given is empty."""
        count = len(next(iter(columns.values())))
        empty = nothing(count)
        batch = pa.record_batch([columns.get(name, empty) for name in self._schema.names], schema=self._schema)
        self._writer.write_batch(batch)
        self.rows += count

    def _open(self) -> None:
        if self._kind == "parquet":
            self._writer: Any = self._stack.enter_context(
                pq.ParquetWriter(self._temporary, self._schema, compression="zstd")
            )
            return
        stream = self._stack.enter_context(_stream(self._temporary, self._kind, self._member))
        stream.write((self._delimiter.join(self._schema.names) + "\n").encode())
        options = pcsv.WriteOptions(include_header=False, quoting_style="none", delimiter=self._delimiter)
        self._writer = self._stack.enter_context(pcsv.CSVWriter(stream, self._schema, write_options=options))


@contextlib.contextmanager
def _stream(path: Path, kind: Format, member: str) -> Iterator[IO[bytes]]:
    if kind == "csv":
        with path.open("wb") as stream:
            yield stream
    elif kind == "csv.gz":
        with path.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as packed:
            yield packed  # type: ignore[misc]
    else:
        entry = zipfile.ZipInfo(member, _SAME_DATE)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=1) as archive,
            archive.open(entry, "w", force_zip64=True) as inside,
        ):
            yield inside
