"""Projected coordinates against the projections that PROJ computes."""

from __future__ import annotations

import ibis
import pytest

import vigie.store.engines.duckdb  # noqa: F401 - sets how expressions are written
from vigie.sources.lambert import located

# commune, x, y, longitude, latitude; computed with PROJ from EPSG 2154, 5490, 2975, 2972, 4471 and 4467.
POINTS = [
    ("75056", 652469.02, 6862035.26, 2.3521999630139847, 48.8566000050153),
    ("57463", 931747.6, 6895648.25, 6.175279957619936, 49.11869996859857),
    ("97105", 643000.0, 1770000.0, -61.66351325244758, 16.005466722869066),
    ("97411", 338000.0, 7690000.0, 55.44259382705125, -20.883144690785514),
    ("97302", 350000.0, 545000.0, -52.35285811467623, 4.929287136508014),
    ("97608", 520000.0, 8586000.0, 45.18427800006718, -12.790724152527993),
    ("97502", 560000.0, 5180000.0, -56.21414393791957, 46.770851524875255),
]


def places(points: list[tuple[str | None, float | None, float | None]]) -> list[dict[str, float | None]]:
    columns = {"commune": "string", "x": "float64", "y": "float64"}
    table = ibis.memtable([dict(zip(columns, point, strict=True)) for point in points], schema=columns)
    return ibis.duckdb.connect().to_pyarrow(located(table, "x", "y", "commune")).to_pylist()


def test_known_points_within_a_centimetre():
    found = places([point[:3] for point in POINTS])
    for place, (commune, _, _, longitude, latitude) in zip(found, POINTS, strict=True):
        assert place["commune"] == commune
        assert place["longitude"] == pytest.approx(longitude, abs=1e-7)
        assert place["latitude"] == pytest.approx(latitude, abs=1e-7)


def test_the_origin_of_lambert_93():
    [place] = places([("18033", 700_000.0, 6_600_000.0)])
    assert (place["longitude"], place["latitude"]) == (pytest.approx(3, abs=1e-9), pytest.approx(46.5, abs=1e-8))


@pytest.mark.parametrize(
    ("commune", "x", "y"),
    [
        (None, 652469.02, 6862035.26),  # no commune, hence no projection
        ("98818", 652469.02, 6862035.26),  # a projection that is not listed
        ("75056", 6862035.26, 652469.02),  # axes swapped
        ("97411", 652469.02, 6862035.26),  # metropolitan coordinates overseas
        ("75056", 0.0, 0.0),
        ("75056", 700_000.0, 12_655_612.05),  # the pole of the projection
        ("75056", None, 6862035.26),
    ],
)
def test_nothing_rather_than_a_wrong_place(commune, x, y):
    [place] = places([(commune, x, y)])
    assert (place["longitude"], place["latitude"]) == (None, None)
