"""What lies under the maps of a territory: counts by commune, located establishments, territories that hold some."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import ibis

from vigie.domain.actors import SIZE_BANDS
from vigie.domain.territory import Territory, TerritoryKind
from vigie.services.firms.suppression_list import without
from vigie.services.places import Perimeter, within
from vigie.services.portrait.answer import CommuneCount, LocatedEstablishment, Points

if TYPE_CHECKING:
    from collections.abc import Iterable

    import ibis.expr.types as ir

    from vigie.services.loaded import Loaded
    from vigie.services.suppression import Suppressions
    from vigie.store.warehouse import Warehouse


TERRITORIES_KEPT = 64


class Mapper:
    """Reads what maps need in one generation; counts by commune are kept for the territories asked for lately."""

    def __init__(self, warehouse: Warehouse, loaded: Loaded, suppressions: Suppressions) -> None:
        self._warehouse, self._loaded, self._suppressions = warehouse, loaded, suppressions
        self._communes = lru_cache(TERRITORIES_KEPT)(self._read_communes)
        self._covered = lru_cache(TERRITORIES_KEPT)(self._read_covered)

    def communes(self, perimeter: Perimeter) -> tuple[CommuneCount, ...]:
        """Return every commune of a perimeter with its counts (zero where nothing is open), most employers first."""
        return self._communes(perimeter)

    def _read_communes(self, perimeter: Perimeter) -> tuple[CommuneCount, ...]:
        rows = self._warehouse.rows(self._counted(perimeter), perimeter.parameters)
        found = [CommuneCount(**row) for row in rows]
        return tuple(sorted(found, key=lambda one: (-one.employers, -one.establishments, one.code)))

    def points(self, perimeter: Perimeter, limit: int) -> Points:
        """Return at most `limit` located, open establishments: employers first, then the largest, then by SIRET.

        Those of firms that object to being shown are left out, of the total too.
        """
        given: dict[str, Any] = dict(perimeter.parameters)
        located = without(self._located(perimeter), self._suppressions.sirens(), given)
        located = located.mutate(total=located.count().over())
        size = located.size_band.cases(*((code, low) for code, (low, _) in SIZE_BANDS.items()), else_=-1)
        first = (
            located.order_by([ibis.desc((located.employer == "O").fill_null(False)), ibis.desc(size), "siret"])
            .limit(limit)
            .select("total", *LocatedEstablishment.__dataclass_fields__)
        )
        rows = self._warehouse.rows(first, given)
        total = rows[0]["total"] if rows else 0
        return Points(
            total, tuple(LocatedEstablishment(**_without(row, "total")) for row in rows), self._loaded.simulated
        )

    def covered(self, kinds: Iterable[TerritoryKind]) -> tuple[Territory, ...]:
        """Return the territories of some kinds that have open establishments."""
        return self._covered(tuple(kinds))

    def _read_covered(self, kinds: tuple[TerritoryKind, ...]) -> tuple[Territory, ...]:
        territory, member = self._warehouse.table("territory"), self._warehouse.table("membership")
        active = self._warehouse.table("active_count").select("commune").distinct()
        held = member.semi_join(active, "commune").select("kind", "code", "vintage").distinct()
        latest = territory.group_by("kind").agg(vintage=territory.vintage.max())
        wanted = [kind.value for kind in kinds]
        rows = self._warehouse.rows(
            territory.filter(territory.kind.isin(wanted))
            .semi_join(latest, ["kind", "vintage"])
            .semi_join(held, ["kind", "code", "vintage"])
            .select("kind", "code", "name", "vintage", "population")
        )
        found = [_territory(row) for row in rows]
        return tuple(sorted(found, key=lambda place: (wanted.index(place.kind.value), place.name, place.code)))

    def _counted(self, perimeter: Perimeter) -> ir.Table:
        active = within(self._warehouse.table("active_count"), perimeter)
        employers = active.establishments.sum(where=active.employer == "O")
        counts = active.group_by("commune").agg(
            establishments=active.establishments.sum().cast("int64"), employers=employers.cast("int64")
        )
        territory = self._warehouse.table("territory").filter(lambda table: table.kind == "commune")
        names = territory.filter(territory.vintage == perimeter.territory.vintage).rename(commune="code")
        joined = within(names, perimeter).left_join(counts, "commune")
        return joined.filter(joined.establishments.notnull() | joined.detail.isnull()).select(
            "name",
            "population",
            "longitude",
            "latitude",
            code=joined.commune,
            establishments=joined.establishments.fill_null(0),
            employers=joined.employers.fill_null(0),
        )

    def _located(self, perimeter: Perimeter) -> ir.Table:
        table = self._warehouse.table("establishment")
        table = table.filter(table.state == "A", table.longitude.notnull(), table.latitude.notnull(), ~table.masked)
        return within(table, perimeter)


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {column: value for column, value in row.items() if column != name}


def _territory(row: dict[str, Any]) -> Territory:
    return Territory(TerritoryKind(row["kind"]), row["code"], row["name"], row["vintage"], row["population"])
