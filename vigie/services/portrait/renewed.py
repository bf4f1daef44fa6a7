"""The largest employers that opened and closed in the last full year, where they may be named."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import ibis

from vigie.domain.actors import SIZE_BANDS
from vigie.services.firms.suppression_list import without
from vigie.services.places import within

if TYPE_CHECKING:
    from vigie.services.places import Perimeter
    from vigie.services.portrait.by_commune import CommuneFigures
    from vigie.services.suppression import Suppressions
    from vigie.store.warehouse import Warehouse

TERRITORIES_KEPT = 64
LEAST_NAMED = 10
"""Employees from which a site that opened or closed is named: the public part of the register knows no smaller well."""


@dataclass(frozen=True, slots=True)
class RenewedSite:
    """A site that opened or closed, and its INSEE size band."""

    siret: str
    name: str
    size_band: str


@dataclass(frozen=True, slots=True)
class Renewed:
    """The largest site that opened, the largest that closed, in a year; `None` where none is large enough or named."""

    year: int | None = None
    opened: RenewedSite | None = None
    closed: RenewedSite | None = None


class RenewedSites:
    """Reads them in one generation; kept for the territories asked for lately, as long as the same firms object."""

    def __init__(self, warehouse: Warehouse, figures: CommuneFigures, suppressions: Suppressions) -> None:
        self._warehouse, self._figures, self._suppressions = warehouse, figures, suppressions
        self._kept = lru_cache(TERRITORIES_KEPT)(self._read)

    def largest(self, perimeter: Perimeter) -> Renewed:
        """Return the largest of a perimeter; masked sites, and those of firms that object, are never named."""
        return self._kept(perimeter, self._suppressions.sirens())

    def _read(self, perimeter: Perimeter, objecting: frozenset[str]) -> Renewed:
        table = self._figures.openings_and_closures()
        if table is None:
            return Renewed()
        given: dict[str, Any] = {**perimeter.parameters, "year": self._figures.full_year}
        named = ibis.coalesce(table.usual_name, table.sign, table.name)
        low = table.size_band.cases(*((code, low) for code, (low, _) in SIZE_BANDS.items()), else_=0)
        shown = table.mutate(shown=named, low=low).filter(~table.masked, named.notnull(), low >= LEAST_NAMED)
        inside = without(within(shown, perimeter), objecting, given)
        order = [ibis.desc("low"), ibis.asc("siret")]
        rank = ibis.row_number().over(group_by=inside.opened, order_by=order)
        first = inside.mutate(rank=rank).filter(lambda ranked: ranked.rank == 0)
        rows = self._warehouse.rows(first.select("opened", "siret", "size_band", name="shown"), given)
        found = {row.pop("opened"): RenewedSite(**row) for row in rows}
        return Renewed(self._figures.full_year, found.get(True), found.get(False))
