"""What a territory is made of compared with a reference: specialisation, concentration, variety."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vigie.domain.finding import Interval
from vigie.domain.finding_table import Unknown
from vigie.domain.french import NBSP, number, percent, plural
from vigie.measures.concentration import location_quotient
from vigie.services.figures.mixes import SMALLEST
from vigie.services.figures.structures import cells_above, variety_of
from vigie.services.portrait.mix import specialities
from vigie.services.portrait.readings import Readings, computes
from vigie.services.portrait.scene import part

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vigie.domain.finding import Finding
    from vigie.domain.finding_table import FindingTable
    from vigie.services.portrait.mix import Mix


LARGEST_QUOTIENT = 10
"""Beyond it a quotient only tells how rare the activity is elsewhere."""


@computes("specialisation")
def specialisation(readings: Readings) -> Finding:
    """Return the activities that weigh more here than in the reference, the most specific one as its value."""
    tables, counted, labels = readings.measured("specialisation"), readings.mix, readings.labels
    if tables[-1].why[0] in (Unknown.SMALL, Unknown.NO_REFERENCE):
        return _told(readings, tables)
    codes, here, there = counted.divisions
    total, quotients = sum(here), location_quotient(here, there)
    present = sorted(
        (
            (float(quotient), code, amount)
            for quotient, code, amount in zip(quotients, codes, here, strict=True)
            if amount
        ),
        reverse=True,
    )
    parts = [
        part(
            "specialisation", code, labels.get(code, code), quotient,
            note=f"{number(amount, 0)} sur {number(total, 0)} ici, soit {percent(amount / total)}.",
        )
        for quotient, code, amount in present
    ]  # fmt: skip
    strongest = next(iter(specialities(counted)), None)
    note = _versus(counted)
    if strongest is not None:
        note = f"Activité la plus spécifique\u00a0: {labels[strongest[0]]}. {note}"
    return _told(readings, tables, note, parts)


@computes("jobs_above")
def jobs_above(readings: Readings) -> Finding:
    """Return the jobs that the territory holds beyond its share of the reference, activity by activity."""
    tables, counted, labels = readings.measured("jobs_above"), readings.mix, readings.labels
    if tables[-1].why[0] is not None:
        return _told(readings, tables)
    rows = sorted(cells_above(counted.table), key=lambda row: (-row.above, row.code))
    parts = [
        part(
            "jobs_above", row.code, labels.get(row.code, row.code), round(row.above),
            interval=Interval(round(row.low), round(row.high), "confidence", 0.95),
            note=f"{number(row.amount)} emplois ici, {_times(row.quotient)}.",
        )
        for row in rows
    ]  # fmt: skip
    return _told(readings, tables, _versus(counted), parts)


@computes("industry_share")
def industry_share(readings: Readings) -> Finding:
    """Return the share of manufacturing in jobs, or in employers where no source of jobs is loaded."""
    note = f"{readings.mix.told} Industrie manufacturière (section C)."
    return readings.scene.told(readings.measured("industry_share"), note)


def _times(quotient: float) -> str:
    if quotient > LARGEST_QUOTIENT:
        return f"plus de {LARGEST_QUOTIENT} fois la part de la référence"
    return f"{number(quotient, 1)} fois la part de la référence"


@computes("krugman")
def krugman_index(readings: Readings) -> Finding:
    """Return how far the activities here are from those of the reference."""
    counted = readings.mix
    codes = counted.divisions[0]
    note = f"{_versus(counted)} {number(len(codes))}{NBSP}{plural(len(codes), 'division')} d’activité."
    return _told(readings, readings.measured("krugman"), note)


@computes("concentration_hhi")
def concentration(readings: Readings) -> Finding:
    """Return how concentrated activities are."""
    tables = readings.measured("concentration_hhi")
    index = tables[-1].value_at(0)
    alike = f" Aussi concentré que {number(1 / index, 1)} divisions d’égale importance." if index else ""
    return _told(readings, tables, f"{readings.mix.told}{alike}")


@computes("variety")
def varieties(readings: Readings) -> Finding:
    """Return how varied activities are, between divisions and inside them."""
    tables = readings.measured("variety")
    if tables[-1].why[0] is not None:
        return _told(readings, tables)
    split = variety_of(readings.mix.table, 0)
    parts = (
        part("variety", "non_liee", "Variété non liée (entre divisions)", split.unrelated),
        part("variety", "liee", "Variété liée (à l’intérieur des divisions)", split.related),
    )
    return _told(readings, tables, readings.mix.told, parts)


def _versus(counted: Mix) -> str:
    return f"{counted.told} Référence\u00a0: {counted.reference_name}."


def _told(
    readings: Readings, tables: Sequence[FindingTable], note: str | None = None, parts: Iterable[Finding] = ()
) -> Finding:
    """Write a finding; where the territory is too small, how small is told."""
    counted = readings.mix
    found = readings.scene.told(tables, note, breakdown=parts)
    if tables[-1].why[0] is not Unknown.SMALL:
        return found
    total = number(sum(counted.local.values()), 0)
    return replace(
        found,
        note=f"{counted.told} Avec moins de {SMALLEST[counted.kind]}, ces mesures ne diraient que la petite taille "
        f"du territoire (ici\u00a0: {total}).",
    )
