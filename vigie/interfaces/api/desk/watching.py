"""Reminders, portfolios and the officer's Monday, by programs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from vigie.errors import NoData
from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.interfaces.api.desk.followup import office
from vigie.services.entries import read
from vigie.services.followup.never_met import LARGEST_PAGE, LEAST, NeverMetAsked
from vigie.services.followup.portfolios import Watching
from vigie.services.followup.reminders import read_reminder

router = APIRouter(tags=["Dossiers"], responses=DESK_FAULTS, route_class=Entering)


class MemberBody(BaseModel):
    """Une entreprise, ou un territoire."""

    model_config = ConfigDict(extra="forbid")
    siren: str = Field("", description="SIREN ou SIRET.", max_length=40)
    territory: str = Field("", description="Clé, code, ou nom d’une commune.", max_length=100)


class LetterBody(BaseModel):
    """La lettre de chaque lundi."""

    model_config = ConfigDict(extra="forbid")
    letter: bool = Field(description="La recevoir.")


class ChaseQuery(BaseModel):
    """Ce qui est à relancer."""

    model_config = ConfigDict(extra="forbid")
    everyone: bool = Field(False, description="Toute l’équipe, et non les vôtres seulement.")


@router.get("/reminders", summary="Ce qui est à relancer")
def to_chase(request: Request, asked: Annotated[ChaseQuery, Query()]) -> dict[str, Any]:
    """Rappels échus, et dossiers sans réponse depuis plus de quinze jours, le plus ancien d’abord."""
    lines = office(request).reminders.to_chase(scope_of(request), everyone=asked.everyone)
    return {"results": [line.as_dict() for line in lines]}


@router.get("/reminders/{reminder}", summary="Lire un rappel")
def reminder_told(request: Request, reminder: str) -> dict[str, Any]:
    """Un rappel, traité ou non."""
    return desk_of(request).acts.tell(scope_of(request), read_reminder, reminder).as_dict()


@router.get("/portfolios", summary="Lister les portefeuilles")
def portfolios(request: Request) -> dict[str, Any]:
    """Ceux de l’organisation, les vôtres d’abord."""
    return {"results": [line.as_dict() for line in office(request).portfolios.all(scope_of(request))]}


@router.post("/portfolios/first/members", status_code=201, summary="Ajouter à son premier portefeuille")
def watch_first(request: Request, body: MemberBody) -> dict[str, Any]:
    """Créé s’il n’y en a pas."""
    said = read(Watching, body.model_dump())
    return office(request).portfolios.fill_first(scope_of(request), said).as_dict()


@router.get("/portfolios/{portfolio}", summary="Lire un portefeuille")
def portfolio(request: Request, portfolio: str) -> dict[str, Any]:
    """Ses entreprises et ses territoires."""
    return office(request).portfolios.read(scope_of(request), portfolio).as_dict()


@router.get("/monday", summary="La semaine")
def monday(request: Request) -> dict[str, Any]:
    """Ce qui a changé depuis lundi dernier, ce qui attend, ce qui est à relancer."""
    scope = scope_of(request)
    try:
        with request.app.state.installation.services() as services:
            return office(request).monday.page(scope, services.watch, services).as_dict()
    except NoData:
        return office(request).monday.page(scope).as_dict()


class NeverMetQuery(BaseModel):
    """Où chercher, et à partir de quel effectif."""

    model_config = ConfigDict(extra="forbid")
    territory: str = Field("", description="Clé, code ou nom entier ; vide : celui de l’organisation.", max_length=200)
    least: int = Field(LEAST, description="Effectif à partir duquel un site compte.", ge=0, le=100_000)
    page: int = Field(1, ge=1, le=10_000)
    per_page: int = Field(25, ge=1, le=LARGEST_PAGE)


@router.get("/never-met", summary="Les industriels jamais rencontrés")
def never_met(request: Request, asked: Annotated[NeverMetQuery, Query()]) -> dict[str, Any]:
    """Employeurs de l’industrie sans dossier ni échange depuis deux ans, du plus grand au plus petit."""
    scope = scope_of(request)
    with request.app.state.installation.services() as services:
        wanted = NeverMetAsked(asked.territory, asked.least, asked.page, asked.per_page)
        found = office(request).never_met.page(scope, services, wanted)
        return found.as_dict() | {"total_pages": found.total_pages}


@router.put("/monday/letter", status_code=204, summary="Recevoir la semaine par courriel, ou non")
def receive(request: Request, body: LetterBody) -> Response:
    """Une lettre par semaine."""
    office(request).monday.receive(scope_of(request), letter=body.letter)
    return Response(status_code=204)
