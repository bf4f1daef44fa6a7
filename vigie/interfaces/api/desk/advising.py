"""Who advises firms, by programs: whom to ask, the services of the organisation, what nobody covers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from vigie.errors import NoData
from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.services.advising.asking import advice_asked
from vigie.services.advising.keeping import every_adviser
from vigie.services.advising.routing import uncovered

router = APIRouter(tags=["Interlocuteurs"], responses=DESK_FAULTS, route_class=Entering)


@router.get("/advising", summary="Savoir qui peut conseiller une entreprise")
def whom(request: Request, subject: str = "", firm: str = "", commune: str = "") -> dict[str, Any]:
    """Qui répond sur un sujet, pour une entreprise ou une commune ; une personne n’est nommée que si elle l’accepte."""
    try:
        with request.app.state.installation.services() as services:
            asked = advice_asked(services, subject, firm, commune)
    except NoData:
        asked = advice_asked(None, subject, firm, commune)
    found = desk_of(request).advising.route(asked.subject, asked.commune, asked.asker)
    told = [one.as_dict() for one in found.advisers]
    return {"subject": asked.subject.value, "commune": asked.commune, "advisers": told, "unsure": found.unsure}


@router.get("/advisers", summary="Lire les interlocuteurs de l’organisation")
def every(request: Request) -> dict[str, Any]:
    """Les services qui conseillent, leurs sujets et leurs communes."""
    found = desk_of(request).acts.tell(scope_of(request), every_adviser, "")
    return {"advisers": [one.as_dict() for one in found]}


@router.get("/advisers/gaps", summary="Savoir ce que personne ne couvre")
def gaps(request: Request) -> dict[str, Any]:
    """Les sujets et les communes sans interlocuteur, dans le territoire de l’organisation."""
    scope, advising = scope_of(request), desk_of(request).advising
    advising.gaps(scope, ())  # the right comes before anything is read
    return uncovered(advising, scope)
