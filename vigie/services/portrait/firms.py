"""Establishments: how many, employing or not, of what size and activity, craft and head offices."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from vigie.domain.actors import SIZE_BANDS
from vigie.domain.french import counted, plural
from vigie.services.portrait.readings import Readings, computes
from vigie.services.portrait.scene import part
from vigie.sources import nomenclature

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vigie.domain.finding import Finding
    from vigie.services.portrait.reading import EstablishmentGroup

BOUNDS = "Bornes\u00a0: selon qu’aucun ou que tous les établissements mal connus sont dans ce cas."
UNPUBLISHED = "non_publie"


def _plain(indicator: str) -> None:
    """Register an indicator whose finding says nothing that its table does not."""
    computes(indicator)(lambda readings: readings.scene.told(readings.measured(indicator)))


for _indicator in ("establishments", "medium_sites", "employer_density", "head_office_share", "craft_share"):
    _plain(_indicator)


@computes("employers")
def employers(readings: Readings) -> Finding:
    """Return the number of those that employ."""
    return _bounded(readings, "employers")


@computes("non_employers")
def non_employers(readings: Readings) -> Finding:
    """Return the number of those that do not."""
    return _bounded(readings, "non_employers")


@computes("establishments_by_activity")
def establishments_by_activity(readings: Readings) -> Finding:
    """Return open establishments by activity."""
    return _by_activity(readings, "establishments_by_activity", readings.facts.groups)


@computes("employers_by_activity")
def employers_by_activity(readings: Readings) -> Finding:
    """Return employers by activity."""
    return _by_activity(readings, "employers_by_activity", [g for g in readings.facts.groups if g.employer == "O"])


def _bounded(readings: Readings, indicator: str) -> Finding:
    tables = readings.measured(indicator)
    return readings.scene.told(tables, BOUNDS if tables[-1].interval_at(0) else None)


def _by_activity(readings: Readings, indicator: str, groups: Iterable[EstablishmentGroup]) -> Finding:
    """Count by section, each split by division."""
    labels = readings.labels
    sections: dict[str, Counter[str]] = {}
    for group in groups:
        division = (group.naf or "")[:2]
        if division in labels:
            sections.setdefault(labels[f"section:{division}"], Counter())[division] += group.establishments
    ranked = sorted(sections.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    return readings.scene.told(
        readings.measured(indicator),
        breakdown=[
            part(
                indicator,
                section,
                labels[section],
                sum(counts.values()),
                breakdown=_divisions(indicator, counts, labels),
            )
            for section, counts in ranked
        ],
    )


def _divisions(indicator: str, counts: Counter[str], labels: Mapping[str, str]) -> tuple[Finding, ...]:
    return tuple(part(indicator, code, labels[code], count) for code, count in counts.most_common())


@computes("establishments_by_size")
def establishments_by_size(readings: Readings) -> Finding:
    """Return open establishments by size band."""
    bands = readings.facts.count(lambda group: group.band)
    order = [*SIZE_BANDS, "NN"]
    parts = [part("establishments_by_size", band, _band_label(band), bands[band]) for band in order if bands[band]]
    if bands[None]:
        label = "Taille non publiée"
        parts.append(part("establishments_by_size", UNPUBLISHED, label, bands[None]))
    return readings.scene.told(readings.measured("establishments_by_size"), breakdown=parts)


def _band_label(band: str) -> str:
    found = nomenclature.size_band(band)
    return found.label if found else band


@computes("jobs_by_band")
def jobs_by_band(readings: Readings) -> Finding:
    """Return jobs estimated from the size bands of employers."""
    groups = readings.facts.groups
    unknown = sum(one.establishments for one in groups if one.employer == "O" and one.band in (None, "NN"))
    return readings.scene.told(
        readings.measured("jobs_by_band"),
        "Estimation par le milieu des tranches\u00a0; "
        f"{counted(unknown, 'employeur')} sans tranche chiffrée "
        f"{plural(unknown, 'n’y compte', 'n’y comptent')} pas.",
    )
