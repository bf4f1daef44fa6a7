"""Retention by the API: the register, what is due, the purge; erasure on request; what can be taken away whole."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.services.retention.mine import Archive

router = APIRouter(tags=["Conservation"], responses=DESK_FAULTS, route_class=Entering)
_ZIP: dict[int | str, dict[str, Any]] = {200: {"description": "L’archive.", "content": {"application/zip": {}}}}


class ErasureBody(BaseModel):
    """La confirmation d’un effacement."""

    model_config = ConfigDict(extra="forbid")
    confirmation: Literal["EFFACER"] = Field(description="Le mot EFFACER, en capitales.")


@router.get("/retention", summary="Lire le registre et ce qui est échu")
def retention(request: Request) -> dict[str, Any]:
    """Registre des traitements, et ce qu’une purge ferait aujourd’hui, sans la faire."""
    retention, scope = desk_of(request).retention, scope_of(request)
    register = retention.register.read(scope).as_dict()
    return {"register": register, "due": retention.purging.preview(scope).as_dict()}


@router.get("/rounds", summary="Lire ce que le serveur fait de lui-même")
def rounds(request: Request) -> list[dict[str, Any]]:
    """Purge, rappels, lettre du lundi : dernière fois, ce qui a été fait, prochaine fois ; `null` avant la première."""
    return [one.as_dict() for one in request.app.state.rounds.told(scope_of(request))]


@router.post("/retention/runs", status_code=201, summary="Effacer ce qui est échu")
def run(request: Request) -> dict[str, Any]:
    """Purge l’organisation et dit ce qui a été effacé, ce qui est gardé et pourquoi."""
    return desk_of(request).retention.purging.run(scope_of(request)).as_dict()


@router.get("/exports/organisation", summary="Emporter toute l’organisation", response_class=Response, responses=_ZIP)
def take_organisation(request: Request) -> Response:
    """Chaque table en JSON et en CSV, avec une notice ; réservé à l’administrateur, inscrit au journal."""
    return handed(desk_of(request).retention.belongings.take(scope_of(request)))


@router.get("/me/export", summary="Emporter ses données", response_class=Response, responses=_ZIP)
def take_mine(request: Request) -> Response:
    """Compte, rôles, connexions, déclarations, mises en relation, appels, réponses, accès à ce qui vous concerne."""
    return handed(desk_of(request).retention.mine.take(scope_of(request)))


@router.post("/me/erasure", summary="Fermer et effacer son compte")
def erase_me(request: Request, _: ErasureBody) -> dict[str, Any]:
    """Vide ce qui vous nomme dans toutes vos organisations ; ce que vous avez fait reste sous un identifiant opaque."""
    return desk_of(request).retention.erasing.me(scope_of(request)).as_dict()


def handed(archive: Archive) -> Response:
    """Return an archive as a file to keep."""
    named = {"Content-Disposition": f'attachment; filename="{archive.name}"'}
    return Response(archive.content, media_type="application/zip", headers=named)
