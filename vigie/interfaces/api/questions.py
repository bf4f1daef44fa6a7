"""The declared questions, by programs: one address each, where what they are about is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from vigie.interfaces.api.answering import answer, documented
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.interfaces.declared_questions import parameters
from vigie.interfaces.kept_sites import answered
from vigie.services.capabilities import questions
from vigie.services.questions import Of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vigie.bootstrap import Services
    from vigie.services.questions import Question

ADDRESSES = {
    Of.TERRITORY: "/territories/{key}/",
    Of.FIRM: "/firms/{key}/",
    Of.ACTIVITY: "/activities/{key}/",
    Of.INDICATOR: "/indicators/{key}/",
    Of.EVERYTHING: "/",
}
TAGS = {
    Of.TERRITORY: "Territoires",
    Of.FIRM: "Entreprises",
    Of.ACTIVITY: "Activités",
    Of.INDICATOR: "Catalogue",
    Of.EVERYTHING: "Territoires",
}


def router() -> APIRouter:
    """Return the routes of every declared question."""
    made = APIRouter()
    for question in questions():
        made.add_api_route(
            f"{ADDRESSES[question.of]}{question.name}",
            _endpoint(question),
            methods=["GET"],
            tags=[TAGS[question.of]],
            name=question.name,
            description=question.summary,
            **documented(question.title, parameters(question)),
        )
    return made


def _endpoint(question: Question[Any]) -> Callable[..., JSONResponse]:
    asked = parameters(question)

    def of_key(request: Request, key: str) -> JSONResponse:
        def work(services: Services, given: Mapping[str, Any], _: Request) -> Any:
            told = answered(question, services, key, given, lambda: (desk_of(request), scope_of(request)))
            return told.as_dict()

        return answer(request, asked, work)

    def of_everything(request: Request) -> JSONResponse:
        return of_key(request, "")

    return of_everything if question.of is Of.EVERYTHING else of_key
