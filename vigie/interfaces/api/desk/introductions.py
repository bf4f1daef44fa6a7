"""Introductions: propose, answer for one's firm, follow, totals, ties."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from vigie.domain.introductions import OUTCOMES, WHY_NOT, IntroductionState, IntroductionStep, Step
from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.interfaces.api.desk.numbers import Day, PerhapsSiren, Siren
from vigie.services.introductions.parties import Party
from vigie.services.introductions.proposing import Proposal
from vigie.services.introductions.reading import BoardFilter

router = APIRouter(prefix="/introductions", tags=["Mises en relation"], responses=DESK_FAULTS, route_class=Entering)
_FOLLOWED = "Introuvable pour qui n’est ni agent ni partie."


class PartyBody(BaseModel):
    """Une partie : une entreprise par son SIREN, un dossier, ou quelqu’un décrit en quelques mots."""

    model_config = ConfigDict(extra="forbid")
    siren: PerhapsSiren = Field("", description="SIREN de l’entreprise.")
    dossier_id: str = Field("", description="Dossier de l’organisation.", max_length=20)
    label: str = Field("", description="Comment la présenter à l’autre partie.", max_length=200)
    contact_name: str = Field("", description="Qui joindre ; celui du dossier sinon.", max_length=120)
    contact_email: str = Field("", description="Où lui écrire ; l’adresse du dossier sinon.", max_length=254)
    asked: bool = Field(False, description="Elle a demandé elle-même à être mise en relation.")

    def party(self) -> Party:
        """Return the party as the service takes it."""
        return Party(**self.model_dump())


class ProposalBody(BaseModel):
    """Deux parties et une raison ; aucun contact ne s’écrit dans la raison."""

    model_config = ConfigDict(extra="forbid")
    first: PartyBody
    second: PartyBody
    reason: str = Field(description="Pourquoi elles gagneraient à se rencontrer.", max_length=2000)


class FirmAnswerBody(BaseModel):
    """La réponse de l’entreprise pour laquelle vous parlez."""

    model_config = ConfigDict(extra="forbid")
    decision: Literal["accept", "refuse", "withdraw"] = Field(description="Accepter, refuser, retirer son accord.")


class MeetingBody(BaseModel):
    """Une rencontre."""

    model_config = ConfigDict(extra="forbid")
    met_on: Day = Field(description="Le jour de la rencontre.")


class OutcomeBody(BaseModel):
    """Ce qui est né de la mise en relation, ou pourquoi rien n’en est né."""

    model_config = ConfigDict(extra="forbid")
    outcome: Literal["", *OUTCOMES] = Field("", description="Sorte de coopération.")  # type: ignore[valid-type]
    why_not: Literal["", *WHY_NOT] = Field("", description="Raison de l’absence de coopération.")  # type: ignore[valid-type]
    amount: int | None = Field(None, description="Montant déclaré, en euros.", ge=0, le=10**9)
    jobs: int | None = Field(None, description="Emplois déclarés.", ge=0, le=10**6)


class SatisfactionBody(BaseModel):
    """Ce que votre entreprise pense de la mise en relation."""

    model_config = ConfigDict(extra="forbid")
    satisfaction: int = Field(description="De 1 à 5.", ge=1, le=5)
    comment: str = Field("", description="Un mot, si vous le voulez.", max_length=1000)


@router.get("", summary="Lire le tableau des mises en relation")
def board(
    request: Request,
    state: IntroductionState | None = Query(None, description="État."),
    siren: PerhapsSiren = Query("", description="SIREN d’une partie."),
    q: str = Query("", description="Mots du nom d’une partie.", max_length=100),
    mine: bool = Query(False, description="Celles que vous avez proposées."),
    page: int = Query(1, ge=1, le=10_000, description="Numéro de la page."),
) -> dict[str, Any]:
    """Celles de l’organisation pour ses agents, les siennes pour un dirigeant ou un partenaire."""
    filters = BoardFilter(state.value if state else "", siren, q.strip(), mine, page)
    return desk_of(request).introductions.reading.board(scope_of(request), filters).as_dict()


@router.get("/aggregates", summary="Lire les totaux")
def aggregates(request: Request) -> dict[str, Any]:
    """Par état et par issue ; `null` pour ce qui compte moins de trois cas."""
    return desk_of(request).introductions.reading.aggregates(scope_of(request)).as_dict()


@router.get("/ties", summary="Lire les liens d’une entreprise")
def ties(request: Request, siren: Siren = Query(description="SIREN.")) -> dict[str, Any]:
    """Les coopérations nées de mises en relation, pour les agents de l’organisation."""
    found = desk_of(request).introductions.reading.ties(scope_of(request), siren)
    return {"ties": [tie.as_dict() for tie in found], "total": len(found)}


@router.get("/ties/aggregates", summary="Compter les liens par sorte de coopération")
def tie_counts(request: Request) -> dict[str, Any]:
    """Public, pour toute l’installation, par trimestres clos ; `null` en deçà de trois entreprises."""
    return {"kinds": desk_of(request).introductions.reading.public_ties(), "fewer_than": 3}


@router.post("", status_code=201, summary="Proposer une mise en relation")
def propose(request: Request, body: ProposalBody) -> dict[str, Any]:
    """Écrit aux deux parties pour demander leur accord ; aucune coordonnée ne part avant les deux accords."""
    scope, desk = scope_of(request), desk_of(request)
    proposal = Proposal(body.first.party(), body.second.party(), body.reason)
    with request.app.state.installation.services() as services:
        return desk.introductions.proposing.propose(scope, proposal, services.know).as_dict()


@router.get("/{identifier}", summary="Lire une mise en relation", description=_FOLLOWED)
def one(request: Request, identifier: str) -> dict[str, Any]:
    """Ses parties, son état, son histoire, et ce que vous pouvez faire."""
    return desk_of(request).introductions.reading.one(scope_of(request), identifier).as_dict()


@router.post("/{identifier}/answer", summary="Répondre pour son entreprise")
def answer(request: Request, identifier: str, body: FirmAnswerBody) -> dict[str, Any]:
    """Accepter, refuser, ou retirer son accord tant que les coordonnées ne sont pas échangées."""
    scope, following = scope_of(request), desk_of(request).introductions.following
    if body.decision == "withdraw":
        return following.withdraw(scope, identifier).as_dict()
    return following.answer(scope, identifier, accept=body.decision == "accept").as_dict()


@router.post("/{identifier}/meeting", summary="Noter la rencontre")
def met(request: Request, identifier: str, body: MeetingBody) -> dict[str, Any]:
    """Le jour où les deux parties se sont vues."""
    return desk_of(request).introductions.following.met(scope_of(request), identifier, body.met_on).as_dict()


@router.post("/{identifier}/outcome", summary="Conclure")
def conclude(request: Request, identifier: str, body: OutcomeBody) -> dict[str, Any]:
    """La coopération née, ou la raison pour laquelle aucune n’est née ; chaque partie dit ensuite sa satisfaction."""
    said = IntroductionStep(Step.CONCLUDED, **body.model_dump())
    return desk_of(request).introductions.following.conclude(scope_of(request), identifier, said).as_dict()


@router.post("/{identifier}/satisfaction", summary="Dire la satisfaction de son entreprise")
def rate(request: Request, identifier: str, body: SatisfactionBody) -> dict[str, Any]:
    """De 1 à 5, une fois."""
    following = desk_of(request).introductions.following
    return following.rate(scope_of(request), identifier, body.satisfaction, body.comment).as_dict()


@router.post("/{identifier}/abandonment", summary="Abandonner")
def abandon(request: Request, identifier: str) -> dict[str, Any]:
    """Avant sa conclusion ; qui avait accepté en est averti."""
    return desk_of(request).introductions.following.abandon(scope_of(request), identifier).as_dict()


@router.post("/{identifier}/sides/{position}/letter", summary="Renvoyer un lien à une partie")
def renew(request: Request, identifier: str, position: Literal["a", "b"]) -> dict[str, Any]:
    """L’ancien lien cesse de valoir."""
    return desk_of(request).introductions.following.renew(scope_of(request), identifier, position).as_dict()
