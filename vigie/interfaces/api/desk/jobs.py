"""Long work by the API: the asker's jobs, and how far one is; stopping and taking up are declared acts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import FileResponse

from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.interfaces.dossier_files import type_of

router = APIRouter(tags=["Travaux"], responses=DESK_FAULTS, route_class=Entering)


@router.get("/jobs", summary="Lister ses travaux")
def jobs(request: Request) -> dict[str, Any]:
    """Les cinquante derniers travaux de la personne : imports de plus de 500 lignes, fichiers longs à écrire."""
    return {"results": [one.as_dict() for one in desk_of(request).jobs.listed(scope_of(request))]}


@router.get("/jobs/{job}", summary="Suivre un travail")
def job(request: Request, job: str) -> dict[str, Any]:
    """État (waiting, running, done, failed, cancelled), avancement (`done` sur `total`), et ce qui a manqué."""
    return desk_of(request).jobs.read(scope_of(request), job).as_dict()


@router.get("/jobs/{job}/file", summary="Prendre le fichier d’un travail", response_class=FileResponse)
def file(request: Request, job: str) -> FileResponse:
    """Le fichier que le travail a fait, gardé six heures pour la personne qui l’a demandé."""
    path, name = desk_of(request).jobs.file(scope_of(request), job)
    return FileResponse(path, media_type=type_of(name), filename=name)
