"""Sessions and accounts, tokens of programs, links to firms, sign-up of inhabitants, forgotten passwords."""

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


class TokenBody(BaseModel):
    """Un jeton à créer."""

    model_config = ConfigDict(extra="forbid")
    label: str = Field(description="À quoi sert le jeton.", max_length=1000)
    days: int = Field(90, description="Durée de vie en jours, 366 au plus.")
    scopes: list[str] = Field(["lecture"], description="Portées : lecture.", max_length=10)


class FirmLinkBody(BaseModel):
    """Une entreprise pour laquelle parler."""

    model_config = ConfigDict(extra="forbid")
    siren: str = Field(description="Numéro SIREN.", max_length=40)


class SignUpBody(BaseModel):
    """Une inscription d’habitant."""

    model_config = ConfigDict(extra="forbid")
    email: str = Field(description="Adresse à confirmer.", max_length=254)
    organisation: str = Field(description="Organisation du territoire choisi.", max_length=20)


class RecoveryBody(BaseModel):
    """Une demande de nouveau mot de passe."""

    model_config = ConfigDict(extra="forbid")
    email: str = Field(description="Adresse du compte.", max_length=254)


class NewPasswordBody(BaseModel):
    """Un nouveau mot de passe."""

    model_config = ConfigDict(extra="forbid")
    token: str = Field(description="Fin du lien reçu.", max_length=200)
    password: str = Field(description="Douze caractères au moins.", max_length=1000)


@router.post("/tokens", status_code=201, summary="Créer un jeton")
def make_token(request: Request, body: TokenBody) -> dict[str, Any]:
    """Un jeton lit seulement ; son secret n’est dit qu’ici."""
    tokens = desk_of(request).accounts.tokens
    return tokens.make(scope_of(request), body.label, body.days, tuple(body.scopes)).as_dict()


@router.get("/tokens", summary="Lister les jetons")
def tokens(request: Request) -> list[dict[str, Any]]:
    """Les siens ; ceux de l’organisation pour un administrateur."""
    return [one.as_dict() for one in desk_of(request).accounts.tokens.all(scope_of(request))]


@router.post("/firm-links", status_code=201, summary="Demander à parler pour une entreprise")
def claim(request: Request, body: FirmLinkBody) -> dict[str, Any]:
    """Accordé aussitôt quand votre adresse est à un domaine de l’entreprise ; sinon un développeur décide."""
    return desk_of(request).accounts.representing.claim(scope_of(request), body.siren).as_dict()


@router.get("/firm-links/mine", summary="Lire ses demandes de rattachement")
def my_claims(request: Request) -> list[dict[str, Any]]:
    """Vos demandes, les plus récentes d’abord."""
    return [one.as_dict() for one in desk_of(request).accounts.representing.mine(scope_of(request))]


@router.get("/firm-links", summary="Lister les rattachements")
def claims(request: Request) -> list[dict[str, Any]]:
    """Ceux de l’organisation, en attente d’abord."""
    return [one.as_dict() for one in desk_of(request).accounts.representing.all(scope_of(request))]


@router.get("/firm-domains", summary="Lister les domaines d’entreprises")
def domains(request: Request) -> list[dict[str, Any]]:
    """Les domaines déclarés par l’organisation."""
    return [one.as_dict() for one in desk_of(request).accounts.domains.all(scope_of(request))]


@router.get("/sign-ups/organisations", summary="Lister où s’inscrire comme habitant")
def joinable(request: Request) -> list[dict[str, Any]]:
    """Les organisations qui répondent d’un territoire."""
    found = desk_of(request).accounts.organisations.joinable()
    return [{"id": one.id, "name": one.charter.name, "territory": one.charter.territory} for one in found]


@router.post("/sign-ups", status_code=202, summary="S’inscrire comme habitant")
def sign_up(request: Request, body: SignUpBody) -> dict[str, str]:
    """Une lettre part vers l’adresse ; la réponse ne dit pas si elle est déjà connue."""
    origin = request.client.host if request.client else ""
    desk_of(request).accounts.signing_up.ask(body.email, body.organisation, origin)
    return {"state": "letter_written"}


@router.post("/password-recoveries", status_code=202, summary="Demander un nouveau mot de passe")
def recover(request: Request, body: RecoveryBody) -> dict[str, str]:
    """Une lettre part si l’adresse est celle d’un compte ; la réponse ne le dit pas."""
    origin = request.client.host if request.client else ""
    desk_of(request).accounts.recovering.ask(body.email, origin)
    return {"state": "letter_written_if_known"}


@router.put("/password-recoveries/current", status_code=204, summary="Choisir un nouveau mot de passe")
def reset(request: Request, body: NewPasswordBody) -> Response:
    """Le lien ne sert qu’une fois ; toutes les sessions sont fermées."""
    desk_of(request).accounts.recovering.reset(body.token, body.password)
    return Response(status_code=204)
