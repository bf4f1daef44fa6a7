"""The file beside a SQLite journal where accesses are kept until they are moved; see `journal.spooling`."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from vigie.store.journal.spooling import SpoolFailed, Values, Waiting

BESIDE = "-accesses"
"""What ends the name of the file, after that of the journal."""
MOST = 2_000
"""How many accesses are moved in one transaction."""
_BUSY_SECONDS = 10.0
"""Nobody holds this file for longer than an append or a lot moved."""
_TABLES = (
    "CREATE TABLE IF NOT EXISTS spool (name TEXT NOT NULL)",
    # AUTOINCREMENT: a number is never given again, so that the mark of what was moved stays true.
    "CREATE TABLE IF NOT EXISTS access (seq INTEGER PRIMARY KEY AUTOINCREMENT, said TEXT NOT NULL)",
)


class SqliteSpool:
    """The file of waiting accesses; several processes may write in it."""

    def __init__(self, journal: Path) -> None:
        self._path = journal.with_name(journal.name + BESIDE)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def keep(self, accesses: Sequence[Values]) -> None:
        """Write accesses, durable on return; raises `SpoolFailed`."""
        said = [(json.dumps(_plain(values)),) for values in accesses]
        with self._held() as opened:
            opened.execute("BEGIN IMMEDIATE")
            try:
                opened.executemany("INSERT INTO access (said) VALUES (?)", said)
                opened.execute("COMMIT")
            except BaseException:
                opened.rollback()
                raise

    def waiting(self) -> Waiting | None:
        """Return what is to be moved, the oldest first, `MOST` at a time; `None` when nothing waits."""
        if self._connection is None and not self._path.exists():
            return None
        with self._held() as opened:
            rows = opened.execute("SELECT seq, said FROM access ORDER BY seq LIMIT ?", (MOST,)).fetchall()
            if not rows:
                return None
            (name,) = opened.execute("SELECT name FROM spool").fetchone()
            return Waiting(name, rows[-1][0], tuple((seq, _read(said)) for seq, said in rows))

    def drop(self, moved: Waiting) -> None:
        """Remove what was moved; left there by a power cut, it is not moved again: the journal keeps a mark."""
        with self._held() as opened:
            opened.execute("DELETE FROM access WHERE seq <= ?", (moved.last,))

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _held(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._lock:
                yield self._opened()
        except (sqlite3.Error, OSError, ValueError) as fault:
            raise SpoolFailed(type(fault).__name__) from fault

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            fresh = not self._path.exists()
            self._path.touch(mode=0o600, exist_ok=True)
            made = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None)
            made.execute("PRAGMA journal_mode=WAL")
            made.execute("PRAGMA synchronous=FULL")
            self._prepare(made)
            if fresh:
                _flush_folder(self._path.parent)
            self._connection = made
        return self._connection

    @staticmethod
    def _prepare(made: sqlite3.Connection) -> None:
        made.execute("BEGIN IMMEDIATE")
        for statement in _TABLES:
            made.execute(statement)
        if made.execute("SELECT count(*) FROM spool").fetchone() == (0,):
            made.execute("INSERT INTO spool VALUES (?)", (secrets.token_hex(10),))
        made.execute("COMMIT")


def _plain(values: Values) -> Values:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _read(said: str) -> Values:
    values: Values = json.loads(said)
    return values | {"at": datetime.fromisoformat(values["at"])}


def _flush_folder(folder: Path) -> None:
    """Make the name of a new file durable, like what it holds."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
