"""Requests: the head of a firm asks for an introduction, an officer proposes it or says why not."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from vigie.domain.introductions import RequestState
from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.interfaces.api.desk.numbers import Siren
from vigie.services.introductions.granting import Granted
from vigie.services.introductions.parties import Party
from vigie.services.introductions.requests import MOST_SHOWN, IntroductionWish

router = APIRouter(
    prefix="/introductions/requests", tags=["Mises en relation"], responses=DESK_FAULTS, route_class=Entering
)


class WantedBody(BaseModel):
    """Qui votre entreprise veut rencontrer, et pourquoi ; ni contact ni prix dans la raison."""

    model_config = ConfigDict(extra="forbid")
    siren: Siren = Field(description="SIREN de l’entreprise à rencontrer.")
    reason: str = Field(description="Pourquoi, dans vos mots.", max_length=2000)
    call_id: str = Field("", description="L’appel de cette entreprise qui vous y fait penser.", max_length=20)


class PresentedBody(BaseModel):
    """Comment présenter une partie, et à qui lui écrire ; ce qui est laissé vide est repris de ce qui est connu."""

    model_config = ConfigDict(extra="forbid")
    label: str = Field("", description="Comment la présenter à l’autre partie.", max_length=200)
    contact_name: str = Field("", description="Qui joindre.", max_length=120)
    contact_email: str = Field("", description="Où lui écrire.", max_length=254)

    def party(self) -> Party:
        """Return the party as the service takes it."""
        return Party(**self.model_dump())


class GrantedBody(BaseModel):
    """La proposition tirée d’une demande ; une raison vide reprend celle de qui demande."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field("", description="La raison que liront les deux parties.", max_length=2000)
    first: PresentedBody | None = Field(None, description="L’entreprise qui demande.")
    second: PresentedBody | None = Field(None, description="L’entreprise à rencontrer.")


class DeclinedBody(BaseModel):
    """Pourquoi une demande reste sans suite ; qui demande reçoit ces mots."""

    model_config = ConfigDict(extra="forbid")
    answer: str = Field(description="La réponse.", max_length=1000)


@router.get("", summary="Lire les demandes de mise en relation")
def every(request: Request, state: RequestState | None = Query(None, description="État.")) -> dict[str, Any]:
    """Celles de l’organisation pour ses agents, celles de son entreprise pour un dirigeant ; cent au plus."""
    found = desk_of(request).introductions.requests.all(scope_of(request), state.value if state else "")
    return {"requests": [one.as_dict() for one in found], "truncated": len(found) == MOST_SHOWN}


@router.post("", status_code=201, summary="Demander une mise en relation")
def ask(request: Request, body: WantedBody) -> dict[str, Any]:
    """Réservé aux dirigeants ; seuls les agents de l’organisation la lisent, l’autre entreprise n’en sait rien."""
    scope, desk = scope_of(request), desk_of(request)
    with request.app.state.installation.services() as services:
        return desk.introductions.asking.ask(scope, IntroductionWish(**body.model_dump()), services.know).as_dict()


@router.get("/{request_id}", summary="Lire une demande")
def one(request: Request, request_id: str) -> dict[str, Any]:
    """Où elle en est, et ce que vous pouvez en faire."""
    return desk_of(request).introductions.requests.one(scope_of(request), request_id).as_dict()


@router.delete("/{request_id}", summary="Retirer sa demande")
def withdraw(request: Request, request_id: str) -> dict[str, Any]:
    """Tant qu’elle attend une réponse."""
    return desk_of(request).introductions.asking.withdraw(scope_of(request), request_id).as_dict()


@router.post("/{request_id}/proposal", status_code=201, summary="Proposer ce qui est demandé")
def propose(request: Request, request_id: str, body: GrantedBody) -> dict[str, Any]:
    """Écrit aux deux parties pour demander leur accord ; renvoie la mise en relation."""
    scope, desk = scope_of(request), desk_of(request)
    first, second = (side.party() if side else Party() for side in (body.first, body.second))
    granted = Granted(body.reason, first, second)
    with request.app.state.installation.services() as services:
        return desk.introductions.granting.propose(scope, request_id, granted, services.know).as_dict()


@router.post("/{request_id}/refusal", summary="Ne pas donner suite")
def decline(request: Request, request_id: str, body: DeclinedBody) -> dict[str, Any]:
    """Qui demande reçoit la raison ; l’autre entreprise n’en sait rien."""
    return desk_of(request).introductions.granting.decline(scope_of(request), request_id, body.answer).as_dict()
