"""A score is the sum of what its features add, and says what it does not know."""

from __future__ import annotations

import pytest

from vigie.domain.scores import Feature, Score


def _score() -> Score:
    return Score(
        (
            Feature("near", "à côté", 2.0, 0.5, "à 4 km", "Distance."),
            Feature("trade", "métiers voisins", 3.0, 1.0, "usinage et fonderie", "Métiers."),
            Feature("tie", "partenaires communs", 5.0, None, "", "Liens."),
        )
    )


def test_the_total_is_the_sum_of_contributions_and_the_unknown_adds_nothing() -> None:
    score = _score()
    assert score.total == 4.0
    assert [feature.contribution for feature in score.features] == [1.0, 3.0, 0.0]
    assert score.known_share == 0.5
    assert [feature.name for feature in score.by_contribution()] == ["trade", "near"]


def test_an_answer_holds_each_feature_with_its_evidence() -> None:
    told = _score().as_dict()
    assert told["total"] == 4.0
    assert told["features"][0]["contribution"] == 1.0
    assert told["features"][2]["value"] is None
    assert told["features"][1]["evidence"] == "usinage et fonderie"


def test_a_score_without_features_knows_nothing() -> None:
    assert (Score(()).total, Score(()).known_share) == (pytest.approx(0.0), 0.0)
