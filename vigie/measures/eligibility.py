"""Which schemes help whom: many schemes answered at once, and the order in which they are told.

A missing datum never excludes; it never makes eligible either: the answer is then « à vérifier ».
Source: rules of « Transition écologique des entreprises », recovered from its public tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from vigie.domain.levers import Applicant, Holds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from vigie.domain.levers import Condition, Scheme

ELIGIBLE, REFUSED, CLOSED = "E", "N", "X"
"""Letters of a string of statuses: may be asked for (wholly or in part), refused, closed or not yet open."""
_KIND_RANKS = {"étude": 0, "formation": 0, "financement": 1, "prêt": 2, "avantage fiscal": 3}
"""From what asks the least commitment: advice and training together, grants, loans, taxes."""
_FREE, _OFTEN_FREE, _OTHERWISE = range(3)


class Standing(StrEnum):
    """What one scheme says to one asker."""

    ELIGIBLE = "Eligible"
    IN_PART = "PartiellementEligible"
    REFUSED = "NonEligible"
    CLOSED = "Clos"
    UNKNOWN = "Inconnu"


@dataclass(frozen=True, slots=True)
class TraitIndex:
    """Which distinct conditions name which traits, and which kinds of trait: each as ranks of conditions."""

    every: NDArray[np.intp]
    traits: Mapping[str, NDArray[np.intp]]
    kinds: Mapping[str, NDArray[np.intp]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds of one amount, by the ranks of the distinct conditions that ask for them; infinite where there is none."""

    ranks: NDArray[np.intp]
    least: NDArray[np.float64]
    most: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SchemeTable:
    """Schemes made ready to be answered many at a time: each distinct condition is answered once.

    `places[starts[i]:starts[i + 1]]` are the ranks, among distinct conditions, of those of scheme i. `plain` is the
    answer of a distinct condition before anything is known: unknown for words alone, else yes.
    """

    plain: NDArray[np.int8]
    allowed: TraitIndex
    refused: TraitIndex
    bounds: Mapping[str, Bounds]
    places: NDArray[np.intp]
    starts: NDArray[np.intp]
    opens: NDArray[np.datetime64]
    closes: NDArray[np.datetime64]


def tabled(schemes: Sequence[Scheme]) -> SchemeTable:
    """Return schemes ready to be answered at once. Cost: O(traits and bounds of their conditions)."""
    ranks: dict[Condition, int] = {}
    places = [ranks.setdefault(one, len(ranks)) for scheme in schemes for one in scheme.conditions]
    conditions = tuple(ranks)
    words_alone = [not (one.allowed or one.refused or one.amount) for one in conditions]
    return SchemeTable(
        np.where(np.array(words_alone, dtype=bool), Holds.UNKNOWN, Holds.YES).astype(np.int8),
        _index([one.allowed for one in conditions]),
        _index([one.refused for one in conditions]),
        {amount: _bounds(conditions, amount) for amount in sorted({one.amount for one in conditions} - {""})},
        np.array(places, dtype=np.intp),
        np.cumsum([0, *(len(scheme.conditions) for scheme in schemes)], dtype=np.intp),
        np.array([scheme.opens for scheme in schemes], dtype="datetime64[D]"),
        np.array([scheme.closes for scheme in schemes], dtype="datetime64[D]"),
    )


def answers(table: SchemeTable, asker: Applicant) -> NDArray[np.int8]:
    """Return, for each scheme, the least of the answers to its conditions (`Holds`); yes where it has none.

    Cost: O(traits of the asker) look-ups, then O(conditions) in numpy.
    """
    found = table.plain.copy()
    for index, met, otherwise in ((table.allowed, Holds.YES, Holds.NO), (table.refused, Holds.NO, Holds.YES)):
        told = np.full(found.size, otherwise, dtype=np.int8)
        for kind in index.kinds.keys() - asker.known:
            told[index.kinds[kind]] = Holds.UNKNOWN
        for trait in index.traits.keys() & asker.traits:
            told[index.traits[trait]] = met
        found[index.every] = np.minimum(found[index.every], told[index.every])
    for amount, asked in table.bounds.items():
        found[asked.ranks] = np.minimum(found[asked.ranks], _within(asked, asker.amounts.get(amount)))
    least = np.full(len(table.starts) - 1, Holds.YES, dtype=np.int8)
    # `reduceat` gives the first value of an empty span: spans that hold something are reduced, and they alone.
    filled = np.flatnonzero(np.diff(table.starts))
    if filled.size:
        least[filled] = np.minimum.reduceat(found[table.places], table.starts[filled])
    return least


def _index(wanted: Sequence[frozenset[str]]) -> TraitIndex:
    by_trait: dict[str, list[int]] = {}
    by_kind: dict[str, list[int]] = {}
    for rank, traits in enumerate(wanted):
        for trait in traits:
            by_trait.setdefault(trait, []).append(rank)
        for kind in {trait.partition(":")[0] for trait in traits}:
            by_kind.setdefault(kind, []).append(rank)
    every = np.array([rank for rank, traits in enumerate(wanted) if traits], dtype=np.intp)
    return TraitIndex(every, _ranks(by_trait), _ranks(by_kind))


def _ranks(found: Mapping[str, list[int]]) -> dict[str, NDArray[np.intp]]:
    return {name: np.array(ranks, dtype=np.intp) for name, ranks in found.items()}


def _bounds(conditions: Sequence[Condition], amount: str) -> Bounds:
    mine = [(rank, one) for rank, one in enumerate(conditions) if one.amount == amount]
    return Bounds(
        np.array([rank for rank, _ in mine], dtype=np.intp),
        np.array([-np.inf if one.least is None else one.least for _, one in mine]),
        np.array([np.inf if one.most is None else one.most for _, one in mine]),
    )


def _within(asked: Bounds, known: tuple[float, float] | None) -> NDArray[np.int8]:
    """Compare bounds with an amount known as a range: one that crosses a threshold is unknown."""
    if known is None:
        return np.full(asked.ranks.size, Holds.UNKNOWN, dtype=np.int8)
    low, high = known
    inside = np.where((asked.least <= low) & (high <= asked.most), Holds.YES, Holds.UNKNOWN)
    return np.where((high < asked.least) | (low > asked.most), Holds.NO, inside).astype(np.int8)


def out_of_days(table: SchemeTable, day: date) -> NDArray[np.bool_]:
    """Tell which schemes are closed, or not yet open, on a day."""
    on = np.datetime64(day, "D")
    return (table.opens > on) | (table.closes <= on)  # a day that is not known compares false


def statuses(table: SchemeTable, asker: Applicant, day: date) -> str:
    """Return one letter for each scheme, in their order: X out of its days, then N refused, else E. Cost: `answers`."""
    letters = np.where(answers(table, asker) > Holds.NO, ELIGIBLE, REFUSED)
    return "".join(np.where(out_of_days(table, day), CLOSED, letters).tolist())


def standing(scheme: Scheme, asker: Applicant, day: date) -> Standing:
    """Tell what one scheme says to one asker on a day; unknown when nothing at all is known of the asker."""
    if (scheme.opens and day < scheme.opens) or (scheme.closes and day >= scheme.closes):
        return Standing.CLOSED
    if asker.nothing_known:
        return Standing.UNKNOWN
    if together(scheme.conditions, asker) is Holds.NO:
        return Standing.REFUSED
    return Standing.IN_PART if scheme.left_to_read else Standing.ELIGIBLE


def together(conditions: Iterable[Condition], asker: Applicant) -> Holds:
    """Return what conditions say together: the least of their answers, yes where there is none.

    >>> together([], Applicant()).name
    'YES'
    """
    return min((one.holds(asker) for one in conditions), default=Holds.YES)


def presented(schemes: Sequence[Scheme]) -> list[int]:
    """Return the ranks of schemes in the order in which they are told: free advice first, then by kind, else as given.

    What is wholly free comes before what is free for some (« Gratuit (sauf…) »); a text that is not exactly « Gratuit »
    counts with the latter, as where the order comes from. Cost: O(n log n).
    """
    return sorted(range(len(schemes)), key=lambda rank: _order(schemes[rank]))


def _order(scheme: Scheme) -> tuple[int, int]:
    if scheme.cost == "Gratuit":
        return _FREE, 0
    if re.match(r"\s*gratuit", scheme.cost, re.IGNORECASE):
        return _OFTEN_FREE, 0
    return _OTHERWISE, _KIND_RANKS.get(scheme.kind, len(_KIND_RANKS))
