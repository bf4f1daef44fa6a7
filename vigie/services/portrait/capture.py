"""Value capture, by proxy: who leads from elsewhere, how few hold the jobs, what may keep margins, what is imported."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from vigie.domain.french import NBSP, counted, number, percent
from vigie.services.figures.capture import ELSEWHERE, HERE, LARGEST, capture_groups, purchases_of
from vigie.services.portrait.readings import Readings, computes
from vigie.services.portrait.scene import part

if TYPE_CHECKING:
    from vigie.domain.finding import Finding

_LEAST_LED = 10
"""Employers of a division below which the share led from elsewhere is not told apart."""
_MOST = 12
PROXY = "Indice, non une mesure de la valeur\u00a0: un siège d’ici peut dépendre d’un groupe d’ailleurs."


@computes("outside_head_share")
def outside_head_share(readings: Readings) -> Finding:
    """Return the share of employers led from elsewhere, then that of each activity."""
    tables = readings.measured("outside_head_share")
    if tables[-1].why[0] is not None:
        return readings.scene.told(tables)
    led = _led(readings)
    parts = [
        part(
            "outside_head_share", division, readings.labels[division], elsewhere / (here + elsewhere) * 100,
            note=f"{number(elsewhere)} sur {number(here + elsewhere)}.",
        )
        for division, (here, elsewhere) in led.items()
        if division in readings.labels and here + elsewhere >= _LEAST_LED
    ]  # fmt: skip
    ranked = sorted(parts, key=lambda one: (-float(one.value or 0), str(one.key)))
    here, elsewhere = (sum(pair[rank] for pair in led.values()) for rank in (0, 1))
    note = f"{counted(elsewhere, 'employeur')} sur {number(here + elsewhere)}. {PROXY}"
    return readings.scene.told(tables, note, breakdown=ranked)


@computes("outside_head_jobs")
def outside_head_jobs(readings: Readings) -> Finding:
    """Return the share of jobs led from elsewhere."""
    note = f"Emplois estimés par le milieu des tranches de taille, bornés par leurs extrémités. {PROXY}"
    return readings.scene.told(readings.measured("outside_head_jobs"), note)


@computes("largest_sites_share")
def largest_sites_share(readings: Readings) -> Finding:
    """Return the share of the ten largest employers."""
    note = f"Les {LARGEST} plus grands employeurs, dans les emplois que disent les tranches de taille."
    return readings.scene.told(readings.measured("largest_sites_share"), note)


@computes("capture_share")
def capture_share(readings: Readings) -> Finding:
    """Return the share of the activities of the list, group by group."""
    tables, mix = readings.measured("capture_share"), readings.mix
    if tables[-1].why[0] is not None:
        return readings.scene.told(tables)
    total = sum(mix.local.values())
    parts = []
    for group in capture_groups():
        held = sum(mix.local.get(code, 0) for code in group.codes)
        told = f"{number(held)} sur {number(total)}."
        parts.append(part("capture_share", group.id, group.label, held / total * 100, note=told))
    return readings.scene.told(tables, f"{mix.told} La liste des activités est publiée.", breakdown=parts)


@computes("import_content")
def import_content(readings: Readings) -> Finding:
    """Return the import content of what is bought here, sector by sector, with the year of the national table."""
    tables, exchanges = readings.measured("import_content"), readings.basis.exchanges
    if tables[-1].why[0] is not None or exchanges is None:
        return readings.scene.told(tables)
    bought = purchases_of(readings.basis, exchanges)[0]
    parts = [
        part(
            "import_content", str(sector), exchanges.labels[sector], float(exchanges.content.direct[sector] * 100),
            note=f"{percent(bought[sector] / bought.sum(), 0)} des achats du territoire.",
        )
        for sector in np.argsort(-bought, kind="stable")[:_MOST]
        if bought[sector] > 0
    ]  # fmt: skip
    interval = tables[-1].interval_at(0)
    whole = "" if interval is None or interval.high is None else f"{number(interval.high, 1)}{NBSP}%"
    note = (
        f"Tableau national de {exchanges.year}, appliqué aux emplois d’ici\u00a0: chacun y achète comme un emploi de "
        f"sa branche en France. Avec ce qu’importent les fournisseurs\u00a0: {whole}."
    )
    return readings.scene.told(tables, note, breakdown=parts)


def _led(readings: Readings) -> dict[str, tuple[int, int]]:
    """Count the employers of each division led from here, and from elsewhere."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in readings.facts.seats or ():
        if row.state in (HERE, ELSEWHERE):
            found[row.division or ""][row.state == ELSEWHERE] += row.establishments
    return {division: (here, elsewhere) for division, (here, elsewhere) in found.items()}
