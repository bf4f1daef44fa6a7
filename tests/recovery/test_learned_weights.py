"""Weights planted in choices are found again, a useless feature gets none, and chance teaches nothing."""

from __future__ import annotations

import numpy as np
import pytest

from tests.not_empty import not_empty
from vigie.measures.cooperation import choices as learning
from vigie.measures.cooperation.choices import Choices, ChoiceWeight

NAMES = ("distance", "shared_know_how", "common_partners", "size_fit")
PLANTED = (3.0, 2.0, 1.5, 0.0)
"""What choices follow, in log-odds per unit; the last feature is useless."""


def _choices(weights: tuple[float, ...], seed: int, seekers: int = 150, of: int = 12) -> Choices:
    """Draw seekers who choose among candidates by P(i) ∝ exp(w·x), then compare each choice with three others."""
    chance, gaps, whose = np.random.default_rng(seed), [], []
    for seeker in range(seekers):
        left = list(chance.random((of, len(weights))))
        for _ in range(3):
            scores = np.exp(np.array(left) @ np.array(weights))
            chosen = left.pop(chance.choice(len(left), p=scores / scores.sum()))
            others = chance.choice(len(left), size=3, replace=False)
            gaps += [chosen - left[other] for other in others]
            whose += [seeker] * 3
    return Choices(NAMES, np.array(gaps), np.array(whose), np.ones(len(gaps)))


@pytest.fixture(scope="module")
def planted() -> tuple[Choices, dict[str, ChoiceWeight]]:
    """Choices that follow what was planted, and what is learned from them."""
    drawn = _choices(PLANTED, 1)
    return drawn, {one.name: one for one in learning.learn_choices(drawn)}


def test_planted_weights_are_within_their_intervals(planted: tuple[Choices, dict[str, ChoiceWeight]]) -> None:
    """Of every feature, the useless one included."""
    for name, weight in zip(NAMES, PLANTED, strict=True):
        interval = planted[1][name].interval
        assert interval is not None
        assert interval.low is not None and interval.high is not None
        assert interval.low <= weight <= interval.high, name


def test_a_useless_feature_gets_no_weight(planted: tuple[Choices, dict[str, ChoiceWeight]]) -> None:
    """Its interval holds zero, those of the others do not."""
    assert {name for name in NAMES if planted[1][name].counts} == set(NAMES[:3])


def test_intervals_hold_what_is_true_about_as_often_as_they_say() -> None:
    """Over six countries drawn anew and four features, 95 % intervals miss at most one time in six."""
    missed = 0
    for seed in range(6):
        for one, true in zip(learning.learn_choices(_choices(PLANTED, 300 + seed, 80), 60), PLANTED, strict=True):
            assert one.interval is not None
            missed += not (one.interval.low or 0.0) <= true <= (one.interval.high or 0.0)
    assert missed <= 4


def test_order_learned_places_those_it_has_not_seen(planted: tuple[Choices, dict[str, ChoiceWeight]]) -> None:
    """Seekers left out of the learning are placed better than by chance, nearly as well as by the truth."""
    drawn = planted[0]
    learned = learning.rightly_placed(learning.held_out(drawn), drawn.seekers)
    true = learning.rightly_placed(learning.margins(drawn.gaps, PLANTED), drawn.seekers)
    assert learned.beats_chance
    assert true.value - 0.02 < learned.value < true.value + 0.02
    assert learning.brier(learning.held_out(drawn)) < 0.2


def test_chances_said_come_true_as_often(planted: tuple[Choices, dict[str, ChoiceWeight]]) -> None:
    """Every bin of the reliability table is near the diagonal."""
    told = learning.reliability(learning.held_out(planted[0]))
    assert len(told) >= 4
    for one in not_empty(one for one in told if one.comparisons >= 50):
        assert abs(one.said - one.came) < 0.1


@pytest.mark.parametrize("seed", range(1, 4))
def test_chance_teaches_nothing(seed: int) -> None:
    """Where nobody follows anything, the order learned is not told apart from chance."""
    drawn = _choices((0.0,) * len(NAMES), 1_000 + seed)
    assert not learning.rightly_placed(learning.held_out(drawn), drawn.seekers).beats_chance


def test_refits_find_what_the_regression_finds(planted: tuple[Choices, dict[str, ChoiceWeight]]) -> None:
    """Newton's steps from far away end where scikit-learn does."""
    drawn = planted[0]
    again = learning.refitted(drawn.gaps, drawn.weights, np.zeros(len(NAMES)))
    assert again == pytest.approx([planted[1][name].value for name in NAMES], abs=1e-3)


def test_a_feature_seen_of_too_few_is_asked_nothing() -> None:
    """Known for nine seekers, it gets neither weight nor interval."""
    drawn = _choices(PLANTED, 2)
    gaps = drawn.gaps.copy()
    gaps[drawn.seekers >= learning.LEAST_SEEN - 1, 1] = 0.0
    found = learning.learn_choices(Choices(NAMES, gaps, drawn.seekers, drawn.weights), 20)
    assert (found[1].value, found[1].interval, found[1].counts) == (0.0, None, False)
    assert found[0].counts


def test_nothing_is_learned_of_nobody() -> None:
    """Without comparisons, learning says so; with one seeker, nothing is judged."""
    empty = Choices(NAMES, np.zeros((0, 4)), np.zeros(0, dtype=int), np.zeros(0))
    with pytest.raises(ValueError, match="nobody chose"):
        learning.learn_choices(empty)
    alone = Choices(NAMES, np.ones((2, 4)), np.zeros(2, dtype=int), np.ones(2))
    assert learning.held_out(alone).tolist() == [0.0, 0.0]
