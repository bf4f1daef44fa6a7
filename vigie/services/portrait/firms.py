"""Establishments: how many, employing or not, of what size and activity, craft and head offices."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from vigie.domain.actors import SIZE_BANDS
from vigie.domain.finding import Finding, Interval
from vigie.measures.coverage import coverage, known_share
from vigie.measures.mapping import per_thousand
from vigie.measures.workforce import headcount
from vigie.services.loaded import REFERENCE, STOCK
from vigie.services.portrait.scene import NOTHING, Scene, part
from vigie.services.portrait.wording import number
from vigie.sources import nomenclature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from vigie.services.portrait.reading import Facts, Group, Status

NO_FLAG = "Les fichiers chargés ne disent pas si les établissements emploient."
BOUNDS = "Bornes\u00a0: selon qu’aucun ou que tous les établissements mal connus sont dans ce cas."
UNPUBLISHED = "non_publie"


def firm_findings(scene: Scene, facts: Facts, national: Facts, labels: Mapping[str, str]) -> list[Finding]:
    """Return the findings on the stock of open establishments; `labels` names sections and divisions."""
    flags = facts.count(lambda group: group.employer)
    total = sum(flags.values())
    return [
        scene.finding("establishments", total or None, sources=(STOCK,), note=None if total else NOTHING),
        _flagged(scene, "employers", "O", flags),
        _flagged(scene, "non_employers", "N", flags),
        _density(scene, facts, flags),
        _by_activity(scene, "establishments_by_activity", facts.groups, labels),
        _by_activity(scene, "employers_by_activity", [g for g in facts.groups if g.employer == "O"], labels),
        _by_size(scene, facts),
        _jobs_by_band(scene, facts),
        *status_findings(scene, facts, national),
    ]


def status_findings(scene: Scene, facts: Facts, national: Facts) -> list[Finding]:
    """Return the shares of craft and of head offices among employers."""
    return [
        _share(scene, "craft_share", facts.statuses, lambda status: status.craft,
               any(status.craft for status in national.statuses),
               "Les fichiers chargés ne portent pas l’inscription au répertoire des métiers."),
        _share(scene, "head_office_share", facts.statuses, lambda status: status.head_office,
               any(status.head_office for status in national.statuses),
               "Les fichiers chargés ne disent pas quels établissements sont des sièges."),
    ]  # fmt: skip


def _flagged(scene: Scene, indicator: str, flag: str, flags: Counter[str | None]) -> Finding:
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


def _density(scene: Scene, facts: Facts, flags: Counter[str | None]) -> Finding:
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


def _by_activity(scene: Scene, indicator: str, groups: Iterable[Group], labels: Mapping[str, str]) -> Finding:
    """Count by section, each split by division."""
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


def _by_size(scene: Scene, facts: Facts) -> Finding:
    bands = facts.count(lambda group: group.band)
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


def _jobs_by_band(scene: Scene, facts: Facts) -> Finding:
    employers: Counter[str | None] = Counter()
    for group in facts.groups:
        if group.employer == "O":
            employers[group.band] += group.establishments
    estimate = headcount(employers)
    if not estimate.known:
        note = "Aucune tranche d’effectif chiffrée n’est publiée pour les employeurs de ce territoire."
        return scene.finding("jobs_by_band", None, sources=(STOCK,), coverage=0.0 if employers else None, note=note)
    return scene.finding(
        "jobs_by_band",
        estimate.middle,
        sources=(STOCK,),
        coverage=coverage(estimate.known, sum(employers.values())),
        interval=Interval(estimate.low, estimate.high),
        note=(
            "Estimation par le milieu des tranches\u00a0; "
            f"{number(estimate.without + estimate.unpublished)} employeurs sans tranche chiffrée n’y comptent pas."
        ),
    )


def _share(
    scene: Scene,
    indicator: str,
    statuses: Iterable[Status],
    read: Callable[[Status], bool | None],
    told: bool,
    absence: str,
) -> Finding:
    """Return the share of employers for which `read` is true; `told` says whether the load tells it at all."""
    counts: Counter[bool | None] = Counter()
    for status in statuses:
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
