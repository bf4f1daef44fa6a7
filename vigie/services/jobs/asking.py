"""Asking for long work, and following it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import ABSENT, Right, Role, Scope, Thing
from vigie.errors import NotFound
from vigie.services.capabilities import job_kinds
from vigie.services.job_kinds import JobKind, JobState
from vigie.store.journal.base import new_id
from vigie.store.journal.jobs import Job, JobLot, JobTicket
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vigie.services.jobs.files import JobFiles
    from vigie.store.journal.port import Journal, Reader, Unit

LISTED = 50
_COMMAND = Scope(role=Role.SUPER_ADMIN, via="command")


@dataclass(frozen=True, slots=True)
class JobTold:
    """A job as it is followed; `after` is where its asker goes once it is done."""

    id: str
    kind: str
    label: str
    subject: str
    state: str
    done: int
    total: int
    asked_at: datetime
    ended_at: datetime | None
    fault: str
    after: str
    file: str
    expires_at: datetime | None

    @property
    def stage(self) -> JobState:
        """How far it is."""
        return JobState(self.state)

    def as_dict(self) -> dict[str, Any]:
        """Return the job as programs read it."""
        return asdict(self)


def ask(unit: Unit, kind: JobKind, subject: str = "", total: int = 0, params: str = "") -> str:
    """Put a job in the line, in the transaction of what it belongs to, and return its identifier."""
    scope, job = unit.scope, new_id()
    unit.add(
        Job(
            id=job, person_id=scope.person, role=scope.role.value, via=scope.via, kind=kind.word, subject=subject,
            total=total, params=params or None,
        )
    )  # fmt: skip
    unit.add(JobTicket(id=job, asked_from=scope.organisation, asked_at=unit.now))
    return job


def last_job(reader: Reader, subject: str) -> str:
    """Return the last job about something that is not done nor stopped, empty when there is none."""
    over = (JobState.DONE.value, JobState.CANCELLED.value)
    asked = select(Job.id).where(Job.subject == subject, Job.state.not_in(over))
    return next(iter(reader.all(asked.order_by(Job.created_at.desc(), Job.id).limit(1))), "")


def locked_ticket(unit: Unit, job: str) -> JobTicket:
    """Return the ticket of a job, held until the end of the transaction."""
    found = unit.one(select(JobTicket).where(JobTicket.id == job).with_for_update())
    if found is None:
        raise NotFound(ABSENT)
    return found


def lots_of(reader: Reader, job: str) -> Sequence[JobLot]:
    """Return the lots of a job that were done, in their order."""
    return reader.all(select(JobLot).where(JobLot.job_id == job).order_by(JobLot.start))


def forget(unit: Unit, job: Job) -> None:
    """Erase what a job was asked and what its lots gave, once nothing needs them."""
    job.params = None
    for lot in lots_of(unit, job.id):
        if lot.content is not None:
            unit.erase(lot)


def drop_about(unit: Unit, subject: str) -> None:
    """Stop the jobs about something that goes away, and erase what their lots gave."""
    over = (JobState.DONE.value, JobState.CANCELLED.value)
    for row in unit.all(select(Job).where(Job.subject == subject, Job.state.not_in(over))):
        locked_ticket(unit, row.id).ended = True
        row.state, row.ended_at = JobState.CANCELLED.value, unit.now
        forget(unit, row)


def told(row: Job, scope: Scope) -> JobTold:
    """Return a job as somebody of its organisation follows it; where one goes next is for its asker."""
    kind, mine = job_kinds().get(row.kind), row.person_id == scope.person
    after = kind.after.format(subject=row.subject) if kind and mine else ""
    return JobTold(
        id=row.id, kind=row.kind, label=kind.label if kind else row.kind, subject=row.subject, state=row.state,
        done=row.done, total=row.total, asked_at=row.created_at, ended_at=row.ended_at, fault=row.fault or "",
        after=after, file=row.file_name if mine else "", expires_at=row.expires_at,
    )  # fmt: skip


class Jobs:
    """The jobs of an organisation, followed by its officers; the file that one makes is its asker's alone."""

    def __init__(self, journal: Journal, files: JobFiles) -> None:
        self._journal, self.files = journal, files

    def file(self, scope: Scope, job: str) -> tuple[Path, str]:
        """Return the file that a job made and its name; the access is traced.

        Raises `NotFound` for another person's, and once it is kept no more.
        """
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            row, now = reader.get(Job, job), reader.now
        if row.person_id != scope.person or not row.file_name:
            raise NotFound(ABSENT)
        path = self.files.path(job)
        if row.expires_at is None or row.expires_at <= now or not path.is_file():
            raise NotFound("Ce fichier n’est plus gardé : demandez-le de nouveau.")
        self._journal.trace(scope, "dossiers.exported", job)
        return path, row.file_name

    def listed(self, scope: Scope) -> tuple[JobTold, ...]:
        """Return the organisation's jobs, the last first; raises `NotFound` for who can ask for none."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        every = select(Job).where(Job.deleted_at.is_(None)).order_by(Job.created_at.desc(), Job.id).limit(LISTED)
        with self._journal.reading(scope) as reader:
            return tuple(
                told(row, scope) for row in reader.all(every.order_by(Job.created_at.desc(), Job.id).limit(LISTED))
            )

    def read(self, scope: Scope, job: str) -> JobTold:
        """Return one; raises `NotFound` for another organisation's."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            return told(reader.get(Job, job), scope)

    def everywhere(self) -> tuple[tuple[str, JobTold], ...]:
        """Return the last jobs of every organisation, with its name, for the host."""
        found = []
        with self._journal.reading(_COMMAND) as reader:
            organisations = reader.rows(select(Organisation.id, Organisation.name).order_by(Organisation.name))
        for organisation, name in organisations:
            scope = _COMMAND.within(organisation)
            with self._journal.reading(scope) as reader:
                rows = reader.all(select(Job).order_by(Job.created_at.desc(), Job.id).limit(LISTED))
                found += [(name, told(row, scope)) for row in rows]
        return tuple(found)
