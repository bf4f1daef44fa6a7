"""Indicators that an installation brings as files: published values, never recomputed, summed only when they may be."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from vigie.domain.finding import Finding
from vigie.domain.finding_table import Unknown
from vigie.services.figures import placing, published
from vigie.services.figures.rules import Aggregation, rules_in_service
from vigie.services.indicator_cards import IndicatorCard
from vigie.services.loaded import INDICATOR
from vigie.services.places import city_of, within
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vigie.services.figures.rules import AggregationRule
    from vigie.services.loaded import Loaded
    from vigie.services.places import Perimeter
    from vigie.sources.cards_reader import Card
    from vigie.store.warehouse import Warehouse

THEME = "Indicateurs publiés"


def imported_cards(loaded: Loaded) -> Mapping[str, IndicatorCard]:
    """Return the cards of the indicator files in service, told as those that Vigie computes."""
    cards = given_cards(loaded)
    rules = rules_in_service(cards)
    return {card.id: _card(card, rules[card.id]) for card in sorted(cards, key=lambda card: card.title)}


def given_cards(loaded: Loaded) -> list[Card]:
    """Return the cards of the indicator files in service."""
    return [
        loaded.cards[source] for source in loaded.vintage if source.startswith(INDICATOR) and source in loaded.cards
    ]


def _card(card: Card, rule: AggregationRule) -> IndicatorCard:
    wider = {
        Aggregation.SUM: "\u202f; pour un territoire plus large, somme des valeurs de ses communes",
        Aggregation.MEAN: (
            "\u202f; pour un territoire plus large, moyenne des valeurs de ses communes, chacune comptant pour "
            f"«\u00a0{rule.weight}\u00a0»\u00a0: c’est une approximation"
        ),
        Aggregation.RATIO: "\u202f; pour un territoire plus large, rapport des sommes de ses communes",
    }
    return IndicatorCard(
        id=card.id,
        theme=THEME,
        label=card.title,
        question=f"Que publie {card.producer} pour ce territoire\u202f?",
        formula=f"Valeur publiée{wider.get(rule.aggregation, ', sans autre calcul')}",
        unit=str(card.layout.get("unit", "")),
        sources=(card.id,),
        coverage="Part des communes dont la valeur est publiée, quand le chiffre est une somme.",
        limits=card.gaps,
        reading=f"Se lit comme dans la publication\u00a0: {card.citation}.",
        references=(card.citation,),
        aggregation=rule.aggregation,
        weight=rule.weight,
        secrecy="Un chiffre secret dans le fichier reste secret ici\u00a0: il n’est ni estimé ni compté pour zéro.",
    )


class Imported:
    """Reads the values of indicator files in one generation."""

    def __init__(self, warehouse: Warehouse, loaded: Loaded) -> None:
        self._warehouse, self._loaded = warehouse, loaded
        self._cards = imported_cards(loaded)
        self._rules = list(rules_in_service(given_cards(loaded)).values())

    def findings(self, perimeter: Perimeter) -> list[Finding]:
        """Return one finding for each indicator in service; without a value here, the note says why."""
        if not self._cards:
            return []
        own, inside = self._own(perimeter), self._inside(perimeter)
        return [
            self._finding(card, perimeter, own.get(name) or inside.get(name, [])) for name, card in self._cards.items()
        ]

    def _finding(self, card: IndicatorCard, perimeter: Perimeter, rows: Sequence[Mapping[str, Any]]) -> Finding:
        source = INDICATOR + card.id
        latest = max(rows, key=lambda row: row["vintage"], default=None)
        note = None
        if latest is None:
            note = Unknown.ABSENT.label
        elif latest["why"] is not None:
            note = Unknown(latest["why"]).label
        told = f"Valeur de {latest['vintage']}, {self._loaded.cards[source].producer}." if latest else ""
        return Finding(
            id=card.id,
            label=card.label,
            value=latest["value"] if latest else None,
            unit=card.unit,
            coverage=latest["coverage"] if latest else None,
            sources=self._loaded.cite(source),
            territory=perimeter.territory.key,
            note=f"{told} {note or ''}".strip(),
            series=tuple(sorted((row["vintage"], row["value"]) for row in rows)) if len(rows) > 1 else (),
        )

    def _own(self, perimeter: Perimeter) -> Mapping[str, list[dict[str, Any]]]:
        """Values published for the territory itself: known whole, or not at all."""
        table = self._warehouse.table("indicator_value")
        chosen = published.own(table.filter(table.kind == parameter("kind"), table.code == parameter("code")))
        place = perimeter.territory
        return _grouped(self._warehouse.rows(chosen, {"kind": place.kind.value, "code": place.code}))

    def _inside(self, perimeter: Perimeter) -> Mapping[str, list[dict[str, Any]]]:
        """Values that follow from those of the communes of the territory, for the indicators whose card allows it."""
        made = published.aggregated(
            self._warehouse.table("indicator_value"), self._warehouse.table("territory"), self._rules,
            lambda table: placing.alone(within(table, perimeter)),
            lambda table: table.mutate(base=parameter("base", "int64")),
        )  # fmt: skip
        if made is None:
            return {}
        base = len({city_of(code) for code in perimeter.communes or ()})
        return _grouped(self._warehouse.rows(made, {**perimeter.parameters, "base": str(base)}))


def _grouped(rows: Iterable[dict[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["indicator"]].append(row)
    return found
