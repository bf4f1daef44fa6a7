"""Sessions and the account of whoever asks."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import bearer, desk_of, scope_of
from vigie.interfaces.api.desk.numbers import PerhapsSiren

router = APIRouter(tags=["Comptes"], responses=DESK_FAULTS, route_class=Entering)


class SignInBody(BaseModel):
    """Adresse, mot de passe, et l’organisation où travailler quand il y en a plusieurs."""

    model_config = ConfigDict(extra="forbid")
    email: str = Field(description="Adresse électronique.", max_length=254)
    password: str = Field(description="Mot de passe.", max_length=200)
    organisation: str = Field("", description="Identifiant d’une organisation ; la première sinon.", max_length=20)


class OrganisationBody(BaseModel):
    """Une organisation."""

    model_config = ConfigDict(extra="forbid")
    organisation: str = Field(description="Identifiant de l’organisation.", max_length=20)
    siren: PerhapsSiren = Field("", description="Une des entreprises pour lesquelles vous y parlez.")


class PasswordBody(BaseModel):
    """Un changement de mot de passe."""

    model_config = ConfigDict(extra="forbid")
    current: str = Field(description="Mot de passe actuel.", max_length=200)
    new: str = Field(description="Nouveau mot de passe : douze caractères au moins.", max_length=1000)


class PersonNameBody(BaseModel):
    """Un nom."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(description="Prénom et nom.", max_length=1000)


@router.post("/sessions", status_code=201, summary="Ouvrir une session")
def sign_in(request: Request, body: SignInBody) -> dict[str, Any]:
    """Rend un secret à présenter ensuite dans `Authorization: Bearer …` ; il n’est dit qu’une fois."""
    origin = request.client.host if request.client else ""
    return desk_of(request).accounts.signing.sign_in(body.email, body.password, origin, body.organisation).as_dict()


@router.delete("/sessions/current", status_code=204, summary="Fermer la session")
def sign_out(request: Request) -> Response:
    """Révoque la session présentée."""
    scope_of(request)
    desk_of(request).accounts.signing.sign_out(bearer(request))
    return Response(status_code=204)


@router.post("/sessions/current/organisation", status_code=201, summary="Changer d’organisation ou d’entreprise")
def switch(request: Request, body: OrganisationBody) -> dict[str, Any]:
    """Ferme la session présentée et en ouvre une autre : ailleurs, ou pour une autre de vos entreprises."""
    scope = scope_of(request)
    return desk_of(request).accounts.signing.switch(scope, bearer(request), body.organisation, body.siren).as_dict()


@router.delete("/sessions", summary="Fermer les autres sessions")
def sign_out_everywhere(request: Request) -> dict[str, int]:
    """Révoque toutes vos sessions sauf celle présentée, et dit combien étaient ouvertes."""
    scope = scope_of(request)
    return {"closed": desk_of(request).accounts.signing.sign_out_everywhere(scope, bearer(request))}


@router.get("/me", summary="Lire son compte")
def me(request: Request) -> dict[str, Any]:
    """Nom, adresse, rôle, organisations."""
    return desk_of(request).accounts.signing.me(scope_of(request)).as_dict()


@router.patch("/me", status_code=204, summary="Changer son nom")
def rename(request: Request, body: PersonNameBody) -> Response:
    """Change le nom sous lequel vous êtes présenté."""
    desk_of(request).accounts.signing.rename(scope_of(request), body.name)
    return Response(status_code=204)


@router.put("/me/password", status_code=204, summary="Changer son mot de passe")
def change_password(request: Request, body: PasswordBody) -> Response:
    """Change le mot de passe et ferme les autres sessions."""
    signing = desk_of(request).accounts.signing
    signing.change_password(scope_of(request), bearer(request), body.current, body.new)
    return Response(status_code=204)
