"""A method in words and in MathML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from vigie.interfaces.views import Fact, Link
from vigie.services.indicator_cards import indicator_cards

if TYPE_CHECKING:
    from vigie.services.methods import Method


@dataclass(frozen=True, slots=True)
class MethodPage:
    """`method.html`: what a method answers, its formula, what it measures, where it comes from."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    formula: Markup
    words: str
    limits: tuple[str, ...]
    indicators: tuple[Link, ...]
    facts: tuple[Fact, ...]


def method_page(one: Method) -> MethodPage:
    """Return the page of a method; its MathML is of the package, never of a reader."""
    cards = indicator_cards()
    return MethodPage(
        title=one.label,
        lead=one.question,
        trail=(Link("Méthodes", "/methodes"), Link(one.label)),
        formula=Markup(one.formula),  # noqa: S704 - shipped with the package
        words=f"{one.words[:1].upper()}{one.words[1:]}.",
        limits=one.limits,
        indicators=tuple(Link(cards[name].label, f"/indicateur/{name}") for name in one.indicators if name in cards),
        facts=(Fact("Source", one.source), Fact("Fonction", one.code), Fact("Épreuve", one.test)),
    )
