"""What firms say of themselves, their objections, and who vouches for their heads."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.services.connect.okw import facility_of
from vigie.services.firms.situation import situation_of

router = APIRouter(tags=["Entreprises"], responses=DESK_FAULTS, route_class=Entering)


@router.get("/attestations", summary="Lister ce que les organisations demandent à l’hébergeur")
def requests(request: Request) -> dict[str, Any]:
    """Les dirigeants à attester et les domaines à confirmer ; pour l’hébergeur seul."""
    found = desk_of(request).vouching.requests(scope_of(request))
    return {"results": [one.as_dict() for one in found]}


@router.post("/attestations/{identifier}/grant", status_code=204, summary="Attester un dirigeant ou un domaine")
def grant(request: Request, identifier: str) -> Response:
    """Après vérification : ce qui attendait devient public."""
    desk_of(request).vouching.grant(scope_of(request), identifier)
    return Response(status_code=204)


@router.post("/attestations/{identifier}/refusal", status_code=204, summary="Refuser une attestation")
def refuse(request: Request, identifier: str) -> Response:
    """Le dirigeant reste provisoire."""
    desk_of(request).vouching.refuse(scope_of(request), identifier)
    return Response(status_code=204)


@router.delete("/attestations/{identifier}", status_code=204, summary="Retirer une attestation")
def end(request: Request, identifier: str) -> Response:
    """Rien n’est plus public en ce nom."""
    desk_of(request).vouching.end(scope_of(request), identifier)
    return Response(status_code=204)


@router.post("/firms/{siren}/attestation", status_code=204, summary="Demander sa propre attestation")
def ask(request: Request, siren: str) -> Response:
    """Pour le dirigeant dont rien n’a encore été demandé ; 409 quand c’est attesté, en attente ou répondu."""
    desk_of(request).vouching.ask_for_me(scope_of(request), siren)
    return Response(status_code=204)


@router.get("/links/attestation/{token}", summary="Lire ce qu’un lien attesterait")
def look(request: Request, token: str) -> dict[str, Any]:
    """Qui parlerait pour quelle entreprise ; lire n’utilise pas le lien."""
    return asdict(desk_of(request).vouching.look(token))


@router.post("/links/attestation/{token}", status_code=204, summary="Attester par le lien d’un courriel")
def attest(request: Request, token: str) -> Response:
    """Une fois ; 409 quand le lien a déjà servi."""
    desk_of(request).vouching.attest(token)
    return Response(status_code=204)


class ObjectionBody(BaseModel):
    """Une demande d’opposition sans compte."""

    model_config = ConfigDict(extra="forbid")
    email: str = Field("", description="Adresse où envoyer le lien ; inutile au dirigeant connecté.", max_length=254)


@router.get("/firms/{siren}/declarations", summary="Lire ce qu’une entreprise dit d’elle-même")
def declarations(request: Request, siren: str) -> dict[str, Any]:
    """Rend les entrées que le porteur du jeton peut lire ; sans jeton, celles qui sont publiques."""
    return desk_of(request).declarations.read(scope_of(request), siren).as_dict()


@router.get("/firms/{siren}/okw", summary="Emporter la fiche Open Know-Where d’une entreprise")
def facility(request: Request, siren: str) -> dict[str, Any]:
    """Rend les savoir-faire confirmés que le porteur du jeton peut lire ; sans jeton, ceux qui sont publics."""
    return facility_of(desk_of(request).declarations.read(scope_of(request), siren))


@router.get("/firms/{siren}/situation", summary="Lire la situation d’une entreprise, question par question")
def situation(request: Request, siren: str) -> dict[str, Any]:
    """Rend toutes les questions, et les réponses que le porteur du jeton peut lire ; sans jeton, les publiques."""
    found = desk_of(request).declarations.read(scope_of(request), siren)
    return situation_of(found.siren, found.entries).as_dict()


class HidingBody(BaseModel):
    """Des mots à masquer, ou à rétablir."""

    model_config = ConfigDict(extra="forbid")
    thing: str = Field(description="declaration ou call.", max_length=20)
    id: str = Field(description="Identifiant du propos ou de l’appel.", max_length=20)
    decision: str = Field("hide", description="hide ou restore.", max_length=20)


@router.post("/firms/{siren}/hiding", summary="Masquer ce qui est dit publiquement d’une entreprise")
def hide(request: Request, siren: str, body: HidingBody) -> dict[str, Any]:
    """Réservé à son dirigeant attesté et aux agents de son territoire ; la décision paraît au journal public."""
    return desk_of(request).hiding.decide(scope_of(request), siren, body.thing, body.id, body.decision).as_dict()


@router.get("/firms/{siren}/objection", summary="Lire où en est une entreprise")
def standing(request: Request, siren: str) -> dict[str, Any]:
    """Dit si l’entreprise s’est opposée, et ce que le porteur du jeton peut faire."""
    return desk_of(request).objections.standing(scope_of(request), siren).as_dict()


@router.post("/firms/{siren}/objection", status_code=201, summary="S’opposer à figurer dans Vigie")
def object_(request: Request, siren: str, body: ObjectionBody) -> dict[str, Any]:
    """Immédiat pour le dirigeant connecté ; sinon un lien de confirmation part à l’adresse donnée."""
    scope, objections = scope_of(request), desk_of(request).objections
    if objections.standing(scope, siren).may_object:
        return {"state": "in_force"} | objections.object(scope, siren).as_dict()
    objections.ask(scope, siren, body.email, request.client.host if request.client else "")
    return {"state": "link_sent"} | objections.standing(scope, siren).as_dict()


@router.post("/firms/{siren}/objection/lifting", summary="Lever une opposition faite par courriel")
def lift(request: Request, siren: str, body: ObjectionBody) -> dict[str, Any]:
    """Un lien part à l’adresse si c’est elle qui a fait l’opposition ; la réponse est la même sinon."""
    scope, objections = scope_of(request), desk_of(request).objections
    objections.ask_lifting(scope, siren, body.email, request.client.host if request.client else "")
    return {"state": "link_sent"} | objections.standing(scope, siren).as_dict()


@router.delete("/firms/{siren}/objection", summary="Retirer l’opposition de son entreprise")
def take_back(request: Request, siren: str) -> dict[str, Any]:
    """Réservé au dirigeant qui l’a déposée : l’entreprise est de nouveau montrée si aucune autre ne demeure."""
    return desk_of(request).objections.withdraw_own(scope_of(request), siren).as_dict()


@router.post("/links/objection/{token}", status_code=204, summary="Confirmer une opposition")
def confirm(request: Request, token: str) -> Response:
    """Utilise le lien reçu par courriel, une fois : il s’oppose, ou lève l’opposition."""
    desk_of(request).objections.confirm(token)
    return Response(status_code=204)


@router.get("/objections", summary="Lister les oppositions à relire")
def reviews(request: Request) -> dict[str, Any]:
    """Celles que l’organisation du porteur relit."""
    return {"results": [review.as_dict() for review in desk_of(request).objections.to_review(scope_of(request))]}


@router.post("/objections/{identifier}/approval", status_code=204, summary="Marquer une opposition comme relue")
def approve(request: Request, identifier: str) -> Response:
    """Elle agissait déjà ; elle quitte la liste des oppositions à relire."""
    desk_of(request).objections.approve(scope_of(request), identifier)
    return Response(status_code=204)


@router.post("/objections/{identifier}/rejection", status_code=204, summary="Retirer une opposition abusive")
def reject(request: Request, identifier: str) -> Response:
    """L’hébergeur y met fin ; un agent du territoire la lui signale, et elle demeure jusqu’à sa décision."""
    desk_of(request).objections.reject(scope_of(request), identifier)
    return Response(status_code=204)
