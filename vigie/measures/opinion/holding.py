"""What groups hold: votes by group, what bridges them, what divides them, what tells one from the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vigie.measures.opinion.plane import AGREE, DISAGREE, UNSEEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vigie.measures.opinion.grouping import Labels
    from vigie.measures.opinion.plane import Floats, Votes

    Counts = NDArray[np.int64]

# One-sided 90 % of the normal law: what the engine asks of both tests before it calls a statement representative.
SURE = 1.2816
MOST_TOLD = 5
"""Statements told of each group, as the engine does."""


@dataclass(frozen=True, slots=True)
class GroupVotes:
    """Votes by group (k) and statement (m): how many agreed, disagreed, and voted at all, passes included."""

    agreed: Counts
    disagreed: Counts
    seen: Counts


@dataclass(frozen=True, slots=True)
class Representative:
    """A statement that tells a group from the others: its column, for which vote, how many of how many cast it.

    `share` is (cast + 1) / (voted + 2); `ratio` divides it by that of the other groups together; `z` and `z_ratio`
    are the tests of the engine that the share is above one half, and above that of the others.
    """

    statement: int
    agree: bool
    cast: int
    voted: int
    share: float
    ratio: float
    z: float
    z_ratio: float


def votes_by_group(votes: Votes, counted: NDArray[np.int64], labels: Labels, many: int) -> GroupVotes:
    """Count the votes of the participants counted, by group and statement. Cost: O(n m)."""
    shape = (many, votes.shape[1])
    agreed, disagreed, seen = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for rank in range(many):
        theirs = votes[counted[labels == rank]]
        agreed[rank] = (theirs == AGREE).sum(axis=0)
        disagreed[rank] = (theirs == DISAGREE).sum(axis=0)
        seen[rank] = (theirs != UNSEEN).sum(axis=0)
    return GroupVotes(agreed, disagreed, seen)


def shares(cast: Counts, seen: Counts) -> Floats:
    """Return (cast + 1) / (seen + 2): a share that a few votes leave near one half.

    >>> shares(np.array([0, 9]), np.array([0, 9])).round(4).tolist()
    [0.5, 0.9091]
    """
    found: Floats = (cast + 1) / (seen + 2)
    return found


def consensus(cast: Counts, seen: Counts) -> Floats:
    """Return the group-aware consensus on each statement (m), 0 to 1: the product over groups of their shares.

    High only where every group casts this vote. Cost: O(k m). Source: Small et al. (2021).

    >>> consensus(np.array([[8], [0]]), np.array([[8], [8]])).round(4).tolist()
    [0.09]
    """
    product: Floats = shares(cast, seen).prod(axis=0)
    return product


def division(found: GroupVotes) -> Floats:
    """Return what parts the two groups furthest from one another on each statement (m): gap of their shares, 0 to 1."""
    agreed = shares(found.agreed, found.seen)
    gap: Floats = agreed.max(axis=0) - agreed.min(axis=0)
    return gap


def representative(found: GroupVotes, left_out: NDArray[np.bool_] | None = None) -> list[list[Representative]]:
    """Return, for each group, at most five statements that tell it from the others: agreed ones first.

    Kept where both tests pass at 90 %, ordered by ratio × z_ratio × share × z, and what the group agrees on best;
    where there is none of these, the one whose z_ratio is highest. Tests: 2 √(n + 1) ((x + 1) / (n + 1) - ½), and the
    pooled test of two proportions with one vote added to each count. `left_out` masks statements never told.
    Source: repness of the Polis engine. Cost: O(k m).
    """
    kept: list[int] = (np.arange(found.seen.shape[1]) if left_out is None else np.flatnonzero(~left_out)).tolist()
    told = []
    for rank in range(len(found.seen)):
        agreed, opposed = (_tested(found, rank, agree) for agree in (True, False))
        best = [max(agreed[at], opposed[at], key=lambda one: one.z_ratio) for at in kept]
        sure = sorted((one for one in best if one.z > SURE and one.z_ratio > SURE),
                      key=lambda one: (-_telling(one), one.statement))  # fmt: skip
        shared = _best_agreed([agreed[at] for at in kept if found.agreed[rank, at] + found.disagreed[rank, at]])
        if shared is not None:
            sure = [shared, *(one for one in sure if one.statement != shared.statement)]
        elif not sure:
            seen = [one for one in best if one.cast]
            sure = [max(seen, key=lambda one: one.z_ratio)] if seen else []
        told.append(sorted(sure[:MOST_TOLD], key=lambda one: not one.agree))
    return told


def _best_agreed(voted: Sequence[Representative]) -> Representative | None:
    """Return what a group agrees on best, by the engine's rule: above the others, else at least by itself."""
    found: Representative | None = None
    for one in voted:
        if found is None:
            better = one.z > SURE or (one.ratio > 1.0 and one.share > 0.5)
        elif found.ratio > 1.0:
            better = _telling(one) > _telling(found)
        else:
            better = one.share * one.z > found.share * found.z
        found = one if better else found
    return found


def _telling(one: Representative) -> float:
    return one.ratio * one.z_ratio * one.share * one.z


def _tested(found: GroupVotes, rank: int, agree: bool) -> Sequence[Representative]:
    cast_by = found.agreed if agree else found.disagreed
    others = np.arange(len(cast_by)) != rank
    cast, seen = cast_by[rank], found.seen[rank]
    cast_there, seen_there = cast_by[others].sum(axis=0), found.seen[others].sum(axis=0)
    share, share_there = shares(cast, seen), shares(cast_there, seen_there)
    z = 2 * np.sqrt(seen + 1) * ((cast + 1) / (seen + 1) - 0.5)
    z_ratio = _two_proportions(cast, cast_there, seen, seen_there)
    return [
        Representative(
            at, agree, int(cast[at]), int(seen[at]), float(share[at]), float(share[at] / share_there[at]),
            float(z[at]), float(z_ratio[at]),
        )
        for at in range(len(seen))
    ]  # fmt: skip


def _two_proportions(cast: Counts, cast_there: Counts, seen: Counts, seen_there: Counts) -> Floats:
    here, there = (cast + 1) / (seen + 1), (cast_there + 1) / (seen_there + 1)
    pooled = (cast + cast_there + 2) / (seen + seen_there + 2)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / (seen + 1) + 1 / (seen_there + 1)))
    found: Floats = np.divide(here - there, spread, out=np.zeros(len(here)), where=spread > 0)
    return found
