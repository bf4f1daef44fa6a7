"""What indicators are computed from, by name, and the functions that compute them, by identifier.

A function takes `Readings` and returns one finding; it is registered under the identifier of its card. What it reads is
read when it asks for it, so that a figure asked for alone costs what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from vigie.services.figures.mixes import mixes_of
from vigie.services.figures.registered import MEASURES
from vigie.services.places import Perimeter
from vigie.services.portrait.mix import FRANCE, LOADED, Mix, mix
from vigie.services.portrait.one_row import FactsBasis
from vigie.sources import cog_lookup

if TYPE_CHECKING:
    from vigie.domain.finding import Finding
    from vigie.domain.finding_table import FindingTable
    from vigie.services.loaded import Loaded
    from vigie.services.portrait.reading import Facts, FactsReader
    from vigie.services.portrait.scene import Scene
    from vigie.store.warehouse import Warehouse

WHOLE_COUNTRY = 90
"""Départements that must be loaded for the whole to be called France."""


class Country:
    """What every indicator may be compared with: read once a generation, when first asked for."""

    def __init__(self, warehouse: Warehouse, reader: FactsReader) -> None:
        self._warehouse, self._reader = warehouse, reader
        self._basis: FactsBasis | None = None

    @cached_property
    def facts(self) -> Facts:
        """Facts of everything loaded."""
        return self._reader.facts(Perimeter(cog_lookup.resolve("FR"), None))

    def basis(self, loaded: Loaded) -> FactsBasis:
        """Return those facts as what measures are computed on."""
        if self._basis is None:
            self._basis = FactsBasis("france:FR", self.facts, loaded)
        return self._basis

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Labels of sections and divisions by code, and the section of each division ("section:25" → "C")."""
        table = self._warehouse.table("activity")
        rows = self._warehouse.rows(table.filter(table.level <= 2).select("code", "label", "level", "parent"))
        names = {row["code"]: row["label"] for row in rows}
        return names | {f"section:{row['code']}": row["parent"] for row in rows if row["level"] == 2}

    @cached_property
    def name(self) -> str:
        """The whole country, or only what is loaded when few départements are."""
        source = self._warehouse.table("jobs" if self.facts.jobs else "active_count")
        counted = source.agg(departments=source.commune.substr(0, 2).nunique())
        return FRANCE if self._warehouse.rows(counted)[0]["departments"] >= WHOLE_COUNTRY else LOADED


class Chosen(Country):
    """A territory taken as the reference in place of the whole country."""

    def __init__(self, warehouse: Warehouse, reader: FactsReader, perimeter: Perimeter) -> None:
        super().__init__(warehouse, reader)
        self._perimeter = perimeter

    @cached_property
    def facts(self) -> Facts:
        """Facts of the territory."""
        return self._reader.facts(self._perimeter)

    @cached_property
    def name(self) -> str:
        """Its name."""
        return self._perimeter.territory.name


class Readings:
    """What is read of one perimeter: `facts` of its own, those of the country, its activities beside a reference."""

    def __init__(self, scene: Scene, facts: Facts, country: Country) -> None:
        self.scene, self.facts, self._country = scene, facts, country

    @property
    def national(self) -> Facts:
        """Facts of everything loaded."""
        return self._country.facts

    @property
    def labels(self) -> Mapping[str, str]:
        """Labels of activities; see `Country.labels`."""
        return self._country.labels

    @cached_property
    def basis(self) -> FactsBasis:
        """What measures are computed on: this perimeter in one row, beside the reference."""
        scene = self.scene
        national = self._country.basis(scene.loaded)
        return FactsBasis(scene.perimeter.territory.key, self.facts, scene.loaded, scene.reach, national)

    @cached_property
    def mix(self) -> Mix:
        """Activities here beside those of the reference."""
        return mix(mixes_of(self.basis), self._country.name)

    def measured(self, indicator: str) -> tuple[FindingTable, ...]:
        """Compute an indicator on the table of this one territory, the present vintage last."""
        return MEASURES[indicator](self.basis)


Computing = Callable[[Readings], "Finding"]
INDICATORS: dict[str, Computing] = {}
"""What computes each indicator, by the identifier of its card."""


def computes(indicator: str) -> Callable[[Computing], Computing]:
    """Register what computes an indicator."""

    def register(computing: Computing) -> Computing:
        if indicator in INDICATORS:
            raise ValueError(f"two functions compute {indicator}")
        INDICATORS[indicator] = computing
        return computing

    return register
