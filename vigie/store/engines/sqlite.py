"""The journal in one SQLite file: WAL, and a disk flush before each acknowledgement (`synchronous=FULL`)."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from vigie.domain.access import Scope

_BUSY_SECONDS = 15.0


class SqliteParticular:
    """What is particular to SQLite; `synchronous` is FULL but in the experiment that shows why."""

    one_writer = True

    def __init__(self, path: Path, synchronous: str = "FULL") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.engine: Engine = create_engine(
            f"sqlite:///{path}", connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False}, pool_size=16
        )
        event.listen(self.engine, "connect", _configured(synchronous))
        event.listen(self.engine, "begin", _begin)

    def settle(self, session: Session, scope: Scope) -> None:
        """Do nothing: the wall of the session holds."""

    def is_conflict(self, fault: DBAPIError) -> bool:
        """Tell whether a unique key or a lock was met."""
        said = str(fault.orig)
        return (isinstance(fault, IntegrityError) and "UNIQUE" in said) or "locked" in said


def _configured(synchronous: str) -> Any:
    def configure(connection: sqlite3.Connection, _: object) -> None:
        # The driver would begin transactions at its own time: `_begin` does it instead.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return configure


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("vigie_writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
