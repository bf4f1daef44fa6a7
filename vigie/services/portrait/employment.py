"""Jobs, where a source of jobs is loaded: level, activities, change and what explains it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from vigie.measures.dynamics import shift_share
from vigie.services.figures.employment import base_year, job_years
from vigie.services.portrait.readings import Readings, computes
from vigie.services.portrait.scene import part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.domain.finding import Finding
    from vigie.services.portrait.reading import JobCell


def jobs_by_division(cells: Sequence[JobCell], year: int) -> Counter[str]:
    """Sum the published jobs of a year by division."""
    totals: Counter[str] = Counter()
    for cell in cells:
        if cell.year == year and cell.jobs is not None:
            totals[cell.naf[:2]] += cell.jobs
    return totals


@computes("jobs")
def jobs(readings: Readings) -> Finding:
    """Return jobs and their activities; unknown, with the reason, when no source of jobs is loaded."""
    tables, labels = readings.measured("jobs"), readings.labels
    last = tables[-1].vintage
    divisions = jobs_by_division(readings.facts.jobs, int(last)) if last else Counter()
    return readings.scene.told(
        tables,
        f"Au 31 décembre {last}\u00a0; les chiffres couverts par le secret ne comptent pas.",
        breakdown=[part("jobs", code, labels.get(code, code), count) for code, count in divisions.most_common()],
        series=True,
    )


@computes("jobs_change")
def jobs_change(readings: Readings) -> Finding:
    """Return the change of jobs over five years and what explains it."""
    tables, years = readings.measured("jobs_change"), job_years(readings.basis)
    if tables[-1].why[0] is not None:
        return readings.scene.told(tables)
    first, last = base_year(years) or years[0], years[-1]
    cells, national = readings.facts.jobs, readings.national.jobs
    amounts = (jobs_by_division(rows, year) for rows in (cells, national) for year in (first, last))
    return readings.scene.told(tables, f"De fin {first} à fin {last}.", breakdown=_explained(*amounts))


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
