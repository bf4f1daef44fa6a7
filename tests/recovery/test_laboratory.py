"""Three imaginary countries of 250 areas, 200 draws of each: what the laboratory concludes, and whom it names."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.not_empty import not_empty
from vigie.measures.hypotheses import laboratory
from vigie.measures.hypotheses.laboratory import Effect, agreed, beyond, effects

DRAWS, AREAS = 200, 250
SIZE, TIES = "size", "ties"


def country(chance: np.random.Generator, size_acts: float, ties_act: float) -> tuple[np.ndarray, np.ndarray]:
    """Return growth and its two regressors: sizes are far apart, ties grow with size by construction."""
    size = chance.normal(11, 1, AREAS)
    ties = 0.5 * size + chance.normal(0, 1, AREAS)
    noise = chance.normal(0, 0.05, AREAS)
    return size_acts * (size - 11) + ties_act * (ties - 5.5) + noise, np.column_stack([size, ties])


def examined(growth: np.ndarray, columns: np.ndarray) -> list[Effect]:
    return [
        *effects("size", growth, columns[:, :1], [SIZE]),
        *effects("both", growth, columns, [SIZE, TIES]),
    ]


@pytest.fixture
def drawn() -> Callable[[float, float], list[list[Effect]]]:
    def every(size_acts: float, ties_act: float) -> list[list[Effect]]:
        chance = np.random.default_rng(20)
        return [examined(*country(chance, size_acts, ties_act)) for _ in range(DRAWS)]

    return every


def concluded(draws: list[list[Effect]], name: str) -> int:
    return sum(agreed([one for one in draw if one.regressor == name]) != 0 for draw in draws)


def test_where_size_acts_it_is_found_and_its_interval_holds_it(
    drawn: Callable[[float, float], list[list[Effect]]],
) -> None:
    assert concluded(drawn(0.03, 0.0), SIZE) >= 190
    chance, held = np.random.default_rng(21), 0
    for _ in range(1000):
        growth, columns = country(chance, 0.03, 0.0)
        scale = columns[:, 0].std(ddof=1) / growth.std(ddof=1)
        (one,) = effects("size", growth, columns[:, :1], [SIZE])
        held += one.low <= 0.03 * scale <= one.high
    assert 0.92 <= held / 1000 <= 0.98


def test_where_nothing_acts_nothing_is_concluded(drawn: Callable[[float, float], list[list[Effect]]]) -> None:
    draws = drawn(0.0, 0.0)
    assert concluded(draws, SIZE) <= DRAWS // 10
    assert concluded(draws, TIES) <= DRAWS // 10


def test_where_only_ties_act_size_is_not_blamed(drawn: Callable[[float, float], list[list[Effect]]]) -> None:
    """Size alone seems to act, for it goes with ties: the specification with both clears it."""
    draws = drawn(0.0, 0.04)
    assert concluded(draws, TIES) >= 190
    assert concluded(draws, SIZE) <= DRAWS // 10
    assert sum(draw[0].sign == 1 for draw in not_empty(draws)) >= 150


def test_those_named_by_mistake_are_few() -> None:
    """Where nothing acts a draw in ten at most names anybody; where ten areas are planted they are found again."""
    chance, named, wrong, found = np.random.default_rng(22), 0, 0.0, 0
    for _ in range(DRAWS):
        growth, columns = country(chance, 0.0, 0.0)
        named += bool(beyond(growth, columns).named.any())
        growth[:10] += 0.3
        planted = beyond(growth, columns).named
        found += int(planted[:10].sum())
        wrong += planted[10:].sum() / max(1, planted.sum())
    assert named <= DRAWS // 10
    assert found >= 0.8 * 10 * DRAWS
    assert wrong / DRAWS <= laboratory.DISCOVERIES


def test_few_are_named_by_mistake_where_small_areas_vary_more() -> None:
    """Spread falls with size: that of the smallest is some three times that of the largest, nothing acts."""
    chance, named = np.random.default_rng(24), 0
    for _ in range(DRAWS):
        _, columns = country(chance, 0.0, 0.0)
        spread = 0.05 * np.exp(-0.2 * (columns[:, 0] - 11))
        named += bool(beyond(chance.normal(0, spread), columns).named.any())
    assert named <= DRAWS // 10


def test_too_few_areas_say_nothing() -> None:
    chance = np.random.default_rng(23)
    growth, columns = country(chance, 0.1, 0.0)
    assert effects("size", growth[:29], columns[:29, :1], [SIZE]) == []
    assert effects("twice", growth, columns[:, [0, 0]], [SIZE, TIES]) == []
    assert agreed([]) == 0
