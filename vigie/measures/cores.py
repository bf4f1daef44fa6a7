"""The dense core of a territory: what is told of a place of many communes when they are not all alike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


class CoreRule(StrEnum):
    """How a core was found."""

    POLE = "pole"
    DENSEST_JOBS = "densest_jobs"
    DENSEST_SITES = "densest_sites"

    @property
    def label(self) -> str:
        """French words for it."""
        return _LABELS[self]


_LABELS = {
    CoreRule.POLE: "pôle d’une aire d’attraction (Insee)",
    CoreRule.DENSEST_JOBS: "communes les plus denses en emplois, jusqu’à la moitié des emplois",
    CoreRule.DENSEST_SITES: "communes les plus denses en établissements, jusqu’à la moitié d’entre eux",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What cores are found from, by commune: poles, jobs, open establishments, areas in km²."""

    poles: frozenset[str]
    jobs: Mapping[str, float]
    sites: Mapping[str, float]
    areas: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Core:
    """Communes of a core and the rule that found them; `rule` is `None` where none could be found."""

    communes: frozenset[str]
    rule: CoreRule | None


def core_of(communes: Collection[str], ground: Ground) -> Core:
    """Return the core of a territory: its communes that are poles, else the densest that hold half of its jobs.

    Poles are those that the zoning of areas of attraction gives. Without any, communes are taken in the order of jobs
    by km² until they hold half of the jobs, or of the open establishments where no job is known; a commune whose area
    is unknown is never taken, its jobs count in the total. Cost: n log n, n the communes.

    >>> ground = Ground(frozenset(), {"A": 60, "B": 50, "C": 10}, {}, {"A": 30.0, "B": 10.0, "C": 1.0})
    >>> found = core_of(["A", "B", "C"], ground)
    >>> sorted(found.communes), found.rule.value
    (['B', 'C'], 'densest_jobs')
    """
    poles = ground.poles.intersection(communes)
    if poles:
        return Core(poles, CoreRule.POLE)
    for rule, amounts in ((CoreRule.DENSEST_JOBS, ground.jobs), (CoreRule.DENSEST_SITES, ground.sites)):
        held = {commune: amounts[commune] for commune in communes if amounts.get(commune)}
        if held:
            found = _densest(held, ground.areas)
            return Core(found, rule if found else None)
    return Core(frozenset(), None)


def _densest(held: Mapping[str, float], areas: Mapping[str, float]) -> frozenset[str]:
    """Return the densest communes that hold half of an amount; none where those of known area do not."""
    half, taken, chosen = sum(held.values()) / 2, 0.0, set()
    for commune in _by_density(held, areas):
        if taken >= half:
            break
        chosen.add(commune)
        taken += held[commune]
    return frozenset(chosen) if taken >= half else frozenset()


def _by_density(held: Mapping[str, float], areas: Mapping[str, float]) -> Iterable[str]:
    placed = [commune for commune in held if areas.get(commune)]
    return sorted(placed, key=lambda commune: (-held[commune] / areas[commune], commune))
