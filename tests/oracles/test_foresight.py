"""Cross-impact balances, MICMAC, MACTOR and Delphi against published and closed-form results, through the commands."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.not_empty import not_empty
from vigie.interfaces.cli.main import main
from vigie.measures.crossimpact import balances


@pytest.fixture
def files(shared: Path) -> Path:
    return shared / "oracles" / "6-foresight"


def answered(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    assert main(["envision", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_ten_published_scenarios_and_no_other(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = read(files / "cib_somewhereland.json")
    found = answered(capsys, "cib", "--matrix", files / "cib_somewhereland.json")
    assert found["combinations"] == 486
    assert found["count"] == len(found["scenarios"]) == 10
    assert {one["code"] for one in found["scenarios"]} == set(expected["published_consistent_scenarios"])
    assert min(one["margin"] for one in found["scenarios"]) >= 0


def test_the_published_balance(files: Path) -> None:
    expected = read(files / "cib_somewhereland.json")
    sizes = [len(one["variants"]) for one in expected["descriptors"]]
    of = [int(word[1:]) - 1 for word in expected["published_balance_of"]["scenario"].split()]
    assert balances(expected["matrix"], sizes, of).tolist() == expected["published_balance_of"]["balance"]


@pytest.mark.parametrize("tolerance", [0, 1, 2, 5])
def test_a_tolerance_lets_in_what_weighing_every_scenario_finds(
    files: Path, capsys: pytest.CaptureFixture[str], tolerance: int
) -> None:
    expected = read(files / "cib_somewhereland.json")
    sizes = [len(one["variants"]) for one in expected["descriptors"]]
    starts = np.cumsum([0, *sizes[:-1]])
    brute = set()
    for chosen in itertools.product(*map(range, sizes)):
        sums = balances(expected["matrix"], sizes, chosen)
        parts = zip(starts, sizes, chosen, strict=True)
        if all(sums[start + at] + tolerance >= sums[start : start + size].max() for start, size, at in parts):
            brute.add(" ".join(f"{'ABCDEF'[rank]}{at + 1}" for rank, at in enumerate(chosen)))
    found = answered(capsys, "cib", "--matrix", files / "cib_somewhereland.json", "--tolerance", tolerance)
    assert {one["code"] for one in found["scenarios"]} == brute
    assert len(brute) >= 10


def test_powers_are_exact_and_shares_are_perron_s(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = read(files / "micmac_constructed.json")
    found = answered(capsys, "micmac", "--matrix", files / "micmac_constructed.json")
    assert found["powers"] == expected["powers"]
    assert found["perron"]["rho"] == pytest.approx(expected["perron"]["rho"], rel=1e-9)
    for name in ("influence_limit_share", "dependence_limit_share"):
        np.testing.assert_allclose(found["perron"][name], expected["perron"][name], rtol=0, atol=1e-9)


def test_balance_of_power_and_alliances(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = read(files / "mactor_paris_airports.json")
    found = answered(capsys, "mactor", "--input", files / "mactor_paris_airports.json")
    for name in not_empty(set(expected) - {"source", "MDI", "2MAO"}):
        exact = name not in ("Ri", "3MAO")
        np.testing.assert_allclose(found[name], expected[name], rtol=0 if exact else 1e-12, atol=0, err_msg=name)


def test_agreement_of_a_panel(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = read(files / "delphi_constructed.json")
    found = answered(capsys, "delphi", "--input", files / "delphi_constructed.json")
    names = {"share_agree_4_5": "share_agree"}
    for item, other in not_empty(zip(found["items"], expected["items"], strict=True)):
        for name in not_empty(set(other) - {"ratings"}):
            assert item[names.get(name, name)] == pytest.approx(other[name], rel=1e-12), name
    assert found["kendall_W_tie_corrected"] == pytest.approx(expected["kendall_W_tie_corrected"], rel=1e-12)
