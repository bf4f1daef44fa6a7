"""Workshops by programs: those there are, one, what came out of it, one's own cells; never anybody else's."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, ConfigDict, Field

from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of

router = APIRouter(tags=["Ateliers de prospective"], responses=DESK_FAULTS, route_class=Entering)
Secret = Header(
    default="", alias="X-Participant", max_length=64, description="Secret du participant, rendu en entrant."
)


class JoinBody(BaseModel):
    """Le code de la salle."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(max_length=20, description="Code dit par la personne qui anime.")


class MarkBody(BaseModel):
    """Une note sur une case."""

    model_config = ConfigDict(extra="forbid")
    cell: str = Field(max_length=80, description="Case, telle que la rend « paper ».")
    mark: int = Field(ge=-9, le=9, description="Note, parmi celles de la case.")


class FactorBody(BaseModel):
    """Un facteur proposé par la salle."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(max_length=120, description="Le facteur, sans nommer personne.")


@router.get("/workshops", summary="Lire les ateliers de prospective")
def every(request: Request) -> dict[str, Any]:
    """Ceux que chacun lit ; cent au plus."""
    found = desk_of(request).workshops.reading.published(scope_of(request))
    return {"workshops": [line.as_dict() for line in found], "total": len(found)}


@router.get("/workshops/prepared", summary="Lire les ateliers de son organisation")
def prepared_list(request: Request) -> dict[str, Any]:
    """Ceux qui se préparent aussi."""
    found = desk_of(request).workshops.keeping.every(scope_of(request))
    return {"workshops": [line.as_dict() for line in found], "total": len(found)}


@router.get("/workshops/prepared/{workshop}", summary="Lire un atelier de son organisation")
def prepared(request: Request, workshop: str) -> dict[str, Any]:
    """Ce que la salle propose, les codes ouverts ; aucune réponse."""
    return desk_of(request).workshops.keeping.one(scope_of(request), workshop).as_dict()


@router.get("/workshops/{workshop}", summary="Lire un atelier")
def one(request: Request, workshop: str) -> dict[str, Any]:
    """Ce dont il parle, et où en est la salle."""
    return desk_of(request).workshops.reading.one(scope_of(request), workshop).as_dict()


@router.get("/workshops/{workshop}/result", summary="Lire ce qui ressort d’un atelier")
def result(request: Request, workshop: str) -> dict[str, Any]:
    """Une fois clos ; avant, pour qui l’organise. Une case n’est dite qu’à partir de trois réponses."""
    return desk_of(request).workshops.reading.result(scope_of(request), workshop).as_dict()


@router.post("/workshops/{workshop}/participants", summary="Entrer dans un atelier", status_code=201)
def join(request: Request, workshop: str, body: JoinBody, secret: str = Secret) -> dict[str, Any]:
    """Rend le secret à envoyer ensuite ; sans compte."""
    whence = request.client.host if request.client else ""
    return desk_of(request).workshops.filling.join(workshop, secret, body.code, whence).as_dict()


@router.get("/workshops/{workshop}/paper", summary="Lire la case suivante d’une étape")
def paper(request: Request, workshop: str, step: str = "influence", secret: str = Secret) -> dict[str, Any]:
    """Les cases les moins remplies d’abord."""
    return desk_of(request).workshops.filling.paper(workshop, secret, step[:20]).as_dict()


@router.post("/workshops/{workshop}/marks", summary="Remplir une case", status_code=201)
def mark(request: Request, workshop: str, body: MarkBody, secret: str = Secret) -> dict[str, Any]:
    """La dernière note sur une case compte."""
    return desk_of(request).workshops.filling.answer(workshop, secret, body.cell, str(body.mark)).as_dict()


@router.post("/workshops/{workshop}/factors", summary="Proposer un facteur", status_code=204)
def propose(request: Request, workshop: str, body: FactorBody, secret: str = Secret) -> None:
    """Reçu sans auteur ; il se remplit une fois retenu."""
    desk_of(request).workshops.filling.propose(workshop, secret, body.text)
