"""Population and its change, on the perimeter of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.measures.coverage import coverage
from vigie.measures.dynamics import change
from vigie.services.loaded import REFERENCE
from vigie.services.portrait.by_commune import base_year
from vigie.services.portrait.readings import Readings, computes
from vigie.services.portrait.scene import part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.domain.finding import Finding
    from vigie.services.portrait.reading import Census


@computes("population")
def population(readings: Readings) -> Finding:
    """Return the population, by census."""
    censuses = readings.facts.censuses
    series = [(str(year), None if value is None else float(value)) for year, value in census_points(censuses).items()]
    latest = censuses[-1] if censuses else None
    return readings.scene.finding(
        "population",
        latest.population if latest else None,
        sources=(REFERENCE,),
        coverage=coverage(latest.known, latest.communes) if latest else None,
        note=_population_note(latest),
        series=series,
    )


@computes("population_change")
def population_change(readings: Readings) -> Finding:
    """Return the change between the base year of jobs, or the first census known, and the last census."""
    points = census_points(readings.facts.censuses)
    span = known_span(points, base_year(sorted({cell.year for cell in readings.national.jobs})))
    if span is None:
        note = "Il faut la population de deux recensements, sur le même périmètre, pour mesurer une évolution."
        return readings.scene.finding("population_change", None, sources=(REFERENCE,), note=note)
    first, last = span
    before, after = points[first], points[last]
    ratio = change(before, after)
    return readings.scene.finding(
        "population_change",
        None if ratio is None else ratio * 100,
        sources=(REFERENCE,),
        note=(
            f"De {first} à {last}, sur les communes d’aujourd’hui\u00a0: "
            "la population d’une commune fusionnée compte dans celle qui l’a remplacée."
        ),
        breakdown=(
            part("population_change", str(first), f"Population en {first}", before, unit="habitants"),
            part("population_change", str(last), f"Population en {last}", after, unit="habitants"),
        ),
    )


def census_points(censuses: Sequence[Census]) -> dict[int, int | None]:
    """Return the population by year of census: several vintages of the geographic code repeat the same one."""
    return {census.year: census.population for census in censuses if census.year is not None}


def known_span(points: dict[int, int | None], base: int | None = None) -> tuple[int, int] | None:
    """Return the years that a change goes from and to: `base` where its population is known, else the first known.

    `None` when the population of two years is not known.
    """
    known = sorted(year for year, value in points.items() if value)
    if len(known) < 2:
        return None
    first = base if base is not None and base in known[:-1] else known[0]
    return first, known[-1]


def _population_note(latest: Census | None) -> str:
    if latest is None or latest.year is None:
        return "Aucune population n’est publiée pour ce territoire dans les millésimes disponibles."
    told = f"Population municipale au recensement de {latest.year}, code géographique de {latest.vintage}."
    if latest.population is None:
        return f"{told} Celle d’au moins une commune manque\u00a0: le total n’est pas donné."
    return told
