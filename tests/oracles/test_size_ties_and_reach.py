"""Regressions beside spreg, networks beside networkx and igraph, reach beside pysal/access, through the commands."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.not_empty import not_empty
from vigie.interfaces.cli.main import main


def answered(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    assert main(["measure", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def columbus(shared: Path) -> dict[str, Any]:
    read = (shared / "oracles" / "8-metropolisation" / "expected_columbus_spatial_regression.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(read)
    return found


def test_columbus_is_explained_as_by_spreg(
    columbus: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = zip(columbus["y"], columbus["INC"], columbus["CRIME"], strict=True)
    table, near = tmp_path / "columbus.csv", tmp_path / "w.json"
    table.write_text("HOVAL,INC,CRIME\n" + "".join(f"{y},{inc},{crime}\n" for y, inc, crime in lines), "utf-8")
    near.write_text(json.dumps(columbus["neighbors"]), "utf-8")
    found = answered(capsys, "regression", "--table", table, "--y", "HOVAL", "--x", "INC,CRIME", "--w", near)
    assert found["ols"]["betas"] == pytest.approx(columbus["OLS"], rel=1e-9)
    assert found["ols"]["r2"] == pytest.approx(columbus["OLS_r2"], rel=1e-9)
    assert found["ols"]["n"] == 49
    for name in ("LM_lag", "LM_error", "RLM_lag", "RLM_error"):
        assert found["tests"][name] == pytest.approx(columbus[name], rel=1e-6), name
    assert found["tests"]["moran_res"] == pytest.approx(columbus["moran_res"], rel=1e-6)
    assert found["tests"]["called_for"] == "ols"
    lag, error = found["lag"], found["error"]
    assert [*lag["betas"], lag["rho"]] == pytest.approx(columbus["ML_Lag(betas,rho last)"], rel=1e-4)
    assert lag["log_likelihood"] == pytest.approx(columbus["ML_Lag_logll"], rel=1e-6)
    assert [*error["betas"], error["lambda"]] == pytest.approx(columbus["ML_Error(lambda last)"], rel=1e-4)


@pytest.mark.parametrize("name", ["karate", "florentine"])
def test_classic_networks_are_measured_as_published(
    name: str, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shared / "oracles" / "4-networks"
    words: list[object] = ["networks", "--edges", folder / f"{name}_edges.csv"]
    if name == "karate":
        words += ["--groups", folder / "expected_karate_nodes.csv"]
    found = answered(capsys, *words)
    expected = json.loads((folder / "expected_global.json").read_text("utf-8"))
    told = {key: value for key, value in expected[name].items() if "igraph" not in key and not key.endswith("nx_ig")}
    for key, value in not_empty(told.items()):
        assert found["global"][key] == pytest.approx(value, rel=1e-12, abs=1e-14), key
    nodes = {one["node"]: one for one in found["nodes"]}
    for row in not_empty(rows(folder / f"expected_{name}_nodes.csv")):
        for key in not_empty(row.keys() - {"node", "group"}):
            assert nodes[row["node"]][key] == pytest.approx(float(row[key]), rel=1e-12, abs=1e-12), (row["node"], key)


def test_who_bridges_whom_in_the_karate_club(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shared / "oracles" / "4-networks"
    found = answered(
        capsys, "networks", "--edges", folder / "karate_edges.csv", "--groups", folder / "expected_karate_nodes.csv"
    )
    nodes = {one["node"]: one for one in found["nodes"]}
    for row in not_empty(rows(folder / "expected_karate_gould_fernandez.csv")):
        for role in ("coordinator", "gatekeeper_or_representative", "itinerant", "liaison"):
            assert nodes[row[""]][role] == int(row[role]), (row[""], role)
    core = found["global"]["core_periphery"]
    assert core["corr"] == pytest.approx(0.43147501098394064, rel=1e-12)
    assert core["core"] == ["0", "1", "2", "32", "33"]


def test_women_and_the_events_they_went_to(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shared / "oracles" / "4-networks"
    told = json.loads((folder / "southern_women_bipartite.json").read_text("utf-8"))
    edges = tmp_path / "participations.csv"
    edges.write_text("a,b\n" + "".join(f"{woman},{event}\n" for woman, event in told["edges"]), "utf-8")
    found = answered(capsys, "networks", "--edges", edges, "--bipartite")["global"]
    expected = json.loads((folder / "expected_global.json").read_text("utf-8"))["southern_women"]
    assert {key: found[key] for key in expected} == pytest.approx(expected, rel=1e-12)


def test_what_forty_places_reach(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shared / "oracles" / "9-accessibility"
    found = answered(
        capsys, "access", "--places", folder / "constructed_40_places.csv",
        "--cost", folder / "constructed_cost_minutes.csv",
    )  # fmt: skip
    expected = rows(folder / "expected_access_pysal.csv")
    assert len(found) == len(expected) == 40
    for one, row in not_empty(zip(found, expected, strict=True)):
        for key, value in not_empty(row.items()):
            if key != "geoid":
                assert one[key] == pytest.approx(float(value), rel=1e-12, abs=1e-14), (row["geoid"], key)
    shared_out = sum(one["pop"] * one["fca2_jobs"] for one in found)
    minutes = [[float(cell) for cell in line.values()] for line in rows(folder / "constructed_cost_minutes.csv")]
    reached = sum(
        one["jobs"] for place, one in enumerate(found)
        if any(minutes[other][place] < 30 and found[other]["pop"] for other in range(40))
    )  # fmt: skip
    assert shared_out == pytest.approx(reached, rel=1e-12)


PUBLISHED = {
    1968: (57.3, 13.4), 1975: (59.1, 13.3), 1982: (60.3, 13.4), 1990: (60.7, 13.1), 1999: (60.8, 13.1),
    2009: (61.1, 13.0),
}  # fmt: skip
"""1/HHI of the population of the 96 départements and of the 22 former régions, as Olivier Bouba-Olga published them."""


def test_population_is_as_spread_out_as_published(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = shared / "data" / "population" / "communes_1968_2024.parquet"
    if not held.is_file():
        pytest.skip("populations of communes since 1968 are not there")
    found = answered(capsys, "spread", "--populations", held)
    by_census = {one["census"]: one for one in found["years"]}
    assert found["unknown"]["codes"] == 0
    for census, (departments, regions) in PUBLISHED.items():
        one = by_census[census]
        assert (one["departements"], one["former_regions"]) == (96, 22)
        assert one["departements_effective"] == pytest.approx(departments, rel=0.005)
        assert one["former_regions_effective"] == pytest.approx(regions, rel=0.005)
