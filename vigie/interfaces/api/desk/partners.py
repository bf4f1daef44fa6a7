"""Partners that could be proposed to a firm, and who could exchange matter with it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Query, Request

from vigie.domain.access import Right, Thing
from vigie.errors import RequestFault
from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.services.connect.partners import propose
from vigie.services.firms.declarations import writable_firm
from vigie.services.symbiosis.answering import told_of_firm
from vigie.services.symbiosis.flows import said_by_firms
from vigie.services.symbiosis.of_territory import told_exchanges, told_loops

router = APIRouter(tags=["Entreprises"], responses=DESK_FAULTS, route_class=Entering)


@router.get("/firms/{siren}/partners", summary="Lire les partenaires possibles d’une entreprise")
def partners(
    request: Request,
    siren: str,
    kind: str | None = Query(None, description="Une seule sorte de proposition."),
    top: int = Query(20, ge=1, le=100, description="Propositions au plus."),
) -> dict[str, Any]:
    """Chacun avec ses raisons ; pour les agents, et pour le dirigeant de l’entreprise elle-même.

    Qui s’oppose ou a demandé la discrétion n’y est jamais.
    """
    scope = scope_of(request)
    if not (scope.siren and siren.startswith(scope.siren) and scope.may(Thing.DECLARATIONS, Right.READ_OWN)):
        scope.require(Thing.DOSSIERS, Right.READ)
    desk = desk_of(request)
    with request.app.state.installation.services() as services:
        said, weights = desk.situations.to(scope), desk.learning.in_force(scope)
        return propose(services, siren, kind, top, said, weights).as_dict()


@router.get("/firms/{siren}/matter", summary="Lire les échanges de matière possibles d’une entreprise")
def matter(request: Request, siren: str) -> dict[str, Any]:
    """Avec les flux que disent les entreprises, autant qu’on peut les lire ; pour son dirigeant et les agents."""
    scope = scope_of(request)
    number = writable_firm(scope, siren)
    declared = said_by_firms(desk_of(request).flows.readable(scope))
    with request.app.state.installation.services() as services:
        return told_of_firm(services, number, declared).as_dict()


@router.get("/matter", summary="Lire les échanges de matière possibles d’un territoire")
def territory_matter(
    request: Request,
    territory: str = Query("", description="Clé ou nom ; vide : celui de l’organisation.", max_length=200),
) -> dict[str, Any]:
    """Les meilleurs échanges et les boucles à fermer, avec ce que disent les entreprises, autant qu’on le lit."""
    scope, desk = scope_of(request), desk_of(request)
    scope.require(Thing.INTRODUCTIONS, Right.READ, Right.AGGREGATE)
    key = territory.strip() or desk.advising.territory(scope)
    if not key:
        raise RequestFault("Dites quel territoire : celui de votre organisation n’est pas connu.")
    declared = said_by_firms(desk.flows.readable(scope))
    with request.app.state.installation.services() as services:
        told = told_exchanges(services, key, declared), told_loops(services, key, declared)
    return {"exchanges": told[0].as_dict(), "loops": told[1].as_dict()}
