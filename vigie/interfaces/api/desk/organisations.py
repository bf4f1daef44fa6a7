"""Organisations, their members and the invitations to join them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.services.accounts.inviting import InvitationDraft
from vigie.services.accounts.organisations import Charter

router = APIRouter(tags=["Comptes"], responses=DESK_FAULTS, route_class=Entering)


class InvitationBody(BaseModel):
    """Une place offerte dans votre organisation."""

    model_config = ConfigDict(extra="forbid")
    email: str = Field(description="Adresse de la personne.", max_length=254)
    role: str = Field(description="Rôle, parmi ceux que vous pouvez donner.", max_length=20, examples=["developpeur"])
    siren: str = Field("", description="Entreprise d’un dirigeant.", max_length=40)
    dossier: str = Field("", description="Dossier ouvert à un partenaire.", max_length=20)


class AcceptanceBody(BaseModel):
    """De quoi prendre la place : nom et mot de passe, ou le mot de passe que vous avez déjà."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field("", description="Prénom et nom, pour un nouveau compte.", max_length=1000)
    password: str = Field(description="Mot de passe : douze caractères au moins.", max_length=1000)


class AdministratorBody(BaseModel):
    """Le premier administrateur d’une organisation."""

    model_config = ConfigDict(extra="forbid")
    email: str = Field(description="Adresse de la personne.", max_length=254)


class CharterBody(BaseModel):
    """Ce qu’une organisation dit d’elle-même."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(description="Nom.", max_length=1000)
    territory: str = Field("", description="Clé du territoire.", max_length=100, examples=["epci:248500621"])
    cog: int | None = Field(None, description="Millésime du code officiel géographique.")
    legal_basis: str = Field("6-1-e", description="Base légale : 6-1-e ou 6-1-f.", max_length=20)
    retention_months: int = Field(36, description="Mois de conservation après le dernier contact.")
    retention_visa: str = Field("", description="Visa qui permet plus de 36 mois.", max_length=1000)
    zone: str = Field("", description="Fuseau horaire, comme Indian/Reunion ; inchangé sinon.", max_length=40)

    def charter(self) -> Charter:
        """Return what the service takes."""
        return Charter(**self.model_dump())


class NewOrganisationBody(CharterBody):
    """Une organisation à créer."""

    kind: str = Field(description="Sorte d’organisation.", max_length=20, examples=["collectivite"])

    def charter(self) -> Charter:
        """Return what the service takes."""
        return Charter(**self.model_dump(exclude={"kind"}))


class TitleBody(BaseModel):
    """Le nom et le territoire d’une organisation."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(description="Nom.", max_length=1000)
    territory: str = Field("", description="Clé du territoire.", max_length=100, examples=["epci:248500621"])


@router.put("/organisations/{identifier}/title", summary="Donner un autre nom ou territoire à une organisation")
def entitle(request: Request, identifier: str, body: TitleBody) -> dict[str, Any]:
    """Pour l’hébergeur seul : un nom qui se lit comme un autre, ou un territoire déjà tenu, est refusé."""
    organisations = desk_of(request).accounts.organisations
    return organisations.entitle(scope_of(request), identifier, body.name, body.territory).as_dict()


@router.post("/invitations", status_code=201, summary="Inviter")
def invite(request: Request, body: InvitationBody) -> dict[str, Any]:
    """Écrit la lettre d’invitation ; le lien n’est rendu qu’ici."""
    return desk_of(request).accounts.inviting.invite(scope_of(request), InvitationDraft(**body.model_dump())).as_dict()


@router.get("/invitations", summary="Lister les invitations en attente")
def invitations(request: Request) -> list[dict[str, Any]]:
    """Celles de l’organisation pour un administrateur, les siennes pour les autres."""
    return [one.as_dict() for one in desk_of(request).accounts.inviting.pending(scope_of(request))]


@router.delete("/invitations/{identifier}", status_code=204, summary="Retirer une invitation")
def revoke(request: Request, identifier: str) -> Response:
    """Le lien ne fonctionne plus."""
    desk_of(request).accounts.inviting.revoke(scope_of(request), identifier)
    return Response(status_code=204)


@router.get("/invitations/{token}/offer", summary="Lire une invitation reçue")
def offer(request: Request, token: str) -> dict[str, Any]:
    """Ce qu’offre le lien ; le lire ne l’emploie pas."""
    return desk_of(request).accounts.joining.offer(token).as_dict()


@router.post("/invitations/{token}/acceptance", status_code=201, summary="Accepter une invitation")
def accept(request: Request, token: str, body: AcceptanceBody) -> dict[str, Any]:
    """Crée le compte ou lui ajoute un rôle, et ouvre une session."""
    origin = request.client.host if request.client else ""
    return desk_of(request).accounts.joining.accept(token, body.name, body.password, origin).as_dict()


@router.get("/members", summary="Lister les membres")
def members(request: Request) -> list[dict[str, Any]]:
    """Les membres de votre organisation ; la lecture est notée dans le journal."""
    return [one.as_dict() for one in desk_of(request).accounts.members.all(scope_of(request))]


@router.delete("/members/me", status_code=204, summary="Quitter l’organisation")
def leave(request: Request) -> Response:
    """Met fin à votre rôle ; une organisation garde toujours un administrateur."""
    desk_of(request).accounts.members.leave(scope_of(request))
    return Response(status_code=204)


@router.get("/organisation", summary="Lire son organisation")
def organisation(request: Request) -> dict[str, Any]:
    """Nom, territoire, base légale, durée de conservation."""
    return desk_of(request).accounts.organisations.mine(scope_of(request)).as_dict()


@router.put("/organisation", summary="Changer son organisation")
def change(request: Request, body: CharterBody) -> dict[str, Any]:
    """Au-delà de 36 mois de conservation, un visa est demandé."""
    return desk_of(request).accounts.organisations.change(scope_of(request), body.charter()).as_dict()


@router.get("/organisations", summary="Lister les organisations de l’installation")
def organisations(request: Request) -> list[dict[str, Any]]:
    """Pour l’hébergeur seulement."""
    return [one.as_dict() for one in desk_of(request).accounts.organisations.all(scope_of(request))]


@router.post("/organisations", status_code=201, summary="Créer une organisation")
def create(request: Request, body: NewOrganisationBody) -> dict[str, Any]:
    """Pour l’hébergeur seulement ; le premier administrateur s’invite par `/organisations/{id}/administrators`."""
    return desk_of(request).accounts.organisations.create(scope_of(request), body.charter(), body.kind).as_dict()


@router.post("/organisations/{identifier}/administrators", status_code=201, summary="Inviter un premier administrateur")
def appoint(request: Request, identifier: str, body: AdministratorBody) -> dict[str, Any]:
    """Pour l’hébergeur, tant que l’organisation n’a pas d’administrateur."""
    return desk_of(request).accounts.inviting.appoint(scope_of(request), identifier, body.email).as_dict()
