"""Catalogue: every source that Vigie reads and every indicator that it computes, with what is loaded."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from vigie.domain.signs import all_entered
from vigie.domain.zones import today_in_paris
from vigie.errors import NotFound
from vigie.services.indicator_cards import indicator_cards
from vigie.services.portrait.imported import imported_cards
from vigie.sources import cog

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vigie.services.indicator_cards import IndicatorCard
    from vigie.services.loaded import Loaded
    from vigie.sources.cards_reader import Card


@dataclass(frozen=True, slots=True)
class Source:
    """A source's card and what is loaded from it.

    `vintage` is the date of the data, `None` when nothing is loaded or the file does not say; `rows` and
    `rejected` count the records read and left out, `None` when nothing is loaded or nothing is counted.
    """

    card: Card
    loaded: bool
    shipped: bool
    simulated: bool
    vintage: str | None
    rows: int | None
    rejected: int | None
    files: tuple[Mapping[str, Any], ...]
    remarks: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Identifier of the source's card."""
        return self.card.id

    def as_dict(self) -> dict[str, Any]:
        """Return the source as the machine-readable answers print it."""
        return asdict(self.card) | {
            "source": self.card.source,
            "loaded": self.loaded,
            "shipped": self.shipped,
            "simulated": self.simulated,
            "vintage": self.vintage,
            "rows": self.rows,
            "rejected": self.rejected,
            "files": all_entered([dict(file) for file in self.files]),
            "remarks": all_entered(list(self.remarks)),
        }


class Catalogue:
    """Cards of an installation beside what its generation in service holds."""

    def __init__(self, cards: Iterable[Card], loaded: Loaded, today: date | None = None) -> None:
        self._loaded = loaded
        self._told = loaded.told(today or today_in_paris())
        self._indicators = {**indicator_cards(), **imported_cards(loaded)}
        self._sources = {card.id: self._source(card) for card in cards}

    def sources(self) -> tuple[Source, ...]:
        """Return every source, those in service first, then by title."""
        return tuple(sorted(self._sources.values(), key=lambda one: (not (one.loaded or one.shipped), one.card.title)))

    def source(self, source_id: str) -> Source:
        """Return a source. Raises `NotFound` with those that exist."""
        if source_id not in self._sources:
            known = ", ".join(sorted(self._sources))
            raise NotFound(f"Aucune source «\u00a0{source_id}\u00a0». Sources connues\u00a0: {known}.")
        return self._sources[source_id]

    def indicators(self) -> tuple[IndicatorCard, ...]:
        """Return every indicator that Vigie computes, then those of the files in service."""
        return tuple(self._indicators.values())

    def indicator(self, indicator_id: str) -> IndicatorCard:
        """Return an indicator. Raises `NotFound` with those that exist."""
        if indicator_id not in self._indicators:
            known = ", ".join(self._indicators)
            raise NotFound(f"Aucun indicateur «\u00a0{indicator_id}\u00a0». Indicateurs connus\u00a0: {known}.")
        return self._indicators[indicator_id]

    def _source(self, card: Card) -> Source:
        loaded, shipped = self._loaded.has(card.source), card.kind == "reference"
        files = tuple(file for file in self._loaded.inputs if file["source"] == card.source)
        vintage = self._loaded.vintage.get(card.source)
        if card.id == cog.provenance().id:
            vintage = vintage or cog.provenance().vintage
        return Source(
            card=card,
            loaded=loaded,
            shipped=shipped,
            simulated=loaded and self._loaded.imaginary(card.source) and not shipped,
            vintage=vintage,
            rows=_total(files, "rows"),
            rejected=_total(files, "rejected"),
            files=files,
            remarks=tuple(str(one) for one in self._told if one.file in {file["file"] for file in files}),
        )


def _total(files: Iterable[Mapping[str, Any]], column: str) -> int | None:
    told = [int(file[column]) for file in files if file[column] is not None]
    return sum(told) if told else None
