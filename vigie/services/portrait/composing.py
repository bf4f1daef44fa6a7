"""From facts to a portrait: findings in order, comparisons, notes, the opening sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from vigie.services.indicator_cards import indicator_cards
from vigie.services.loaded import JOBS, REFERENCE, STOCK, SUCCESSION
from vigie.services.places import Perimeter
from vigie.services.portrait.answer import Comparison, Portrait
from vigie.services.portrait.change import change_findings
from vigie.services.portrait.employment import job_findings
from vigie.services.portrait.firms import firm_findings
from vigie.services.portrait.imported import Imported
from vigie.services.portrait.lead import lead
from vigie.services.portrait.people import people_findings
from vigie.services.portrait.reach import Reach
from vigie.services.portrait.reading import Reader
from vigie.services.portrait.scene import Scene, partial_note
from vigie.services.portrait.structure import FRANCE, INDICATORS, LOADED, mix, structure_findings
from vigie.sources import cog_lookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.domain.finding import Finding
    from vigie.domain.territory import Territory
    from vigie.services.loaded import Loaded
    from vigie.services.places import Places
    from vigie.services.portrait.reading import Facts
    from vigie.services.portrait.structure import Mix
    from vigie.store.warehouse import Warehouse

COMPARED = (
    "population_change", "jobs_change", "employer_density", "craft_share", "head_office_share", "creation_rate",
    "closure_rate", "krugman", "variety",
)  # fmt: skip
COMPARED_ANYWAY = ("population_change", "jobs_change")
COMPARISONS_KEPT = 200
WHOLE_COUNTRY = 90


class Composer:
    """Composes the portraits of one generation; what is read for the whole country is read once."""

    def __init__(self, warehouse: Warehouse, loaded: Loaded, places: Places) -> None:
        self._warehouse, self._loaded, self._places = warehouse, loaded, places
        self._reader, self._reach = Reader(warehouse), Reach(warehouse)
        self._imported = Imported(warehouse, loaded)
        self._compared: dict[str, Comparison] = {}
        self._lock = Lock()

    def portrait(self, perimeter: Perimeter) -> Portrait:
        """Compose the portrait of a perimeter, compared with the territories around it."""
        scene = self._scene(perimeter)
        findings, counted = self._findings(scene)
        published = self._imported.findings(perimeter)
        return Portrait(
            territory=perimeter.territory,
            lead=lead(scene, {found.id: found for found in findings}, counted, self.labels),
            findings=(*findings, *published),
            comparisons=tuple(self._comparison(place) for place in self._places.around(perimeter)),
            notes=self._notes(scene, counted),
            sources=(
                *self._loaded.cite(REFERENCE, STOCK, SUCCESSION, JOBS),
                *(source for found in published for source in found.sources),
            ),
            simulated=self._loaded.simulated,
        )

    def finding(self, perimeter: Perimeter, indicator: str) -> Finding | None:
        """Compute one figure with its own chapter only, never the portrait; `None` when no chapter holds it."""
        scene = self._scene(perimeter)
        facts = self._facts(perimeter)
        chapter = next((write for names, write in CHAPTERS if indicator in names), None)
        found = chapter(self, scene, facts) if chapter else self._imported.findings(perimeter)
        return next((one for one in found if one.id == indicator), None)

    @cached_property
    def national(self) -> Facts:
        """Facts of everything loaded."""
        return self._reader.facts(Perimeter(cog_lookup.resolve("FR"), None))

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Labels of sections and divisions by code, and the section of each division ("section:25" → "C")."""
        table = self._warehouse.table("activity")
        rows = self._warehouse.rows(table.filter(table.level <= 2).select("code", "label", "level", "parent"))
        names = {row["code"]: row["label"] for row in rows}
        return names | {f"section:{row['code']}": row["parent"] for row in rows if row["level"] == 2}

    @cached_property
    def _reference_name(self) -> str:
        """The whole country, or only what is loaded when few départements are."""
        source = self._warehouse.table("jobs" if self.national.jobs else "active_count")
        counted = source.agg(departments=source.commune.substr(0, 2).nunique())
        return FRANCE if self._warehouse.rows(counted)[0]["departments"] >= WHOLE_COUNTRY else LOADED

    def _scene(self, perimeter: Perimeter) -> Scene:
        return Scene(perimeter, self._loaded, self._reach.share(perimeter))

    def _findings(self, scene: Scene) -> tuple[list[Finding], Mix]:
        facts = self._facts(scene.perimeter)
        findings = [found for _, chapter in CHAPTERS for found in chapter(self, scene, facts)]
        order = list(indicator_cards())
        return sorted(findings, key=lambda found: order.index(found.id)), self.mix(facts)

    def _facts(self, perimeter: Perimeter) -> Facts:
        return self.national if perimeter.communes is None else self._reader.facts(perimeter)

    def mix(self, facts: Facts) -> Mix:
        """Return the activities of a perimeter beside those of its reference."""
        return mix(facts, self.national, self._reference_name)

    def _comparison(self, territory: Territory) -> Comparison:
        """Return the findings to compare with, computed once a generation for each territory.

        Where establishments are loaded for a part of the territory only, nothing is said of them.
        """
        with self._lock:
            known = self._compared.get(territory.key)
        if known is not None:
            return known
        scene = self._scene(self._places.perimeter(territory))
        kept = COMPARED_ANYWAY if scene.partial else COMPARED
        fresh = Comparison(territory, tuple(found for found in self._findings(scene)[0] if found.id in kept))
        with self._lock:
            if len(self._compared) >= COMPARISONS_KEPT:
                self._compared.pop(next(iter(self._compared)))
            self._compared[territory.key] = fresh
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


Chapter = tuple[frozenset[str], Callable[[Composer, Scene, "Facts"], "list[Finding]"]]
CHAPTERS: tuple[Chapter, ...] = (
    (
        frozenset({"population", "population_change"}),
        lambda composer, scene, facts: people_findings(scene, facts.censuses),
    ),
    (
        frozenset({"jobs", "jobs_change"}),
        lambda composer, scene, facts: job_findings(scene, facts.jobs, composer.national.jobs, composer.labels),
    ),
    (
        frozenset({
            "establishments", "employers", "non_employers", "employer_density", "establishments_by_activity",
            "employers_by_activity", "establishments_by_size", "jobs_by_band", "craft_share", "head_office_share",
        }),
        lambda composer, scene, facts: firm_findings(scene, facts, composer.national, composer.labels),
    ),
    (
        frozenset({"creations", "closures", "creation_rate", "closure_rate", "moves"}),
        lambda composer, scene, facts: change_findings(scene, facts, composer.national),
    ),
    (
        frozenset(INDICATORS),
        lambda composer, scene, facts: structure_findings(scene, composer.mix(facts), composer.labels),
    ),
)  # fmt: skip
"""The chapters of a portrait: the figures that each holds, and what computes them from the facts it reads."""
