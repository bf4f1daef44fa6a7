"""The JSON API: one application, documented in French by OpenAPI, whose every error is `{"erreur": …}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from vigie import __version__
from vigie.errors import TooManyAttempts, VigieError
from vigie.interfaces import french
from vigie.interfaces.api import actors, catalogue, territories
from vigie.interfaces.api.desk import ROUTERS
from vigie.interfaces.http import status_of

if TYPE_CHECKING:
    from vigie.bootstrap import Installation
    from vigie.services.desk import Desk

DESCRIPTION = """
Les établissements, les territoires, les événements, les sources et les indicateurs de Vigie,
en lecture seule et sans clé.

- `/search` et `/near_point` acceptent les noms de l’API Recherche d’entreprises et ceux de Vigie ;
  un paramètre inconnu est refusé.
- Les listes se séparent par des virgules. Tous les filtres s’appliquent, même quand `q` est un numéro SIREN ou SIRET.
- Limites : 100 résultats par page ; les 100 000 premiers résultats d’une recherche peuvent être feuilletés.
- Toute erreur a la forme `{"erreur": "…"}` : 400 demande mal formée, 404 introuvable, 503 aucune donnée chargée.
- Chaque réponse porte un `ETag` propre à la génération de données ; renvoyez-le dans `If-None-Match` pour recevoir 304.
- `masked` signale une unité en diffusion partielle : nom, adresse et position ne sont pas publiés
  et ne peuvent servir à la prospection.
- `simulated` signale des établissements imaginaires.
"""


class _Api(FastAPI):
    """An application whose documentation tells the errors it really gives: it answers 400, never FastAPI's 422."""

    def openapi(self) -> dict[str, Any]:
        """Describe the API."""
        described = super().openapi()
        for operations in described["paths"].values():
            for operation in operations.values():
                operation["responses"].pop("422", None)
        for schema in ("HTTPValidationError", "ValidationError"):
            described.get("components", {}).get("schemas", {}).pop(schema, None)
        return described


def create_api(installation: Installation, desk: Desk) -> FastAPI:
    """Build the API of an installation."""
    api = _Api(
        title="API de Vigie",
        description=DESCRIPTION,
        version=__version__,
        license_info={"name": "EUPL-1.2 (code) ; licence de chaque source (données)"},
        openapi_tags=[
            {"name": "Établissements", "description": "Chercher et lire des établissements et des entreprises."},
            {"name": "Territoires", "description": "Portraits, constats et événements."},
            {"name": "Catalogue", "description": "Sources, indicateurs et état du service."},
            {"name": "Comptes", "description": "Sessions, invitations, membres, jetons et rattachements."},
        ],
        docs_url=None,
        redoc_url=None,
    )
    api.state.installation, api.state.desk = installation, desk
    for router in (actors.router, territories.router, catalogue.router, *ROUTERS):
        api.include_router(router, prefix="/desk" if router in ROUTERS else "")
    api.add_exception_handler(VigieError, _on_purpose)
    api.add_exception_handler(HTTPException, _of_http)
    api.add_exception_handler(RequestValidationError, _of_validation)
    api.add_exception_handler(Exception, _unforeseen)
    return api


def _on_purpose(_: Request, fault: Exception) -> JSONResponse:
    status = status_of(fault) if isinstance(fault, VigieError) else 500
    answer = _error(status, str(fault))
    if isinstance(fault, TooManyAttempts):
        answer.headers["Retry-After"] = str(fault.seconds)
    return answer


def _of_http(request: Request, fault: Exception) -> JSONResponse:
    status = fault.status_code if isinstance(fault, HTTPException) else 500
    sentences = {
        404: "Cette adresse n’existe pas : la liste est dans /api/v1/openapi.json.",
        405: f"La méthode {request.method} n’est pas acceptée ici : l’API se lit avec GET.",
    }
    return _error(status, sentences.get(status, "La demande n’a pas pu être servie."))


def _of_validation(_: Request, fault: Exception) -> JSONResponse:
    places = []
    if isinstance(fault, RequestValidationError):
        places = [" ".join(str(part) for part in error["loc"][1:]) for error in fault.errors()]
    return _error(400, f"La demande est mal formée : {', '.join(places) or 'corps illisible'}.")


def _unforeseen(_: Request, __: Exception) -> JSONResponse:
    return _error(500, "Une erreur imprévue est survenue ; elle est notée dans le journal du serveur.")


def _error(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"erreur": french.typeset(sentence)}, status)
