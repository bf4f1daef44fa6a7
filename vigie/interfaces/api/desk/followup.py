"""Dossiers, contacts and exchanges, by programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.interfaces.api.desk.days import Day
from vigie.interfaces.optional_data import directory_if_loaded
from vigie.services.followup.entries import ContactEntry, DossierEntry, ExchangeEntry
from vigie.services.followup.finding import DossierFilter

if TYPE_CHECKING:
    from vigie.services.followup.use_cases import FollowUp

router = APIRouter(tags=["Dossiers"], responses=DESK_FAULTS, route_class=Entering)
KINDS = "firm (entreprise), holder (porteur de projet), prospect, premises (local), owner (propriétaire)."


class DossierBody(BaseModel):
    """Ce que dit un dossier."""

    model_config = ConfigDict(extra="forbid")
    kind: str = Field(description=f"Type : {KINDS}", max_length=20)
    title: str = Field(description="Titre.", max_length=1000)
    summary: str = Field("", description="En bref ; lu aussi par l’entreprise et les partenaires du dossier.")
    siren: str = Field("", description="SIREN, s’il y en a un.", max_length=40)
    siret: str = Field("", description="SIRET, s’il y en a un.", max_length=40)
    commune: str = Field("", description="Nom ou code Insee.", max_length=100)
    source: str = Field("", description="D’où vient le dossier.", max_length=1000)
    owner: str = Field("", description="Membre qui suit le dossier ; vous sinon.", max_length=20)
    prospecting: bool = Field(False, description="Le dossier relève de la prospection.")


class OpeningBody(DossierBody):
    """Un dossier à ouvrir."""

    anyway: bool = Field(False, description="Ouvrir même si l’entreprise a déjà un dossier.")


class FirmBody(BaseModel):
    """Une entreprise à suivre."""

    model_config = ConfigDict(extra="forbid")
    number: str = Field(description="SIREN ou SIRET.", max_length=40)
    anyway: bool = Field(False, description="Ouvrir même si l’entreprise a déjà un dossier.")


class OtherBody(BaseModel):
    """Un autre dossier."""

    model_config = ConfigDict(extra="forbid")
    other: str = Field(description="Identifiant du dossier à reprendre, sur le même SIREN.", max_length=20)


class TagBody(BaseModel):
    """Une étiquette."""

    model_config = ConfigDict(extra="forbid")
    label: str = Field(description="Étiquette.", max_length=200)


class ContactBody(BaseModel):
    """Un contact."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(description="Prénom et nom.", max_length=1000)
    function: str = Field("", description="Fonction.", max_length=1000)
    email: str = Field("", description="Adresse électronique.", max_length=1000)
    phone: str = Field("", description="Téléphone.", max_length=100)
    source: str = Field("", description="D’où viennent ces coordonnées.", max_length=1000)
    informed_on: Day | None = Field(None, description="Jour où la personne a été informée.")


class ExchangeBody(BaseModel):
    """Un échange."""

    model_config = ConfigDict(extra="forbid")
    kind: str = Field(description="visit, call, meeting, email ou note (note interne).", max_length=20)
    body: str = Field(description="Compte rendu.")
    happened_on: Day | None = Field(None, description="Jour ; aujourd’hui sinon.")
    direction: str = Field("", description="together, received ou sent ; selon le type sinon.", max_length=20)
    contact: str = Field("", description="Contact du dossier.", max_length=20)
    waiting: bool | None = Field(None, description="Une réponse est attendue ; selon le sens sinon.")


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


@router.post("/dossiers", status_code=201, summary="Ouvrir un dossier")
def open_one(request: Request, body: OpeningBody) -> dict[str, Any]:
    """Répond 409 quand le SIREN a déjà un dossier ; `anyway` en ouvre un autre."""
    entry = DossierEntry(**body.model_dump(exclude={"anyway"}))
    with directory_if_loaded(request.app.state.installation) as know:
        return office(request).dossiers.open(scope_of(request), entry, know, anyway=body.anyway).as_dict()


@router.post("/dossiers/firm", status_code=201, summary="Suivre une entreprise")
def open_on_firm(request: Request, body: FirmBody) -> dict[str, Any]:
    """Ouvre un dossier rempli d’après l’annuaire, par SIREN ou SIRET."""
    scope = scope_of(request)
    with directory_if_loaded(request.app.state.installation) as know:
        return office(request).dossiers.open_on_firm(scope, body.number, know, anyway=body.anyway).as_dict()


@router.get("/dossiers/{dossier}", summary="Lire un dossier")
def read(request: Request, dossier: str) -> dict[str, Any]:
    """La lecture est notée ; les notes internes n’y sont que pour les agents de l’organisation."""
    return office(request).dossiers.read(scope_of(request), dossier).as_dict()


@router.put("/dossiers/{dossier}", summary="Modifier un dossier")
def edit(request: Request, dossier: str, body: DossierBody) -> dict[str, Any]:
    """Remplace ce que dit le dossier."""
    with directory_if_loaded(request.app.state.installation) as know:
        entry = DossierEntry(**body.model_dump())
        return office(request).dossiers.edit(scope_of(request), dossier, entry, know).as_dict()


@router.delete("/dossiers/{dossier}", status_code=204, summary="Retirer un dossier")
def withdraw(request: Request, dossier: str) -> Response:
    """Le dossier quitte toutes les réponses ; il peut être rétabli."""
    office(request).dossiers.withdraw(scope_of(request), dossier)
    return Response(status_code=204)


@router.post("/dossiers/{dossier}/restoration", summary="Rétablir un dossier")
def restore(request: Request, dossier: str) -> dict[str, Any]:
    """Ramène un dossier retiré."""
    return office(request).dossiers.restore(scope_of(request), dossier).as_dict()


@router.post("/dossiers/{dossier}/closing", summary="Clore un dossier")
def close(request: Request, dossier: str) -> dict[str, Any]:
    """Rien n’y est plus attendu."""
    return office(request).dossiers.close(scope_of(request), dossier).as_dict()


@router.post("/dossiers/{dossier}/reopening", summary="Rouvrir un dossier")
def reopen(request: Request, dossier: str) -> dict[str, Any]:
    """Rouvre un dossier clos."""
    return office(request).dossiers.reopen(scope_of(request), dossier).as_dict()


@router.post("/dossiers/{dossier}/merging", summary="Réunir deux dossiers")
def merge(request: Request, dossier: str, body: OtherBody) -> dict[str, Any]:
    """Reprend tout d’un autre dossier sur le même SIREN, et retire l’autre."""
    return office(request).dossiers.merge(scope_of(request), dossier, body.other).as_dict()


@router.post("/dossiers/{dossier}/tags", status_code=204, summary="Poser une étiquette")
def tag(request: Request, dossier: str, body: TagBody) -> Response:
    """Une étiquette déjà posée reste seule."""
    office(request).marking.tag(scope_of(request), dossier, body.label)
    return Response(status_code=204)


@router.delete("/dossiers/{dossier}/tags/{label}", status_code=204, summary="Retirer une étiquette")
def untag(request: Request, dossier: str, label: str) -> Response:
    """Retire une étiquette."""
    office(request).marking.untag(scope_of(request), dossier, label)
    return Response(status_code=204)


@router.put("/dossiers/{dossier}/shares/{person}", status_code=204, summary="Partager avec un partenaire")
def share(request: Request, dossier: str, person: str) -> Response:
    """Le partenaire lit le dossier sans les notes internes."""
    office(request).marking.share(scope_of(request), dossier, person)
    return Response(status_code=204)


@router.delete("/dossiers/{dossier}/shares/{person}", status_code=204, summary="Ne plus partager")
def unshare(request: Request, dossier: str, person: str) -> Response:
    """Ferme le dossier à un partenaire."""
    office(request).marking.unshare(scope_of(request), dossier, person)
    return Response(status_code=204)


@router.post("/dossiers/{dossier}/contacts", status_code=201, summary="Ajouter un contact")
def add_contact(request: Request, dossier: str, body: ContactBody) -> dict[str, Any]:
    """Écrit un contact dans un dossier."""
    return office(request).contacts.add(scope_of(request), dossier, ContactEntry(**body.model_dump())).as_dict()


@router.put("/contacts/{contact}", summary="Modifier un contact")
def edit_contact(request: Request, contact: str, body: ContactBody) -> dict[str, Any]:
    """Remplace ce qui est gardé du contact."""
    return office(request).contacts.edit(scope_of(request), contact, ContactEntry(**body.model_dump())).as_dict()


@router.delete("/contacts/{contact}", status_code=204, summary="Retirer un contact")
def withdraw_contact(request: Request, contact: str) -> Response:
    """Retire un contact de son dossier."""
    office(request).contacts.withdraw(scope_of(request), contact)
    return Response(status_code=204)


@router.post("/dossiers/{dossier}/exchanges", status_code=201, summary="Consigner un échange")
def record_exchange(request: Request, dossier: str, body: ExchangeBody) -> dict[str, Any]:
    """Le dernier contact suit ce qui vient du contact, jamais ce que nous envoyons."""
    return office(request).exchanges.record(scope_of(request), dossier, ExchangeEntry(**body.model_dump())).as_dict()


@router.put("/exchanges/{exchange}", summary="Modifier un échange")
def edit_exchange(request: Request, exchange: str, body: ExchangeBody) -> dict[str, Any]:
    """Une note interne n’est changée que par son auteur."""
    return office(request).exchanges.edit(scope_of(request), exchange, ExchangeEntry(**body.model_dump())).as_dict()


@router.delete("/exchanges/{exchange}", status_code=204, summary="Retirer un échange")
def withdraw_exchange(request: Request, exchange: str) -> Response:
    """Retire un échange de son dossier."""
    office(request).exchanges.withdraw(scope_of(request), exchange)
    return Response(status_code=204)
