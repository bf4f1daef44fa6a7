"""The order of partners against published heuristics on European projects, in three countries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.not_empty import not_empty
from vigie.services.connect.evaluating import BEST_BASELINE, FAIRER_BASELINE, Asked, evaluate


@pytest.fixture(scope="module")
def data(shared: Path) -> Path:
    return shared / "data" / "coop_h2020"


@pytest.fixture(scope="module")
def france(data: Path, shared: Path) -> dict[str, Any]:
    queries = shared / "oracles" / "3-linkpred" / "eval_queries_100neg.csv.gz"
    asked = Asked("FR", (2014, 2017), (2018, 2019), queries, data / "programme_parts.csv.gz")
    return evaluate(data / "participations.parquet", asked)


def test_simple_orders_are_those_published(france: dict[str, Any], shared: Path) -> None:
    folder = shared / "oracles" / "3-linkpred"
    expected = json.loads((folder / "expected_symmetric.json").read_text())
    for name in ("nodes", "train_edges", "new_pairs", "directed_queries", "sources"):
        assert france[name] == expected[name], name
    orders = {name: one for name, one in expected.items() if isinstance(one, dict)}
    for name, one in not_empty(orders.items()):
        assert france["baselines"][name] == pytest.approx(one, abs=1e-9), name


def test_simple_orders_on_drawn_candidates_are_those_published(france: dict[str, Any], shared: Path) -> None:
    expected = json.loads((shared / "oracles" / "3-linkpred" / "expected_heuristics.json").read_text())
    spelled = {"common_neighbors": "common_neighbours"}
    orders = [name for name, one in expected.items() if isinstance(one, dict) and "MRR" in one]
    for name in not_empty(orders):
        told = france["queries"][spelled.get(name, name)]
        if name == "adamic_adar":  # sums in another order tell apart scores that are equal
            assert told == pytest.approx(expected[name], abs=2e-3), name
        else:
            assert told == pytest.approx(expected[name], abs=1e-9), name


def test_the_learned_order_beats_the_best_simple_one_in_france(france: dict[str, Any]) -> None:
    model = france["model"]
    assert model["MRR"] >= 0.1545
    assert model["Recall20"] >= 0.375
    for name in (BEST_BASELINE, FAIRER_BASELINE):
        assert model["gains"][name][0] > 0, name
    assert (
        france["subsets"]["firm_to_firm"]["model"]["MRR"]
        >= 1.3 * france["subsets"]["firm_to_firm"][BEST_BASELINE]["MRR"]
    )
    assert (
        france["subsets"]["without_hubs"]["model"]["MRR"]
        > 1.15 * france["subsets"]["without_hubs"][BEST_BASELINE]["MRR"]
    )


def test_themes_are_optional_and_their_absence_costs_what_is_said(data: Path) -> None:
    found = evaluate(data / "participations.parquet", Asked("FR", (2014, 2017), (2018, 2019)))
    assert found["model"]["MRR"] == pytest.approx(0.14, abs=2e-3)
    assert found["model"]["interval"][0] > 0
    assert "0,140" in found["notes"][0]


def test_it_holds_in_a_country_that_nobody_looked_at_first(data: Path) -> None:
    asked = Asked("BE", (2014, 2017), (2018, 2019), None, data / "programme_parts.csv.gz")
    found = evaluate(data / "participations.parquet", asked)
    assert found["model"]["gains"][FAIRER_BASELINE][0] > 0
