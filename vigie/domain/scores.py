"""A score that explains itself: what was looked at, how much it weighs, what it adds, and the evidence.

Partner proposals and site searches answer with the same record, so one page, one API and one test of explanation serve
all of them. A score is the sum of the contributions of its features: nothing else moves it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Feature:
    """One reason of a score.

    `weight` is what the feature is worth, `value` what was measured here on the scale that the weight multiplies,
    `contribution` their product; `None` where the feature is not known here: it then neither adds nor takes away.
    `evidence` says in one French phrase what was seen, `docstring` in French what the feature is and how it is
    computed, as the page of methods shows it.
    """

    name: str
    label: str
    weight: float
    value: float | None
    evidence: str
    docstring: str

    @property
    def contribution(self) -> float:
        """Return what the feature adds to the score: weight times value, 0 when it is not known."""
        return 0.0 if self.value is None else self.weight * self.value


@dataclass(frozen=True, slots=True)
class Score:
    """The features of one proposal, in the order of their declaration."""

    features: tuple[Feature, ...]

    @property
    def total(self) -> float:
        """Return the score: the sum of what each feature adds."""
        return sum(feature.contribution for feature in self.features)

    @property
    def share(self) -> float:
        """Return the score over the most that its features could add: what compares proposals of several kinds.

        >>> Score((Feature("a", "a", 3.0, 0.5, "", ""), Feature("b", "b", -1.0, 0.0, "", ""))).share
        0.5
        """
        most = sum(max(feature.weight, 0.0) for feature in self.features)
        return self.total / most if most else 0.0

    @property
    def known_share(self) -> float:
        """Return the share (0 to 1) of the weights whose feature is known here; 0 without any weight.

        >>> Score((Feature("a", "a", 3.0, 1.0, "", ""), Feature("b", "b", 1.0, None, "", ""))).known_share
        0.75
        """
        whole = sum(abs(feature.weight) for feature in self.features)
        known = sum(abs(feature.weight) for feature in self.features if feature.value is not None)
        return known / whole if whole else 0.0

    def by_contribution(self) -> tuple[Feature, ...]:
        """Return the known features, the one that adds most first; equal ones in the order of their declaration."""
        known = [feature for feature in self.features if feature.value is not None]
        return tuple(sorted(known, key=lambda feature: -feature.contribution))

    def as_dict(self) -> dict[str, Any]:
        """Return the score as the machine-readable answers print it."""
        told = [{**asdict(feature), "contribution": feature.contribution} for feature in self.features]
        return {"total": self.total, "share": self.share, "known_share": self.known_share, "features": told}
