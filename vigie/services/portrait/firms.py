"""Establishments: how many, employing or not, of what size and activity, craft and head offices."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from vigie.domain.actors import SIZE_BANDS
from vigie.domain.finding import Finding, Interval
from vigie.domain.french import counted, plural
from vigie.measures.coverage import coverage, known_share
from vigie.measures.mapping import per_thousand
from vigie.measures.workforce import headcount
from vigie.services.loaded import REFERENCE, STOCK
from vigie.services.portrait.readings import Readings, computes
from vigie.services.portrait.scene import NOTHING, part
from vigie.sources import nomenclature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from vigie.services.portrait.reading import EstablishmentGroup, Facts, Status

NO_FLAG = "Les fichiers chargés ne disent pas si les établissements emploient."
BOUNDS = "Bornes\u00a0: selon qu’aucun ou que tous les établissements mal connus sont dans ce cas."
UNPUBLISHED = "non_publie"
MEDIUM = ("11", "12", "21", "22", "31")
"""Size bands of 10 to 249 employees."""


@computes("establishments")
def establishments(readings: Readings) -> Finding:
    """Return the number of open establishments."""
    total = _flags(readings.facts).total()
    note = None if total else NOTHING
    return readings.scene.finding("establishments", total or None, sources=(STOCK,), note=note)


@computes("employers")
def employers(readings: Readings) -> Finding:
    """Return the number of those that employ."""
    return _flagged(readings, "employers", "O")


@computes("non_employers")
def non_employers(readings: Readings) -> Finding:
    """Return the number of those that do not."""
    return _flagged(readings, "non_employers", "N")


@computes("establishments_by_activity")
def establishments_by_activity(readings: Readings) -> Finding:
    """Return open establishments by activity."""
    return _by_activity(readings, "establishments_by_activity", readings.facts.groups)


@computes("employers_by_activity")
def employers_by_activity(readings: Readings) -> Finding:
    """Return employers by activity."""
    return _by_activity(readings, "employers_by_activity", [g for g in readings.facts.groups if g.employer == "O"])


@computes("craft_share")
def craft_share(readings: Readings) -> Finding:
    """Return the share of crafts among employers."""
    absence = "Les fichiers chargés ne portent pas l’inscription au répertoire des métiers."
    return _share(readings, "craft_share", lambda status: status.craft, absence)


@computes("head_office_share")
def head_office_share(readings: Readings) -> Finding:
    """Return the share of head offices among employers."""
    absence = "Les fichiers chargés ne disent pas quels établissements sont des sièges."
    return _share(readings, "head_office_share", lambda status: status.head_office, absence)


def _flags(facts: Facts) -> Counter[str | None]:
    return facts.count(lambda group: group.employer)


def _flagged(readings: Readings, indicator: str, flag: str) -> Finding:
    scene, flags = readings.scene, _flags(readings.facts)
    total, unknown = sum(flags.values()), flags[None]
    known = total - unknown
    if not known:
        return scene.finding(
            indicator, None, sources=(STOCK,), coverage=coverage(0, total), note=NO_FLAG if total else NOTHING
        )
    return scene.finding(
        indicator,
        flags[flag],
        sources=(STOCK,),
        coverage=coverage(known, total),
        interval=Interval(flags[flag], flags[flag] + unknown) if unknown else None,
        note=BOUNDS if unknown else None,
    )


@computes("employer_density")
def employer_density(readings: Readings) -> Finding:
    """Return employers for 1,000 inhabitants."""
    scene, facts, flags = readings.scene, readings.facts, _flags(readings.facts)
    population = facts.censuses[-1].population if facts.censuses else None
    known = sum(flags.values()) - flags[None]
    if not population or not known or scene.partial:
        return scene.finding(
            "employer_density", None, sources=(STOCK, REFERENCE),
            note="Il faut la population et le caractère employeur des établissements.",
        )  # fmt: skip
    return scene.finding(
        "employer_density",
        per_thousand(flags["O"], population),
        sources=(STOCK, REFERENCE),
        coverage=coverage(known, sum(flags.values())),
    )


def _by_activity(readings: Readings, indicator: str, groups: Iterable[EstablishmentGroup]) -> Finding:
    """Count by section, each split by division."""
    scene, labels = readings.scene, readings.labels
    sections: dict[str, Counter[str]] = {}
    unknown = 0
    for group in groups:
        division = (group.naf or "")[:2]
        if division in labels:
            sections.setdefault(labels[f"section:{division}"], Counter())[division] += group.establishments
        else:
            unknown += group.establishments
    total = sum(sum(counts.values()) for counts in sections.values())
    ranked = sorted(sections.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    return scene.finding(
        indicator,
        total if total + unknown else None,
        sources=(STOCK,),
        coverage=coverage(total, total + unknown),
        note=None if total + unknown else NOTHING,
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
    scene, bands = readings.scene, readings.facts.count(lambda group: group.band)
    total = sum(bands.values())
    order = [*SIZE_BANDS, "NN"]
    parts = [part("establishments_by_size", band, _band_label(band), bands[band]) for band in order if bands[band]]
    if bands[None]:
        label = "Tranche d’effectif non publiée"
        parts.append(part("establishments_by_size", UNPUBLISHED, label, bands[None]))
    return scene.finding(
        "establishments_by_size",
        total - bands[None] if total else None,
        sources=(STOCK,),
        coverage=known_share(bands),
        note=None if total else NOTHING,
        breakdown=parts,
    )


def _band_label(band: str) -> str:
    found = nomenclature.size_band(band)
    return found.label if found else band


@computes("medium_sites")
def medium_sites(readings: Readings) -> Finding:
    """Return the number of employers of 10 to 249."""
    scene, bands = readings.scene, Counter[str | None]()
    for group in readings.facts.groups:
        if group.employer == "O":
            bands[group.band] += group.establishments
    known = bands.total() - bands[None]
    if not known:
        return scene.finding("medium_sites", None, sources=(STOCK,), note=NO_FLAG if bands.total() else NOTHING)
    return scene.finding(
        "medium_sites", sum(bands[band] for band in MEDIUM), sources=(STOCK,), coverage=coverage(known, bands.total())
    )


@computes("jobs_by_band")
def jobs_by_band(readings: Readings) -> Finding:
    """Return jobs estimated from the size bands of employers."""
    scene = readings.scene
    bands: Counter[str | None] = Counter()
    for group in readings.facts.groups:
        if group.employer == "O":
            bands[group.band] += group.establishments
    estimate = headcount(bands)
    if not estimate.known:
        note = "Aucune tranche d’effectif chiffrée n’est publiée pour les employeurs de ce territoire."
        return scene.finding("jobs_by_band", None, sources=(STOCK,), coverage=0.0 if bands else None, note=note)
    unknown = estimate.without + estimate.unpublished
    return scene.finding(
        "jobs_by_band",
        estimate.middle,
        sources=(STOCK,),
        coverage=coverage(estimate.known, bands.total()),
        interval=Interval(estimate.low, estimate.high),
        note=(
            "Estimation par le milieu des tranches\u00a0; "
            f"{counted(unknown, 'employeur')} sans tranche chiffrée "
            f"{plural(unknown, 'n’y compte', 'n’y comptent')} pas."
        ),
    )


def _share(readings: Readings, indicator: str, read: Callable[[Status], bool | None], absence: str) -> Finding:
    """Return the share of employers for which `read` is true; `absence` says that the load tells it of nobody."""
    scene, told = readings.scene, any(read(status) for status in readings.national.statuses)
    counts: Counter[bool | None] = Counter()
    for status in readings.facts.statuses:
        if status.employer == "O":
            counts[read(status)] += status.establishments
    known = counts[True] + counts[False]
    total = known + counts[None]
    if not told or not known:
        note = absence if not told else "Aucun établissement employeur connu dans ce territoire."
        return scene.finding(indicator, None, sources=(STOCK,), coverage=coverage(0, total), note=note)
    return scene.finding(
        indicator, counts[True] / known * 100, sources=(STOCK,), coverage=coverage(known, total)
    )  # fmt: skip
