"""How the API answers: faults in French, versions of rows, answers given again."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fastapi import Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from vigie.domain import french
from vigie.domain.signs import all_entered
from vigie.interfaces import asking
from vigie.interfaces.asking import MOST_FAULTS, Parameter

if TYPE_CHECKING:
    from vigie.bootstrap import Services

WANTED: Mapping[str, str] = {
    "missing": "est obligatoire",
    "extra_forbidden": "n’est pas connu ici",
    "greater_than_equal": "vaut au moins {ge}",
    "less_than_equal": "vaut au plus {le}",
    "greater_than": "vaut plus de {gt}",
    "less_than": "vaut moins de {lt}",
    "string_too_long": "a au plus {max_length} caractères",
    "string_too_short": "a au moins {min_length} caractère(s)",
    "too_long": "a au plus {max_length} éléments",
    "too_short": "a au moins {min_length} élément(s)",
    "enum": "vaut {expected}",
    "literal_error": "vaut {expected}",
}
"""What is said of a field, by the kind of fault that Pydantic finds."""
KINDS: Mapping[str, str] = {
    "int": "est un nombre entier",
    "float": "est un nombre",
    "bool": "vaut true ou false",
    "date": "est une date comme 2026-10-01",
    "datetime": "est une date et une heure comme 2026-10-01T09:00:00",
    "string": "est un texte",
    "list": "est une liste",
    "dict": "est un objet",
    "model": "est un objet",
}
"""What is said of a field that is not of its kind: `int_parsing`, `date_type`…"""


def sentence(errors: Iterable[Mapping[str, Any]]) -> str:
    """Return what is wrong in one sentence, the first five faults; what was sent is not repeated."""
    told = [_of(error) for error in [*errors][:MOST_FAULTS]]
    return french.typeset(f"La demande est mal formée : {' ; '.join(told) or 'son corps n’a pas pu être lu'}.")


def _of(error: Mapping[str, Any]) -> str:
    if error["type"] == "json_invalid":
        return "le corps n’est pas du JSON"
    place = " ".join(str(part)[:60] for part in error["loc"][1:])
    kind, context = str(error["type"]), error.get("ctx") or {}
    unshaped = "n’a pas la forme attendue" if kind == "string_pattern_mismatch" else ""
    said = unshaped or WANTED.get(kind) or KINDS.get(kind.partition("_")[0], "n’a pas la forme attendue")
    filled = {name: french.number(value) if isinstance(value, int) else value for name, value in context.items()}
    if "expected" in filled:
        words = str(filled["expected"]).replace(" or ", " ou ").replace("''", "rien")
        filled["expected"] = re.sub("'([^']*)'", r"« \1 »", words)
    return f"« {place} » {said.format_map(filled)}" if place else f"le corps {said.format_map(filled)}"


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
