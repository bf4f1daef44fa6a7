"""What a territory is made of compared with a reference: specialisation, concentration, variety."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from vigie.domain.finding import Interval
from vigie.domain.french import NBSP, number, percent, plural
from vigie.measures.concentration import above_reference, herfindahl, krugman, location_quotient
from vigie.measures.coverage import coverage
from vigie.measures.intervals import wilson
from vigie.measures.variety import variety
from vigie.services.portrait.employment import NOT_LOADED
from vigie.services.portrait.mix import SMALLEST, SMALLEST_DIVISION, specialities
from vigie.services.portrait.readings import Readings, computes
from vigie.services.portrait.scene import part
from vigie.sources.nomenclature import MANUFACTURING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vigie.domain.finding import Finding
    from vigie.services.portrait.mix import Mix


LARGEST_QUOTIENT = 10
"""Beyond it a quotient only tells how rare the activity is elsewhere."""


@computes("specialisation")
def specialisation(readings: Readings) -> Finding:
    """Return the activities that weigh more here than in the reference, the most specific one as its value."""
    refused = _too_small(readings, "specialisation") or _without_reference(readings, "specialisation")
    if refused:
        return refused
    counted, labels, versus = readings.mix, readings.labels, _versus(readings.mix)
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
    return readings.scene.finding(
        "specialisation",
        None if strongest is None else strongest[1],
        sources=counted.sources,
        coverage=coverage(total, total + counted.unknown),
        note=versus if strongest is None else f"Activité la plus spécifique\u00a0: {labels[strongest[0]]}. {versus}",
        breakdown=parts,
    )


@computes("jobs_above")
def jobs_above(readings: Readings) -> Finding:
    """Return the jobs that the territory holds beyond its share of the reference, activity by activity."""
    counted, labels = readings.mix, readings.labels
    if counted.kind != "jobs":
        return readings.scene.finding("jobs_above", None, sources=(), note=NOT_LOADED)
    refused = _too_small(readings, "jobs_above") or _without_reference(readings, "jobs_above")
    if refused:
        return refused
    rows = sorted(_above(counted), key=lambda row: (-row.above, row.code))
    parts = [
        part(
            "jobs_above", row.code, labels.get(row.code, row.code), round(row.above),
            interval=Interval(round(row.low), round(row.high), "confidence", 0.95),
            note=f"{number(row.amount)} emplois ici, {_times(row.quotient)}.",
        )
        for row in rows
    ]  # fmt: skip
    return readings.scene.finding(
        "jobs_above",
        sum(round(row.above) for row in rows),
        sources=counted.sources,
        coverage=coverage(sum(counted.local.values()), sum(counted.local.values()) + counted.unknown),
        note=_versus(counted),
        breakdown=parts,
    )


class _Above(NamedTuple):
    """One activity that a territory holds more of than the reference: jobs here and beyond its share, with bounds."""

    code: str
    amount: float
    above: float
    low: float
    high: float
    quotient: float


def _above(counted: Mix) -> Iterator[_Above]:
    codes, here, there = counted.divisions
    total, everywhere = sum(here), sum(there)
    for code, amount, reference, above in zip(codes, here, there, above_reference(here, there), strict=True):
        expected = total * reference / everywhere
        low, high = (bound * total - expected for bound in wilson(amount, total))
        if amount >= SMALLEST_DIVISION["jobs"] and low > 0:
            yield _Above(code, amount, float(above), low, high, amount / expected)


@computes("industry_share")
def industry_share(readings: Readings) -> Finding:
    """Return the share of manufacturing in jobs, or in employers where no source of jobs is loaded."""
    counted = readings.mix
    total = sum(counted.local.values())
    if not total:
        return readings.scene.finding("industry_share", None, sources=counted.sources, note="Aucun emploi connu ici.")
    made = sum(amount for code, amount in counted.local.items() if code[:2] in MANUFACTURING)
    return readings.scene.finding(
        "industry_share",
        made / total * 100,
        sources=counted.sources,
        coverage=coverage(total, total + counted.unknown),
        note=f"{counted.told} Industrie manufacturière (section C).",
    )


def _times(quotient: float) -> str:
    if quotient > LARGEST_QUOTIENT:
        return f"plus de {LARGEST_QUOTIENT} fois la part de la référence"
    return f"{number(quotient, 1)} fois la part de la référence"


@computes("krugman")
def krugman_index(readings: Readings) -> Finding:
    """Return how far the activities here are from those of the reference."""
    refused = _too_small(readings, "krugman") or _without_reference(readings, "krugman")
    if refused:
        return refused
    counted = readings.mix
    codes, here, there = counted.divisions
    return readings.scene.finding(
        "krugman",
        float(krugman(here, there)),
        sources=counted.sources,
        coverage=coverage(sum(here), sum(here) + counted.unknown),
        note=f"{_versus(counted)} {number(len(codes))}{NBSP}{plural(len(codes), 'division')} d’activité.",
    )


@computes("concentration_hhi")
def concentration(readings: Readings) -> Finding:
    """Return how concentrated activities are."""
    refused = _too_small(readings, "concentration_hhi")
    if refused:
        return refused
    counted = readings.mix
    here = counted.divisions[1]
    index = float(herfindahl(here))
    return readings.scene.finding(
        "concentration_hhi",
        index,
        sources=counted.sources,
        coverage=coverage(sum(here), sum(here) + counted.unknown),
        note=f"{counted.told} Aussi concentré que {number(1 / index, 1)} divisions d’égale importance.",
    )


@computes("variety")
def varieties(readings: Readings) -> Finding:
    """Return how varied activities are, between divisions and inside them."""
    refused = _too_small(readings, "variety")
    if refused:
        return refused
    counted = readings.mix
    codes = sorted(counted.local)
    split = variety([counted.local[code] for code in codes], [code[:2] for code in codes])
    total = sum(counted.local.values())
    return readings.scene.finding(
        "variety",
        split.total,
        sources=counted.sources,
        coverage=coverage(total, total + counted.unknown),
        note=counted.told,
        breakdown=(
            part("variety", "non_liee", "Variété non liée (entre divisions)", split.unrelated),
            part("variety", "liee", "Variété liée (à l’intérieur des divisions)", split.related),
        ),
    )


def _versus(counted: Mix) -> str:
    return f"{counted.told} Référence\u00a0: {counted.reference_name}."


def _too_small(readings: Readings, indicator: str) -> Finding | None:
    """Return the indicator unknown where it would only tell how small the territory is."""
    counted = readings.mix
    total = sum(counted.local.values())
    if total >= SMALLEST[counted.kind]:
        return None
    note = (
        f"{counted.told} Avec moins de {SMALLEST[counted.kind]}, ces mesures ne diraient que la petite taille "
        f"du territoire (ici\u00a0: {number(total, 0)})."
    )
    return readings.scene.finding(indicator, None, sources=counted.sources, note=note)


def _without_reference(readings: Readings, indicator: str) -> Finding | None:
    """Return the indicator unknown where nothing is loaded outside the territory."""
    counted = readings.mix
    if sum(counted.reference.values()) > sum(counted.local.values()):
        return None
    note = "Aucune donnée n’est chargée hors de ce territoire\u00a0: il n’y a pas de référence à quoi le comparer."
    return readings.scene.finding(indicator, None, sources=counted.sources, note=note)
