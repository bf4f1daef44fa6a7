"""What a condition asks and what is known of who asks: one model for schemes that help and for people who advise.

A condition is answered yes, no or unknown. What follows from « unknown » is not decided here: a missing datum never
closes a scheme (`measures/eligibility.py`), and never passes a person's filter (`measures/routing.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

NO_TRAITS: frozenset[str] = frozenset()


class Holds(IntEnum):
    """Whether a condition holds; the least of several says what they say together."""

    NO = 0
    UNKNOWN = 1
    YES = 2


class Topic(StrEnum):
    """What a condition is about, in the word that people read."""

    PLACE = "lieu"
    ACTIVITY = "activité"
    SIZE = "effectif"
    LEGAL_FORM = "forme juridique"
    AGE = "ancienneté"
    PUBLIC = "type d’organisme"
    THEME = "sujet"
    OTHER = "autre condition"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: traits of which one is needed, traits that refuse, or bounds (both included) of an amount.

    A trait is `kind:value` (`region:Bretagne`, `section:C`, `forme:1000`). A condition without any of these is text
    that nothing computes: it is always unknown. `sentence` says it in French, `reference` where it is written.
    """

    topic: Topic
    sentence: str
    reference: str = ""
    allowed: frozenset[str] = NO_TRAITS
    refused: frozenset[str] = NO_TRAITS
    amount: str = ""
    least: float | None = None
    most: float | None = None

    def holds(self, asker: Applicant) -> Holds:
        """Tell whether the condition holds for somebody; unknown where what it needs is not known."""
        answers = []
        if self.allowed:
            answers.append(_among(self.allowed, asker, met=Holds.YES, otherwise=Holds.NO))
        if self.refused:
            answers.append(_among(self.refused, asker, met=Holds.NO, otherwise=Holds.YES))
        if self.amount:
            answers.append(self._bounded(asker))
        return min(answers, default=Holds.UNKNOWN)

    def _bounded(self, asker: Applicant) -> Holds:
        """Compare bounds with an amount known as a range: a size band that crosses a threshold is unknown."""
        if self.amount not in asker.amounts:
            return Holds.UNKNOWN
        low, high = asker.amounts[self.amount]
        least = float("-inf") if self.least is None else self.least
        most = float("inf") if self.most is None else self.most
        if high < least or low > most:
            return Holds.NO
        return Holds.YES if least <= low and high <= most else Holds.UNKNOWN


@dataclass(frozen=True, slots=True)
class Applicant:
    """What is known of a firm or of a need: its traits, the kinds of trait known whole, its amounts as ranges.

    A kind in `known` without any trait means « known to have none ».
    """

    traits: frozenset[str] = NO_TRAITS
    known: frozenset[str] = NO_TRAITS
    amounts: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def nothing_known(self) -> bool:
        """Tell whether nothing at all is known."""
        return not self.known and not self.amounts


HEADCOUNT = "effectif"
"""Employees, in persons."""
YEARS = "ancienneté"
"""Age of the firm, in years."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme that helps firms: its conditions and its days; `closes` is the first day on which it is closed."""

    id: str
    title: str
    conditions: tuple[Condition, ...]
    opens: date | None = None
    closes: date | None = None
    kind: str = ""
    cost: str = ""
    left_to_read: bool = False
    """Whether some of its conditions are words that only a reader can answer."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody who advises asks of firms; with subjects, only when the need is about one of them."""

    conditions: tuple[Condition, ...]
    subjects: frozenset[str] = NO_TRAITS

    def applies(self, subject: str | None) -> bool:
        """Tell whether the filter is asked of a need."""
        return not self.subjects or subject in self.subjects


def traits(kind: str, values: Iterable[object]) -> frozenset[str]:
    """Return the traits of a kind.

    >>> sorted(traits("section", ["C", "A"]))
    ['section:A', 'section:C']
    """
    return frozenset(f"{kind}:{value}" for value in values)


def _among(asked: frozenset[str], asker: Applicant, *, met: Holds, otherwise: Holds) -> Holds:
    """Tell what having one of some traits gives; unknown while a kind that could hold one is not known."""
    if not asked.isdisjoint(asker.traits):
        return met
    kinds = {trait.partition(":")[0] for trait in asked}
    return otherwise if kinds <= asker.known else Holds.UNKNOWN
