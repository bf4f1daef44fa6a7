"""Sources, indicators and state of the service."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from vigie import __version__
from vigie.errors import NoData
from vigie.interfaces.api.answering import answer, documented

router = APIRouter(tags=["Catalogue"])


@router.get("/sources", **documented("Lister les sources"))
def sources(request: Request) -> JSONResponse:
    """Chaque source que Vigie sait lire : producteur, licence, millésime, lignes chargées et écartées."""
    return answer(
        request, (), lambda services, _, __: {"results": [one.as_dict() for one in services.catalogue.sources()]}
    )


@router.get("/sources/{source_id}", **documented("Lire une source"))
def source(request: Request, source_id: str) -> JSONResponse:
    """La carte d’une source et ce qui en est chargé."""
    return answer(request, (), lambda services, _, __: services.catalogue.source(source_id).as_dict())


@router.get("/indicators", **documented("Lister les indicateurs"))
def indicators(request: Request) -> JSONResponse:
    """Chaque indicateur : définition, formule, unité, sources."""
    return answer(
        request, (), lambda services, _, __: {"results": [one.as_dict() for one in services.catalogue.indicators()]}
    )


@router.get("/indicators/{indicator_id}", **documented("Lire un indicateur"))
def indicator(request: Request, indicator_id: str) -> JSONResponse:
    """La carte d’un indicateur."""
    return answer(request, (), lambda services, _, __: services.catalogue.indicator(indicator_id).as_dict())


@router.get("/health", **documented("Savoir si le service répond"))
def health(request: Request) -> JSONResponse:
    """L’état du service et la génération de données qu’il sert."""
    state: dict[str, Any] = {"etat": "ok", "version": __version__, "generation": None}
    try:
        with request.app.state.installation.services() as services:
            state |= {"generation": services.loaded.name, "simulated": services.simulated}
    except NoData as fault:
        state["etat"] = str(fault)
    return JSONResponse(state)
