# ruff: noqa: S608 - queries are composed of the names above
"""Three simulated months of a département, and queries over them."""

from __future__ import annotations

import duckdb
import pytest

from tests.made_once import made_once
from tests.recovery.simulated import ISLAND, MONTHS, TABLES
from tests.refreshing import load
from vigie.services.simulate import SimulationRequest, simulate
from vigie.store import generation


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Three months of a département, small but with every case."""

    def make(out):
        simulate(SimulationRequest("85", out, format="parquet", establishments=40_000, months=3))

    return made_once(tmp_path_factory, "vendee", make)


@pytest.fixture(scope="session")
def sql(folder):
    """Query the three months: e0, u0, h0, l0 of the first, e1… of the second; truth1 and truth2."""
    connection = duckdb.connect(config={"threads": 1})
    for number, day in enumerate(MONTHS):
        for short, name in TABLES.items():
            connection.execute(f"create view {short}{number} as select * from '{folder}/{day}/{name}.parquet'")
    for number, day in list(enumerate(MONTHS))[1:]:
        connection.execute(f"create view truth{number} as select * from '{folder}/verite/{day}.parquet'")
    return lambda query: connection.execute(query).fetchall()


@pytest.fixture(scope="session")
def country(tmp_path_factory):
    """A loaded country a quarter of the size of the real one: its data directory, queries over it and its truths."""

    def make(work):
        simulate(SimulationRequest(ISLAND, work / "files", format="parquet", establishments=700, country=True))
        load(work / "data", work / "files")

    work = made_once(tmp_path_factory, "country", make)
    folder = generation.current(work / "data")
    assert folder is not None
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(f"attach '{folder / generation.WAREHOUSE}' as loaded (read_only)")
    for name in ("territoires", "specialites", "activites", "emplois_attendus", "echanges", "metiers"):
        connection.execute(f"create view {name} as from '{work / 'files' / 'verite' / name}.parquet'")
    return work / "data", lambda query: connection.execute(query).fetchall()
