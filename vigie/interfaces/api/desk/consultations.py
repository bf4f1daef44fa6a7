"""Consultations by programs: those there are, one, its result, one's own votes; never anybody else's."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, ConfigDict, Field

from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.services.consultations.ideas import IdeaEntry
from vigie.services.entries import body_of

router = APIRouter(tags=["Consultations"], responses=DESK_FAULTS, route_class=Entering)
IdeaBody = body_of(IdeaEntry)
Secret = Header(
    default="", alias="X-Participant", max_length=64, description="Secret du participant, rendu au premier vote."
)


class VoteBody(BaseModel):
    """Un vote sur une proposition ; le premier rend le secret à envoyer ensuite."""

    model_config = ConfigDict(extra="forbid")
    statement: str = Field(max_length=20, description="Proposition votée.")
    vote: Literal["agree", "disagree", "pass"] = Field(description="D’accord, pas d’accord, sans avis.")
    hall: str = Field(default="", max_length=20, description="Code de salle, dit par qui anime la réunion.")


@router.get("/consultations", summary="Lire les consultations")
def every(request: Request) -> dict[str, Any]:
    """Celles que chacun lit, les ouvertes d’abord ; cent au plus."""
    found = desk_of(request).consultations.reading.published(scope_of(request))
    return {"consultations": [line.as_dict() for line in found], "total": len(found)}


@router.get("/consultations/prepared", summary="Lire les consultations de son organisation")
def prepared_list(request: Request) -> dict[str, Any]:
    """Celles qui se préparent aussi."""
    found = desk_of(request).consultations.keeping.every(scope_of(request))
    return {"consultations": [line.as_dict() for line in found], "total": len(found)}


@router.get("/consultations/prepared/{consultation}", summary="Lire une consultation de son organisation")
def prepared(request: Request, consultation: str) -> dict[str, Any]:
    """Ses propositions de tout état, les idées qui attendent, les salles ouvertes ; aucun vote."""
    return desk_of(request).consultations.keeping.one(scope_of(request), consultation).as_dict()


@router.get("/consultations/{consultation}", summary="Lire une consultation")
def one(request: Request, consultation: str) -> dict[str, Any]:
    """Ce qu’il faut savoir avant le premier vote."""
    return desk_of(request).consultations.reading.one(scope_of(request), consultation).as_dict()


@router.get("/consultations/{consultation}/result", summary="Lire ce qui est publié d’une consultation")
def result(request: Request, consultation: str, secret: str = Secret) -> dict[str, Any]:
    """Des mots sous quarante votes, puis des parts arrondies ; avec un secret, où l’on se situe."""
    desk = desk_of(request)
    own = desk.consultations.voting.mine(consultation, secret) if secret else ()
    votes = {vote.statement.id: vote.vote for vote in own if vote.vote}
    return desk.consultations.reading.result(scope_of(request), consultation, votes).as_dict()


@router.get("/consultations/{consultation}/paper", summary="Lire la proposition suivante")
def paper(request: Request, consultation: str, secret: str = Secret) -> dict[str, Any]:
    """Les moins vues d’abord, dans un ordre propre à chaque participant."""
    return desk_of(request).consultations.voting.paper(consultation, secret).as_dict()


@router.post("/consultations/{consultation}/votes", summary="Voter", status_code=201)
def vote(request: Request, consultation: str, body: VoteBody, secret: str = Secret) -> dict[str, Any]:
    """Sans compte : le compte éventuel n’est pas regardé. Le dernier vote sur une proposition compte."""
    whence = request.client.host if request.client else ""
    voting = desk_of(request).consultations.voting
    return voting.vote(consultation, secret, body.statement, body.vote, whence, body.hall).as_dict()


@router.delete("/consultations/{consultation}/votes", summary="Retirer ses votes", status_code=204)
def take_back(request: Request, consultation: str, statement: str = "", secret: str = Secret) -> None:
    """Un seul avec `statement`, tous sans ; ce qui est publié ne change qu’au prochain compte."""
    desk_of(request).consultations.voting.take_back(consultation, secret, statement[:20])


@router.post("/consultations/{consultation}/ideas", summary="Proposer une idée", status_code=201)
def propose(request: Request, consultation: str, body: IdeaBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """Rend le secret par lequel son auteur la suit et la retire."""
    whence = request.client.host if request.client else ""
    said = IdeaEntry(**body.model_dump())  # type: ignore[attr-defined]
    token, told = desk_of(request).consultations.ideas.propose(scope_of(request), consultation, said, whence)
    return {"token": token, **told.as_dict()}


@router.get("/links/idea/{token}", summary="Suivre une idée")
def followed(request: Request, token: str) -> dict[str, Any]:
    """Reçue, retenue ou non, et pourquoi."""
    return desk_of(request).consultations.ideas.look(token).as_dict()


@router.delete("/links/idea/{token}", summary="Retirer son idée")
def withdraw(request: Request, token: str) -> dict[str, Any]:
    """Ses mots sont effacés aussitôt."""
    return desk_of(request).consultations.ideas.take_back(token).as_dict()
