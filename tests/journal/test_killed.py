"""The server killed while people write, again and again: what was acknowledged is there, once, and nothing else.

Each write carries a key; a write that was not acknowledged is sent again with the same key after the restart.
`VIGIE_JOURNAL_KILLS` raises the number of kills, `VIGIE_CHANCE` gives other instants.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from tests import postgres
from tests.journal.cast import Cast, settled
from tests.waiting import eventually
from vigie import bootstrap
from vigie.settings import Settings
from vigie.store.journal import checking
from vigie.store.journal.followup import Dossier

KILLS = int(os.environ.get("VIGIE_JOURNAL_KILLS", "6"))
SEED = 20261123 + int(os.environ.get("VIGIE_CHANCE", "0"))
WRITERS = 4
ROOT = Path(__file__).resolve().parents[2]
SECRET = "secret of the killed"  # noqa: S105 - of the test's own installation


@dataclass
class Writer:
    """Somebody who writes until the server falls, and remembers what was acknowledged."""

    name: str
    base: str
    token: str
    done: dict[str, str] = field(default_factory=dict)
    waiting: str = ""
    sent: int = 0
    fault: str = ""

    def write_until_it_falls(self, stop: threading.Event) -> None:
        with httpx.Client(base_url=self.base, timeout=300) as client:
            while not stop.is_set():
                if not self.waiting:
                    self.sent += 1
                    self.waiting = f"{self.name}-{self.sent}"
                try:
                    answer = client.post(
                        "/api/v1/desk/dossiers",
                        json={"kind": "holder", "title": self.waiting},
                        headers={"Authorization": f"Bearer {self.token}", "Idempotency-Key": self.waiting},
                    )
                except httpx.HTTPError:
                    return
                if answer.status_code == 201:
                    self.done[self.waiting] = answer.json()["id"]
                    self.waiting = ""
                elif answer.status_code in (409, 503):
                    time.sleep(0.02)
                else:
                    self.fault = answer.text
                    return


@contextmanager
def forking(settings: Settings, port: int) -> Iterator[Any]:
    environ = os.environ | {
        "VIGIE_DATA_DIR": str(settings.data_dir),
        "VIGIE_JOURNAL_URL": settings.journal_url,
        "VIGIE_SECRET": settings.secret,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.journal.forking_server", str(port)],
        cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin and process.stdout
    assert process.stdout.readline().strip() == "ready"

    def start() -> int:
        assert process.stdin and process.stdout
        process.stdin.write("start\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    yield start
    process.stdin.close()
    process.wait(timeout=300)
    process.stdout.close()


def wait_until_it_answers(base: str) -> float:
    began = time.monotonic()
    while time.monotonic() - began < 300:
        try:
            if httpx.get(f"{base}/robots.txt", timeout=300).status_code == 200:
                return time.monotonic() - began
        except httpx.HTTPError:
            time.sleep(0.01)
    raise AssertionError("the server did not come back")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def base(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Settings, postgres.Running | None]]:
    settings = Settings(data_dir=tmp_path / "data", secret=SECRET)
    if request.param == "sqlite":
        yield settings, None
        return
    with postgres.running() as one:
        yield replace(settings, journal_url=one.url), one


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_doubled(
    base: tuple[Settings, postgres.Running | None], record_property: Any
) -> None:
    settings, database = base
    cast = settled(settings)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    address, chance = f"http://127.0.0.1:{port}", random.Random(SEED)  # noqa: S311 - a test's dice
    writers = [Writer(f"w{rank}", address, cast.secrets["officer"]) for rank in range(WRITERS)]
    slowest = 0.0
    with forking(settings, port) as start:
        for kill in range(KILLS):
            server = start()
            slowest = max(slowest, wait_until_it_answers(address))
            stop = threading.Event()
            threads = [threading.Thread(target=one.write_until_it_falls, args=(stop,)) for one in writers]
            for thread in threads:
                thread.start()
            _wait_for_writes(writers, 1 + chance.randrange(6))
            if database is not None and kill % 5 == 4:
                database.crash()
                _wait_for_writes(writers, 1)
            os.kill(server, signal.SIGKILL)
            stop.set()
            for thread in threads:
                thread.join()
    assert not [one.fault for one in writers if one.fault]
    acknowledged = {key: identifier for one in writers for key, identifier in one.done.items()}
    record_property("kills", KILLS)
    record_property("acknowledged", len(acknowledged))
    record_property("slowest_restart_seconds", round(slowest, 2))
    _verify(settings, cast, acknowledged, {one.waiting for one in writers})
    assert len(acknowledged) >= KILLS


def _wait_for_writes(writers: list[Writer], count: int) -> None:
    """Let the server fall while it is at work: so many writes after those that are done."""
    before = sum(len(one.done) for one in writers)
    eventually(lambda: sum(len(one.done) for one in writers) >= before + count or any(one.fault for one in writers))


def _verify(settings: Settings, cast: Cast, acknowledged: dict[str, str], unanswered: set[str]) -> None:
    """Read everything back: each acknowledged write once, under the identifier that was given; nothing unasked."""
    journal = bootstrap.open_journal(settings)
    with journal.reading(cast.officer) as reader:
        kept = [(dossier.title or "", dossier.id) for dossier in reader.all(select(Dossier))]
    journal.close()
    titles = [title for title, _ in kept]
    assert len(titles) == len(set(titles)), "a write was doubled"
    assert acknowledged.items() <= dict(kept).items(), "an acknowledged write was lost"
    assert set(titles) - set(acknowledged) <= unanswered, "something is there that nobody asked for"
    keeper = bootstrap.open_journal(settings, keeper=True)
    assert checking.check(keeper.engine).faults == ()
    keeper.close()
