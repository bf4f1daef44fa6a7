"""Consistent scenarios are those that weighing every scenario finds, with fewer weighed."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from vigie.measures import crossimpact
from vigie.measures.crossimpact import combinations, consistent, margins


def judged(sizes: list[int], seed: int, filled: float = 1.0) -> NDArray[Any]:
    """Return judgements from -3 to 3, each group of which sums to zero."""
    chance = np.random.default_rng(seed)
    starts = np.cumsum([0, *sizes])
    matrix = np.zeros((starts[-1], starts[-1]), dtype=np.int64)
    of = np.repeat(np.arange(len(sizes)), sizes)
    for row, (rank, size) in itertools.product(range(starts[-1]), enumerate(sizes)):
        if of[row] != rank and chance.random() < filled:
            group = chance.integers(-3, 4, size)
            group[-1] -= group.sum()
            matrix[row, starts[rank] : starts[rank + 1]] = group
    return matrix


def weighed(matrix: NDArray[Any], sizes: list[int], tolerance: float) -> list[list[int]]:
    every = itertools.product(*map(range, sizes))
    return [list(one) for one in every if margins(matrix, sizes, one).min() >= -tolerance]


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=5),
    seed=st.integers(0, 10_000),
    tolerance=st.sampled_from([0.0, 0.5, 1.0, 3.0]),
    tenths=st.booleans(),
)
def test_pruning_loses_and_adds_nothing(sizes: list[int], seed: int, tolerance: float, tenths: bool) -> None:
    matrix = judged(sizes, seed)
    scale = 0.1 if tenths else 1  # judgements with decimals take another way through the search
    found = consistent(matrix * scale, sizes, tolerance * scale)
    assert found.scenarios.tolist() == weighed(matrix, sizes, tolerance)
    assert found.whole


def test_twenty_descriptors_of_three_variants_are_enumerated() -> None:
    sizes = [3] * 20
    matrix = judged(sizes, 0, filled=0.3)
    found = consistent(matrix, sizes)
    assert found.looked_at < combinations(sizes) / 1_000
    assert len(found.scenarios) > 0
    assert min(margins(matrix, sizes, one).min() for one in found.scenarios.tolist()) >= 0


def test_a_planted_scenario_is_among_the_twenty_descriptors() -> None:
    """Exactness at a size that cannot be enumerated: what is consistent by construction is found."""
    sizes, chance = [3] * 20, np.random.default_rng(3)
    matrix, planted = judged(sizes, 3, filled=0.3), chance.integers(3, size=20).tolist()
    for rank, at in enumerate(planted):
        short = -margins(matrix, sizes, planted)[rank]
        if short > 0:
            other = (rank + 1) % 20
            matrix[3 * other + planted[other], 3 * rank : 3 * rank + 3] -= int(short)
            matrix[3 * other + planted[other], 3 * rank + at] += 3 * int(short)
    assert planted in consistent(matrix, sizes).scenarios.tolist()


def test_too_many_combinations_are_refused_before_they_are_tried() -> None:
    with pytest.raises(ValueError, match="combinations"):
        consistent(np.zeros((120, 120)), [3] * 40)


def test_judgements_that_rule_nothing_out_stop_at_a_list_that_can_be_read() -> None:
    found = consistent(np.zeros((60, 60)), [3] * 20)
    assert len(found.scenarios) == crossimpact.MOST_FOUND
    assert not found.whole
