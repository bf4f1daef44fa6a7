"""Partners that could be proposed to a firm, for the officers who follow it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Query, Request

from vigie.domain.access import Right, Thing
from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import scope_of
from vigie.services.connect.partners import propose

router = APIRouter(tags=["Entreprises"], responses=DESK_FAULTS, route_class=Entering)


@router.get("/firms/{siren}/partners", summary="Lire les partenaires possibles d’une entreprise")
def partners(
    request: Request,
    siren: str,
    kind: str | None = Query(None, description="Une seule sorte de proposition."),
    top: int = Query(20, ge=1, le=100, description="Propositions au plus."),
) -> dict[str, Any]:
    """Chacun avec ses raisons ; pour les agents seuls. Qui s’oppose ou a demandé la discrétion n’y est jamais."""
    scope_of(request).require(Thing.DOSSIERS, Right.READ)
    with request.app.state.installation.services() as services:
        return propose(services, siren, kind, top).as_dict()
