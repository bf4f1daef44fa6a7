"""A journal on each engine, empty but for its cast; one behaviour suite runs on both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.journal.cast import Cast, Clock, settle
from vigie import bootstrap
from vigie.services.desk import Desk
from vigie.services.desk import desk as make_desk
from vigie.services.keys import Keys
from vigie.settings import Settings
from vigie.store.journal import migrating
from vigie.store.journal.sql import SqlJournal

ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of a PostgreSQL server for the length of the tests."""
    with postgres.running(fsync="off") as one:
        yield one.url


@pytest.fixture(params=ENGINES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of an installation whose journal is on the engine of the day."""
    url = ""
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_server")
    return Settings(data_dir=tmp_path / "data", journal_url=url, secret="secret of the tests")  # noqa: S106


@pytest.fixture
def clock() -> Clock:
    """A clock that tests move."""
    return Clock()


@pytest.fixture
def journal(settings: Settings, clock: Clock) -> Iterator[SqlJournal]:
    """An empty journal at the last version."""
    keeper = bootstrap.open_journal(settings, keeper=True)
    migrating.migrate(keeper.engine, "base")
    migrating.migrate(keeper.engine)
    keeper.close()
    opened = bootstrap.open_journal(settings, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def keys(settings: Settings) -> Keys:
    """The keys of the tests' installation."""
    return Keys.of_installation(settings.secret, settings.data_dir)


@pytest.fixture
def cast(journal: SqlJournal, keys: Keys) -> Cast:
    """Two organisations and one person in each role."""
    return settle(journal, keys)


@pytest.fixture
def desk(journal: SqlJournal, keys: Keys, settings: Settings) -> Desk:
    """The use cases, on the journal of the test."""
    return make_desk(journal, keys, settings)
