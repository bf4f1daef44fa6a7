"""What the introductions of an organisation teach of its proposals, by programs of its officers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.services.connect.adopting import read_learning

router = APIRouter(tags=["Apprentissage"], responses=DESK_FAULTS, route_class=Entering)


@router.get("/learning", summary="Lire ce que les mises en relation apprennent")
def learned(request: Request) -> dict[str, Any]:
    """Le dernier modèle appris : données, poids avec intervalles, qualité par groupe ; et les poids en vigueur."""
    return desk_of(request).acts.tell(scope_of(request), read_learning, "").as_dict()


@router.post("/learning", status_code=201, summary="Apprendre des mises en relation et des liens publics")
def learn(request: Request) -> dict[str, Any]:
    """Pour l’administrateur. Quelques secondes ; ne change aucune proposition tant que rien n’est adopté."""
    desk, scope = desk_of(request), scope_of(request)
    with request.app.state.installation.services() as services:
        desk.learning.learn(scope, services)
    return desk.acts.tell(scope, read_learning, "").as_dict()
