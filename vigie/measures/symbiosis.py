"""Who could take what somebody throws away: precedents that rank activities, and the best set of exchanges."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

WASTE_DIGITS = 6
PRIOR = 2.0
"""How many exchanges what is known at a coarser level is worth: chosen once, small beside what a key usually holds; the
ranking hardly changes from 1 to 5 (see the page of the method)."""
BY_POPULARITY = 1e-6
"""Weight of how often an activity receives anything: it only orders what a baseline leaves equal."""


@dataclass(frozen=True, slots=True)
class Precedent:
    """A documented exchange: its case study, the activities (NACE) that give and take, the European waste code."""

    id: str
    case: str
    giver: str
    taker: str
    waste: str


Key = str
BASELINES: dict[Key, Callable[[Precedent], str] | None] = {
    "popularity": None,
    "ewc6": lambda one: one.waste,
    "ewc4": lambda one: one.waste[:4],
    "ewc2": lambda one: one.waste[:2],
    "nace2_from": lambda one: one.giver[:2],
}
"""What exchanges must share with the one asked about to count, for each simple ranking."""
_LEVELS: tuple[Callable[[Precedent], str], ...] = (
    lambda one: one.giver[:2],
    lambda one: one.waste[:2],
    lambda one: one.waste[:4],
    lambda one: one.waste[:WASTE_DIGITS],
)


def baseline(precedents: Sequence[Precedent], asked: Precedent, key: Key) -> dict[str, float]:
    """Return, by division (two digits of NACE), the share of the precedents of one key that went there.

    Raises `KeyError` for a key that does not exist. Cost: O(precedents).
    """
    of = BASELINES[key]
    everywhere = _divisions(precedents)
    alike = _divisions(one for one in precedents if of is not None and of(one) == of(asked))
    held = sum(alike.values())
    popular = {division: BY_POPULARITY * count / len(precedents) for division, count in everywhere.items()}
    return {division: (alike[division] / held if held else 0.0) + popular[division] for division in everywhere}


def receivers(precedents: Sequence[Precedent], asked: Precedent) -> dict[str, float]:
    """Return how likely each division (two digits of NACE) is to take what is asked about; they sum to 1.

    From coarse to fine (giving activity, then waste chapter, section, code), p ← (n_d + k p_d) / (n + k): what a level
    shows corrects what coarser ones say, the more so as it holds more exchanges; k is `PRIOR`. Cost: O(precedents).
    Source: interpolation by Dirichlet priors (MacKay and Peto, 1995).
    """
    everywhere = _divisions(precedents)
    found = {division: count / len(precedents) for division, count in everywhere.items()}
    for of in _LEVELS:
        alike = _divisions(one for one in precedents if of(one) == of(asked))
        held = sum(alike.values())
        found = {division: (alike[division] + PRIOR * p) / (held + PRIOR) for division, p in found.items()}
    return found


def ranked(scores: Mapping[str, float]) -> list[str]:
    """Return divisions from the highest score down; equal ones by their code.

    >>> ranked({"35": 0.25, "23": 0.5, "01": 0.25})
    ['23', '01', '35']
    """
    return sorted(scores, key=lambda division: (-scores[division], division))


def support(precedents: Iterable[Precedent], asked: Precedent, division: str) -> list[Precedent]:
    """Return the precedents that speak for a division: to it, and sharing the waste section or the giving activity."""
    return [
        one
        for one in precedents
        if one.taker[:2] == division and (one.waste[:4] == asked.waste[:4] or one.giver[:2] == asked.giver[:2])
    ]


def others(precedents: Iterable[Precedent], case: str) -> list[Precedent]:
    """Return the precedents of other case studies; all of them when the case is not said."""
    return [one for one in precedents if not case or one.case != case]


def _divisions(exchanges: Iterable[Precedent]) -> Counter[str]:
    return Counter(one.taker[:2] for one in exchanges)


@dataclass(frozen=True, slots=True)
class MatterFlows:
    """Amounts sent from each giver (rows) to each taker (columns), in the unit of the supplies, and what they cost."""

    amounts: NDArray[np.float64]
    cost: float

    @property
    def total(self) -> float:
        """Amount sent, in the unit of the supplies."""
        return float(self.amounts.sum())


def cheapest(supply: ArrayLike, demand: ArrayLike, unit_cost: ArrayLike, feasible: ArrayLike) -> MatterFlows:
    """Return the flows of least total cost; only what has a negative unit cost (it saves something) moves.

    min Σ c_ij x_ij, Σ_j x_ij ≤ s_i, Σ_i x_ij ≤ d_j, x ≥ 0 and x_ij = 0 where it is not feasible. `unit_cost` is in the
    unit of cost by unit of supply. Cost: a linear programme of as many variables as feasible pairs, solved by HiGHS.
    """
    return _solved(np.asarray(supply, float), np.asarray(demand, float), np.asarray(unit_cost, float),
                   np.asarray(feasible, bool))  # fmt: skip


def fullest(supply: ArrayLike, demand: ArrayLike, unit_cost: ArrayLike, feasible: ArrayLike) -> MatterFlows:
    """Return the flows that move the most and, among these, cost the least. Cost: like `cheapest`, once.

    Each unit moved is worth more than any way of moving it costs, so that no saving is worth moving less.
    """
    costs, held = np.asarray(unit_cost, float), np.asarray(feasible, bool)
    # Moving one more unit changes at most one amount by pair of a path through every giver and taker.
    span = float(np.ptp(costs[held])) + 1.0 if held.any() else 1.0
    worth = span * (min(costs.shape) + 1) + float(np.abs(costs[held]).max(initial=0.0))
    found = _solved(np.asarray(supply, float), np.asarray(demand, float), costs - worth, held)
    return MatterFlows(found.amounts, float((found.amounts * costs).sum()))


def _solved(
    supply: NDArray[np.float64], demand: NDArray[np.float64], costs: NDArray[np.float64], feasible: NDArray[np.bool_]
) -> MatterFlows:
    from scipy.optimize import linprog  # noqa: PLC0415 - SciPy: only who asks for flows waits for it
    from scipy.sparse import coo_array  # noqa: PLC0415 - the same

    amounts = np.zeros(costs.shape)
    rows, columns = np.nonzero(feasible & (costs < 0))
    if not rows.size:
        return MatterFlows(amounts, 0.0)
    pairs = np.arange(rows.size)
    limits = coo_array(
        (np.ones(2 * rows.size), (np.concatenate([rows, len(supply) + columns]), np.concatenate([pairs, pairs]))),
        shape=(len(supply) + len(demand), rows.size),
    ).tocsr()
    found = linprog(costs[rows, columns], A_ub=limits, b_ub=np.concatenate([supply, demand]), method="highs")
    if not found.success:  # bounded and feasible by construction: zero flows always are
        raise ArithmeticError(found.message)
    amounts[rows, columns] = np.maximum(found.x, 0.0)
    return MatterFlows(amounts, float((amounts * costs).sum()))
