"""The worker: it takes what waits under a lease, lot by lot, and leaves what it did in the journal.

Several processes may each have one. A lease is renewed in the transaction of each lot, which also looks whether it
still holds: one that was taken over by another, because it stood still too long, writes nothing more.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select

from vigie.domain.access import Role, Scope
from vigie.errors import NotFound, Raced, VigieError
from vigie.services.job_kinds import JobState
from vigie.services.jobs.asking import forget, locked_ticket, lots_of
from vigie.store.journal.base import new_id
from vigie.store.journal.jobs import Job, JobLot, JobTicket
from vigie.store.journal.people import Membership

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.store.journal.port import Journal, Reader, Unit

LEASE = timedelta(seconds=45)
"""How long a job stays with a worker that does not move on: well above what a lot takes on a busy machine."""
MOST_TRIES = 5
"""How often a job is taken without moving on before it is given up: it may be what kills the process."""
BETWEEN_LOOKS = 1.0
LONGEST_PAUSE = 0.5
"""A server that stops waits no longer than this for a worker between two lots."""
TURN = 0.0005
"""Seconds for which a job that computes may keep the interpreter from a request: a request gives it up at each of its
statements, and would wait 5 ms every time by default."""
_COMMAND = Scope(role=Role.SUPER_ADMIN, via="command")
_BROKEN = "Ce travail n’a pas abouti ; ce qui était fait est gardé. Relancez-le ; si cela dure, dites-le à l’hébergeur."
_KILLED = "Ce travail a été interrompu cinq fois au même endroit ; ce qui était fait est gardé. Dites-le à l’hébergeur."
_GONE = "Votre compte n’est plus membre de cette organisation avec le même rôle : ce travail s’est arrêté là."
_log = logging.getLogger("vigie.jobs")


class _Left(Exception):
    """The job is no longer this worker's: stopped by its asker, taken over, or the server leaves."""


@dataclass(slots=True)
class Run:
    """A job being done: who asked, what about, and the transactions of its lots."""

    journal: Journal
    job: str
    kind: str
    scope: Scope
    subject: str
    params: str
    _worker: str
    _leaving: threading.Event = field(default_factory=threading.Event)
    _slow: float = 0.0

    def lots(self) -> Sequence[JobLot]:
        """Return the lots that were done before, in their order."""
        with self.journal.reading(self.scope) as reader:
            return lots_of(reader, self.job)

    @contextmanager
    def writing(self) -> Iterator[Unit]:
        """Open the transaction of a lot, as who asked; others who write go between two of them.

        Nothing is written, and the work ends here, when the job is no longer this worker's.
        """
        if self._leaving.wait(min(LONGEST_PAUSE, self._slow)):
            raise _Left
        started = time.monotonic()
        with self.journal.writing(self.scope) as unit:
            ticket = locked_ticket(unit, self.job)
            if ticket.ended or ticket.held_by != self._worker:
                raise _Left
            ticket.held_until = unit.now + LEASE
            unit.get(Job, self.job).tries = 0
            yield unit
        self._slow = time.monotonic() - started

    @contextmanager
    def sparing(self) -> Iterator[None]:
        """Rest as long as the block took: those who ask for pages go on at half the processor's pace at least."""
        started = time.monotonic()
        yield
        if self._leaving.wait(min(LONGEST_PAUSE, time.monotonic() - started)):
            raise _Left

    def keep(self, unit: Unit, lot: tuple[int, int], content: str, done: int, total: int) -> None:
        """Leave the mark of a lot (its first line, the one after its last) and what it gave, in its transaction."""
        start, upto = lot
        unit.add(JobLot(job_id=self.job, start=start, upto=upto, content=content))
        row = unit.get(Job, self.job)
        row.done, row.total = done, total

    def tell(self, done: int, total: int) -> None:
        """Say how far a work is that writes nothing in the journal, and keep the lease."""
        with self.writing() as unit:
            row = unit.get(Job, self.job)
            row.done, row.total = done, total

    def end(self, unit: Unit) -> None:
        """Say that all is done, in the transaction of what ends it."""
        row = unit.get(Job, self.job)
        row.state, row.ended_at, row.done = JobState.DONE.value, unit.now, row.total
        forget(unit, row)
        locked_ticket(unit, self.job).ended = True


Work = Callable[[Run], None]


class Worker:
    """Does what waits, one job at a time, for every organisation."""

    def __init__(self, journal: Journal, works: Mapping[str, Work], tidy: Callable[[], None] = lambda: None) -> None:
        self._journal, self._works, self._tidy = journal, works, tidy
        self._name, self.leaving = new_id(), threading.Event()

    def run_waiting(self) -> int:
        """Do what waits and is free to be taken, and return how many jobs were worked on."""
        taken = 0
        self._tidy()
        while not self.leaving.is_set() and (run := self._next()) is not None:
            taken += 1
            with _short_turns():
                self._do(run)
        return taken

    def _next(self) -> Run | None:
        with self._journal.reading(_COMMAND) as reader:
            free = (JobTicket.ended.is_(False), _free(reader))
            wanted = select(JobTicket).where(*free).order_by(JobTicket.asked_at, JobTicket.id).limit(5)
            found = [(row.id, row.asked_from) for row in reader.all(wanted)]
        return next((run for job, organisation in found if (run := self._taken(job, organisation)) is not None), None)

    def _taken(self, job: str, organisation: str) -> Run | None:
        """Take a job under a lease; `None` when another worker was quicker, or when it is given up."""
        with self._journal.writing(_COMMAND.within(organisation)) as unit:
            wanted = select(JobTicket).where(JobTicket.id == job, JobTicket.ended.is_(False), _free(unit))
            ticket = unit.one(wanted.with_for_update(skip_locked=True))
            if ticket is None:
                return None
            row = unit.get(Job, job)
            if row.tries >= MOST_TRIES or row.kind not in self._works:
                _fail(unit, row, _KILLED if row.kind in self._works else _BROKEN)
                return None
            ticket.held_by, ticket.held_until = self._name, unit.now + LEASE
            row.state, row.tries, row.started_at = JobState.RUNNING.value, row.tries + 1, row.started_at or unit.now
            scope = Scope(role=Role(row.role), organisation=organisation, person=row.person_id, via=row.via)
            return Run(self._journal, job, row.kind, scope, row.subject, row.params or "", self._name, self.leaving)

    def _do(self, run: Run) -> None:
        fault = _BROKEN
        try:
            self._require_member(run)
            self._again(run)
        except _Left:
            self._let_go(run)
            return
        except VigieError as said:
            fault = str(said)
        except Exception as broken:  # whatever it is, its asker is told, and may take it up
            _log.error("job %s: %s", run.job, type(broken).__name__, exc_info=broken)
        else:
            return
        with self._journal.writing(_COMMAND.within(run.scope.organisation)) as unit:
            ticket = locked_ticket(unit, run.job)
            if ticket.held_by == self._name and not ticket.ended:
                _fail(unit, unit.get(Job, run.job), fault)

    def _again(self, run: Run) -> None:
        """Do the work; what met another writer starts again from its last lot, some times."""
        for left in reversed(range(MOST_TRIES)):
            try:
                self._works[run.kind](run)
            except Raced:
                if not left:
                    raise
                self.leaving.wait(1.0)
            else:
                return

    def _require_member(self, run: Run) -> None:
        with self._journal.reading(run.scope) as reader:
            held = (Membership.person_id == run.scope.person, Membership.organisation_id == run.scope.organisation)
            now = (Membership.role == run.scope.role.value, Membership.state == "active")
            if not reader.count(select(Membership.id).where(*held, *now, Membership.deleted_at.is_(None))):
                raise NotFound(_GONE)

    def _let_go(self, run: Run) -> None:
        """Leave the job to whoever comes next, at once, when it is still this worker's."""
        with self._journal.writing(_COMMAND.within(run.scope.organisation)) as unit:
            ticket = locked_ticket(unit, run.job)
            if ticket.held_by == self._name and not ticket.ended:
                ticket.held_by, ticket.held_until = "", None
                unit.get(Job, run.job).state = JobState.WAITING.value


@contextmanager
def working(worker: Worker, seconds: float = BETWEEN_LOOKS) -> Iterator[None]:
    """Keep a thread that does what waits during the block; a job is left between two lots when the block ends."""

    def look() -> None:
        while not worker.leaving.wait(seconds):
            try:
                worker.run_waiting()
            except Exception as fault:  # the journal is away: the next look tries again
                _log.error("jobs: %s", type(fault).__name__)

    thread = threading.Thread(target=look, name="vigie-jobs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        worker.leaving.set()
        thread.join(timeout=30)


@contextmanager
def _short_turns() -> Iterator[None]:
    """Let the other threads of the process have the interpreter sooner during the block."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def _free(reader: Reader) -> ColumnElement[bool]:
    return or_(JobTicket.held_until.is_(None), JobTicket.held_until <= reader.now)


def _fail(unit: Unit, row: Job, fault: str) -> None:
    row.state, row.fault, row.ended_at = JobState.FAILED.value, fault, unit.now
    locked_ticket(unit, row.id).ended = True
