"""What a declared field says of itself is read once, and a field that says nothing is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

import pytest

from vigie.domain.declared import Hint, InUnit, Label, Length, Named, NumberRange, TextShape, Words, fields_of


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"

    @property
    def label(self) -> str:
        return {"red": "rouge", "blue": "bleu"}[self.value]


@dataclass(frozen=True, slots=True)
class Asked:
    title: Annotated[str, Label("Titre"), Length(20), TextShape("lines")]
    since: Annotated[date | None, Label("Depuis"), Named("depuis"), Hint("Un jour.")] = None
    colours: Annotated[tuple[Colour, ...], Label("Couleurs")] = ()
    height: Annotated[int, Label("Hauteur"), NumberRange(1, 9), InUnit("mètres")] = 3
    kind: Annotated[str, Label("Sorte"), Words({"a": "la première", "b": "la seconde"})] = "a"


def test_each_thing_said_beside_a_field_is_found() -> None:
    title, since, colours, height, kind = fields_of(Asked)
    assert (title.label, title.length, title.shape, title.required) == ("Titre", 20, "lines", True)
    assert (since.type, since.hint, since.names, since.required) == (date, "Un jour.", ("since", "depuis"), False)
    assert (colours.type, colours.many) == (Colour, True)
    assert colours.words == {"red": "rouge", "blue": "bleu"}
    assert (height.bounds, height.unit) == ((1, 9), "mètres")
    assert kind.words == {"a": "la première", "b": "la seconde"}


def test_a_field_without_a_label_is_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class Silent:
        title: str

    with pytest.raises(TypeError, match="title"):
        fields_of(Silent)
