"""How much of a territory the data loaded cover: a load may hold one département only."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from vigie.measures.coverage import coverage
from vigie.services.places import city_of, is_district

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.services.places import Perimeter
    from vigie.store.warehouse import Warehouse

ENOUGH = 0.95
"""Above this share of the population, what is missing is closed communes and rounding: nothing is said of it."""


class CommuneCoverage:
    """Communes that hold establishments in one generation, weighed by their population."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def share(self, perimeter: Perimeter) -> float | None:
        """Return the share of a perimeter's population that lives where establishments are loaded (0 to 1).

        `None` when the population is not known. Nearly every commune has an open establishment, so that a share
        below 1 tells of what was not loaded.
        """
        if perimeter.territory.code in self._loaded and is_district(perimeter.territory.code):
            return 1.0
        codes = self._people if perimeter.communes is None else perimeter.communes
        known = {code: self._people[code] for code in codes if code in self._people}
        held = sum(people for code, people in known.items() if code in self._loaded)
        return coverage(held, sum(known.values()))

    @cached_property
    def _loaded(self) -> frozenset[str]:
        communes = self._warehouse.table("active_count").select("commune").distinct()
        codes = {row["commune"] for row in self._warehouse.rows(communes) if row["commune"]}
        return frozenset(codes | {city_of(code) for code in codes})

    @cached_property
    def _people(self) -> Mapping[str, int]:
        table = self._warehouse.table("territory")
        communes = table.filter(table.kind == "commune", table.detail.isnull(), table.population.notnull())
        latest = communes.filter(communes.vintage == communes.vintage.max())
        return {row["code"]: row["population"] for row in self._warehouse.rows(latest.select("code", "population"))}
