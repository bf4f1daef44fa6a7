"""The journal in one SQLite file: WAL, and a disk flush before each acknowledgement (`synchronous=FULL`)."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError

from vigie.store.engines.sqlite.spool import SqliteSpool
from vigie.store.journal.failing import failed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from sqlalchemy.pool import PoolProxiedConnection

    from vigie.domain.access import Scope

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
_VERSION, _SCRUB = "PRAGMA data_version", "PRAGMA wal_checkpoint(TRUNCATE)"
_BUSY_SECONDS = 15.0
"""More than the longest write of a lot on a busy disk; then who waits is told to come back."""


class SqliteParticular:
    """What is particular to SQLite."""

    one_writer = True

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Made readable by its owner only; SQLite gives the files beside it the same rights.
        path.touch(mode=0o600, exist_ok=True)
        self._path, self._file = path, _identity(path)
        self.spool = SqliteSpool(path)
        self.engine: Engine = create_engine(
            "sqlite://",
            creator=self._connect,
            poolclass=QueuePool,
            pool_size=16,
            # What people wrote stays out of the engine's log and of its errors.
            hide_parameters=True,
        )
        event.listen(self.engine, "connect", _configure)
        event.listen(self.engine, "begin", self._begin)
        # The counter begins anew with each connection: a word of chance keeps the stamps of two processes apart.
        self._begun = secrets.token_hex(4)
        self._watcher: PoolProxiedConnection | None = None
        self._turn = threading.Lock()

    def settle(self, session: Session, scope: Scope) -> None:
        """Do nothing: the wall of the session holds."""

    def stamp(self) -> str:
        """Return SQLite's counter of commits made by other connections than the one it is asked on (5 µs)."""
        self._require_same_file()
        with self._turn:
            if self._watcher is None:
                self._watcher = self.engine.raw_connection()
                self._watcher.detach()
            try:
                version = self._watcher.cursor().execute(_VERSION).fetchone()[0]
            except sqlite3.Error as fault:
                raise DBAPIError(_VERSION, None, fault) from fault
        return f"{self._begun}-{version}"

    def scrub(self) -> None:
        """Bring the write-ahead log into the file, whose freed bytes are zeroed (`secure_delete`), and empty it.

        While somebody reads, the log is emptied at a later checkpoint.
        """
        connection = self.engine.raw_connection()
        try:
            connection.cursor().execute(_SCRUB).fetchall()
        except sqlite3.Error as fault:
            raise DBAPIError(_SCRUB, None, fault) from fault
        finally:
            connection.close()

    def close(self) -> None:
        """Release the connections."""
        with self._turn:
            watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.close()
        self.spool.close()
        self.engine.dispose()

    def _connect(self) -> sqlite3.Connection:
        """Open the file, which is never made here: one that was taken away is not replaced by an empty journal."""
        address = f"file:{quote(str(self._path))}?mode=rw"
        return sqlite3.connect(address, timeout=_BUSY_SECONDS, check_same_thread=False, uri=True)

    def _begin(self, connection: Connection) -> None:
        self._require_same_file()
        asked = connection.get_execution_options()
        begin, patience = "BEGIN IMMEDIATE" if asked.get("vigie_writes", True) else "BEGIN", asked.get("vigie_patience")
        if patience is None:
            connection.exec_driver_sql(begin)
            return
        connection.exec_driver_sql(f"PRAGMA busy_timeout={round(patience * 1000)}")
        try:
            connection.exec_driver_sql(begin)
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={round(_BUSY_SECONDS * 1000)}")

    def _require_same_file(self) -> None:
        """Raise `JournalFailed` when the file at the journal's place is not the one that was opened.

        Connections would go on with the one taken away, and what they write would be lost with it.
        """
        if _identity(self._path) != self._file:
            raise failed("gone")

    def is_conflict(self, fault: DBAPIError) -> bool:
        """Tell whether a unique key or a lock was met."""
        said = str(fault.orig)
        return (isinstance(fault, IntegrityError) and "UNIQUE" in said) or "locked" in said


def _configure(connection: sqlite3.Connection, _: object) -> None:
    # The driver would begin transactions at its own time: `_begin` does it instead.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
