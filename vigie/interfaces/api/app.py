"""The JSON API: one application, documented in French by OpenAPI, whose every error is `{"erreur": …}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import Depends, FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from vigie import __version__
from vigie.domain import french
from vigie.errors import DataOutdated, DataUnreadable, EditConflict, NoData, TooManyAttempts, VigieError
from vigie.interfaces.api import actors, answering, catalogue, questions, territories
from vigie.interfaces.api.answering import Erreur, Versioned
from vigie.interfaces.api.asker import keep_content
from vigie.interfaces.api.desk import ROUTERS
from vigie.interfaces.http import RequestRefused, full_disk, methods_of, status_of, without_slash

if TYPE_CHECKING:
    from vigie.bootstrap import Installation
    from vigie.services.desk import Desk

_UNREADABLE = "Les données chargées ne se lisent plus\N{NO-BREAK SPACE}: revenez plus tard."
_OUTDATED = "Les données en place ont été faites par une version antérieure de Vigie : elles sont à charger de nouveau."
_SENTENCES = {
    400: "La demande est mal formée : son corps n’a pas pu être lu.",
    404: "Cette adresse n’existe pas : la liste est dans /api/v1/openapi.json.",
    408: "La demande n’est pas arrivée en entier dans le temps prévu.",
    500: "La demande n’a pas pu être servie.",
    503: "Aucune donnée n’est encore chargée : revenez plus tard.",
}
DESCRIPTION = """
Les établissements, les territoires, les événements, les sources et les indicateurs de Vigie,
en lecture seule et sans clé.

- `/search` et `/near_point` acceptent les noms de l’API Recherche d’entreprises et ceux de Vigie ;
  un paramètre inconnu est refusé.
- Les listes se séparent par des virgules. Tous les filtres s’appliquent, même quand `q` est un numéro SIREN ou SIRET.
- Limites : 100 résultats par page ; les 100 000 premiers résultats d’une recherche peuvent être feuilletés.
- Toute erreur a la forme `{"erreur": "…"}` : 400 demande mal formée, 404 introuvable, 503 aucune donnée chargée.
- Chaque réponse porte un `ETag` propre à la génération de données ; renvoyez-le dans `If-None-Match` pour recevoir 304.
- `masked` signale un établissement masqué, `diffusion` pourquoi (P, partielle ; U, unité légale non chargée) :
  nom, adresse et position ne sont pas publiés
  et ne peuvent servir à la prospection.
- `simulated` signale des établissements imaginaires.
"""


class _Api(FastAPI):
    """An application whose documentation tells the errors it really gives: it answers 400, never FastAPI's 422.

    What can be read can be asked for its headers only.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; the body of an answer to HEAD is left out by the server."""
        await super().__call__({**scope, "method": "GET"} if scope.get("method") == "HEAD" else scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """Describe the API."""
        described = super().openapi()
        for operations in described["paths"].values():
            for operation in operations.values():
                operation["responses"].pop("422", None)
        forms = described.setdefault("components", {}).setdefault("schemas", {})
        for schema in ("HTTPValidationError", "ValidationError"):
            forms.pop(schema, None)
        forms[Erreur.__name__] = Erreur.model_json_schema()
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
        redirect_slashes=False,  # it would repeat whatever host the request names
    )
    api.state.installation, api.state.desk = installation, desk
    for router in (actors.router, territories.router, questions.router(), catalogue.router, *ROUTERS):
        private = router in ROUTERS
        api.include_router(
            router,
            prefix="/desk" if private else "",
            dependencies=[Depends(keep_content)] if private else (),
            default_response_class=Versioned if private else JSONResponse,
        )
    api.add_exception_handler(VigieError, _on_purpose)
    api.add_exception_handler(HTTPException, _of_http)
    api.add_exception_handler(RequestValidationError, _of_validation)
    api.add_exception_handler(OSError, _of_disk)
    api.add_exception_handler(Exception, _unforeseen)
    return api


def _on_purpose(_: Request, fault: Exception) -> JSONResponse:
    if isinstance(fault, EditConflict):
        return _conflict(fault)
    status = status_of(fault) if isinstance(fault, VigieError) else 500
    # Where data are kept is told to the host, on the command line: not to strangers.
    sentence = _SENTENCES[503] if isinstance(fault, NoData) else str(fault)
    if isinstance(fault, DataUnreadable):
        sentence = _OUTDATED if isinstance(fault, DataOutdated) else _UNREADABLE
    answer = _error(status, sentence)
    if isinstance(fault, TooManyAttempts):
        answer.headers["Retry-After"] = str(fault.seconds)
    return answer


def _conflict(fault: EditConflict) -> JSONResponse:
    """Answer both texts of what is refused because another version was saved meanwhile."""
    told = {
        "erreur": french.typeset(str(fault)),
        "version": fault.version,
        "by": fault.by,
        "at": fault.at,
        "fields": [
            {"field": one.field.removesuffix("_id"), "saved": one.theirs, "sent": one.mine} for one in fault.clashes
        ],
    }
    return JSONResponse(jsonable_encoder(told), 412, headers={"ETag": f'"{fault.version}"'})


def _of_http(request: Request, fault: Exception) -> Response:
    status = fault.status_code if isinstance(fault, HTTPException) else 500
    if status == 405:
        return _another_method(request)
    nearer = without_slash(request) if status == 404 else None
    if nearer is not None:
        return nearer
    refused = fault if isinstance(fault, RequestRefused) else None
    answer = _error(status, (refused.detail if refused else "") or _SENTENCES.get(status, _SENTENCES[500]))
    if refused and refused.seconds:
        answer.headers["Retry-After"] = str(refused.seconds)
    return answer


def _another_method(request: Request) -> Response:
    """Answer a method that the address does not accept, with those that it does."""
    accepted = methods_of(request)
    allowed = {"Allow": ", ".join(accepted)}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=allowed)
    shown = french.listed([method for method in accepted if method not in ("HEAD", "OPTIONS")])
    answer = _error(405, f"La méthode {request.method[:20]} n’est pas acceptée ici : cette adresse accepte {shown}.")
    answer.headers.update(allowed)
    return answer


def _of_validation(_: Request, fault: Exception) -> JSONResponse:
    return _error(400, answering.sentence(fault.errors() if isinstance(fault, RequestValidationError) else ()))


def _of_disk(_: Request, fault: Exception) -> JSONResponse:
    said = full_disk(fault)
    return _error(status_of(said), str(said))


def _unforeseen(_: Request, __: Exception) -> JSONResponse:
    return _error(500, "Une erreur imprévue est survenue ; elle est notée dans le journal du serveur.")


def _error(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"erreur": french.typeset(sentence)}, status)
