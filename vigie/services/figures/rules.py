"""How a published indicator passes from communes to larger territories, as its card says."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from vigie.domain.territory import TerritoryKind
from vigie.errors import StructureFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vigie.sources.cards_reader import Card

_log = logging.getLogger("vigie.data")
POPULATION = "population"
"""The weight that every generation holds: inhabitants of the communes, in their latest vintage."""


LEVELS = (
    TerritoryKind.COMMUNE, TerritoryKind.EPCI, TerritoryKind.ZE, TerritoryKind.AAV, TerritoryKind.DEPARTEMENT,
    TerritoryKind.REGION, TerritoryKind.FRANCE,
)  # fmt: skip
"""Kinds of territories for which every indicator is computed, where its card allows it."""


class Aggregation(StrEnum):
    """How the value of a territory follows from those of its communes."""

    SUM = "sum"
    RATIO = "ratio"
    MEAN = "mean"
    NONE = "none"

    @property
    def label(self) -> str:
        """French words that say it."""
        return _LABELS[self]


_LABELS = {
    Aggregation.SUM: "somme des valeurs des communes",
    Aggregation.RATIO: "rapport de deux sommes, toutes deux gardées",
    Aggregation.MEAN: "moyenne pondérée des valeurs des communes (valeur approchée)",
    Aggregation.NONE: "aucune\u00a0: la valeur ne se déduit pas de celles des communes",
}


@dataclass(frozen=True, slots=True)
class AggregationRule:
    """How one indicator of one card passes to larger territories; `scale` multiplies a ratio (100 for per cent)."""

    indicator: str
    card: str
    aggregation: Aggregation
    weight: str = ""
    numerator: str = ""
    denominator: str = ""
    scale: float = 1.0


def aggregation_rules(cards: Iterable[Card], known: Iterable[str] = ()) -> Mapping[str, AggregationRule]:
    """Return the rules of the indicators of some cards; `known` are indicators that other cards declare.

    Raises `StructureFault` naming the card and its key: an unknown word or weight, a ratio without its terms or that
    leads back to itself, an indicator that two cards declare.
    """
    found: dict[str, AggregationRule] = {}
    cards = list(cards)
    for card in cards:
        rule = _rule(card)
        if rule.indicator in found:
            other = found[rule.indicator].card
            raise _fault(card, "id", f"l’indicateur «\u00a0{rule.indicator}\u00a0» est déjà celui de {other}.yml.",
                         "Gardez une seule des deux cartes, ou donnez un autre identifiant.")  # fmt: skip
        found[rule.indicator] = rule
    names = {*found, *known, POPULATION}
    for card in cards:
        _check(card, found[_rule(card).indicator], found, names)
    return found


def rules_in_service(cards: Iterable[Card]) -> Mapping[str, AggregationRule]:
    """Return the same of the cards of a generation; where one was spoilt since it was loaded, nothing is aggregated."""
    given = list(cards)
    try:
        return aggregation_rules(given)
    except StructureFault as fault:
        _log.error("cards of indicators left out of aggregation: %s", fault)
        return {one.reads or one.id: AggregationRule(one.reads or one.id, one.id, Aggregation.NONE) for one in given}


def _rule(card: Card) -> AggregationRule:
    layout = card.layout
    written = str(layout.get("aggregation") or ("sum" if layout.get("additive") else "none"))
    if written not in set(Aggregation):
        raise _fault(card, "layout.aggregation", f"agrégation «\u00a0{written}\u00a0» inconnue.",
                     f"Choisissez parmi {', '.join(Aggregation)}.")  # fmt: skip
    words = {name: str(layout.get(name) or "") for name in ("weight", "numerator", "denominator")}
    try:
        scale = float(layout.get("scale") or 1.0)
    except (TypeError, ValueError):
        raise _fault(card, "layout.scale", "un nombre est attendu.", "Écrivez par exemple 100.") from None
    return AggregationRule(card.reads or card.id, card.id, Aggregation(written), scale=scale, **words)


def _check(card: Card, rule: AggregationRule, rules: Mapping[str, AggregationRule], names: set[str]) -> None:
    if rule.aggregation is Aggregation.MEAN and rule.weight not in names:
        said = f"le poids «\u00a0{rule.weight}\u00a0» n’est pas un indicateur connu." if rule.weight else "il manque."
        raise _fault(card, "layout.weight", said, "Donnez «\u00a0population\u00a0» ou l’identifiant d’une autre carte.")
    if rule.aggregation is not Aggregation.RATIO:
        return
    for key in ("numerator", "denominator"):
        term = getattr(rule, key)
        if term not in names:
            said = f"le terme «\u00a0{term}\u00a0» n’est pas un indicateur connu." if term else "il manque."
            raise _fault(card, f"layout.{key}", said, "Donnez l’identifiant d’un indicateur qui s’additionne.")
        if _leads_to(term, rule.indicator, rules):
            raise _fault(card, f"layout.{key}", f"ce rapport se définit par lui-même, en passant par {term}.",
                         "Donnez l’identifiant d’un indicateur qui s’additionne.")  # fmt: skip
        if term in rules and rules[term].aggregation is not Aggregation.SUM:
            raise _fault(card, f"layout.{key}", f"«\u00a0{term}\u00a0» ne s’additionne pas.",
                         "Donnez un indicateur dont la carte dit «\u00a0aggregation: sum\u00a0».")  # fmt: skip


def _leads_to(term: str, indicator: str, rules: Mapping[str, AggregationRule]) -> bool:
    """Tell whether the terms of a ratio, and theirs in turn, come back to it."""
    waiting, seen = [term], set()
    while waiting:
        one = waiting.pop()
        if one == indicator:
            return True
        if one in rules and one not in seen:
            seen.add(one)
            waiting += [rules[one].numerator, rules[one].denominator]
    return False


def _fault(card: Card, key: str, what: str, remedy: str) -> StructureFault:
    return StructureFault(what, file=f"{card.id}.yml", column=key, remedy=remedy)
