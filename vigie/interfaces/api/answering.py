"""How an endpoint of the API reads its address and writes its answer."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fastapi import Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from vigie.domain.signs import all_entered
from vigie.interfaces import asking
from vigie.interfaces.asking import Parameter

if TYPE_CHECKING:
    from vigie.bootstrap import Services

Work = Callable[["Services", Mapping[str, Any], Request], Any]


_SECRETS = ("password", "current", "new")


class _Entered(Request):
    """A request whose body has lost its controls and the signs that are not seen."""

    async def json(self) -> Any:
        """Return the body as JSON; passwords are kept sign for sign."""
        body = await super().json()
        if not isinstance(body, dict):
            return all_entered(body)
        return {name: value if name in _SECRETS else all_entered(value) for name, value in body.items()}


class Entering(APIRoute):
    """A route that people write to: what its body holds is read as that of a form is."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the route, given such requests."""
        handle = super().get_route_handler()

        async def entered(request: Request) -> Response:
            return await handle(_Entered(request.scope, request.receive))

        return entered


class Erreur(BaseModel):
    """Every error of the API."""

    erreur: str = Field(description="Une phrase : ce qui ne va pas, où, que faire.")


def _fault(sentence: str) -> dict[str, Any]:
    """Return what OpenAPI says of an error.

    The form is named, not given as a model: FastAPI would make a validator of it, which nothing asks, for each error of
    each route, and twice; that took a third of the start of a server.
    """
    form = {"$ref": f"#/components/schemas/{Erreur.__name__}"}
    return {"description": sentence, "content": {"application/json": {"schema": form}}}


FAULTS: dict[int | str, dict[str, Any]] = {
    400: _fault("La demande est mal formée."),
    404: _fault("Ce qui est demandé n’existe pas dans les données chargées."),
    503: _fault("Aucune donnée n’est chargée."),
}

DESK_FAULTS: dict[int | str, dict[str, Any]] = {
    400: _fault("La demande est mal formée."),
    401: _fault("Le jeton ou la session présentés ne sont pas acceptés."),
    404: _fault("Cela n’existe pas, ou n’est pas ouvert à ce compte."),
    409: _fault("L’état de la chose ne le permet plus."),
    412: _fault("Une autre version que celle d’If-Match est enregistrée : les deux y sont."),
    429: _fault("Trop d’essais : attendre les secondes de Retry-After."),
    503: _fault("Le journal ne peut pas être ouvert."),
}
"""Errors of the part of the API that needs to know who asks."""


def documented(summary: str, parameters: Sequence[Parameter] = (), answer: Any = None) -> dict[str, Any]:
    """Return what OpenAPI says of an endpoint: summary, parameters, form of the answer, errors."""
    good: dict[int | str, dict[str, Any]] = {200: {"description": "La réponse."}}
    if answer is not None:
        good[200]["model"] = answer
    return {
        "summary": summary,
        "responses": good | FAULTS,
        "response_model": None,
        "openapi_extra": {"parameters": asking.described(parameters)},
    }


def answer(request: Request, parameters: Sequence[Parameter], work: Work) -> JSONResponse:
    """Read the address strictly, do the work with the generation in service, write the answer as JSON."""
    asked = asking.read(parameters, request.query_params.multi_items()).or_fault()
    with request.app.state.installation.services() as services:
        return JSONResponse(jsonable_encoder(work(services, asked, request)))


class Versioned(JSONResponse):
    """An answer whose `version`, when it has one, is its `ETag` too: what `If-Match` takes."""

    def __init__(self, content: Any, status_code: int = 200, **options: Any) -> None:
        # FastAPI documents the status that it reads in this signature.
        super().__init__(content, status_code, **options)
        if isinstance(content, dict) and content.get("version"):
            self.headers["ETag"] = f'"{content["version"]}"'
