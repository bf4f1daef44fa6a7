"""The inventory of land of an organisation, by programs of its officers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.services.sites.inventory import every_unit

router = APIRouter(tags=["Terrains et locaux"], responses=DESK_FAULTS, route_class=Entering)


@router.get("/land", summary="Lire l’inventaire de terrains et de locaux de l’organisation")
def every(request: Request) -> dict[str, Any]:
    """Avec propriétaires et occupants : pour les agents de l’organisation seuls."""
    found = desk_of(request).acts.tell(scope_of(request), every_unit, "")
    return {"land": [one.as_dict() for one in found]}
