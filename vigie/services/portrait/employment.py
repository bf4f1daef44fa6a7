"""Jobs, where a source of jobs is loaded: level, activities, change and what explains it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from vigie.measures.coverage import coverage
from vigie.measures.dynamics import change, shift_share
from vigie.services.loaded import JOBS
from vigie.services.portrait.by_commune import base_year
from vigie.services.portrait.readings import Readings, computes
from vigie.services.portrait.scene import part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.domain.finding import Finding
    from vigie.services.portrait.reading import JobCell

NOT_LOADED = "Aucune source d’emploi n’est chargée (Urssaf, emploi par commune et activité)."


def jobs_by_division(cells: Sequence[JobCell], year: int) -> Counter[str]:
    """Sum the published jobs of a year by division."""
    totals: Counter[str] = Counter()
    for cell in cells:
        if cell.year == year and cell.jobs is not None:
            totals[cell.naf[:2]] += cell.jobs
    return totals


def published_share(cells: Sequence[JobCell], year: int) -> float | None:
    """Return the share of commune × activity figures that are published in a year."""
    inside = [cell for cell in cells if cell.year == year]
    total = sum(cell.cells for cell in inside)
    return coverage(total - sum(cell.secret for cell in inside), total)


@computes("jobs")
def jobs(readings: Readings) -> Finding:
    """Return jobs and their activities; unknown, with the reason, when no source of jobs is loaded."""
    scene, cells, labels, years = readings.scene, readings.facts.jobs, readings.labels, _years(readings)
    if not years:
        return scene.finding("jobs", None, sources=(), note=NOT_LOADED)
    last = years[-1]
    divisions = jobs_by_division(cells, last)
    if not any(cell.year == last for cell in cells):
        note = f"La source d’emploi ne donne aucun chiffre pour ce territoire en {last}."
        return scene.finding("jobs", None, sources=(JOBS,), note=note)
    series = []
    for year in years:
        shown = any(cell.year == year for cell in cells)
        series.append((str(year), float(jobs_by_division(cells, year).total()) if shown else None))
    return scene.finding(
        "jobs",
        divisions.total(),
        sources=(JOBS,),
        coverage=published_share(cells, last),
        note=f"Au 31 décembre {last}\u00a0; les chiffres couverts par le secret ne comptent pas.",
        breakdown=[part("jobs", code, labels.get(code, code), count) for code, count in divisions.most_common()],
        series=series,
    )


@computes("jobs_change")
def jobs_change(readings: Readings) -> Finding:
    """Return the change of jobs over five years and what explains it."""
    scene, cells, national, years = readings.scene, readings.facts.jobs, readings.national.jobs, _years(readings)
    if not years:
        return scene.finding("jobs_change", None, sources=(), note=NOT_LOADED)
    last, first = years[-1], base_year(years) or years[0]
    before, after = jobs_by_division(cells, first), jobs_by_division(cells, last)
    ratio = change(before.total(), after.total())
    if first == last or ratio is None:
        note = "Il faut les emplois de deux années pour mesurer une évolution."
        return scene.finding("jobs_change", None, sources=(JOBS,), note=note)
    return scene.finding(
        "jobs_change",
        ratio * 100,
        sources=(JOBS,),
        coverage=_smallest(published_share(cells, first), published_share(cells, last)),
        note=f"De fin {first} à fin {last}.",
        breakdown=_explained(before, after, jobs_by_division(national, first), jobs_by_division(national, last)),
    )


def _years(readings: Readings) -> list[int]:
    return sorted({cell.year for cell in readings.national.jobs})


def _explained(
    before: Counter[str], after: Counter[str], reference_before: Counter[str], reference_after: Counter[str]
) -> tuple[Finding, ...]:
    """Split the change into jobs explained by the reference, by the activities present, by the territory itself."""
    codes = sorted(code for code in before | after if reference_before[code] or not before[code])
    everywhere = sorted(reference_before | reference_after)
    inside = [everywhere.index(code) for code in codes]
    here = np.zeros((2, len(everywhere)))
    here[:, inside] = [[before[code] for code in codes], [after[code] for code in codes]]
    split = shift_share(
        here[0],
        here[1],
        [reference_before[code] for code in everywhere],
        [reference_after[code] for code in everywhere],
    )
    named = (
        ("national", "Ce qu’explique l’évolution d’ensemble", split.national),
        ("structurel", "Ce qu’expliquent les activités présentes", split.structural),
        ("local", "Ce qui est propre au territoire", split.local),
    )
    return tuple(
        part("jobs_change", key, label, round(float(values.sum()), 6), unit="emplois") for key, label, values in named
    )


def _smallest(*shares: float | None) -> float | None:
    known = [share for share in shares if share is not None]
    return min(known) if known else None
