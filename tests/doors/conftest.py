"""One small imaginary territory, two months, sentinels in every masked field, loaded once for the doors."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.doors.planting import plant
from tests.doors.served import EPCI, Served, TestClient
from tests.made_once import made_once
from vigie import bootstrap
from vigie.interfaces.server import application
from vigie.services import anonymous_files
from vigie.services.refresh import RefreshRequest
from vigie.services.simulate import SimulationRequest
from vigie.settings import Settings

LOADING, PLANTED = "loading.log", "planted.json"
ESTABLISHMENTS = 20_000 if os.environ.get("VIGIE_PROOF") else 1_500


@pytest.fixture(scope="session", autouse=True)
def files_for_all() -> Iterator[None]:
    """Let tests take as many files as there are addresses to try, all from one origin."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(anonymous_files, "BY_ORIGIN", replace(anonymous_files.BY_ORIGIN, tries=100_000))
        yield


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    work = made_once(tmp_path_factory, "doors", _make)
    settings, files = _settings(work), work / "files"
    log = (work / LOADING).read_text(encoding="utf-8").splitlines()
    handler = _Collector(log)
    logging.getLogger().addHandler(handler)
    logging.getLogger("vigie").setLevel(logging.DEBUG)
    (masked, open_) = json.loads((work / PLANTED).read_text(encoding="utf-8"))
    with TestClient(application(settings), base_url="http://vigie.test", raise_server_exceptions=False) as client:
        yield Served(settings, files, client, tuple(masked), tuple(open_), log)
    logging.getLogger().removeHandler(handler)


def _settings(work: Path) -> Settings:
    return Settings(data_dir=work / "data", contact="contact@example.org", publisher="Collectivité d’essai")


def _make(work: Path) -> None:
    """Simulate, plant sentinels and load, with what is logged meanwhile."""
    settings, files = _settings(work), work / "files"
    request = SimulationRequest(territory=EPCI, out=files, establishments=ESTABLISHMENTS, months=2, format="csv")
    bootstrap.simulate(settings, request)
    log: list[str] = []
    handler = _Collector(log)
    logging.getLogger().addHandler(handler)
    logging.getLogger("vigie").setLevel(logging.DEBUG)
    planted: tuple[tuple[str, ...], tuple[str, ...]] = (), ()
    for month in sorted(path for path in files.iterdir() if path.is_dir() and path.name[:2] == "20"):
        planted = plant(month)
        bootstrap.refresh(settings, RefreshRequest((month,)))
    logging.getLogger().removeHandler(handler)
    (work / LOADING).write_text("\n".join(log), encoding="utf-8")
    (work / PLANTED).write_text(json.dumps(planted), encoding="utf-8")


class _Collector(logging.Handler):
    """Keeps every line that anything logs, as it would be written."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))
