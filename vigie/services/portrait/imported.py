"""Indicators that an installation brings as files: published values, never recomputed, summed only when they may be."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from vigie.domain.finding import Finding
from vigie.measures.coverage import coverage
from vigie.services.indicator_cards import IndicatorCard
from vigie.services.loaded import INDICATOR
from vigie.services.places import city_of, within
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vigie.services.loaded import Loaded
    from vigie.services.places import Perimeter
    from vigie.sources.cards_reader import Card
    from vigie.store.warehouse import Warehouse

THEME = "Indicateurs publiés"


def imported_cards(loaded: Loaded) -> Mapping[str, IndicatorCard]:
    """Return the cards of the indicator files in service, told as those that Vigie computes."""
    cards = [
        loaded.cards[source] for source in loaded.vintage if source.startswith(INDICATOR) and source in loaded.cards
    ]
    return {card.id: _card(card) for card in sorted(cards, key=lambda card: card.title)}


def _card(card: Card) -> IndicatorCard:
    additive = bool(card.layout.get("additive"))
    return IndicatorCard(
        id=card.id,
        theme=THEME,
        label=card.title,
        question=f"Que publie {card.producer} pour ce territoire\u202f?",
        formula=(
            "Valeur publiée\u202f; pour un territoire plus large, somme des valeurs de ses communes"
            if additive
            else "Valeur publiée, sans autre calcul"
        ),
        unit=str(card.layout.get("unit", "")),
        sources=(card.id,),
        coverage="Part des communes dont la valeur est publiée, quand le chiffre est une somme.",
        limits=card.gaps,
        reading=f"Se lit comme dans la publication\u00a0: {card.citation}.",
        references=(card.citation,),
    )


class Imported:
    """Reads the values of indicator files in one generation."""

    def __init__(self, warehouse: Warehouse, loaded: Loaded) -> None:
        self._warehouse, self._loaded = warehouse, loaded
        self._cards = imported_cards(loaded)

    def findings(self, perimeter: Perimeter) -> list[Finding]:
        """Return one finding for each indicator in service; without a value here, the note says why."""
        if not self._cards:
            return []
        own, inside = self._own(perimeter), self._summed(perimeter)
        return [
            self._finding(card, perimeter, own.get(name) or inside.get(name, [])) for name, card in self._cards.items()
        ]

    def _finding(self, card: IndicatorCard, perimeter: Perimeter, rows: Sequence[Mapping[str, Any]]) -> Finding:
        source = INDICATOR + card.id
        latest = max(rows, key=lambda row: row["vintage"], default=None)
        note = None
        if latest is None:
            note = "Le fichier ne donne aucune valeur pour ce territoire."
        elif latest["value"] is None:
            note = (
                "Valeur couverte par le secret statistique."
                if latest["status"] == "secret"
                else "Valeur manquante dans le fichier."
            )
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
        chosen = table.filter(table.kind == parameter("kind"), table.code == parameter("code"))
        place = perimeter.territory
        rows = self._warehouse.rows(chosen, {"kind": place.kind.value, "code": place.code})
        return _grouped(row | {"coverage": 0.0 if row["value"] is None else 1.0} for row in rows)

    def _summed(self, perimeter: Perimeter) -> Mapping[str, list[dict[str, Any]]]:
        """Sums of the communes of the territory, for the indicators whose card allows it.

        Coverage counts all communes of the territory, those that the file leaves out included.
        """
        additive = [name for name in self._cards if self._loaded.cards[INDICATOR + name].layout.get("additive")]
        if not additive:
            return {}
        table = self._warehouse.table("indicator_value")
        communes = table.filter(table.kind == "commune", table.indicator.isin(additive)).rename(commune="code")
        held = within(communes, perimeter)
        totals = held.group_by("indicator", "vintage").agg(
            total=held.value.sum(), known=held.value.count(), communes=held.count()
        )
        base = len({city_of(code) for code in perimeter.communes}) if perimeter.communes else None
        return _grouped(
            {
                "indicator": row["indicator"],
                "vintage": row["vintage"],
                "value": row["total"] if row["known"] else None,
                "status": "known" if row["known"] else "missing",
                "coverage": coverage(row["known"], max(row["communes"], base or 0)),
            }
            for row in self._warehouse.rows(totals, perimeter.parameters)
        )


def _grouped(rows: Iterable[dict[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["indicator"]].append(row)
    return found
