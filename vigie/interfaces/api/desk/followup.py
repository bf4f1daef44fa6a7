"""Dossiers, by programs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.services.followup.dossiers import OPENED, prefilled
from vigie.services.followup.reading import DossierFilter

if TYPE_CHECKING:
    from vigie.services.followup.use_cases import FollowUp

router = APIRouter(tags=["Dossiers"], responses=DESK_FAULTS, route_class=Entering)
KINDS = "firm (entreprise), holder (porteur de projet), prospect, premises (local), owner (propriétaire)."


class FirmBody(BaseModel):
    """Une entreprise à suivre."""

    model_config = ConfigDict(extra="forbid")
    number: str = Field(description="SIREN ou SIRET.", max_length=40)
    anyway: bool = Field(False, description="Ouvrir même si l’entreprise a déjà un dossier.")


class DossierQuery(BaseModel):
    """Filtres de la liste."""

    model_config = ConfigDict(extra="forbid")
    kind: str = Field("", description=KINDS)
    state: str = Field("", description="open, closed ou withdrawn ; tous sauf les retirés sinon.")
    owner: str = Field("", description="Membre qui suit.")
    tag: str = Field("", description="Étiquette.")
    text: str = Field("", description="Mots du titre.")
    portfolio: str = Field("", description="Portefeuille.")
    commune: str = Field("", description="Nom ou code Insee.")
    siren: str = Field("", description="SIREN.")
    sort: str = Field("recent", description="recent, title, contact ou waiting.")
    page: int = Field(1, ge=1, le=10_000, description="Page.")
    per_page: int = Field(25, ge=1, le=100, description="Dossiers par page.")


def office(request: Request) -> FollowUp:
    """Return the follow-up of the installation."""
    return desk_of(request).followup


@router.get("/dossiers", summary="Lister les dossiers")
def search(request: Request, asked: Annotated[DossierQuery, Query()]) -> dict[str, Any]:
    """Ceux de l’organisation, celui de votre entreprise, ou ceux qui vous sont partagés."""
    return office(request).dossiers.search(scope_of(request), DossierFilter(**asked.model_dump())).as_dict()


@router.post("/dossiers/firm", status_code=201, summary="Suivre une entreprise")
def open_on_firm(request: Request, body: FirmBody) -> dict[str, Any]:
    """Ouvre un dossier rempli d’après l’annuaire, par SIREN ou SIRET."""
    scope, desk = scope_of(request), desk_of(request)
    entry = replace(prefilled(scope, desk.register, body.number), anyway=body.anyway)
    return desk.acts.run(scope, OPENED, "", entry).as_dict()


@router.get("/dossiers/{dossier}", summary="Lire un dossier")
def read(request: Request, dossier: str) -> dict[str, Any]:
    """La lecture est notée ; les notes internes n’y sont que pour les agents de l’organisation."""
    return office(request).dossiers.read(scope_of(request), dossier).as_dict()
