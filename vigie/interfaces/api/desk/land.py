"""The inventory of land of an organisation, and its files in national layouts, by programs of its officers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from vigie.errors import LinesRefused
from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.interfaces.api.desk.bodies import file_of_officer
from vigie.services.sites.inventory import every_unit
from vigie.services.sites.land_files import MOST_BYTES

router = APIRouter(tags=["Terrains et locaux"], responses=DESK_FAULTS, route_class=Entering)
_QUERY = {"in": "query", "schema": {"type": "string"}}
_BINARY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
    "parameters": [
        {"name": "name", "description": "Nom du fichier.", **_QUERY},
        {"name": "check", "description": "« oui » : vérifier seulement, sans rien garder.", **_QUERY},
    ],
}


@router.get("/land", summary="Lire l’inventaire de terrains et de locaux de l’organisation")
def every(request: Request) -> dict[str, Any]:
    """Avec propriétaires et occupants : pour les agents de l’organisation seuls."""
    found = desk_of(request).acts.tell(scope_of(request), every_unit, "")
    return {"land": [one.as_dict() for one in found]}


@router.get("/land/files", summary="Lister les fichiers de l’inventaire")
def files(request: Request) -> dict[str, Any]:
    """Ceux qui ont été apportés aux standards du Cnig, le dernier d’abord."""
    return {"files": [one.as_dict() for one in desk_of(request).land_files.listed(scope_of(request))]}


@router.post(
    "/land/files", status_code=201, summary="Apporter un fichier aux standards du Cnig", openapi_extra=_BINARY
)  # fmt: skip
async def bring(request: Request) -> Any:
    """Le fichier est le corps de la demande : CSV de pôles, sites, terrains, établissements ou friches, 20 Mo au plus.

    Il est pris en entier ou pas du tout ; `faults` donne alors la ligne, la colonne, ce qui ne va pas et que faire.
    """
    scope, name, data = await file_of_officer(request, MOST_BYTES)
    land_files = desk_of(request).land_files
    only = request.query_params.get("check", "") == "oui"
    try:
        told = await run_in_threadpool(land_files.check if only else land_files.bring, scope, name, data)
    except LinesRefused as refused:
        return JSONResponse({"erreur": str(refused), "faults": [one.as_dict() for one in refused.faults]}, 400)
    return told.as_dict()


@router.get("/land/files/{land_file}", summary="Reprendre un fichier tel qu’il a été publié", response_class=Response)
def give(request: Request, land_file: str, *, whole: bool = False) -> Response:
    """Sans propriétaires ni contacts, ni lignes de personnes physiques, sauf `whole`, pour les agents seuls."""
    given = desk_of(request).land_files.give(scope_of(request), land_file, whole=whole)
    headers = {"Content-Disposition": f'attachment; filename="{given.name}"'}
    return Response(given.content, media_type="text/csv", headers=headers)
