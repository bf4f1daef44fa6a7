"""Attestations of heads and of domains, by the host or by the link of a letter."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of

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
