"""The declared acts, by programs: one address each, its body, its errors and its text made from the declaration."""

from __future__ import annotations

from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from starlette.responses import Response

from vigie.domain.declared import fields_of
from vigie.interfaces.api.answering import DESK_FAULTS, Entering, Versioned
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.services.acts import nothing
from vigie.services.capabilities import capabilities
from vigie.services.entries import body_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.services.acts import Act


def router() -> APIRouter:
    """Return the routes of every declared act."""
    made = APIRouter(responses=DESK_FAULTS, route_class=Entering)
    for capability in capabilities():
        for act in capability.acts:
            if act.address:
                made.add_api_route(
                    f"/{act.address}",
                    _endpoint(act),
                    methods=[act.method],
                    tags=[capability.label],
                    status_code=_status(act),
                    summary=act.summary,
                    description=act.note,
                    name=act.kind,
                    response_model=None if act.tells is nothing else dict[str, Any],
                )
    return made


def _status(act: Act[Any, Any]) -> int:
    if act.tells is nothing:
        return 204
    return 201 if act.makes or act.adds else 200


def _endpoint(act: Act[Any, Any]) -> Callable[..., Response]:
    def endpoint(request: Request, body: Any = None, **named: str) -> Response:
        key, given = act.placed(named)
        told = desk_of(request).acts.run(scope_of(request), act, key, {**(body.model_dump() if body else {}), **given})
        if told is None:
            return Response(status_code=204)
        return Versioned(jsonable_encoder(told.as_dict()), _status(act))

    kept = Parameter.KEYWORD_ONLY
    parameters = [Parameter("request", kept, annotation=Request)]
    parameters += [Parameter(name, kept, annotation=str) for name in act.named]
    said = [one for one in fields_of(act.takes) if one.name not in act.named]
    if said:
        body = body_of(act.takes, *(one.name for one in fields_of(act.takes) if one.name in act.named))
        default = Parameter.empty if any(one.required for one in said) else None
        parameters.append(Parameter("body", kept, annotation=body, default=default))
    endpoint.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return endpoint
