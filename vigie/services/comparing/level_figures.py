"""The present figures of all the territories of a level, indicator by indicator, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from vigie.domain.finding_table import Unknown
from vigie.measures.likeness import spreads
from vigie.services.kept import kept_with
from vigie.services.loaded import REFERENCE, STOCK
from vigie.services.places import Places
from vigie.sources.indicator_uses import Aggregation
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    import ibis.expr.types as ir
    from numpy.typing import NDArray

    from vigie.domain.finding_table import Floats
    from vigie.services.indicator_cards import IndicatorCard
    from vigie.services.questions import DataInService
    from vigie.store.warehouse import Warehouse

SIZE = "population"
_REASONS = tuple(Unknown)


@dataclass(frozen=True, eq=False)
class LevelFigures:
    """Figures of the territories of a level (rows) by indicator (columns), each of the latest vintage of its column.

    `values` are NaN where nothing is known; `why` then holds the place of the reason among `Unknown`. `coverage` is NaN
    where the notion does not apply. `names` are those of the territories, by code; `sources` those of each
    indicator, by its identifier.
    """

    kind: str
    codes: tuple[str, ...]
    names: Mapping[str, str]
    cards: tuple[IndicatorCard, ...]
    sources: Mapping[str, tuple[str, ...]]
    vintages: tuple[str, ...]
    values: Floats
    coverage: NDArray[np.float32]
    why: NDArray[np.int8]

    @cached_property
    def compared(self) -> Floats:
        """Values as they are compared: sizes by their logarithm, twice as many being as far as half."""
        scaled = self.values.copy()
        for column, card in enumerate(self.cards):
            if card.id == SIZE:
                scaled[:, column] = np.log(np.maximum(self.values[:, column], 1.0))
        return scaled

    @cached_property
    def spread(self) -> Floats:
        """Spread of each column of `compared`."""
        return spreads(self.compared)

    @cached_property
    def middle(self) -> Floats:
        """Median of each column of `compared`, NaN where nothing is known."""
        found = np.full(len(self.cards), np.nan)
        some = np.isfinite(self.compared).any(axis=0)
        found[some] = np.nanmedian(self.compared[:, some], axis=0)
        return found

    @cached_property
    def known(self) -> Floats:
        """Share of the territories of which each column is known."""
        share: Floats = np.isfinite(self.values).mean(axis=0)
        return share

    def row(self, code: str) -> int | None:
        """Return the row of a territory, `None` where it is not of this level."""
        place = int(np.searchsorted(self.codes, code))
        return place if place < len(self.codes) and self.codes[place] == code else None

    def reason(self, row: int, column: int) -> Unknown | None:
        """Return why a value is unknown, `None` where it is known."""
        return None if np.isfinite(self.values[row, column]) else _REASONS[self.why[row, column]]


def level_figures(data: DataInService, kind: str) -> LevelFigures:
    """Return the figures of a level; those whose card does not allow the level are left out.

    Cost: one reading of the level, O(territories × indicators), then nothing while the generation is in service.
    """
    return kept_with(data.warehouse, f"figures by {kind}", lambda: _read(data, kind))


def _read(data: DataInService, kind: str) -> LevelFigures:
    from vigie.services.portrait.imported import (  # noqa: PLC0415 - Ibis: only who asks waits for it
        all_cards,
        published_uses,
    )

    published = published_uses(data.loaded)
    cards = tuple(card for card in all_cards(data.loaded).values() if kind in {level.value for level in card.levels})
    names = level_names(data, kind)
    codes = tuple(sorted(names))
    shape = len(codes), len(cards)
    values, coverage = np.full(shape, np.nan), np.full(shape, np.nan, dtype=np.float32)
    why = np.array([_REASONS.index(absent(card, published)) for card in cards], dtype=np.int8)
    why = np.tile(why, (shape[0], 1))
    place: dict[str | None, int] = {code: rank for rank, code in enumerate(codes)}
    column: dict[str | None, int] = {card.id: rank for rank, card in enumerate(cards)}
    vintages = [""] * len(cards)
    found = data.warehouse.arrow(_present(data.warehouse), {"kind": kind})
    rows = np.array([place.get(code, -1) for code in found["code"].to_pylist()], dtype=np.int64)
    names_of = found["indicator"].to_pylist()
    columns = np.array([column.get(name, -1) for name in names_of], dtype=np.int64)
    for rank, vintage in dict(zip(columns.tolist(), found["vintage"].to_pylist(), strict=True)).items():
        if rank >= 0:
            vintages[rank] = vintage
    kept = (rows >= 0) & (columns >= 0)
    at = rows[kept], columns[kept]
    values[at] = found["value"].to_numpy()[kept]
    coverage[at] = found["coverage"].to_numpy()[kept]
    told = [_REASONS.index(Unknown(one)) if one else 0 for one in found["why"].to_pylist()]
    why[at] = np.array(told, dtype=np.int8)[kept]
    sources = {card.id: published[card.id].sources if card.id in published else card.sources for card in cards}
    return LevelFigures(kind, codes, names, cards, sources, tuple(vintages), values, coverage, why)


def _present(warehouse: Warehouse) -> ir.Table:
    table = warehouse.table("figure")
    of_kind = table.filter(table.kind == parameter("kind"))
    latest = of_kind.group_by("indicator").agg(vintage=of_kind.vintage.max())
    return of_kind.semi_join(latest, ["indicator", "vintage"]).select(
        "code", "indicator", "vintage", "value", "coverage", "why"
    )


def level_names(data: DataInService, kind: str) -> Mapping[str, str]:
    """Return the names of the territories of a level, in its latest vintage; arrondissements are no communes."""
    table = data.warehouse.table("territory")
    of_kind = table.filter(table.kind == parameter("kind"), table.detail.isnull() | (table.kind != "commune"))
    latest = of_kind.filter(of_kind.vintage == of_kind.vintage.max()).select("code", "name")
    return {row["code"]: row["name"] for row in data.warehouse.rows(latest, {"kind": kind})}


def names_within(data: DataInService, level: str, within: str) -> Mapping[str, str]:
    """Return the names of the territories of a level, those that are mostly within another where it is asked."""
    names = level_names(data, level)
    if not within:
        return names
    places = Places(data.warehouse)
    inside = places.perimeter(places.territory(within)).communes
    if inside is None:
        return names
    held = set(inside)
    member = data.warehouse.table("membership")
    of_level = member.filter(member.kind == parameter("kind"))
    communes: dict[str, list[str]] = {}
    for row in data.warehouse.rows(
        of_level.filter(of_level.vintage == of_level.vintage.max()).select("code", "commune"), {"kind": level}
    ):
        communes.setdefault(row["code"], []).append(row["commune"])
    mostly = {code for code, own in communes.items() if 2 * len(held.intersection(own)) > len(own)}
    return {code: name for code, name in names.items() if code in mostly}


def absent(card: IndicatorCard, published: Container[str]) -> Unknown:
    """Return why a territory of which the table of figures says nothing is unknown; `published` are read, not made."""
    if card.aggregation is Aggregation.NONE and card.id in published:
        return Unknown.NOT_ADDED
    if card.sources == (REFERENCE,):
        return Unknown.NO_CENSUS
    return Unknown.NOTHING if STOCK in card.sources else Unknown.ABSENT
