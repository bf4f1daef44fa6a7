"""Paths of outlines: made once, lighter at each scale, neighbours never apart."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely

from tests.made_outlines import grid, write_outlines
from tests.not_empty import not_empty
from vigie.domain.projection import parallel_of, project
from vigie.sources import contours_kept
from vigie.sources.contours_kept import PATHS_FILE, RECEIPT_FILE, UNITS, current, unit_for
from vigie.sources.contours_paths import TOLERANCE, ensure, ensure_if_possible, simplified, steps

HERE, THERE = grid(2.0, 46.0, 4, 4), grid(55.4, -21.2, 2, 1)


def drawn(path: str) -> Any:
    """Read steps back, in units."""
    rings = []
    for subpath in not_empty(filter(None, path.split("M"))):
        assert subpath.endswith("z")
        first, rest = subpath[:-1].split("l")
        corners = np.array([int(number) for number in re.findall(r"-?\d+", first + " " + rest)]).reshape(-1, 2)
        rings.append(shapely.Polygon(np.cumsum(corners, axis=0)))
    return shapely.union_all(rings)


@pytest.fixture
def outlines(tmp_path: Path) -> Path:
    communes = {f"000{n:02d}": cell for n, cell in enumerate(HERE)} | dict(zip(("97401", "97402"), THERE, strict=True))
    return write_outlines(tmp_path / "outlines", communes, {("departement", "00"): shapely.union_all(HERE)})


@pytest.mark.parametrize("unit", UNITS[:5])
def test_neighbours_have_the_same_border_at_every_scale(unit: int) -> None:
    cells = shapely.transform(np.array(HERE), lambda xy: np.array([project((x, y), None) for x, y in xy]) * (1, -1))
    coverage = simplified(cells, unit * TOLERANCE)
    shapes = [drawn(path) for path in steps(coverage, unit)]
    assert len(shapes) == len(HERE) and all(shape.area > 0 for shape in shapes)
    whole = shapely.union_all(shapes)
    assert whole.geom_type == "Polygon" and not whole.interiors, "a gap between neighbours"
    assert sum(shape.area for shape in shapes) == pytest.approx(whole.area, rel=1e-9), "neighbours overlap"
    assert whole.area * unit**2 == pytest.approx(shapely.union_all(cells).area, rel=0.02)


def test_a_larger_unit_is_lighter(outlines: Path) -> None:
    ensure(outlines)
    table = pq.read_table(outlines / "paths" / PATHS_FILE).to_pylist()
    weight = {unit: sum(len(row["steps"]) for row in table if row["unit"] == unit) for unit in UNITS[:5]}
    assert list(weight.values()) == sorted(weight.values(), reverse=True) and weight[16] > 3 * weight[512]
    assert {row["kind"] for row in table if row["unit"] > 512} == {"departement"}
    assert {row["parallel"] for row in table if row["code"].startswith("974")} == {-21.0}
    assert {row["parallel"] for row in table if not row["code"].startswith("974")} == {None}


def test_an_island_smaller_than_a_step_is_left_out_and_a_territory_never_is() -> None:
    town, island = shapely.box(0, -2000, 2000, 0), shapely.box(5000, -40, 5040, 0)
    both = steps(np.array([shapely.union_all([town, island]), island]), 512)
    assert [path.count("M") for path in both] == [1, 1]
    assert drawn(both[1]).area == 1


def test_paths_are_made_once_and_again_when_outlines_change(outlines: Path) -> None:
    assert current(outlines) is None
    receipt = ensure(outlines)
    assert receipt is not None and receipt.paths == 18 * 5 + 7 and current(outlines) == receipt
    made = (outlines / "paths" / PATHS_FILE).stat().st_ino
    assert ensure(outlines) == receipt
    assert (outlines / "paths" / PATHS_FILE).stat().st_ino == made, "made again for nothing"
    write_outlines(outlines, {"00001": HERE[1]}, {})
    assert current(outlines) is None
    renewed = ensure(outlines)
    assert renewed is not None and renewed.outlines_sha256 != receipt.outlines_sha256 and renewed.paths == 5


@pytest.mark.parametrize("harm", ["cut short", "no receipt", "former recipe", "garbage"])
def test_paths_that_are_not_those_of_the_receipt_are_made_again(outlines: Path, harm: str) -> None:
    receipt = ensure(outlines)
    folder = outlines / "paths"
    if harm == "cut short":
        (folder / PATHS_FILE).write_bytes((folder / PATHS_FILE).read_bytes()[:100])
    elif harm == "no receipt":
        (folder / RECEIPT_FILE).unlink()
    elif harm == "former recipe":
        said = json.loads((folder / RECEIPT_FILE).read_text(encoding="utf-8"))
        (folder / RECEIPT_FILE).write_text(json.dumps(said | {"recipe": 0}), encoding="utf-8")
    else:
        (folder / RECEIPT_FILE).write_bytes(b"\xff{")
    assert current(outlines) is None
    assert ensure(outlines) == receipt


def test_what_cannot_be_drawn_stops_no_load(outlines: Path, caplog: pytest.LogCaptureFixture) -> None:
    receipt = ensure(outlines)
    kept = (outlines / contours_kept.TERRITORIES_FILE).read_bytes()
    (outlines / contours_kept.TERRITORIES_FILE).write_bytes(kept[:100])
    with caplog.at_level(logging.ERROR, "vigie.data"):
        ensure_if_possible(outlines)
    assert "not made" in caplog.text and current(outlines) is None
    assert sorted(path.name for path in (outlines / "paths").iterdir()) == [RECEIPT_FILE, PATHS_FILE]
    (outlines / contours_kept.TERRITORIES_FILE).write_bytes(kept)
    assert current(outlines) == receipt


def test_without_outlines_there_are_no_paths(tmp_path: Path) -> None:
    assert ensure(tmp_path) is None and list(tmp_path.iterdir()) == []


def test_the_unit_follows_the_size_of_the_map() -> None:
    assert [unit_for("commune", finest) for finest in (0, 16, 100, 300, 9999)] == [16, 16, 64, 256, 512]
    assert unit_for("region", 9999) == 2048


def test_every_place_overseas_has_one_plane() -> None:
    islands = {"Basse-Terre": (-61.7, 16.0), "Fort-de-France": (-61.1, 14.6), "Marigot": (-63.1, 18.1)}
    assert {parallel_of(*place) for place in islands.values()} == {16.0}
    assert parallel_of(2.35, 48.86) is None and parallel_of(9.1, 42.0) is None
    assert [parallel_of(*place) for place in ((55.5, -21.1), (45.2, -12.8), (-52.3, 4.9), (-56.2, 46.8))] == [
        -21.0, -13.0, 4.0, 47.0,
    ]  # fmt: skip
