"""Coordinates fall inside the outline of the right commune, overseas too."""

from __future__ import annotations

import datetime

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

import vigie.store.engines.duckdb  # noqa: F401 - sets how expressions are written
from tests.not_empty import not_empty
from vigie.sources.lambert import located
from vigie.sources.simulation.activities import read_activities
from vigie.sources.simulation.places import find_place, read_communes
from vigie.sources.simulation.positions import PositionMaker
from vigie.sources.simulation.producer import Producer
from vigie.sources.simulation.streams import Streams
from vigie.sources.simulation.world import World

CORNERS = {"departement:85": (-2.4, 46.3, 0.06), "departement:974": (55.2, -21.4, 0.08)}


def hooked(west: float, south: float, side: float) -> shapely.Polygon:
    """Return a commune of difficult shape: a thin L, the centre of its box outside."""
    thin = side / 5
    corners = [(0, 0), (side, 0), (side, thin), (thin, thin), (thin, side), (0, side)]
    return shapely.Polygon([(west + x, south + y) for x, y in corners])


@pytest.fixture(scope="module", params=sorted(CORNERS))
def simulated(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("positions")
    communes = read_communes()
    place = find_place(request.param, communes)
    west, south, side = CORNERS[request.param]
    codes = [communes.codes[c] for c in np.flatnonzero(place.inside)]
    shapes = {
        code: hooked(west + side * (n % 8), south + side * (n // 8 % 8), side * 0.9)
        for n, code in enumerate(codes[:-1])
    }
    table = pa.table({"code": list(shapes), "geometry": [shapely.to_wkb(shape) for shape in shapes.values()]})
    pq.write_table(table, folder / "outlines.parquet")
    world = World(Streams(1), communes, read_activities(), 0.01, datetime.date(2026, 10, 1))
    positions = PositionMaker(world, folder / "outlines.parquet", np.flatnonzero(place.inside))
    Producer(world, place, positions).write(folder, "parquet", 0)
    return shapes, codes[-1], positions, folder / "StockEtablissement_utf8.parquet", np.flatnonzero(place.inside)


def test_every_point_is_in_its_commune(simulated):
    shapes, left_out, positions, path, inside = simulated
    assert positions.missing(inside) == [left_out]
    names = {"codeCommuneEtablissement": "commune", "coordonneeLambertAbscisseEtablissement": "x",
             "coordonneeLambertOrdonneeEtablissement": "y"}  # fmt: skip
    rows = pq.read_table(path, columns=list(names), filters=[("statutDiffusionEtablissement", "=", "O")])
    rows = rows.rename_columns(list(names.values()))
    assert all(
        (x is None) == (c == left_out)
        for c, x in not_empty(zip(*rows.select(["commune", "x"]).to_pydict().values(), strict=True))
    )
    table = (
        ibis.memtable(rows).filter(ibis._.x.notnull()).mutate(x=ibis._.x.cast("float64"), y=ibis._.y.cast("float64"))
    )
    found = ibis.duckdb.connect().to_pyarrow(located(table, "x", "y", "commune")).to_pydict()
    assert len(found["commune"]) > 100
    within = shapely.contains_xy([shapes[c] for c in found["commune"]], found["longitude"], found["latitude"])
    assert within.all()
    assert len(set(zip(found["longitude"], found["latitude"], strict=True))) > 0.8 * len(found["commune"])
