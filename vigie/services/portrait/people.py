"""Population and its change, on the perimeter of today."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vigie.services.figures.employment import base_year, job_years
from vigie.services.figures.populations import known_span
from vigie.services.portrait.readings import Readings, computes
from vigie.services.portrait.scene import part

if TYPE_CHECKING:
    from vigie.domain.finding import Finding
    from vigie.services.portrait.reading import Census


@computes("population")
def population(readings: Readings) -> Finding:
    """Return the population, by census."""
    censuses = readings.facts.censuses
    note = _population_note(censuses[-1] if censuses else None)
    return replace(readings.scene.told(readings.measured("population"), series=True), note=note)


@computes("population_change")
def population_change(readings: Readings) -> Finding:
    """Return the change between the base year of jobs, or the first census known, and the last census."""
    tables = readings.measured("population_change")
    points = {census.year: census.population for census in readings.facts.censuses if census.year is not None}
    span = known_span(points, base_year(job_years(readings.basis)))
    if span is None:
        return readings.scene.told(tables)
    first, last = span
    return readings.scene.told(
        tables,
        f"De {first} à {last}, sur les communes d’aujourd’hui\u00a0: "
        "la population d’une commune fusionnée compte dans celle qui l’a remplacée.",
        breakdown=(
            part("population_change", str(first), f"Population en {first}", points[first], unit="habitants"),
            part("population_change", str(last), f"Population en {last}", points[last], unit="habitants"),
        ),
    )


def _population_note(latest: Census | None) -> str:
    if latest is None or latest.year is None:
        return "Aucune population n’est publiée pour ce territoire dans les millésimes disponibles."
    told = f"Population municipale au recensement de {latest.year}, code géographique de {latest.vintage}."
    if latest.population is None:
        return f"{told} Celle d’au moins une commune manque\u00a0: le total n’est pas donné."
    return told
