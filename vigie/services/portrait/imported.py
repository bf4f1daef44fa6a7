"""Indicators that an installation brings as files: published values, never recomputed, summed only when they may be."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vigie.domain.finding import Finding
from vigie.domain.finding_table import Unknown
from vigie.domain.french import number
from vigie.services.figures import placing, published
from vigie.services.figures.rules import rules_in_service
from vigie.services.indicator_cards import IndicatorCard, indicator_cards
from vigie.services.places import city_of, within
from vigie.sources.indicator_uses import Aggregation, IndicatorUse, indicator_uses
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vigie.services.loaded import Loaded
    from vigie.services.places import Perimeter
    from vigie.sources.cards_reader import Card
    from vigie.store.warehouse import Warehouse

THEME = "Indicateurs publiés"


_SECRECY = "Un chiffre secret dans le fichier reste secret ici\u00a0: il n’est ni estimé ni compté pour zéro."
_WIDER = "Valeur publiée\u202f; pour un territoire plus large, "
_RULES = {
    Aggregation.SUM: f"{_WIDER}somme des valeurs de ses communes",
    Aggregation.RATIO: f"{_WIDER}{{scale}} × somme de « {{numerator}} » / somme de « {{denominator}} »",
    Aggregation.MEAN: f"{_WIDER}moyenne pondérée par « {{weight}} », approchée",
    Aggregation.NONE: "Valeur publiée, sans autre calcul",
}


@dataclass(frozen=True, slots=True)
class PublishedIndicator:
    """An indicator of the files in service: its use, and the cards of the files that give it, one a level or layout."""

    one: IndicatorUse
    cards: tuple[Card, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources of the files that give it."""
        return tuple(card.source for card in self.cards)


def published_uses(loaded: Loaded) -> Mapping[str, PublishedIndicator]:
    """Return the indicators of the files in service by identifier, in the order of their labels."""
    found: dict[str, PublishedIndicator] = {}
    for source in loaded.vintage:
        card = loaded.cards.get(source)
        if card is None:
            continue
        for one in indicator_uses(card):
            known = found.get(one.id)
            found[one.id] = PublishedIndicator(known.one if known else one, (*(known.cards if known else ()), card))
    return dict(sorted(found.items(), key=lambda pair: pair[1].one.use.label))


def imported_cards(loaded: Loaded) -> Mapping[str, IndicatorCard]:
    """Return the cards of the indicator files in service, told as those that Vigie computes."""
    found = published_uses(loaded)
    return {name: _card(published, found) for name, published in found.items()}


def all_cards(loaded: Loaded) -> Mapping[str, IndicatorCard]:
    """Return the cards of every indicator: those that Vigie computes, then those of the files in service."""
    return {**indicator_cards(), **imported_cards(loaded)}


def _card(published: PublishedIndicator, others: Mapping[str, PublishedIndicator]) -> IndicatorCard:
    """Draw the card of an indicator from that of its source: what the source's does not say is said for all alike."""
    one, card = published.one, published.cards[0]
    named = {
        key: others[name].one.use.label if name and name in others else name
        for key, name in (("weight", one.weight), ("numerator", one.numerator), ("denominator", one.denominator))
    }
    limits = (*card.gaps, *([one.accuracy] if one.accuracy else []))
    return IndicatorCard(
        id=one.id,
        theme=one.said("theme") or THEME,
        label=one.use.label,
        question=one.said("question") or f"Que publie {card.producer} pour ce territoire\u202f?",
        formula=one.said("formula") or _RULES[one.aggregation].format(scale=number(one.scale), **named),
        unit=one.unit,
        sources=tuple(card.id for card in published.cards),
        coverage="Part des communes dont la valeur est publiée, quand le chiffre est une somme.",
        limits=limits,
        reading=one.said("reading") or f"Se lit comme dans la publication\u00a0: {card.citation}.",
        references=tuple(dict.fromkeys(card.citation for card in published.cards)),
        aggregation=one.aggregation,
        weight=named["weight"] or "",
        secrecy=one.secrecy or _SECRECY,
    )


class Imported:
    """Reads the values of indicator files in one generation."""

    def __init__(self, warehouse: Warehouse, loaded: Loaded) -> None:
        self._warehouse, self._loaded = warehouse, loaded
        self._published, self._cards = published_uses(loaded), imported_cards(loaded)
        given = {card.id: card for one in self._published.values() for card in one.cards}
        self._rules = list(rules_in_service(given.values()).values())

    def findings(self, perimeter: Perimeter) -> list[Finding]:
        """Return one finding for each indicator in service; without a value here, the note says why."""
        if not self._cards:
            return []
        own, inside = self._own(perimeter), self._inside(perimeter)
        return [
            self._finding(card, perimeter, own.get(name) or inside.get(name, [])) for name, card in self._cards.items()
        ]

    def _finding(self, card: IndicatorCard, perimeter: Perimeter, rows: Sequence[Mapping[str, Any]]) -> Finding:
        given = self._published[card.id]
        latest = max(rows, key=lambda row: row["vintage"], default=None)
        note = None
        if latest is None:
            note = Unknown.ABSENT.label
        elif latest["why"] is not None:
            note = Unknown(latest["why"]).label
        imaginary = any(self._loaded.imaginary(source) for source in given.sources)
        producer = "imaginaire" if imaginary else given.cards[0].producer
        told = f"Valeur de {latest['vintage']}, {producer}." if latest else ""
        return Finding(
            id=card.id,
            label=card.label,
            value=latest["value"] if latest else None,
            unit=card.unit,
            coverage=latest["coverage"] if latest else None,
            sources=self._loaded.cite(*given.sources),
            territory=perimeter.territory.key,
            note=f"{told} {note or ''}".strip(),
            series=tuple(sorted((row["vintage"], row["value"]) for row in rows)) if len(rows) > 1 else (),
            simulated=imaginary,
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
