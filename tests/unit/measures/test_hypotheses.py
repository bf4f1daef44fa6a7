"""Regressions on countries made for it: truths recovered at their rate, models of space called for where they act."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.measures.hypotheses import regression, spatial


def test_intervals_hold_the_truth_at_their_rate_where_errors_are_unequal() -> None:
    chance, held = np.random.default_rng(7), 0
    for _ in range(400):
        size = chance.normal(size=120)
        outcome = 1 + 0.5 * size + chance.normal(size=120) * (0.5 + np.abs(size))
        fitted = regression.least_squares(outcome, np.column_stack([np.ones(120), size]))
        held += bool(fitted.low[1] <= 0.5 <= fitted.high[1])
    assert 0.92 <= held / 400 <= 0.98


@pytest.mark.parametrize(("made_by", "model"), [("ols", "ols"), ("lag", "lag"), ("error", "error")])
def test_the_tests_call_for_the_model_that_made_the_country(made_by: str, model: str) -> None:
    chance = np.random.default_rng(3)
    near = spatial.nearest(chance.random((300, 2)), 5)
    spread = np.linalg.inv(np.eye(300) - 0.6 * near.toarray())
    called = []
    for _ in range(20):
        design = np.column_stack([np.ones(300), chance.normal(size=300)])
        noise, mean = chance.normal(size=300), design @ np.array([1.0, 2.0])
        outcome = {"ols": mean + noise, "lag": spread @ (mean + noise), "error": mean + spread @ noise}[made_by]
        fitted = regression.least_squares(outcome, design)
        called.append(spatial.called_for(spatial.dependence(fitted, outcome, design, near)))
    assert called.count(model) >= 17


@pytest.mark.parametrize("model", ["lag", "error"])
def test_the_dependence_is_recovered(model: str) -> None:
    chance = np.random.default_rng(11)
    near = spatial.nearest(chance.random((400, 2)), 5)
    spread = np.linalg.inv(np.eye(400) - 0.5 * near.toarray())
    design = np.column_stack([np.ones(400), chance.normal(size=400)])
    mean, noise = design @ np.array([1.0, 2.0]), chance.normal(size=400)
    if model == "lag":
        found = spatial.lag_model(spread @ (mean + noise), design, near)
    else:
        found = spatial.error_model(mean + spread @ noise, design, near)
    assert found.dependence == pytest.approx(0.5, abs=3 * found.errors[-1])
    assert 0 < found.errors[-1] < 0.15
    assert found.coefficients[1] == pytest.approx(2.0, abs=4 * found.errors[1])


def test_what_cannot_be_done_is_said() -> None:
    ones, ramp = np.ones(6), np.arange(6.0)
    with pytest.raises(regression.CollinearRegressors) as fault:
        regression.least_squares(ramp, np.column_stack([ones, ramp, 3 * ramp + 2]))
    assert fault.value.column == 2
    with pytest.raises(regression.TooFewRows):
        regression.least_squares(ramp[:2], np.column_stack([ones, ramp])[:2])
    with pytest.raises(ValueError, match="row 1"):
        spatial.weights_of([[1], []])


def test_false_discoveries_are_held() -> None:
    chance, wrong, named = np.random.default_rng(5), 0.0, 0
    for _ in range(300):
        probabilities = np.concatenate([chance.random(90), chance.random(10) * 1e-4])
        found = regression.false_discovery(probabilities)
        named += int(found.sum())
        wrong += found[:90].sum() / max(1, found.sum())
    assert named >= 300 * 9
    assert wrong / 300 <= 0.12
