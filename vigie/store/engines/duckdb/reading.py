"""Published files as DuckDB tables of text; archives are unpacked through a pipe while DuckDB reads them.

Measured on five million records of 54 columns (1.2 GB) in a zip, on two cores: 11.6 s through a pipe into DuckDB's own
reader, 15.2 s through PyArrow's streaming reader, 6.8 s for the same file unpacked beforehand. The pipe also keeps
DuckDB's exact line numbers, and a few megabytes of memory.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING

from vigie.errors import VigieError
from vigie.sources.archives import open_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vigie.sources.base import SourceFile

_CHUNK = 1 << 20
_F_SETPIPE_SZ = getattr(fcntl, "F_SETPIPE_SZ", None)  # Linux only
RECORD = "record"


def is_piped(file: SourceFile) -> bool:
    """Tell whether a file is read through a pipe, hence only once in a query."""
    return file.format in {"zip", "csv.gz"}


def schema(file: SourceFile, *, numbered: bool) -> dict[str, str]:
    """Return the columns of a file as its source names them, all text; and the record number on demand."""
    return dict.fromkeys(file.reads, "string") | ({RECORD: "int64"} if numbered else {})


def query(file: SourceFile, path: str, *, numbered: bool) -> str:
    """Return the SQL that reads a file found at `path`: its wanted columns as text, nothing guessed."""
    if file.format == "parquet":
        columns = ", ".join(f"nullif({_name(c)}::VARCHAR, '') AS {_name(as_)}" for as_, c in file.reads.items())
        number = f", file_row_number + 1 AS {RECORD}" if numbered else ""
        return f"SELECT {columns}{number} FROM read_parquet({_text(path)}, file_row_number = {numbered})"
    position = {column: f"c{index}" for index, column in enumerate(file.columns)}
    columns = ", ".join(f"{position[c]} AS {_name(as_)}" for as_, c in file.reads.items())
    number = f", row_number() OVER () AS {RECORD}" if numbered else ""
    return f"SELECT {columns}{number} FROM ({everything(file, path)})"


def everything(file: SourceFile, path: str) -> str:
    """Return the SQL that reads all the columns of a text file, named by their rank."""
    types = ", ".join(f"'c{index}': 'VARCHAR'" for index, _ in enumerate(file.columns))
    return (
        f"SELECT * FROM read_csv({_text(path)}, columns = {{{types}}}, auto_detect = false, header = true, "
        f"delim = {_text(file.delimiter)}, quote = '\"', escape = '\"', strict_mode = true)"
    )


class Feed:
    """A named pipe filled from an archive by a thread of its own, each time DuckDB opens it."""

    def __init__(self, file: SourceFile, path: Path) -> None:
        self._file, self.path = file, path
        self.error: BaseException | None = None
        os.mkfifo(path, 0o600)
        self._thread = Thread(target=self._fill, name=f"unpack {file.name}", daemon=True)

    def start(self) -> None:
        """Begin to unpack as soon as a reader opens the pipe."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, even if nobody ever opened the pipe or read it to its end."""
        reader = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        os.close(reader)
        self._thread.join()

    def _fill(self) -> None:
        try:
            with self.path.open("wb", buffering=0) as pipe, open_bytes(self._file.path, self._file.member) as packed:
                if _F_SETPIPE_SZ is not None:
                    fcntl.fcntl(pipe, _F_SETPIPE_SZ, _CHUNK)
                while chunk := packed.read(_CHUNK):
                    _write(pipe.fileno(), chunk)
        except BrokenPipeError:
            pass  # the reader had enough
        except (VigieError, OSError) as error:
            self.error = error


@contextmanager
def feeding(files: Sequence[SourceFile]) -> Iterator[dict[SourceFile, str]]:
    """Give the path at which DuckDB reads each file, pipes being fed meanwhile.

    Raises what broke an archive, in preference to what the engine said of the truncated stream.
    """
    with TemporaryDirectory(prefix="vigie-") as folder:
        feeds = {f: Feed(f, Path(folder) / f"{n}.csv") for n, f in enumerate(files) if is_piped(f)}
        for feed in feeds.values():
            feed.start()
        try:
            yield {file: str(feeds[file].path if file in feeds else file.path) for file in files}
        finally:
            for feed in feeds.values():
                feed.stop()
            broken = next((feed.error for feed in feeds.values() if feed.error), None)
            if broken is not None:
                raise broken


def _write(descriptor: int, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(descriptor, view) :]


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
