"""What relatedness must be whatever the figures: symmetric, in its range, blind to units; ranks that share ties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vigie.measures.ranking import paired_bootstrap, reciprocal_ranks
from vigie.measures.relatedness import (
    RelatednessKind,
    by_flows,
    by_shared_occupations,
    density,
    related,
    related_by_counts,
    shared_occupations,
)

counts = arrays(np.int64, st.tuples(st.integers(2, 6), st.integers(2, 6)), elements=st.integers(0, 50))
flows = arrays(np.int64, (5, 5), elements=st.integers(-3, 50))


@given(counts)
def test_hirings_relate_as_chances_do(hirings: np.ndarray) -> None:
    near = by_shared_occupations(hirings)
    hire = hirings.sum(axis=0) > 0
    np.testing.assert_allclose(near, near.T, atol=1e-12)
    np.testing.assert_allclose(near.sum(axis=1), hire.astype(float), atol=1e-12)
    assert (near >= 0).all()
    np.testing.assert_allclose(by_shared_occupations(hirings * np.arange(1, hirings.shape[1] + 1)), near, atol=1e-12)
    np.testing.assert_allclose(shared_occupations(hirings, 0, 1).sum(), near[0, 1], atol=1e-12)


@given(flows, st.integers(1, 9))
def test_flows_relate_without_a_unit(sold: np.ndarray, times: int) -> None:
    made = np.clip(sold, 0, None).sum(axis=1)
    near = by_flows(sold, made)
    np.testing.assert_allclose(near, near.T)
    assert (near >= 0).all()
    assert not np.diag(near).any()
    np.testing.assert_allclose(by_flows(sold * times, made * times), near, rtol=1e-12)


@given(counts)
def test_every_relatedness_is_symmetric_and_zero_for_what_never_meets(present: np.ndarray) -> None:
    held = present > 20
    together = held.T.astype(int) @ held.astype(int)
    for kind in RelatednessKind:
        near = related(held, kind)
        np.testing.assert_allclose(near, near.T)
        assert not near[together == 0].any()
        around = density(held, near, own=False)
        assert np.nanmax(around, initial=0) <= 1 + 1e-12
    everything = density(np.ones_like(held), related(held))
    assert ((np.abs(everything - 1) < 1e-12) | np.isnan(everything)).all()


def test_counts_alone_say_nothing_of_proximity() -> None:
    with pytest.raises(ValueError, match="presences"):
        related_by_counts([[0, 1], [1, 0]], RelatednessKind.PROXIMITY)


def test_ranks_leave_out_where_one_comes_from_and_share_ties() -> None:
    scores = [[9.0, 5.0, 5.0, 1.0], [1.0, 2.0, 3.0, 4.0]]
    assert reciprocal_ranks(scores, [1, 0], [0, 3]).tolist() == [1 / 1.5, 1 / 3]


def test_a_bootstrap_says_whether_a_gap_is_chance() -> None:
    chance = np.random.default_rng(1)
    noise = chance.normal(size=400)
    clear, none = paired_bootstrap(noise + 1, noise), paired_bootstrap(noise, chance.permutation(noise))
    assert clear.low is not None
    assert none.low is not None
    assert none.high is not None
    assert clear.low > 0.99
    assert none.low < 0 < none.high
    assert paired_bootstrap(noise, -noise) == paired_bootstrap(noise, -noise)
