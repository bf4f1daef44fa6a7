"""One small installation with its cast, loaded once for the doors of the desk."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.journal.cast import settle
from tests.journal.doors.calling import Program
from tests.journal.doors.office import ADDRESS, Collector, Office, TestClient, give_token, write_files
from tests.journal.doors.rows import write
from tests.made_once import made_once
from tests.refreshing import load
from vigie.interfaces.server import application
from vigie.services.desk import Desk
from vigie.settings import Settings


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty firms of Les Herbiers, loaded once; nobody has worked there yet."""

    def make(work: Path) -> None:
        load(work / "data", write_files(work / "stock"))

    return made_once(tmp_path_factory, "desk", make) / "data"


@pytest.fixture(scope="module")
def office(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A served installation with a SQLite journal, its cast signed in: what one module leaves, no other finds."""
    data = tmp_path_factory.mktemp("office") / "data"
    shutil.copytree(loaded, data)
    settings = Settings(
        data_dir=data,
        threads=2,
        memory_mib=1024,
        contact="contact@example.org",
        publisher="Collectivité d’essai",
        secret="secret of the office",  # noqa: S106
        public_url=ADDRESS,
    )
    log: list[str] = []
    collector = Collector(log)
    logging.getLogger().addHandler(collector)
    logging.getLogger("vigie").setLevel(logging.DEBUG)
    app = application(settings)
    with TestClient(app) as started:
        desk: Desk = app.routes[0].app.state.desk  # type: ignore[attr-defined]
        cast = settle(desk.journal, desk.keys)
        give_token(desk, cast)
        yield Office(settings, app, desk, cast, log, started.portal)
    logging.getLogger().removeHandler(collector)


@pytest.fixture(scope="module")
def rows(office: Office) -> Mapping[str, str]:
    """A row of each kind that routes name, by what the rules call it."""
    return write(office)


@pytest.fixture(scope="module")
def program(office: Office) -> Program:
    return Program(office)
