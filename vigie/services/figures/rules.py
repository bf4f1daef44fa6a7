"""How a published indicator passes from communes to larger territories, as its card says."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vigie.domain.territory import TerritoryKind
from vigie.errors import StructureFault
from vigie.sources.card_uses import INDICATOR
from vigie.sources.indicator_uses import Aggregation, levels_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vigie.sources.card_uses import Use
    from vigie.sources.cards_reader import Card

_log = logging.getLogger("vigie.data")
POPULATION = "population"
"""The weight that every generation holds: inhabitants of the communes, in their latest vintage."""


LEVELS = (
    TerritoryKind.COMMUNE, TerritoryKind.EPCI, TerritoryKind.ZE, TerritoryKind.AAV, TerritoryKind.DEPARTEMENT,
    TerritoryKind.REGION, TerritoryKind.FRANCE,
)  # fmt: skip
"""Kinds of territories for which every indicator is computed, where its card allows it."""


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
    leads back to itself, an indicator that two cards declare for one level.
    """
    found, owners = _written(cards)
    names = {*found, *known, POPULATION}
    for name, rule in found.items():
        _check(owners[name], rule, found, names)
    return found


def rules_in_service(cards: Iterable[Card]) -> Mapping[str, AggregationRule]:
    """Return the same of the cards of a generation, where a weight or a term may be of a file that is not loaded.

    Nothing is aggregated then; nor is anything where a card was spoilt since it was loaded.
    """
    given = list(cards)
    try:
        found, _ = _written(given)
    except StructureFault as fault:
        _log.error("cards of indicators left out of aggregation: %s", fault)
        return {
            use.id: AggregationRule(use.id, one.id, Aggregation.NONE) for one in given for use in indicators_of(one)
        }
    held = {*found, POPULATION, ""}
    whole = {name: {rule.weight, rule.numerator, rule.denominator} <= held for name, rule in found.items()}
    return {name: rule if whole[name] else replace(rule, aggregation=Aggregation.NONE) for name, rule in found.items()}


def indicators_of(card: Card) -> list[Use]:
    """Return the uses of a card that are indicators."""
    return [use for use in card.all_uses if use.kind == INDICATOR]


def _written(cards: Iterable[Card]) -> tuple[dict[str, AggregationRule], dict[str, Card]]:
    """Return the rules as cards write them, and the card of each: the first, where others give other levels."""
    found: dict[str, AggregationRule] = {}
    owners: dict[str, Card] = {}
    levels: dict[tuple[str, str], Card] = {}
    for card in cards:
        for use in indicators_of(card):
            for level in levels_of(use):
                other = levels.setdefault((use.id, level), card)
                if other is not card:
                    raise _fault(card, _key(card, use.id, "id"),
                                 f"l’indicateur «\u00a0{use.id}\u00a0» est déjà celui de {other.id}.yml.",
                                 "Gardez une seule des deux cartes, ou donnez un autre identifiant.")  # fmt: skip
            found.setdefault(use.id, _rule(card, use))
            owners.setdefault(use.id, card)
    return found, owners


def _key(card: Card, indicator: str, key: str) -> str:
    if card.uses:
        return f"uses.{indicator}.{key}"
    return key if key == "id" else f"layout.{key}"


def _rule(card: Card, use: Use) -> AggregationRule:
    layout = use.layout
    written = str(layout.get("aggregation") or ("sum" if layout.get("additive") else "none"))
    if written not in set(Aggregation):
        raise _fault(card, _key(card, use.id, "aggregation"), f"agrégation «\u00a0{written}\u00a0» inconnue.",
                     f"Choisissez parmi {', '.join(Aggregation)}.")  # fmt: skip
    words = {name: str(layout.get(name) or "") for name in ("weight", "numerator", "denominator")}
    try:
        scale = float(layout.get("scale") or 1.0)
    except (TypeError, ValueError):
        raise _fault(card, _key(card, use.id, "scale"), "un nombre est attendu.", "Écrivez par exemple 100.") from None
    return AggregationRule(use.id, card.id, Aggregation(written), scale=scale, **words)


def _check(card: Card, rule: AggregationRule, rules: Mapping[str, AggregationRule], names: set[str]) -> None:
    if rule.aggregation is Aggregation.MEAN and rule.weight not in names:
        said = f"le poids «\u00a0{rule.weight}\u00a0» n’est pas un indicateur connu." if rule.weight else "il manque."
        raise _fault(card, _key(card, rule.indicator, "weight"), said,
                     "Donnez «\u00a0population\u00a0» ou l’identifiant d’une autre carte.")  # fmt: skip
    if rule.aggregation is not Aggregation.RATIO:
        return
    for key in ("numerator", "denominator"):
        term, place = getattr(rule, key), _key(card, rule.indicator, key)
        if term not in names:
            said = f"le terme «\u00a0{term}\u00a0» n’est pas un indicateur connu." if term else "il manque."
            raise _fault(card, place, said, "Donnez l’identifiant d’un indicateur qui s’additionne.")
        if _leads_to(term, rule.indicator, rules):
            raise _fault(card, place, f"ce rapport se définit par lui-même, en passant par {term}.",
                         "Donnez l’identifiant d’un indicateur qui s’additionne.")  # fmt: skip
        if term in rules and rules[term].aggregation is not Aggregation.SUM:
            raise _fault(card, place, f"«\u00a0{term}\u00a0» ne s’additionne pas.",
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
