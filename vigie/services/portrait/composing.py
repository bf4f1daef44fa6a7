"""From facts to a portrait: findings in order, comparisons, notes, the opening sentence."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from vigie.services.indicator_cards import Compared, indicator_cards
from vigie.services.loaded import JOBS, REFERENCE, STOCK, SUCCESSION
from vigie.services.portrait import capture, change, employment, firms, makers, people, structure
from vigie.services.portrait.answer import Comparison, Portrait
from vigie.services.portrait.imported import Imported
from vigie.services.portrait.lead import lead
from vigie.services.portrait.reach import CommuneCoverage
from vigie.services.portrait.reading import FactsReader
from vigie.services.portrait.readings import INDICATORS, Chosen, Country, Readings
from vigie.services.portrait.scene import Scene, partial_note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vigie.domain.finding import Finding
    from vigie.domain.territory import Territory
    from vigie.services.loaded import Loaded
    from vigie.services.places import Perimeter, Places
    from vigie.services.portrait.by_commune import CommuneFigures
    from vigie.services.portrait.mix import Mix
    from vigie.store.warehouse import Warehouse

REGISTERED = (people, employment, firms, change, structure, makers, capture)
"""The modules whose functions compute indicators: importing them registers those."""
COMPARISONS_KEPT = 2000
"""Findings of other territories kept in memory for a generation."""
PORTRAITS_KEPT = 100
"""Portraits kept likewise: a territory is asked for again by its page, its files and its printed form."""


class Composer:
    """Composes the portraits of one generation; what is read for the whole country is read once."""

    def __init__(self, warehouse: Warehouse, loaded: Loaded, places: Places, figures: CommuneFigures) -> None:
        self._warehouse, self._loaded, self._places = warehouse, loaded, places
        self._reader, self._reach = FactsReader(warehouse, figures), CommuneCoverage(figures)
        self._imported = Imported(warehouse, loaded)
        self._country = Country(warehouse, self._reader)
        self._compared: dict[tuple[str, str], Finding] = {}
        self._portraits: dict[tuple[str, str | None], Portrait] = {}
        self._lock = Lock()

    def portrait(self, perimeter: Perimeter) -> Portrait:
        """Return the portrait of a perimeter, compared with the territories around it; composed once a generation."""
        place = (perimeter.territory.key, perimeter.territory.redirected_from)
        with self._lock:
            known = self._portraits.get(place)
        if known is not None:
            return known
        fresh = self._composed(perimeter)
        with self._lock:
            if len(self._portraits) >= PORTRAITS_KEPT:
                self._portraits.pop(next(iter(self._portraits)))
            self._portraits[place] = fresh
        return fresh

    def _composed(self, perimeter: Perimeter) -> Portrait:
        readings = self._readings(perimeter)
        findings = [INDICATORS[name](readings) for name in indicator_cards()]
        published = self._imported.findings(perimeter)
        return Portrait(
            territory=perimeter.territory,
            lead=lead(readings.scene, {found.id: found for found in findings}, readings.mix, readings.labels),
            findings=(*findings, *published),
            comparisons=tuple(
                Comparison(place, self._elsewhere(place, indicator_cards())) for place in self._places.around(perimeter)
            ),
            notes=self._notes(readings.scene, readings.mix),
            sources=(
                *self._loaded.cite(REFERENCE, STOCK, SUCCESSION, JOBS),
                *dict.fromkeys(source for found in published for source in found.sources),
            ),
            simulated=self._loaded.simulated,
            partial=readings.scene.refused,
        )

    def finding(self, perimeter: Perimeter, indicator: str) -> Finding | None:
        """Compute one figure alone, never the portrait; `None` when nothing computes it."""
        if indicator in INDICATORS:
            return INDICATORS[indicator](self._readings(perimeter))
        return next((one for one in self._imported.findings(perimeter) if one.id == indicator), None)

    def whole(self, perimeter: Perimeter, indicator: str) -> Finding | None:
        """Compute a figure of jobs alone; `None` where they are loaded for a part of the territory only."""
        return None if self._scene(perimeter).partial_jobs else self.finding(perimeter, indicator)

    def versus(self, perimeter: Perimeter, reference: Perimeter, indicator: str) -> Finding | None:
        """Compute one figure beside a territory chosen as its reference.

        `None` when establishments are loaded for a part of the reference only: it would say what was loaded.
        """
        if self._scene(reference).partial:
            return None
        readings = self._readings(perimeter)
        country = Chosen(self._warehouse, self._reader, reference)
        return INDICATORS[indicator](Readings(readings.scene, readings.facts, country))

    def elsewhere(self, perimeter: Perimeter, indicator: str) -> tuple[tuple[Territory, Finding], ...]:
        """Compute one figure in the territories around a perimeter, where its card says that it is compared."""
        return tuple(
            (place, found) for place in self._places.around(perimeter) for found in self._elsewhere(place, (indicator,))
        )

    def _readings(self, perimeter: Perimeter) -> Readings:
        scene = self._scene(perimeter)
        facts = self._country.facts if perimeter.communes is None else self._reader.facts(perimeter)
        return Readings(scene, facts, self._country)

    def _scene(self, perimeter: Perimeter) -> Scene:
        return Scene(perimeter, self._loaded, self._reach.share(perimeter), self._reach.jobs_share(perimeter))

    def _elsewhere(self, territory: Territory, indicators: Iterable[str]) -> tuple[Finding, ...]:
        """Return the figures to compare with, each computed once a generation for each territory.

        Where establishments, or jobs, are loaded for a part of the territory only, nothing is said of them.
        """
        readings = self._readings(self._places.perimeter(territory))
        allowed = (Compared.ALWAYS,) if readings.scene.partial else (Compared.ALWAYS, Compared.WHOLE)
        cards = indicator_cards()
        wanted = [name for name in indicators if name in cards and cards[name].display.compared in allowed]
        if readings.scene.partial_jobs:
            wanted = [name for name in wanted if JOBS not in cards[name].sources]
        return tuple(self._kept(territory.key, name, readings) for name in wanted)

    def _kept(self, key: str, indicator: str, readings: Readings) -> Finding:
        with self._lock:
            known = self._compared.get((key, indicator))
        if known is not None:
            return known
        fresh = INDICATORS[indicator](readings)
        with self._lock:
            if len(self._compared) >= COMPARISONS_KEPT:
                self._compared.pop(next(iter(self._compared)))
            self._compared[key, indicator] = fresh
        return fresh

    def _notes(self, scene: Scene, counted: Mix) -> tuple[str, ...]:
        notes = [partial_note(scene.reach or 0.0)] if scene.partial else []
        notes += [
            f"Structure des activités\u00a0: {counted.told} Référence\u00a0: {counted.reference_name}.",
            "Populations sur les communes d’aujourd’hui\u00a0: les communes fusionnées sont comptées dans celle qui "
            "les remplace.",
        ]
        if not self._loaded.has(SUCCESSION):
            notes.append(
                "Le fichier des liens de succession n’est pas chargé\u00a0: un déménagement y paraît une création et "
                "une fermeture."
            )
        return tuple(notes)
