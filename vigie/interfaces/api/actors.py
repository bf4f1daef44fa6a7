"""Establishments and firms: search, search round a point, records by number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from vigie.domain import french
from vigie.errors import RequestFault
from vigie.interfaces.api.answering import answer, documented
from vigie.interfaces.asking import Parameter, whole
from vigie.interfaces.present import beyond_sentence
from vigie.interfaces.searching import API_NEAR, API_SEARCH, search_fields
from vigie.services.know import Firm, SearchAnswer, SearchRequest

if TYPE_CHECKING:
    from vigie.bootstrap import Services

router = APIRouter(tags=["Établissements"])
_FIRM_PAGE = (Parameter("page", ("page",), "Page de la liste des établissements.", whole(1, 10_000)),)
_TYPED = (Parameter("text", ("q",), "Ce qui est en train d’être tapé.", example="chaudr"),)


@router.get("/search", **documented("Chercher des établissements", API_SEARCH, SearchAnswer))
def search(request: Request) -> JSONResponse:
    """Tous les filtres s’appliquent ensemble, même quand `q` est un numéro SIREN ou SIRET."""
    return answer(request, API_SEARCH, _search)


@router.get("/near_point", **documented("Chercher autour d’un point", API_NEAR, SearchAnswer))
def near_point(request: Request) -> JSONResponse:
    """Les établissements les plus proches d’un point ; ceux en diffusion partielle n’ont pas de position publiée."""
    return answer(request, API_NEAR, _near)


@router.get("/establishments/{siret}", **documented("Lire un établissement"))
def establishment(request: Request, siret: str) -> JSONResponse:
    """La fiche publique d’un établissement, par son SIRET."""
    return answer(request, (), lambda services, _, __: services.know.establishment(siret).as_dict())


@router.get("/firms/{siren}", **documented("Lire une entreprise", _FIRM_PAGE, Firm))
def firm(request: Request, siren: str) -> JSONResponse:
    """La fiche publique d’une entreprise et de ses établissements, par son SIREN (ou le SIRET de l’un d’eux)."""
    return answer(
        request, _FIRM_PAGE, lambda services, asked, _: services.know.firm(siren, page=asked.get("page", 1)).as_dict()
    )


@router.get("/suggest", **documented("Compléter une saisie", _TYPED))
def suggest(request: Request) -> JSONResponse:
    """Les noms d’établissements, les territoires et les activités qui commencent par ce qui est tapé."""
    return answer(request, _TYPED, lambda services, asked, _: _suggestions(services, asked.get("text", "")))


def _suggestions(services: Services, text: str) -> dict[str, Any]:
    found = services.know.complete(text)
    places = [{"key": key, "name": name} for key, name in found.places]
    return {"results": services.know.suggest(text), "territories": places, "activities": found.trades}


def _search(services: Services, asked: Mapping[str, Any], _: Request) -> dict[str, Any]:
    try:
        wanted = SearchRequest(**search_fields(asked))
    except ValueError as fault:
        raise RequestFault(f"La demande ne tient pas : {fault}") from None
    answer = services.know.search(wanted)
    found = answer.as_dict()
    if answer.total and answer.page > answer.total_pages:
        found["notes"] = [*found["notes"], french.typeset(beyond_sentence(answer.page, answer.total_pages))]
    return found | {"total_results": found["total"]}


def _near(services: Services, asked: Mapping[str, Any], request: Request) -> dict[str, Any]:
    if "latitude" not in asked or "longitude" not in asked:
        raise RequestFault("Donnez un point : les paramètres « lat » et « long » sont obligatoires ici.")
    return _search(services, {"radius_km": 5.0, "sort": "distance", **asked}, request)
