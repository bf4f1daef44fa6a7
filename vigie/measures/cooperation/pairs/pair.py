"""A firm that seeks and one that could be proposed, and how a feature looks at both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from vigie.domain.scores import Feature
from vigie.domain.situation import FirmSaid


@dataclass(frozen=True, slots=True)
class FirmSeen:
    """What features look at of a firm: its activity (NAF rev. 2), its employees in the middle of its size, its places.

    What is not known is `None` or empty; `ties` counts the partners that it is known to have, `said` is what it says
    of itself as far as the asker may read it.
    """

    naf: str
    employees: float | None = None
    commune: str = ""
    places: frozenset[str] = frozenset()
    partners: frozenset[str] | None = None
    ties: int | None = None
    said: FirmSaid | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides, how far apart they are, and what brings their activities near.

    `know_how` is the nearness of the trades that they hire and `flow` that of what they buy from one another, 0 to 1
    within what is nearest to the activity that seeks; `None` when it is not known. Two texts say what each rests on.
    """

    seeker: FirmSeen
    candidate: FirmSeen
    kilometres: float | None
    know_how: float | None = None
    know_how_evidence: str = ""
    flow: float | None = None
    flow_evidence: str = ""


@dataclass(frozen=True, slots=True)
class PairFeature:
    """A feature of a pair; `measure` returns a value from 0 to 1, or `None`, and what was seen, in French."""

    name: str
    label: str
    measure: Callable[[Pair], tuple[float | None, str]]

    @property
    def docstring(self) -> str:
        """Return in French what the feature is, as the page of methods shows it; raises `ValueError` without any."""
        return _words_of(self.measure, self.name)

    def of(self, pair: Pair, weight: float) -> Feature:
        """Return the feature of a pair, with what it weighs."""
        return self.weighed(self.measure(pair), weight)

    def weighed(self, measured: tuple[float | None, str], weight: float) -> Feature:
        """Return the feature of a pair already measured, with what it weighs."""
        value, evidence = measured
        return Feature(self.name, self.label, weight, value, evidence, self.docstring)


@cache
def _words_of(measure: Callable[[Pair], tuple[float | None, str]], name: str) -> str:
    words = " ".join((measure.__doc__ or "").split())
    if not words:
        raise ValueError(f"the feature « {name} » says nothing of what it measures")
    return words
