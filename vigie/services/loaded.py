"""What is in service: the sources loaded with their vintage, and whether their data are imaginary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vigie.domain.provenance import Provenance
from vigie.errors import Remark
from vigie.sources import cog
from vigie.store.steps.remarks import late_remarks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from vigie.sources.cards_reader import Card

REFERENCE = "decoupage_administratif"
STOCK = "sirene_etablissement"
UNITS = "sirene_unite_legale"
SUCCESSION = "sirene_succession"
BODACC = "bodacc"
HISTORY = "sirene_historique"
JOBS = "urssaf_emploi"
FLOWS = "echanges:echanges_wiod"
INDICATOR = "indicateur:"
CATALOGUES = "catalogues"
"""Folder of the data directory whose files (one by card) every refresh reads beside those that it is given."""
PUBLISHED = (INDICATOR, "zonage:", "metiers:", "echanges:", "lieux:", "liens:", "aides:", "dechets:", "precedents:")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The generation in service, as its `generation.json` tells it, with the cards of its sources.

    `vintage` maps a source to the date of its data, `None` when the file does not say; a source that is not a
    key was not loaded. `inputs` are the files read, `tables` the rows of each table.
    """

    name: str
    simulated: bool
    created: str
    vintage: Mapping[str, str | None]
    inputs: tuple[Mapping[str, Any], ...] = ()
    tables: Mapping[str, int] = field(default_factory=dict)
    cards: Mapping[str, Card] = field(default_factory=dict)
    rejected_total: int = 0
    remarks: tuple[Remark, ...] = ()

    @classmethod
    def read(cls, content: Mapping[str, Any], cards: Iterable[Card]) -> Loaded:
        """Build it from the content of a `generation.json`."""
        return cls(
            name=content["name"],
            simulated=bool(content["simulated"]),
            created=content["created"],
            vintage=dict(content["vintage"]),
            inputs=tuple(content.get("inputs", ())),
            tables={name: table["rows"] for name, table in content.get("tables", {}).items()},
            # A source may have a card a layout: the one that bears its name speaks for it.
            cards={card.source: card for card in sorted(cards, key=lambda card: not card.reads)},
            rejected_total=content.get("rejected_total", 0),
            remarks=tuple(Remark(**remark) for remark in content.get("remarks", ())),
        )

    def has(self, source: str) -> bool:
        """Tell whether a source was loaded."""
        return source in self.vintage

    @property
    def published(self) -> dict[str, str]:
        """Days on which the files read were published, by source, where they are known; none of imaginary ones."""
        return {
            str(file["source"]): str(file["published"])
            for file in self.inputs
            if file.get("published") and not self.imaginary(str(file["source"]))
        }

    def told(self, today: date) -> tuple[Remark, ...]:
        """Return what was odd about the files read, and which of them are late by now."""
        described = {"simulated": self.simulated, "inputs": self.inputs, "vintage": self.vintage}
        return (*self.remarks, *late_remarks(described, self.cards.values(), today))

    def imaginary(self, source: str) -> bool:
        """Tell whether a source was simulated, as its file showed; what says nothing of it is told by its kind.

        Published indicators and zonings stay real beside imaginary firms.
        """
        told = [bool(file["imaginary"]) for file in self.inputs if file.get("source") == source and "imaginary" in file]
        if told:
            return any(told)
        return self.simulated and source != REFERENCE and not source.startswith(PUBLISHED)

    def cite(self, *sources: str) -> tuple[Provenance, ...]:
        """Return how sources are cited, leaving out those that were not loaded."""
        return tuple(self._cited(source) for source in sources if source == REFERENCE or self.has(source))

    def _cited(self, source: str) -> Provenance:
        if source == REFERENCE:
            return cog.provenance()
        card = self.cards.get(source)
        vintage = self.vintage[source]
        if self.imaginary(source):
            return Provenance(
                source, f"{card.title if card else source} (imaginaire)", "Vigie (simulation)", "EUPL-1.2", vintage
            )
        if card is None:
            return Provenance(source, source, "producteur non indiqué", "licence non indiquée", vintage)
        return Provenance(
            card.id, card.title, card.producer, card.licence, vintage, card.page, attribution=card.attribution
        )
