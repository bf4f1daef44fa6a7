"""MACTOR: what actors weigh on one another, which objectives set them together or apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Balance:
    """What each of n actors weighs: `both` (n, n) direct and indirect influence; `influence`, `dependence`, `weight`.

    `weight` has mean 1: above, an actor weighs more than most.
    """

    both: Table
    influence: Table
    dependence: Table
    weight: Table


@dataclass(frozen=True, slots=True)
class Alliances:
    """Convergences and divergences (n, n) of actors on objectives, 0 on the diagonal: a number, or an intensity."""

    together: Table
    apart: Table


def balance(direct: ArrayLike) -> Balance:
    """Return the balance of power of actors from their direct influences MDI (n, n), zero on the diagonal.

    MIDI_ij = MDI_ij + Σ_k min(MDI_ik, MDI_kj); I_i = Σ_j MIDI_ij - MIDI_ii and D_i = Σ_j MIDI_ji - MIDI_ii;
    r_i = (I_i - MIDI_ii) / ΣI · I_i / (I_i + D_i), divided by its mean. Weights are all NaN when nobody weighs on
    anybody. Cost: O(n³). Source: Godet, « Actors' moves and strategies », Futures 23 (1991).

    >>> found = balance([[0, 2], [1, 0]])
    >>> found.both.tolist(), found.influence.tolist()
    ([[1.0, 2.0], [1.0, 1.0]], [2.0, 1.0])
    """
    table = np.asarray(direct, dtype=np.float64)
    both = table + np.minimum(table[:, :, None], table[None, :, :]).sum(axis=1)
    own = both.diagonal()
    influence, dependence = both.sum(axis=1) - own, both.sum(axis=0) - own
    total, sides = influence.sum(), influence + dependence
    share = np.divide(influence, sides, out=np.zeros_like(sides), where=sides > 0)
    raw = (influence - own) * share / total if total else np.full(len(own), np.nan)
    mean = raw.mean()
    return Balance(both, influence, dependence, raw / mean if mean else np.full(len(own), np.nan))


def counted_alliances(positions: ArrayLike) -> Alliances:
    """Return on how many objectives each two actors agree and disagree (1CAA, 1DAA); positions (n, m), sign alone.

    >>> counted_alliances([[2, -1], [1, 3]]).together.tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    same, opposed = _sides(np.asarray(positions, dtype=np.float64))
    return Alliances(_off_diagonal(same.sum(axis=2)), _off_diagonal(opposed.sum(axis=2)))


def weighed_alliances(positions: ArrayLike) -> Alliances:
    """Return how strongly each two actors agree and disagree: Σ (|a_im| + |a_jm|) / 2 over objectives of one side.

    2CAA and 2DAA for positions 2MAO (n, m); 3CAA and 3DAA for positions weighed by the balance of power, 3MAO =
    r_i · 2MAO. Cost: O(n² m). Source: Godet (1991).
    """
    table = np.asarray(positions, dtype=np.float64)
    same, opposed = _sides(table)
    mean = (np.abs(table)[:, None, :] + np.abs(table)[None, :, :]) / 2
    return Alliances(_off_diagonal((same * mean).sum(axis=2)), _off_diagonal((opposed * mean).sum(axis=2)))


def mobilised(positions: ArrayLike) -> tuple[Table, Table]:
    """Return, for each objective (m), what stands for it and what stands against it, both positive.

    >>> [side.tolist() for side in mobilised([[2, -1], [1, 3]])]
    [[3.0, 3.0], [0.0, 1.0]]
    """
    table = np.asarray(positions, dtype=np.float64)
    return np.clip(table, 0, None).sum(axis=0), np.clip(-table, 0, None).sum(axis=0)


def _sides(table: Table) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    signs = np.sign(table)
    product = signs[:, None, :] * signs[None, :, :]
    return product > 0, product < 0


def _off_diagonal(table: NDArray[Any]) -> Table:
    found: Table = table.astype(np.float64)
    np.fill_diagonal(found, 0.0)
    return found
