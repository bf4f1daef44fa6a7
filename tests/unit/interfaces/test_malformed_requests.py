"""A program is told which field of its request is wrong, and what it holds, in one French sentence."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vigie.interfaces.api import answering


class Asked(BaseModel):
    """Fields of each kind."""

    model_config = ConfigDict(extra="forbid")
    page: int = Field(1, ge=1, le=10_000)
    day: date | None = None
    mine: bool = False
    kind: Literal["need", "offer"] = "need"
    text: str = Field("", max_length=2000)
    siren: str = Field("", pattern="^[0-9]{9}$")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"page": "--5"}, "« page » est un nombre entier"),
        ({"page": "0"}, "« page » vaut au moins 1"),
        ({"page": "9" * 30}, "« page » vaut au plus 10 000"),
        ({"day": "2026-13-45"}, "« day » est une date comme 2026-10-01"),
        ({"mine": "zz"}, "« mine » vaut true ou false"),
        ({"kind": "zz"}, "« kind » vaut « need » ou « offer »"),
        ({"text": "x" * 2001}, "« text » a au plus 2 000 caractères"),
        ({"text": 5}, "« text » est un texte"),
        ({"siren": "12"}, "« siren » n’a pas la forme attendue"),
        ({"autre": "12"}, "« autre » n’est pas connu ici"),
        ({"page": "zz", "mine": "zz"}, "« page » est un nombre entier ; « mine » vaut true ou false"),
    ],
)
def test_the_field_and_what_it_holds_are_told(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Asked(**given)
    errors = [{**error, "loc": ("query", *error["loc"])} for error in raised.value.errors()]
    said = answering.sentence(errors).replace("\u00a0", " ").replace("\u202f", " ")
    assert said == f"La demande est mal formée : {told}."


def test_a_body_that_is_not_json_is_told() -> None:
    said = answering.sentence([{"type": "json_invalid", "loc": ("body", 12), "ctx": {"error": "Expecting value"}}])
    assert said.replace("\u00a0", " ") == "La demande est mal formée : le corps n’est pas du JSON."
