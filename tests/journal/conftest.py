"""A journal on each engine, empty but for its cast; one behaviour suite runs on both."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests import postgres
from tests.journal.cast import CLOCKS, NINE_IN_PARIS, Cast, Clock, known_cast, settle
from vigie import bootstrap
from vigie.bootstrap import JOURNAL
from vigie.services.desk import Desk
from vigie.services.desk import desk as make_desk
from vigie.services.keys import Keys
from vigie.settings import Settings
from vigie.store.journal import migrating
from vigie.store.journal.sql import SqlJournal

SECRET = "secret of the tests"  # noqa: S105
ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of a PostgreSQL server for the length of the tests."""
    with postgres.running(fsync="off") as one:
        yield one.url


@pytest.fixture(scope="session")
def bases(postgres_server: str) -> dict[str, str]:
    """Addresses, by name, of bases made once, of which tests take copies: migrating takes longer than most tests."""
    made = {name: _base(postgres_server, f"vigie_{name}") for name in ("empty", "cast", "work")}
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        for name in made:
            connection.execute(f"CREATE DATABASE vigie_{name}")
    for name, stands in (("empty", ""), ("cast", NINE_IN_PARIS)):
        _make(Settings(journal_url=made[name], secret=SECRET), stands)
    return made


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """SQLite journals made once, likewise: an empty one, and one with the cast where each clock of the tests stands."""
    made = {}
    for name in ("empty", *CLOCKS):
        settings = Settings(data_dir=tmp_path_factory.mktemp("files"), secret=SECRET)
        _make(settings, name)
        with closing(sqlite3.connect(settings.data_dir / JOURNAL)) as connection:
            made[name] = connection.serialize()
    return made


@pytest.fixture(params=ENGINES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of an installation whose journal is on the engine of the day."""
    url = ""
    if request.param == "postgres":
        url = request.getfixturevalue("bases")["work"]
    return Settings(data_dir=tmp_path / "data", journal_url=url, secret=SECRET)


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Clock:
    """A clock that tests move; it stands at nine in Paris, or where `tests.journal.cast.CLOCKS` says."""
    return Clock(getattr(request, "param", NINE_IN_PARIS))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What speaks of days is true on every clock."""
    if metafunc.definition.get_closest_marker("every_clock") and "clock" in metafunc.fixturenames:
        metafunc.parametrize("clock", CLOCKS, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the other clocks to one engine: days are counted by the application, never by the database."""
    others = set(CLOCKS) - {NINE_IN_PARIS}
    left = [
        item
        for item in items
        if isinstance(item, pytest.Function)
        and hasattr(item, "callspec")
        and item.callspec.params.get("settings") == "postgres"
        and item.callspec.params.get("clock") in others
    ]
    items[:] = [item for item in items if item not in set(left)]
    config.hook.pytest_deselected(items=left)


@pytest.fixture
def journal(settings: Settings, clock: Clock, request: pytest.FixtureRequest) -> Iterator[SqlJournal]:
    """A journal at the last version, empty but for its cast when the test has one."""
    origin = "cast" if "cast" in request.fixturenames else "empty"
    if settings.journal_url:
        with psycopg.connect(request.getfixturevalue("postgres_server"), autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS vigie_work WITH (FORCE)")
            connection.execute(f"CREATE DATABASE vigie_work TEMPLATE vigie_{origin}")
    else:
        settings.data_dir.mkdir(parents=True)
        made = origin if origin == "empty" else clock.stands
        (settings.data_dir / JOURNAL).write_bytes(request.getfixturevalue("files")[made])
    opened = bootstrap.open_journal(settings, clock=clock)
    yield opened
    opened.close()


def _make(settings: Settings, stands: str) -> None:
    """Make a journal, with its cast at the moment and in the zone where a clock stands when it is named."""
    keeper = bootstrap.open_journal(settings, keeper=True)
    migrating.migrate(keeper.engine)
    keeper.close()
    if stands in CLOCKS:
        clock = Clock(stands)
        journal = bootstrap.open_journal(settings, clock=clock)
        settle(journal, Keys.of_installation(settings.secret, settings.data_dir), clock.zone)
        journal.close()


def _base(server: str, name: str) -> str:
    """Return the address of another base of the server."""
    return f"{server.rpartition('/')[0]}/{name}"


@pytest.fixture
def keys(settings: Settings) -> Keys:
    """The keys of the tests' installation."""
    return Keys.of_installation(settings.secret, settings.data_dir)


@pytest.fixture
def cast(journal: SqlJournal) -> Cast:
    """Two organisations and one person in each role, written in the base that was copied."""
    return known_cast()


@pytest.fixture
def desk(journal: SqlJournal, keys: Keys, settings: Settings) -> Desk:
    """The use cases, on the journal of the test."""
    return make_desk(journal, keys, settings)
