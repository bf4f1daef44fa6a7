"""Reading a file once for all that its card draws from it: zonings, indicators, places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.errors import Reject
from vigie.sources.card_uses import PLACES, ZONING
from vigie.sources.indicators import PublishedValues, ValuesReading
from vigie.sources.located import LocatedPlaces, PlacesReading
from vigie.sources.sheets import records
from vigie.sources.zonings import Zoning, ZoningReading

if TYPE_CHECKING:
    from pathlib import Path

    from vigie.sources.cards_reader import Card


@dataclass(frozen=True, slots=True)
class FileUses:
    """What a file gave: one `Zoning` a zoning of its card, the values of its indicators, its places.

    `rejects` are the rows with too many or too few cells; those of each use are its own. `rows` counts the records.
    """

    rows: int
    zonings: tuple[Zoning, ...]
    values: PublishedValues
    places: tuple[LocatedPlaces, ...]
    rejects: tuple[Reject, ...]

    @property
    def all_rejects(self) -> tuple[Reject, ...]:
        """Return what was refused of the whole file."""
        of_places = (reject for one in self.places for reject in one.rejects)
        of_zones = (reject for one in self.zonings for reject in one.rejects)
        return (*self.rejects, *self.values.rejects, *of_zones, *of_places)


def read_uses(path: Path, card: Card) -> FileUses:
    """Read a file once. Raises `StructureFault` when the file or its card is at fault; faulty rows are rejects."""
    outside = frozenset(map(str, card.layout.get("outside", ())))
    zonings = [ZoningReading(path.name, card, use) for use in card.all_uses if use.kind == ZONING]
    places = [PlacesReading(path.name, card, use) for use in card.all_uses if use.kind == PLACES]
    values = ValuesReading(path.name, card)
    takers = [values.take, *(one.take for one in zonings), *(one.take for one in places)]
    rejects, rows = [], 0
    for number, cells in records(path, card):
        rows += 1
        if cells is None:
            what = "cette ligne n’a pas autant de cellules que l’en-tête."
            rejects.append(Reject(path.name, number, "", what))
        elif outside.isdisjoint(cell for cell in cells.values() if cell):
            for take in takers:
                take(number, cells)
    return FileUses(
        rows, tuple(one.finish() for one in zonings), values.finish(), tuple(one.finish() for one in places),
        tuple(rejects),
    )  # fmt: skip
