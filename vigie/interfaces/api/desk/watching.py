"""Reminders, portfolios and the officer's Monday, by programs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from vigie.domain.followup import POSTPONED_DAYS
from vigie.errors import NoData
from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import scope_of
from vigie.interfaces.api.desk.days import Day
from vigie.interfaces.api.desk.followup import office

router = APIRouter(tags=["Dossiers"], responses=DESK_FAULTS, route_class=Entering)


class ReminderBody(BaseModel):
    """Un rappel, sur un dossier ou sur une mise en relation."""

    model_config = ConfigDict(extra="forbid")
    due_on: Day = Field(description="Jour.")
    reason: str = Field(description="Ce qu’il y a à faire.", max_length=1000)
    dossier: str = Field("", description="Dossier.", max_length=20)
    introduction: str = Field("", description="Mise en relation.", max_length=20)


class ResultBody(BaseModel):
    """Ce qui en est sorti."""

    model_config = ConfigDict(extra="forbid")
    result: str = Field("", description="Résultat, en quelques mots.", max_length=1000)


class LaterBody(BaseModel):
    """De combien de jours reporter."""

    model_config = ConfigDict(extra="forbid")
    days: int = Field(POSTPONED_DAYS, description="Jours à compter d’aujourd’hui.")


class WatchNameBody(BaseModel):
    """Un nom."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(description="Nom.", max_length=1000)


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


@router.post("/reminders", status_code=201, summary="Poser un rappel")
def add(request: Request, body: ReminderBody) -> dict[str, Any]:
    """Le rappel est à vous."""
    scope = scope_of(request)
    made = office(request).reminders.add(
        scope, body.due_on, body.reason, dossier=body.dossier, introduction=body.introduction
    )
    return made.as_dict()


@router.get("/reminders/{reminder}", summary="Lire un rappel")
def read(request: Request, reminder: str) -> dict[str, Any]:
    """Un rappel, traité ou non."""
    return office(request).reminders.read(scope_of(request), reminder).as_dict()


@router.post("/reminders/{reminder}/done", summary="Traiter un rappel")
def done(request: Request, reminder: str, body: ResultBody) -> dict[str, Any]:
    """Note que c’est fait, et ce qui en est sorti."""
    return office(request).reminders.done(scope_of(request), reminder, body.result).as_dict()


@router.post("/reminders/{reminder}/later", summary="Reporter un rappel")
def later(request: Request, reminder: str, body: LaterBody) -> dict[str, Any]:
    """D’une semaine, sauf si le nombre de jours est donné."""
    return office(request).reminders.postpone(scope_of(request), reminder, body.days).as_dict()


@router.delete("/reminders/{reminder}", status_code=204, summary="Retirer un rappel")
def withdraw(request: Request, reminder: str) -> Response:
    """Retire un rappel."""
    office(request).reminders.withdraw(scope_of(request), reminder)
    return Response(status_code=204)


@router.post("/dossiers/{dossier}/answer", status_code=204, summary="Consigner la fin d’une attente")
def answered(request: Request, dossier: str, body: ResultBody) -> Response:
    """Le dossier n’attend plus de réponse."""
    office(request).reminders.answered(scope_of(request), dossier, body.result)
    return Response(status_code=204)


@router.post("/dossiers/{dossier}/later", status_code=204, summary="Reporter une relance")
def chase_later(request: Request, dossier: str, body: LaterBody) -> Response:
    """Le dossier quitte la liste à relancer jusqu’à ce jour."""
    office(request).reminders.chase_later(scope_of(request), dossier, body.days)
    return Response(status_code=204)


@router.get("/portfolios", summary="Lister les portefeuilles")
def portfolios(request: Request) -> dict[str, Any]:
    """Ceux de l’organisation, les vôtres d’abord."""
    return {"results": [line.as_dict() for line in office(request).portfolios.all(scope_of(request))]}


@router.post("/portfolios", status_code=201, summary="Créer un portefeuille")
def make_portfolio(request: Request, body: WatchNameBody) -> dict[str, Any]:
    """Il est à vous."""
    return office(request).portfolios.make(scope_of(request), body.name).as_dict()


@router.post("/portfolios/first/members", status_code=201, summary="Ajouter à son premier portefeuille")
def watch_first(request: Request, body: MemberBody) -> dict[str, Any]:
    """Créé s’il n’y en a pas."""
    filled = office(request).portfolios.add(scope_of(request), "", siren=body.siren, territory=body.territory)
    return filled.as_dict()


@router.get("/portfolios/{portfolio}", summary="Lire un portefeuille")
def portfolio(request: Request, portfolio: str) -> dict[str, Any]:
    """Ses entreprises et ses territoires."""
    return office(request).portfolios.read(scope_of(request), portfolio).as_dict()


@router.put("/portfolios/{portfolio}", summary="Renommer un portefeuille")
def rename_portfolio(request: Request, portfolio: str, body: WatchNameBody) -> dict[str, Any]:
    """Le vôtre seulement."""
    return office(request).portfolios.rename(scope_of(request), portfolio, body.name).as_dict()


@router.delete("/portfolios/{portfolio}", status_code=204, summary="Supprimer un portefeuille")
def withdraw_portfolio(request: Request, portfolio: str) -> Response:
    """Les dossiers de ses entreprises restent."""
    office(request).portfolios.withdraw(scope_of(request), portfolio)
    return Response(status_code=204)


@router.post("/portfolios/{portfolio}/members", status_code=201, summary="Ajouter à un portefeuille")
def watch_more(request: Request, portfolio: str, body: MemberBody) -> dict[str, Any]:
    """Une entreprise ou un territoire."""
    scope = scope_of(request)
    return office(request).portfolios.add(scope, portfolio, siren=body.siren, territory=body.territory).as_dict()


@router.delete("/portfolios/{portfolio}/members/{member}", summary="Retirer d’un portefeuille")
def unwatch(request: Request, portfolio: str, member: str) -> dict[str, Any]:
    """Retire une entreprise ou un territoire."""
    return office(request).portfolios.remove(scope_of(request), portfolio, member).as_dict()


@router.get("/monday", summary="La semaine")
def monday(request: Request) -> dict[str, Any]:
    """Ce qui a changé depuis lundi dernier, ce qui attend, ce qui est à relancer."""
    scope = scope_of(request)
    try:
        with request.app.state.installation.services() as services:
            return office(request).monday.page(scope, services.watch).as_dict()
    except NoData:
        return office(request).monday.page(scope).as_dict()


@router.put("/monday/letter", status_code=204, summary="Recevoir la semaine par courriel, ou non")
def receive(request: Request, body: LetterBody) -> Response:
    """Une lettre par semaine."""
    office(request).monday.receive(scope_of(request), letter=body.letter)
    return Response(status_code=204)
