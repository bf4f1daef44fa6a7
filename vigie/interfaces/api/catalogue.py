"""Sources, indicators and state of the service."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from vigie import __version__
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


@router.get("/health", **documented("Savoir si le service peut servir"))
def health(request: Request) -> JSONResponse:
    """Génération servie, journal lisible et modifiable, place libre ; 503 quand l’un manque. Regardé toutes les 5 s."""
    state = request.app.state.health.state()
    return JSONResponse({"version": __version__, **state.as_dict()}, 503 if state.faults else 200)
