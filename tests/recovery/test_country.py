# ruff: noqa: S608 - queries are composed of the names above
"""The country around the simulated establishments: coherent with them, marked, the same for a seed."""

from __future__ import annotations

import filecmp

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.not_empty import not_empty
from tests.recovery.simulated import ISLAND, JOBS, TABLES, one
from tests.refreshing import load
from vigie.errors import StructureFault
from vigie.services.simulate import SimulationRequest, simulate
from vigie.sources.base import discover
from vigie.sources.cards_reader import read_cards
from vigie.sources.imaginary import is_imaginary
from vigie.sources.simulation.activities import read_activities
from vigie.sources.simulation.blocks import BlockMaker
from vigie.sources.simulation.country import YEARS, ZONES, CountryMaker
from vigie.sources.simulation.jobs import JobMaker
from vigie.sources.simulation.living import DWELLINGS, PEOPLE
from vigie.sources.simulation.places import find_place, read_communes
from vigie.sources.simulation.stock import StockMaker
from vigie.sources.simulation.streams import Streams
from vigie.sources.simulation.units import UnitMaker
from vigie.sources.simulation.world import EPOCH, World
from vigie.sources.simulation.zones import employment_areas

COUNTRY = {
    "urssaf_emploi", "zonage:zonage_ze2020", "indicateur:filosofi_2020", "indicateur:portrait_epci",
    "indicateur:cadre_de_vie_communes_2018", "indicateur:population_recensement", "indicateur:locaux_2018",
    "metiers:embauches_rome_naf_2017", "echanges:echanges_wiod",
}  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Two months of a small world: an island of establishments, and the country around."""
    out = tmp_path_factory.mktemp("small")
    request = SimulationRequest(ISLAND, out, format="parquet", establishments=140, months=2, country=True)
    return out, simulate(request)


def test_vigie_recognises_every_file_and_each_is_imaginary(small):
    out, report = small
    found = discover((out / report.snapshots[0].date,), read_cards())
    assert {file.source for file in found} >= COUNTRY
    beside = [file for file in found if not file.source.startswith("sirene_")]
    assert all(is_imaginary(file) for file in not_empty(beside))


def test_months_share_the_country_and_the_report_counts_it(small):
    out, report = small
    first, second = (out / snapshot.date for snapshot in report.snapshots)
    for name in (JOBS, ZONES):
        assert filecmp.cmp(first / f"{name}.parquet", second / f"{name}.parquet", shallow=False)
    for snapshot in not_empty(report.snapshots):
        assert snapshot.rows[JOBS] == pq.read_metadata(out / snapshot.date / f"{JOBS}.parquet").num_rows > 20_000


def test_jobs_are_those_of_the_establishments_where_there_are_some(small):
    out, report = small
    folder = out / report.snapshots[0].date
    jobs = f"'{folder}/{JOBS}.parquet'"
    last = EPOCH.year - 1
    firms = f"select sum(nombre_d_etablissements_{last}::int) from {jobs} where code_commune = '{ISLAND}'"
    private = f"""select count(*) from '{folder}/{TABLES["e"]}.parquet'
        join '{folder}/{TABLES["u"]}.parquet' using (siren) where etatAdministratifEtablissement = 'A'
        and trancheEffectifsEtablissement between '01' and '53' and categorieJuridiqueUniteLegale not like '7%'"""
    counted = one(duckdb.sql(firms).fetchall())
    assert counted == one(duckdb.sql(private).fetchall())
    assert counted > 0
    names = set(duckdb.sql(f"select * from {jobs} limit 0").columns)
    assert {f"effectifs_salaries_{last}", f"effectifs_salaries_{last - YEARS + 1}"} <= names
    departments = duckdb.sql(f"select count(distinct code_departement) from {jobs}").fetchall()
    assert one(departments) == len(set(read_communes().departments))


@pytest.fixture(scope="module")
def world():
    """The world at its full size: that of INSEE's register."""
    return World(Streams(1), read_communes(), read_activities(), 1.0, EPOCH)


@pytest.mark.parametrize(("code", "total", "points"), [("85", 0.1, 0.03), ("48", 0.2, 0.06)])
def test_jobs_elsewhere_follow_the_laws_of_establishments(world, code, total, points):
    """The same département, simulated whole and drawn as a part of the country: total and shares of broad sectors.

    The second has 30 000 jobs: one large site moves both.
    """
    place = find_place(code, world.communes)
    maker = UnitMaker(world)
    stock = StockMaker(world, maker, None)
    counter, country = JobMaker(world), CountryMaker(world, place, maker, stock.workforce)
    real = [
        counter.counted(
            block.units, block.sites, stock.workforce.workforce(block.units, block.sites, block.sites.resized)
        )
        for block in BlockMaker(world, maker, place, 0).blocks()
    ]
    drawn = list(country.elsewhere.cells(np.flatnonzero(place.inside)))
    sectors = np.searchsorted([5, 41, 45, 58, 84], world.activities.division, side="right")
    shares = []
    for cells in (real, drawn):
        found = sum(np.bincount(sectors[block.naf], block.jobs, 6) for block in not_empty(cells))
        shares.append((found.sum(), found / found.sum()))
    assert shares[1][0] == pytest.approx(shares[0][0], rel=total)
    assert np.abs(shares[0][1] - shares[1][1]).max() < points
    pairs = [sum(len(cells.naf) for cells in some) for some in (real, drawn)]
    assert pairs[1] == pytest.approx(pairs[0], rel=0.2)


def test_areas_are_unions_of_intercommunalities(world):
    communes, zones = world.communes, world.zones
    of_epci: dict[str, set[int]] = {}
    for epci, zone in zip(communes.epci, zones.zone.tolist(), strict=True):
        of_epci.setdefault(epci, set()).add(zone)
    of_epci.pop("")
    assert len(of_epci) > 1_200
    assert all(len(found) == 1 for found in not_empty(of_epci.values()))
    assert 200 < len(zones.codes) == len(set(zones.codes)) < 400
    assert all(len(code) == 4 and not code.isdigit() for code in not_empty(zones.codes))
    assert all(label.endswith("(imaginaire)") for label in not_empty(zones.labels))
    other = employment_areas(communes, Streams(2))
    assert other.codes == zones.codes
    assert (other.zone == zones.zone).all()
    assert (other.family != zones.family).any()


def test_the_same_seed_gives_the_same_country(tmp_path):
    for name, seed in (("one", 5), ("two", 5), ("other", 6)):
        simulate(SimulationRequest(ISLAND, tmp_path / name, seed, format="parquet", establishments=30, country=True))
    files = sorted(path.name for path in (tmp_path / "one").glob("*.parquet"))
    truths = sorted(f"verite/{path.name}" for path in (tmp_path / "one" / "verite").glob("*.parquet"))
    assert len(truths) == 7
    for name in not_empty([*files, *truths]):
        assert filecmp.cmp(tmp_path / "one" / name, tmp_path / "two" / name, shallow=False), name
    alike = [n for n in not_empty(files) if filecmp.cmp(tmp_path / "one" / n, tmp_path / "other" / n, shallow=False)]
    assert set(alike) == {f"{ZONES}.parquet", f"{PEOPLE}.parquet", f"{DWELLINGS}.parquet"}  # nothing is drawn in these


def test_an_unmarked_file_of_jobs_is_refused_beside_imaginary_establishments(small, tmp_path):
    folder = small[0] / small[1].snapshots[0].date
    _copy_but(folder / f"{TABLES['e']}.parquet", tmp_path)
    table = pq.read_table(folder / f"{JOBS}.parquet").slice(0, 50)
    bare = [text.removesuffix(" (imaginaire)") for text in table["ape"].to_pylist()]
    pq.write_table(table.set_column(table.column_names.index("ape"), "ape", [bare]), tmp_path / f"{JOBS}.parquet")
    with pytest.raises(StructureFault, match=r"ses lignes sont réelles, mais les établissements.*ne se mêlent pas"):
        load(tmp_path / "data", tmp_path)


def test_an_imaginary_zoning_is_refused_beside_real_establishments(small, tmp_path):
    folder = small[0] / small[1].snapshots[0].date
    _copy_but(folder / f"{TABLES['e']}.parquet", tmp_path, "identifiantAdresseEtablissement")
    _copy_but(folder / f"{ZONES}.parquet", tmp_path)
    with pytest.raises(StructureFault, match=r"ses lignes sont imaginaires, mais les établissements.*ne se mêlent pas"):
        load(tmp_path / "data", tmp_path)


def _copy_but(source, folder, emptied=""):
    """Copy a file into a folder, one of its columns emptied."""
    table = pq.read_table(source)
    if emptied:
        place = table.column_names.index(emptied)
        table = table.set_column(place, emptied, pa.nulls(table.num_rows, pa.string()))
    pq.write_table(table, folder / source.name)
