"""The methods behind the figures: what each answers, its formula, its source, the code and the test that prove it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any

from vigie.domain.declared import Label, TextShape
from vigie.domain.french import counted
from vigie.errors import NotFound
from vigie.services.capabilities import Capability
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.services.relatedness.related import NoQuestion
from vigie.sources.cards_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Method:
    """A method in French: `formula` is MathML, `words` the same read aloud, `code` a function, `test` a file of tests.

    `indicators` are those that it measures.
    """

    id: str
    label: str
    question: str
    formula: str
    words: str
    source: str
    code: str
    test: str
    limits: tuple[str, ...]
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MethodLine:
    """One method in a list."""

    label: Annotated[str, Label("Méthode")]
    question: Annotated[str, Label("Ce à quoi elle répond")]
    words: Annotated[str, Label("Comment elle se calcule")]
    source: Annotated[str, Label("Source")]
    id: Annotated[str, Label("Identifiant"), TextShape("code")]
    code: Annotated[str, Label("Code"), TextShape("code")]
    test: Annotated[str, Label("Épreuve"), TextShape("code")]


METHODS = Question(
    "methods", "methodes", of=Of.EVERYTHING, group="observe", title="Méthodes",
    summary="Les méthodes de calcul, avec leur source et leur épreuve", takes=NoQuestion, rows=MethodLine,
)  # fmt: skip
METHODS.about = (Of.METHOD, lambda row: row.id)
CAPABILITY = Capability("Méthodes", questions=(METHODS,))


@cache
def methods() -> Mapping[str, Method]:
    """Return every method by its identifier; a wrong key or a missing one raises `TypeError`."""
    told: list[dict[str, Any]] = read_yaml((files("vigie.measures") / "methods.yml").read_text(encoding="utf-8"))
    found = [Method(**(one | {name: tuple(one[name]) for name in ("limits", "indicators")})) for one in told]
    return {one.id: one for one in found}


def method(name: str) -> Method:
    """Return a method. Raises `NotFound` with those that exist."""
    if name not in methods():
        raise NotFound(f"Aucune méthode « {name[:60]} ». Méthodes : {', '.join(methods())}.")
    return methods()[name]


def methods_of(indicator: str) -> tuple[Method, ...]:
    """Return the methods that measure an indicator."""
    return tuple(one for one in methods().values() if indicator in one.indicators)


@METHODS.answered
def listed(data: DataInService, _: str, __: NoQuestion) -> AnswerTable:
    """Return every method; no figure is read."""
    rows = tuple(
        MethodLine(one.label, one.question, one.words, one.source, one.id, one.code, one.test)
        for one in methods().values()
    )
    return AnswerTable(
        title="Méthodes",
        lead=f"{counted(len(rows), 'méthode')}, chacune avec sa formule, sa source et ce qui l’éprouve.",
        rows=rows,
        sources=(),
        simulated=data.loaded.simulated,
    )
