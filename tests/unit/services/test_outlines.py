"""Outlines ready to be drawn: plane by plane, at the scale of the map that holds them."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.made_outlines import grid, write_outlines
from vigie.domain.territory import TerritoryKind
from vigie.services.outlines import Outlines
from vigie.sources.contours_kept import FOLDER, PATHS_FILE
from vigie.sources.contours_paths import ensure

CELLS = {f"000{n:02d}": cell for n, cell in enumerate(grid(2.0, 46.0, 40, 1))}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    far = dict(zip(("97401", "97402"), grid(55.4, -21.2, 2, 1), strict=True))
    return write_outlines(tmp_path / "outlines", CELLS | far, {})


def test_the_scale_is_that_of_the_whole_map(made: Path) -> None:
    ensure(made)
    outlines = Outlines(made)
    one, all_of_them = outlines.communes(["00000"]), outlines.communes(CELLS)
    assert (one.unit, all_of_them.unit) == (16, 64)
    assert set(one.steps) == {"00000"} and set(all_of_them.steps) == set(CELLS)
    assert one.box[2] - one.box[0] < all_of_them.box[2] - all_of_them.box[0]
    assert len(all_of_them.steps["00000"]) < len(one.steps["00000"])


def test_what_is_far_away_has_a_sheet_of_its_own(made: Path) -> None:
    ensure(made)
    outlines = Outlines(made)
    near, far = outlines.sheets(TerritoryKind.COMMUNE, [*CELLS, "97401", "inconnue"])
    assert (near.parallel, set(near.steps)) == (None, set(CELLS))
    assert (far.parallel, set(far.steps)) == (-21.0, {"97401"})
    assert outlines.communes([*CELLS, "97401"]) == near


def test_the_same_territory_is_put_together_once(made: Path) -> None:
    ensure(made)
    outlines = Outlines(made)
    assert outlines.communes(CELLS) is outlines.communes(list(CELLS)[::-1])


def test_without_paths_maps_do_without_and_the_log_says_so(made: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "vigie.data"):
        outlines = Outlines(made)
    assert not outlines.available and not outlines.communes(CELLS)
    assert "vigie outlines" in caplog.text


def test_paths_that_cannot_be_read_are_left_out(made: Path, caplog: pytest.LogCaptureFixture) -> None:
    ensure(made)
    outlines = Outlines(made)
    path = made / FOLDER / PATHS_FILE
    path.write_bytes(b"\0" * path.stat().st_size)
    assert not outlines.communes(CELLS) and not outlines.available
    assert "left out" in caplog.text
