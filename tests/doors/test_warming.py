"""A server reads what its first readers need as soon as it listens, and before new data are put in service."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from tests.doors.served import Served, TestClient
from tests.waiting import LONGEST, eventually
from vigie.bootstrap import Installation, Services
from vigie.errors import NoData
from vigie.interfaces.server import application, know_routes, warming


def test_steps_are_taken_in_turn_and_a_failure_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    taken: list[str] = []
    done = Event()

    def nothing() -> None:
        taken.append("nothing")
        raise NoData("rien")

    def broken() -> None:
        taken.append("broken")
        raise ZeroDivisionError

    with caplog.at_level(logging.INFO, "vigie.data"), warming(nothing, broken, lambda: taken.append("last"), done.set):
        assert done.wait(LONGEST)
    assert taken == ["nothing", "broken", "last"]
    assert "NoData" in caplog.text and "ZeroDivisionError" in caplog.text


def test_no_step_is_begun_once_the_server_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    under_way, go_on = Event(), Event()
    taken: list[str] = []
    join = Thread.join

    def first() -> None:
        under_way.set()
        assert go_on.wait(LONGEST)
        taken.append("first")

    def joined(thread: Thread, timeout: float | None = None) -> None:
        go_on.set()  # the server already said that it stops: the step under way ends only now
        join(thread, timeout)

    monkeypatch.setattr(Thread, "join", joined)
    with warming(first, lambda: taken.append("second")):
        assert under_way.wait(LONGEST)
    assert taken == ["first"]


def test_a_served_installation_warms_by_itself(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    warmed: list[str] = []
    read = Services.warm
    monkeypatch.setattr(Services, "warm", lambda services: (read(services), warmed.append(services.loaded.name)))
    with TestClient(application(replace(served.settings, warm=True)), base_url="http://vigie.test") as client:
        eventually(lambda: bool(warmed))
        assert client.get("/").status_code == 200
    with TestClient(application(replace(served.settings, warm=False)), base_url="http://vigie.test") as client:
        assert client.get("/").status_code == 200
    assert len(warmed) == 1


def test_without_data_a_server_still_starts(served: Served, tmp_path: Path) -> None:
    settings = replace(served.settings, data_dir=tmp_path / "empty", warm=True)
    with TestClient(application(settings), base_url="http://vigie.test") as client:
        assert client.get("/aide").status_code == 200


def test_the_next_generation_is_warm_before_it_is_put_in_service(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    shutil.copytree(served.data_dir, data)
    now = (data / "current").read_text(encoding="utf-8").strip()
    other = next(path.name for path in (data / "generations").iterdir() if path.name != now)
    installation = Installation(replace(served.settings, data_dir=data))
    installation.warm()
    answered_by: list[str] = []

    def warm(services: Services) -> None:
        assert services.loaded.name == other
        with installation.services() as answering:
            answered_by.append(answering.loaded.name)

    monkeypatch.setattr(Services, "warm", warm)
    (data / "current").write_text(other, encoding="utf-8")
    assert installation.generation() == now
    installation.settle()
    assert answered_by == [now], "the former one answers while the next one warms"
    assert installation.generation() == other
    installation.close()


def test_a_server_imports_nothing_that_only_other_commands_need(served: Served) -> None:
    spared = ("ibis", "pandas", "shapely", "vigie.services.refresh", "vigie.services.simulate", "vigie.store.pipeline")
    program = f"""
import sys
import vigie.interfaces.server
print("LUS", *[name for name in {spared!r} if name in sys.modules])
"""
    environment = {**os.environ, "VIGIE_DATA_DIR": str(served.data_dir)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.splitlines()[-1] == "LUS"


def test_each_route_is_looked_at_and_none_answers() -> None:
    looked: list[str] = []

    class Looked(Route):
        def matches(self, scope: Scope) -> tuple[Match, Scope]:
            found = super().matches(scope)
            looked.append(f"{self.path} {found[0].name}")
            return found

    async def answer(_: Request) -> Response:
        return Response()

    know_routes([Looked("/", answer), Looked("/lieux/{place}", answer)])
    assert looked == ["/ NONE", "/lieux/{place} NONE"]
