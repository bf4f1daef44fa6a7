"""Needs stated without an account: stated by anybody, followed by the bearer of the link, read by officers."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from vigie.domain.needs import need_fault
from vigie.errors import FieldFault, NoData
from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.services.entries import body_of
from vigie.services.needs.stating import NeedEntry

router = APIRouter(tags=["Besoins dits sans compte"], responses=DESK_FAULTS, route_class=Entering)
NeedBody = body_of(NeedEntry)


class NeedAskedBody(BaseModel):
    """Un besoin, et où : une commune, ou une entreprise par son SIREN."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(description="Le besoin, en ses mots ; il n’est pas gardé.")
    commune: str = Field("", description="Code ou nom de la commune.")
    siren: str = Field("", description="SIREN de l’entreprise.")


class NeedDecisionBody(BaseModel):
    """Ce que décide qui a dit un besoin."""

    model_config = ConfigDict(extra="forbid")
    decision: Literal["confirm", "withdraw"] = Field(description="Confirmer le besoin, ou le retirer.")


@router.post("/needs", status_code=201, summary="Dire un besoin, sans compte")
def state(request: Request, body: NeedBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """À qui répond pour la commune ; un courriel demande de confirmer l’adresse, personne ne lit rien avant."""
    whence = request.client.host if request.client else ""
    said = NeedEntry(**body.model_dump())  # type: ignore[attr-defined]
    return desk_of(request).needs.stating.state(scope_of(request), said, whence).as_dict()


@router.post("/needs/answers", summary="Savoir tout de suite qui et quoi pourraient aider")
def at_once(request: Request, body: NeedAskedBody) -> dict[str, Any]:
    """Activités et nombres, appels, aides, interlocuteurs ; des entreprises pour les agents. Rien n’est gardé."""
    scope, desk = scope_of(request), desk_of(request)
    if fault := need_fault(body.text):
        raise FieldFault("text", fault)
    commune, siren, _ = desk.needs.stating.located(body.siren, body.commune)
    try:
        with request.app.state.installation.services() as services:
            return desk.at_once.answer(scope, services, body.text, (commune, siren)).as_dict()
    except NoData:
        return desk.at_once.answer(scope, None, body.text, (commune, siren)).as_dict()


@router.get("/needs", summary="Lire les besoins dits sans compte")
def every(request: Request) -> dict[str, Any]:
    """Ceux qui attendent d’abord ; cent au plus, à une adresse confirmée."""
    found = desk_of(request).needs.reading.all(scope_of(request))
    return {"needs": [line.as_dict() for line in found], "total": len(found)}


@router.get("/needs/{need}", summary="Lire un besoin")
def one(request: Request, need: str) -> dict[str, Any]:
    """La lecture est tracée, et la personne sait que son besoin est lu."""
    return desk_of(request).needs.reading.one(scope_of(request), need).as_dict()


@router.get("/contact/{commune}", summary="Savoir qui répond dans une commune")
def contact(request: Request, commune: str) -> dict[str, Any]:
    """L’organisation, son agent s’il accepte d’être nommé, et son délai en jours ouvrés s’il est promis."""
    return desk_of(request).needs.stating.place("", commune).contact.as_dict()


@router.get("/links/need/{token}", summary="Suivre un besoin")
def followed(request: Request, token: str) -> dict[str, Any]:
    """Reçu, lu, proposition, rencontre, résultat, avec leurs jours. Lire ne confirme rien."""
    return _told(desk_of(request).needs.by_link.look(token))


@router.post("/links/need/{token}", summary="Confirmer ou retirer un besoin")
def decide(request: Request, token: str, body: NeedDecisionBody) -> dict[str, Any]:
    """Confirmé, il devient un dossier et un rappel ; retiré, ses mots sont effacés."""
    by_link = desk_of(request).needs.by_link
    return _told(by_link.confirm(token) if body.decision == "confirm" else by_link.withdraw(token))


def _told(followed: Any) -> dict[str, Any]:
    return {**followed.as_dict(), "contact": followed.contact.as_dict()}
