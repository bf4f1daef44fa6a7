"""The pages of long work: the asker's jobs, and one that is followed, without any script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from vigie.interfaces.desk_views import jobs as views
from vigie.interfaces.dossier_files import type_of
from vigie.interfaces.views import Link
from vigie.interfaces.web.asker import at_desk
from vigie.interfaces.web.desk.acts import done_sentence
from vigie.interfaces.web.frame import show_desk
from vigie.services.job_kinds import JobState
from vigie.services.jobs.acts import CANCELLED, RETRIED

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk


@at_desk
def jobs(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the asker's jobs, the last first."""
    return show_desk(request, "desk/jobs.html", views.jobs_page(desk.jobs.listed(who.scope)))


@at_desk
def job(request: Request, desk: Desk, who: Asker) -> Response:
    """Show how far a job is."""
    found = desk.jobs.read(who.scope, request.path_params["job"])
    offered = [CANCELLED] if found.stage.moving else []
    if found.stage is JobState.FAILED:
        offered = [RETRIED, CANCELLED]
    acts = [
        Link(act.page.title, f"/bureau/{act.form_at.format(job=found.id)}") for act in offered if act.page is not None
    ]
    follow = request.query_params.get("suivre") != "non"
    return show_desk(request, "desk/job.html", views.job_page(found, done_sentence(request), acts, follow=follow))


@at_desk
def file(request: Request, desk: Desk, who: Asker) -> Response:
    """Hand the file that a job made to whoever asked for it."""
    path, name = desk.jobs.file(who.scope, request.path_params["job"])
    return FileResponse(path, media_type=type_of(name), filename=name)


ROUTES = (
    Route(views.ADDRESS, jobs),
    Route(f"{views.ADDRESS}/{{job}}", job),
    Route(f"{views.ADDRESS}/{{job}}/fichier", file),
)
