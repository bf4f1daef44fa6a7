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
    from collections.abc import Iterable, Sequence
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
class SchemeTable:
    """Schemes made ready to be answered many at a time: each distinct condition is written once.

    `places[starts[i]:starts[i + 1]]` are the ranks, among `conditions`, of those of scheme i.
    """

    conditions: tuple[Condition, ...]
    places: NDArray[np.intp]
    starts: NDArray[np.intp]
    opens: NDArray[np.datetime64]
    closes: NDArray[np.datetime64]


def tabled(schemes: Sequence[Scheme]) -> SchemeTable:
    """Return schemes ready to be answered at once. Cost: O(conditions)."""
    ranks: dict[Condition, int] = {}
    places = [ranks.setdefault(one, len(ranks)) for scheme in schemes for one in scheme.conditions]
    counts = [0, *(len(scheme.conditions) for scheme in schemes)]
    return SchemeTable(
        tuple(ranks),
        np.array(places, dtype=np.intp),
        np.cumsum(counts, dtype=np.intp),
        np.array([scheme.opens for scheme in schemes], dtype="datetime64[D]"),
        np.array([scheme.closes for scheme in schemes], dtype="datetime64[D]"),
    )


def answers(table: SchemeTable, asker: Applicant) -> NDArray[np.int8]:
    """Return, for each scheme, the least of the answers to its conditions (`Holds`); yes where it has none.

    Cost: O(distinct conditions) answers, then O(conditions) in numpy.
    """
    found = np.array([one.holds(asker) for one in table.conditions], dtype=np.int8)
    least = np.full(len(table.starts) - 1, Holds.YES, dtype=np.int8)
    # `reduceat` gives the first value of an empty span: spans that hold something are reduced, and they alone.
    filled = np.flatnonzero(np.diff(table.starts))
    if filled.size:
        least[filled] = np.minimum.reduceat(found[table.places], table.starts[filled])
    return least


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
