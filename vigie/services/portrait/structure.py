"""What a territory is made of compared with a reference: specialisation, concentration, variety."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain.french import NBSP, number, percent, plural
from vigie.measures.concentration import herfindahl, krugman, location_quotient
from vigie.measures.coverage import coverage
from vigie.measures.variety import variety
from vigie.services.portrait.mix import SMALLEST, specialities
from vigie.services.portrait.readings import Readings, computes
from vigie.services.portrait.scene import part

if TYPE_CHECKING:
    from vigie.domain.finding import Finding
    from vigie.services.portrait.mix import Mix


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
