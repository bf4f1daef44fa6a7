"""The small generation, written once for the tests of the services."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.services import small_world
from vigie.services.loaded import Loaded
from vigie.services.observe import Observe
from vigie.store.warehouse import Warehouse


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Warehouse, Loaded]]:
    """Counts of establishments, moves, events; no source of jobs."""
    warehouse, loaded = small_world.build(tmp_path_factory.mktemp("world") / "warehouse.duckdb")
    yield warehouse, loaded
    warehouse.close()


@pytest.fixture(scope="session")
def working_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Warehouse, Loaded]]:
    """The same with jobs, without links of succession."""
    path = tmp_path_factory.mktemp("jobs") / "warehouse.duckdb"
    warehouse, loaded = small_world.build(path, jobs=True, succession=False)
    yield warehouse, loaded
    warehouse.close()


@pytest.fixture(scope="session")
def observe_everywhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observe]:
    """Jobs and counts in every commune of two départements."""
    path = tmp_path_factory.mktemp("everywhere") / "warehouse.duckdb"
    warehouse, loaded = small_world.build(path, jobs=True, everywhere=True)
    yield Observe(warehouse, loaded)
    warehouse.close()


@pytest.fixture(scope="session")
def observe(world: tuple[Warehouse, Loaded]) -> Observe:
    return Observe(*world)


@pytest.fixture(scope="session")
def observe_jobs(working_world: tuple[Warehouse, Loaded]) -> Observe:
    return Observe(*working_world)
