"""Calls: read, answer, and make an introduction of an answer; publishing and correcting them are declared acts."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.services.calls.answering import AnswerEntry
from vigie.services.calls.reading import CallFilter

router = APIRouter(prefix="/calls", tags=["Besoins et offres"], responses=DESK_FAULTS, route_class=Entering)
Kind = Literal["need", "offer", "co_innovation"]


class CallAnswerBody(BaseModel):
    """Une réponse ; sans compte, le nom et l’adresse sont nécessaires."""

    model_config = ConfigDict(extra="forbid")
    body: str = Field(description="La réponse.", max_length=4000)
    name: str = Field("", description="Nom, sans compte.", max_length=120)
    email: str = Field("", description="Adresse électronique, sans compte.", max_length=254)


@router.get("", summary="Lire les appels")
def published(
    request: Request,
    kind: Kind | None = Query(None, description="Sorte."),
    q: str = Query("", description="Mots du titre ou du texte.", max_length=100),
    organisation: str = Query("", description="Organisation.", max_length=20),
    closed: bool = Query(False, description="Montrer aussi ceux qui ne prennent plus de réponses."),
    page: int = Query(1, ge=1, le=10_000, description="Numéro de la page."),
) -> dict[str, Any]:
    """Les appels publics ; ceux du réseau en plus pour ses membres."""
    filters = CallFilter(kind or "", q.strip(), organisation, not closed, page)
    return desk_of(request).calls.reading.published(scope_of(request), filters).as_dict()


@router.get("/mine", summary="Lire ses appels")
def mine(request: Request, page: int = Query(1, ge=1, le=10_000, description="Numéro de la page.")) -> dict[str, Any]:
    """Les siens, ceux de son entreprise, ou tous ceux de l’organisation pour ses agents."""
    return desk_of(request).calls.reading.mine(scope_of(request), page).as_dict()


@router.get("/aggregates", summary="Compter les appels du réseau")
def aggregates(request: Request) -> dict[str, Any]:
    """Par sorte : tels quels pour qui lit les appels, sinon par trimestres clos ; `null` s’ils sont de trop peu."""
    return {"kinds": desk_of(request).calls.reading.aggregates(scope_of(request)), "fewer_than": 3}


@router.get("/{identifier}", summary="Lire un appel")
def one(request: Request, identifier: str) -> dict[str, Any]:
    """Son texte, ses corrections ; pour un sourçage, le journal des réponses, le même pour tous."""
    return desk_of(request).calls.reading.one(scope_of(request), identifier).as_dict()


@router.get("/{identifier}/answers", summary="Lire les réponses")
def answers(request: Request, identifier: str) -> dict[str, Any]:
    """L’auteur de l’appel en lit les mots ; les agents de l’organisation, aussi le nom et l’adresse."""
    found = desk_of(request).calls.reading.answers(scope_of(request), identifier)
    return {"answers": [answer.as_dict() for answer in found], "total": len(found)}


@router.post("/{identifier}/answers", status_code=201, summary="Répondre à un appel")
def answer(request: Request, identifier: str, body: CallAnswerBody) -> dict[str, Any]:
    """Sans compte, un courriel demande de confirmer ; l’auteur ne lit rien avant."""
    whence = request.client.host if request.client else ""
    given = AnswerEntry(**body.model_dump())
    return desk_of(request).calls.answering.answer(scope_of(request), identifier, given, whence).as_dict()


@router.post("/{identifier}/answers/{answer_id}/introduction", status_code=201, summary="Mettre en relation")
def introduce(request: Request, identifier: str, answer_id: str) -> dict[str, Any]:
    """Propose une mise en relation entre l’auteur de l’appel et l’auteur de la réponse ; les deux sont consultés."""
    scope, desk = scope_of(request), desk_of(request)
    with request.app.state.installation.services() as services:
        return desk.calls.introducing.introduce(scope, identifier, answer_id, services.know).as_dict()
