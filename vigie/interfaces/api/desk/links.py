"""Links of letters: reading one uses nothing; answering uses it once."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from vigie.errors import RequestFault
from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of

router = APIRouter(prefix="/links", tags=["Liens des courriels"], responses=DESK_FAULTS, route_class=Entering)


class LinkDecisionBody(BaseModel):
    """Ce que le porteur du lien décide, selon ce que le lien permet."""

    model_config = ConfigDict(extra="forbid")
    decision: Literal["accept", "refuse", "withdraw", "rate", "confirm"] = Field(
        description="Accepter ou refuser, retirer son accord, dire sa satisfaction, confirmer une réponse."
    )
    satisfaction: int | None = Field(None, description="De 1 à 5, avec « rate ».", ge=1, le=5)
    comment: str = Field("", description="Un mot, avec « rate ».", max_length=1000)


@router.get("/{token}", summary="Lire ce qu’un lien propose")
def look(request: Request, token: str) -> dict[str, Any]:
    """Qui propose quoi, à qui, sur quelle base ; jamais comment joindre l’autre partie. Lire n’utilise pas le lien."""
    desk = desk_of(request)
    if desk.links.purpose(token) == "answer":
        return desk.calls.answering.look(token).as_dict()
    return desk.introductions.by_link.look(token).as_dict()


@router.post("/{token}", summary="Utiliser un lien")
def use(request: Request, token: str, body: LinkDecisionBody) -> dict[str, Any]:
    """Une fois ; 409 quand il a déjà servi ou qu’il n’est plus valable."""
    desk = desk_of(request)
    match body.decision:
        case "confirm":
            return desk.calls.answering.confirm(token).as_dict()
        case "withdraw":
            return desk.introductions.by_link.withdraw(token).as_dict()
        case "rate":
            if body.satisfaction is None:
                raise RequestFault("Donnez la satisfaction, de 1 à 5.")
            return desk.introductions.by_link.rate(token, body.satisfaction, body.comment).as_dict()
    return desk.introductions.by_link.answer(token, accept=body.decision == "accept").as_dict()
