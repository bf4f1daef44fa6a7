"""What the pages of long work are given: the asker's jobs, and one that is followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.views import Link
from vigie.services.capabilities import job_kinds
from vigie.services.job_kinds import JobState

if TYPE_CHECKING:
    from vigie.services.jobs.asking import JobTold

ADDRESS = "/bureau/travaux"
EVERY = 5
"""Seconds after which the page of a job that goes on is asked for again."""
_LINES = ("ligne", "lignes")


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job of the list."""

    label: str
    href: str
    state: str
    detail: str
    failed: bool


@dataclass(frozen=True, slots=True)
class JobsPage:
    """`desk/jobs.html`."""

    rows: tuple[JobRow, ...]
    title: str = "Travaux"
    lead: str = "Ce qui est long se fait sans vous : fermez la page, revenez quand vous voulez."
    trail: tuple[Link, ...] = (DESK, Link("Travaux"))


@dataclass(frozen=True, slots=True)
class JobPage:
    """`desk/job.html`: how far a job is; `refresh` is in how many seconds the page comes again, 0 for never."""

    title: str
    lead: str
    state: str
    progress: str
    done: int
    total: int
    fault: str
    said: str
    refresh: int
    moving: bool
    here: str
    still: str
    after: str
    file: Link | None
    acts: tuple[Link, ...]
    trail: tuple[Link, ...]


def jobs_page(jobs: Sequence[JobTold]) -> JobsPage:
    """Build the list of the asker's jobs."""
    return JobsPage(tuple(map(_row, jobs)))


def _row(job: JobTold) -> JobRow:
    detail = [f"demandé le {french.moment(job.asked_at)}", _progress(job)]
    failed = job.stage is JobState.FAILED
    return JobRow(job.label, f"{ADDRESS}/{job.id}", job.stage.label, " · ".join(filter(None, detail)), failed)


def job_page(job: JobTold, said: str, acts: Sequence[Link], *, follow: bool) -> JobPage:
    """Build the page of a job; it comes again by itself while the job goes on, unless its reader would rather not."""
    here = f"{ADDRESS}/{job.id}"
    return JobPage(
        title=job.label,
        lead=_LEADS[job.stage],
        state=job.stage.label,
        progress=_progress(job),
        done=job.done,
        total=job.total,
        fault=job.fault,
        said=said,
        refresh=EVERY if follow and job.stage.moving else 0,
        moving=job.stage.moving,
        here=here,
        still=f"{here}?suivre=non" if follow and job.stage.moving else "",
        after=job.after if job.stage in (JobState.DONE, JobState.CANCELLED) else "",
        file=_file(job),
        acts=tuple(acts),
        trail=(DESK, Link("Travaux", ADDRESS), Link(job.label)),
    )


def _progress(job: JobTold) -> str:
    if not job.total:
        return ""
    kind = job_kinds().get(job.kind)
    return f"{french.number(job.done)} sur {french.counted(job.total, *(kind.counted if kind else _LINES))}"


def _file(job: JobTold) -> Link | None:
    if not job.file or job.expires_at is None:
        return None
    return Link(f"Emporter le fichier, gardé jusqu’au {french.moment(job.expires_at)}", f"{ADDRESS}/{job.id}/fichier")


_LEADS = {
    JobState.WAITING: "Il commence dès que le serveur est libre. Vous pouvez fermer cette page : il se fait sans vous.",
    JobState.RUNNING: "Vous pouvez fermer cette page et y revenir : il se fait sans vous.",
    JobState.DONE: "Tout est fait.",
    JobState.FAILED: "Il s’est arrêté ; ce qui était fait est gardé.",
    JobState.CANCELLED: "Il a été arrêté ; ce qui était écrit reste.",
}
