"""The journal on any engine that SQLAlchemy speaks to; the engines' modules say what is particular to each."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import insert, select, update
from sqlalchemy.exc import DataError, DBAPIError

from vigie.domain.form_kept import refuse_if_held
from vigie.errors import JournalFailed, Raced, RequestFault
from vigie.store.journal.failing import Failures, SqlReading
from vigie.store.journal.records import AccessSpool, Audit
from vigie.store.journal.spooling import SpoolFailed
from vigie.store.journal.tenancy import UNKEEPABLE, WalledSession
from vigie.store.journal.tracing import Tracing, Values
from vigie.store.journal.unit import SqlUnit, access

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from vigie.domain.access import Scope
    from vigie.store.journal.spooling import Spool, Waiting

Clock = Callable[[], datetime]

LOT = 200
"""Accesses kept beside the journal before one of them moves them all. Each move is a commit, after which who asks is
read again: one in two hundred costs nothing, and moves its lot in some 5 ms."""
PATIENCE = 0.02
"""Seconds that a move waits for another process that writes, before it is left to a later one."""
_log = logging.getLogger("vigie.journal")


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class Particular(Protocol):
    """What differs between engines."""

    engine: Engine
    one_writer: bool

    @property
    def spool(self) -> Spool | None:
        """Where accesses wait beside the journal; `None` where writers do not wait for each other."""

    def settle(self, session: Session, scope: Scope) -> None:
        """Tell the engine who asks, for the rest of the transaction."""

    def stamp(self) -> str:
        """Return a word that changes with every commit of any process."""

    def scrub(self) -> None:
        """Overwrite what was erased in the files of the engine."""

    def close(self) -> None:
        """Release the connections."""

    def is_conflict(self, fault: DBAPIError) -> bool:
        """Tell whether two writers met, and trying again is right."""


class SqlJournal:
    """A journal on a SQL engine; see `port.Journal`."""

    def __init__(self, particular: Particular, clock: Clock = utc_now) -> None:
        self._particular, self._clock = particular, clock
        self._failures = Failures()
        # One writer at a time in this process spares SQLite's writers from waiting on its file lock by polling.
        self._writer = threading.Lock()
        self._turn = self._writer if particular.one_writer else nullcontext()
        self._tracing = Tracing(self._write_accesses) if particular.one_writer else None
        self._beside = 0

    @property
    def engine(self) -> Engine:
        """The engine, for migrations, backups and checks."""
        return self._particular.engine

    def now(self) -> datetime:
        """Return the time of the installation's clock, in UTC."""
        return self._clock()

    def today(self, scope: Scope) -> date:
        """Return the day that it is in the asker's organisation."""
        with self.reading(scope) as reader:
            return reader.today

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[SqlReading]:
        """Open a transaction that only reads."""
        with self._session(writes=False) as session:
            yield SqlReading(session, scope, self._clock(), self._particular.settle)

    @contextmanager
    def writing(self, scope: Scope) -> Iterator[SqlUnit]:
        """Open a transaction that is durable once the block is left.

        Raises `Raced` when another change of the same thing came first, `Held` where nothing is to be written.
        """
        refuse_if_held()
        with self._write(scope) as unit:
            yield unit

    @contextmanager
    def _write(self, scope: Scope) -> Iterator[SqlUnit]:
        with self._turn, self._session(writes=True) as session:
            unit = SqlUnit(session, scope, self._clock(), self._particular.settle)
            yield unit
            unit.finish()
            session.commit()

    def trace(self, scope: Scope, kind: str, subject: str = "", siren: str = "", detail: str = "") -> None:
        """Note an access that was granted, durable on return; it never waits for whoever writes."""
        if self._tracing is not None:
            self._tracing.note(access(scope, self._clock(), kind, subject, siren, detail))
            return
        with self._write(scope) as unit:
            unit.trace(kind, subject, siren, detail)

    def gather(self) -> None:
        """Move into the audit the accesses that waited beside it, before it is read."""
        spool = self._particular.spool
        former = 0
        while spool is not None and (found := _waiting(spool)) and found.last > former:
            former = found.last
            with self._turn:
                self._move(spool, found)

    def _write_accesses(self, accesses: Sequence[Values]) -> None:
        """Write accesses beside the audit; in it, after whoever writes, when that cannot be."""
        spool = self._particular.spool
        if spool is None:
            self._insert(accesses)
            return
        try:
            spool.keep(accesses)
        except SpoolFailed as fault:
            _log.error("accesses wait for the writer, their own file failed: %s", fault)
            with self._turn:
                self._insert(accesses)
            return
        self._beside += len(accesses)
        if self._beside >= LOT:
            self._lighten(spool)

    def _lighten(self, spool: Spool) -> None:
        """Move a lot into the audit if nobody writes: what was noted is durable already, and can wait."""
        if not self._writer.acquire(blocking=False):
            return
        try:
            if found := _waiting(spool):
                self._move(spool, found, PATIENCE)
            self._beside = 0
        except Raced:
            _log.debug("another process writes: accesses stay beside the journal")
        except JournalFailed as fault:
            _log.error("accesses stay beside the journal, which cannot be written: %s", fault)
        finally:
            self._writer.release()

    def _move(self, spool: Spool, found: Waiting, patience: float | None = None) -> None:
        """Write accesses that waited in one transaction, then forget that they waited."""
        with self._session(writes=True, patience=patience) as session:
            connection = session.connection()
            mark = connection.scalar(select(AccessSpool.mark).where(AccessSpool.id == found.spool))
            moved = found.after(mark or 0)
            if moved:
                connection.execute(insert(Audit), moved)
            values = {"id": found.spool, "mark": max(found.last, mark or 0)}
            write = insert(AccessSpool) if mark is None else update(AccessSpool).where(AccessSpool.id == found.spool)
            connection.execute(write.values(**values))
            session.commit()
        _dropped(spool, found)

    def _insert(self, accesses: Sequence[Values]) -> None:
        with self._session(writes=True) as session:
            session.connection().execute(insert(Audit), accesses)
            session.commit()

    def stamp(self) -> str:
        """Return a word that changes with every commit of any process; raises `JournalUnavailable`."""
        with self._failures.noted():
            return self._particular.stamp()

    def failing(self) -> frozenset[str]:
        """Return the kinds of failures of the engine in the last five minutes."""
        return self._failures.recent()

    def scrub(self) -> None:
        """Overwrite what was erased in the files of the engine; raises `JournalUnavailable`."""
        with self._failures.noted():
            self._particular.scrub()

    def close(self) -> None:
        """Release the connections."""
        self._particular.close()

    @contextmanager
    def _session(self, *, writes: bool, patience: float | None = None) -> Iterator[Session]:
        options = {"vigie_writes": writes, "vigie_patience": patience}
        with self._failures.noted():
            try:
                with (
                    self._particular.engine.connect().execution_options(**options) as connection,
                    WalledSession(connection, autoflush=writes, expire_on_commit=False) as session,
                ):
                    yield session
            except DataError as fault:
                raise RequestFault(UNKEEPABLE) from fault
            except DBAPIError as fault:
                if not self._particular.is_conflict(fault):
                    raise
                if patience is None:
                    self._failures.waited(fault)
                raise Raced(
                    "Une autre personne vient de modifier la même chose : rechargez la page et recommencez."
                ) from fault


def _waiting(spool: Spool) -> Waiting | None:
    """Return what waits beside the journal; a file that cannot be read holds nobody up, and is logged."""
    try:
        return spool.waiting()
    except SpoolFailed as fault:
        _log.error("accesses kept beside the journal cannot be read: %s", fault)
        return None


def _dropped(spool: Spool, found: Waiting) -> None:
    try:
        spool.drop(found)
    except SpoolFailed as fault:
        _log.error("accesses moved into the audit stay beside it too: %s", fault)
