"""What is done to a job: stop it, or take up one that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain.access import Right, Thing
from vigie.errors import Conflict
from vigie.services.acts import Act, Doing, FormPage, Nothing, PreparedForm, Telling, needs
from vigie.services.capabilities import Capability, job_kinds
from vigie.services.job_kinds import JobState
from vigie.services.jobs.asking import forget, locked_ticket, lots_of, told
from vigie.store.journal.jobs import Job

if TYPE_CHECKING:
    from vigie.services.jobs.asking import JobTold


def _told(telling: Telling, job: str) -> JobTold:
    return told(telling.reader.get(Job, job), telling.scope)


def _there(telling: Telling, job: str) -> PreparedForm:
    """Offer nothing to choose from; the form of a job that is not there is not there either."""
    telling.reader.get(Job, job)
    return PreparedForm()


CANCELLED = Act(
    "job.cancelled",
    "travail arrêté",
    needs=needs(Thing.DOSSIERS, Right.WRITE),
    at="POST jobs/{job}/cancellation",
    form_at="travaux/{job}/arreter",
    summary="Arrêter un travail",
    done="Le travail est arrêté ; ce qui était déjà écrit reste.",
    takes=Nothing,
    tells=_told,
    page=FormPage(
        title="Arrêter ce travail",
        lead="Ce qui est déjà écrit reste ; le reste n’est pas fait.",
        button="Arrêter le travail",
        back="/bureau/travaux/{job}",
        prepare=_there,
    ),
)
RETRIED = Act(
    "job.retried",
    "travail relancé",
    needs=needs(Thing.DOSSIERS, Right.WRITE),
    at="POST jobs/{job}/retry",
    form_at="travaux/{job}/relancer",
    summary="Relancer un travail qui n’a pas abouti",
    done="Le travail reprend où il s’était arrêté.",
    takes=Nothing,
    tells=_told,
    page=FormPage(
        title="Relancer ce travail",
        lead="Il reprend après ce qui était déjà fait : rien n’est fait deux fois.",
        button="Relancer le travail",
        back="/bureau/travaux/{job}",
        prepare=_there,
    ),
)
CAPABILITY = Capability("Travaux", acts=(CANCELLED, RETRIED))


@CANCELLED.does
def cancel(doing: Doing, job: str, _: Nothing) -> None:
    """Stop a job between two lots; raises `Conflict` when it has ended."""
    unit = doing.unit
    ticket = locked_ticket(unit, job)  # first: what is read afterwards is what its worker left
    row = unit.get(Job, job)
    if JobState(row.state) in (JobState.DONE, JobState.CANCELLED):
        raise Conflict("Ce travail est terminé : il n’y a plus rien à arrêter.")
    kind = job_kinds().get(row.kind)
    if kind is not None and kind.stopped is not None:
        kind.stopped(unit, row.subject, lots_of(unit, job))
    row.state, row.ended_at, ticket.ended = JobState.CANCELLED.value, unit.now, True
    forget(unit, row)


@RETRIED.does
def retry(doing: Doing, job: str, _: Nothing) -> None:
    """Put a job that failed back in the line; raises `Conflict` for any other."""
    unit = doing.unit
    ticket = locked_ticket(unit, job)
    row = unit.get(Job, job)
    if JobState(row.state) is not JobState.FAILED:
        raise Conflict("Ce travail n’a pas échoué : il n’y a rien à relancer.")
    row.state, row.fault, row.ended_at, row.tries = JobState.WAITING.value, None, None, 0
    ticket.ended, ticket.held_by, ticket.held_until = False, "", None
