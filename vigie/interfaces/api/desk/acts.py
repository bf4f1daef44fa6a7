"""The declared acts, by programs: one address each, its body, its errors and its text made from the declaration."""

from __future__ import annotations

from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from starlette.responses import JSONResponse, Response

from vigie.domain.declared import fields_of
from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.services.capabilities import capabilities
from vigie.services.entries import body_of, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.services.acts import Act


def router() -> APIRouter:
    """Return the routes of every declared act."""
    made = APIRouter(responses=DESK_FAULTS, route_class=Entering)
    for capability in capabilities():
        for act in capability.acts:
            made.add_api_route(
                f"/{act.address}",
                _endpoint(act),
                methods=[act.method],
                tags=[capability.label],
                status_code=201 if act.makes else 200 if act.tells else 204,
                summary=act.summary,
                description=act.done,
                name=act.kind,
                response_model=None,
            )
    return made


def _endpoint(act: Act[Any]) -> Callable[..., Response]:
    fields = fields_of(act.takes)

    def endpoint(request: Request, body: Any = None, **named: str) -> Response:
        said = read(act.takes, body.model_dump() if body is not None else {})
        told = desk_of(request).acts.run(scope_of(request), act, next(iter(named.values()), ""), said)
        if told is None:
            return Response(status_code=204)
        return JSONResponse(jsonable_encoder(told.as_dict()), 201 if act.makes else 200)

    kept = Parameter.KEYWORD_ONLY
    parameters = [Parameter("request", kept, annotation=Request)]
    parameters += [Parameter(name, kept, annotation=str) for name in act.named]
    if fields:
        default = Parameter.empty if any(one.required for one in fields) else None
        parameters.append(Parameter("body", kept, annotation=body_of(act.takes), default=default))
    endpoint.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return endpoint
