"""What a site that lies idle could become: seven uses weighed by named criteria.

Source: the calculation service of Mutafriches (ADEME, MIT); weights, matrices and thresholds are given, never guessed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

USES = ("residentiel", "equipements", "culture", "tertiaire", "industrie", "renaturation", "photovoltaique")
"""In the order in which equal indices are told."""
UNSAID = "ne-sait-pas"
LABELS = ((70, "Excellent"), (60, "Très bon"), (50, "Bon"), (40, "Moyen"))
"""From which index (in hundredths) a use is called so; below the last, `WEAK`."""
WEAK = "Faible"
IN_KILOMETRES = frozenset({"distanceAutoroute", "distanceRaccordementElectrique"})
"""Criteria that sites state in metres and bands in kilometres."""
_HALF = 0.5
"""The score that speaks both for and against; also what rounds halves up."""
_FULL_WEIGHT = 30
"""Sum of the weights of all criteria: reliability is 10 when all are known."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """How sites are weighed: weight of each criterion, scores by value, scores by band (lower bound, scores)."""

    weights: Mapping[str, float]
    by_value: Mapping[str, Mapping[str, Mapping[str, float]]]
    by_band: Mapping[str, Sequence[tuple[float, Mapping[str, float]]]]


@dataclass(frozen=True, slots=True)
class UseScore:
    """How well a use fits: index (0 to 100), its label, the sums of weights that speak for and against."""

    use: str
    index: float
    label: str
    advantages: float
    constraints: float


def weigh(site: Mapping[str, object], weighing: Weighing) -> tuple[float, list[UseScore]]:
    """Return the reliability of what is known of a site (0 to 10, by halves) and its uses, the fittest first.

    A criterion absent or unsaid is skipped. A score s of weight w adds s·w to advantages above 0.5, |s|·w to
    constraints below 0, and 0.5·w to both at 0.5; index = 100 A / (A + C), one decimal. Raises
    `ValueError(criterion, value)` for a value that the matrix does not hold. Cost: O(criteria × uses).
    """
    known = {name: scores for name in weighing.weights if (scores := _scores(name, site.get(name), weighing))}
    total = sum(weighing.weights[name] for name in known)
    found = [_use(use, [(scores[use], weighing.weights[name]) for name, scores in known.items()]) for use in USES]
    return math.floor(20 * total / _FULL_WEIGHT + _HALF) / 2, sorted(found, key=lambda one: -one.index)


def label_of(index: float) -> str:
    """Return the label of an index.

    >>> label_of(50.0), label_of(12.5)
    ('Bon', 'Faible')
    """
    return next((label for least, label in LABELS if index >= least), WEAK)


def _use(use: str, scored: Sequence[tuple[float, float]]) -> UseScore:
    advantages = sum(score * weight for score, weight in scored if score >= _HALF)
    constraints = sum(-score * weight for score, weight in scored if score < 0)
    constraints += sum(_HALF * weight for score, weight in scored if score == _HALF)
    both = advantages + constraints
    # Half up, as it is published: Python's `round` would take 62.25 to 62.2.
    index = math.floor(1000 * advantages / both + _HALF) / 10 if both else 0.0
    return UseScore(use, index, label_of(index), advantages, constraints)


def _scores(criterion: str, value: object, weighing: Weighing) -> Mapping[str, float] | None:
    """Return the scores by use of what is known of a criterion; `None` when it is not known."""
    if value is None or value == UNSAID:
        return None
    if criterion in weighing.by_band:
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value) or value < 0:
            raise ValueError(criterion, value)
        amount = value / 1000 if criterion in IN_KILOMETRES else value
        return next((scores for start, scores in reversed(weighing.by_band[criterion]) if start <= amount), None)
    written = str(value).lower() if isinstance(value, bool) else str(value)
    held = weighing.by_value.get(criterion, {})
    if written not in held:
        raise ValueError(criterion, value)
    return held[written]
