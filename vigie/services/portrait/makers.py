"""Craft and manufacturing by cohort of creation, in the dense core and around, closed since included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vigie.domain.actors import Making
from vigie.domain.french import NBSP, counted, number, plural
from vigie.measures.cores import CoreRule
from vigie.services.figures.makers import LEAST, cohorts_of, quotient
from vigie.services.portrait.readings import Readings, computes
from vigie.services.portrait.scene import part

if TYPE_CHECKING:
    from vigie.domain.finding import Finding
    from vigie.services.figures.makers import Cohort


@computes("makers_created")
def makers_created(readings: Readings) -> Finding:
    """Return what was created, split by what it made and by what became of it."""
    tables, cohorts = readings.measured("makers_created"), cohorts_of(readings.basis)
    if tables[-1].why[0] is not None:
        return readings.scene.told(tables)
    last, made = cohorts[-1], _made(readings, cohorts[-1])
    parts = [
        part("makers_created", "fabrication", "Fabrication", made[Making.MANUFACTURE.value]),
        part("makers_created", "artisanat", "Artisanat, hors fabrication", made[Making.CRAFT.value]),
        part("makers_created", "ouverts", "Encore ouverts", round(float(last.open_makers[0]))),
        part("makers_created", "fermes", "Fermés depuis", round(float((last.makers - last.open_makers)[0]))),
    ]
    note = f"{_span(last)}, fermés depuis compris."
    return readings.scene.told(tables, note, breakdown=parts, series=True)


@computes("core_makers_share")
def core_makers_share(readings: Readings) -> Finding:
    """Return the share of the core, cohort by cohort, with what the survivors alone would have told."""
    tables, cohorts = readings.measured("core_makers_share"), cohorts_of(readings.basis)
    if tables[-1].why[0] is not None:
        return readings.scene.told(tables)
    last = cohorts[-1]
    note = f"{_span(last)}\u00a0: {_of(last)} au cœur. {_core_words(readings)} {_survivors(last)}".strip()
    parts = [
        part(
            "core_makers_share", f"{one.first}-{one.last}", _span(one), float(one.core_makers[0] / one.makers[0] * 100),
            note=f"{_of(one)} au cœur\u00a0; {counted(one.open_makers[0], 'encore ouvert', 'encore ouverts')}.",
        )
        for one in cohorts
        if one.makers[0] >= LEAST
    ]  # fmt: skip
    return readings.scene.told(tables, note, breakdown=parts, series=True)


@computes("core_makers_quotient")
def core_makers_quotient(readings: Readings) -> Finding:
    """Return whether makers are created in the core more than everything else is, cohort by cohort."""
    tables, cohorts = readings.measured("core_makers_quotient"), cohorts_of(readings.basis)
    if tables[-1].why[0] is not None:
        return readings.scene.told(tables)
    last, known = cohorts[-1], [one for one in cohorts if one.makers[0] >= LEAST and one.core_born[0] > 0]
    every = last.core_born[0] / last.born[0] * 100
    told = f"Toutes créations confondues, {number(every, 1)}{NBSP}% sont au cœur."
    note = f"{_span(last)}. {told} {_core_words(readings)}".strip()
    parts = [
        part(
            "core_makers_quotient", f"{one.first}-{one.last}", _span(one), float(quotient(one)[0]),
            note=f"{_of(one)} au cœur\u00a0; {number(one.core_born[0])} sur {number(one.born[0])} toutes créations.",
        )
        for one in known
    ]  # fmt: skip
    return readings.scene.told(tables, note, breakdown=parts, series=True)


def _made(readings: Readings, one: Cohort) -> dict[str, int]:
    rows = [row for row in readings.facts.births or () if one.first <= row.year <= one.last]
    return {making.value: sum(row.born for row in rows if row.making == making.value) for making in Making}


def _span(one: Cohort) -> str:
    return f"Créés de {one.first} à {one.last}"


def _of(one: Cohort) -> str:
    return f"{number(one.core_makers[0])} sur {number(one.makers[0])}"


def _core_words(readings: Readings) -> str:
    core = readings.facts.core
    if core.rule is None:
        return ""
    count = counted(core.communes, "commune")
    return f"Cœur\u00a0: {CoreRule(core.rule).label} ({count} sur {number(core.among)})."


def _survivors(one: Cohort) -> str:
    """Say what the stock alone would tell of the same cohort."""
    if one.open_makers[0] < LEAST:
        return ""
    kept = one.open_core[0] / one.open_makers[0] * 100
    closed = float((one.makers - one.open_makers)[0])
    told = f"{number(closed)} {plural(np.ceil(closed), 'a', 'ont')} fermé depuis"
    return f"Des seuls encore ouverts, on lirait {number(kept, 1)}{NBSP}%\u00a0: {told}."
