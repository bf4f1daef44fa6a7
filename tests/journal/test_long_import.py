"""A long import through a real server that is killed in the middle, while officers read and write.

`VIGIE_IMPORT_LINES` raises its length (600 by default, a lot and some), `VIGIE_OFFICERS` how many work meanwhile, each
doing one thing every `VIGIE_PAUSE` seconds. How long they waited is recorded, not asserted: it depends on the machine.
"""

from __future__ import annotations

import os
import signal
import socket
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import select

from tests.journal.cast import Cast, settled
from tests.journal.doors.office import write_files
from tests.journal.sheets import csv_file
from tests.journal.test_killed import forking, wait_until_it_answers
from tests.refreshing import load_underived
from vigie import bootstrap
from vigie.services.job_kinds import LOT
from vigie.settings import Settings
from vigie.store.journal import checking
from vigie.store.journal.followup import Dossier

LINES = int(os.environ.get("VIGIE_IMPORT_LINES", "600"))
assert LINES > LOT, "shorter imports are done at once, without any job to kill"
OFFICERS = int(os.environ.get("VIGIE_OFFICERS", "2"))
LONGEST = 1800.0
PAUSE = float(os.environ.get("VIGIE_PAUSE", "0.15"))
"""Seconds that an officer looks at what was answered before the next thing."""
ALONE = float(os.environ.get("VIGIE_ALONE", "2"))
"""Seconds during which officers work before the import begins: what the machine makes them wait without it."""
STEPS = {"numbers": "numbers", "doubles": "decisions", "ready": "application"}


@dataclass
class AtWork:
    """Somebody who reads and writes dossiers; `waits` are seconds by what was asked, `odd` what was refused."""

    base: str
    token: str
    dossier: str
    waits: dict[str, list[float]] = field(default_factory=dict)
    odd: Counter[int] = field(default_factory=Counter)

    def until(self, stop: threading.Event) -> None:
        note = {"kind": "visit", "body": "Une visite"}
        with httpx.Client(base_url=f"{self.base}/api/v1/desk", timeout=120, headers=bearer(self.token)) as client:
            asked: dict[str, Callable[[], httpx.Response]] = {
                "read": lambda: client.get(f"/dossiers/{self.dossier}"),
                "list": lambda: client.get("/dossiers"),
                "write": lambda: client.post(f"/dossiers/{self.dossier}/exchanges", json=note),
            }
            while not stop.is_set():
                for name, ask in asked.items():
                    began = time.monotonic()
                    try:
                        status = ask().status_code
                    except httpx.HTTPError:  # the server is being killed, or starts again
                        time.sleep(0.5)
                        continue
                    self.waits.setdefault(name, []).append(time.monotonic() - began)
                    if status >= 400:
                        self.odd[status] += 1
                    time.sleep(PAUSE)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def import_lines(client: httpx.Client, killing: Callable[[httpx.Client], None]) -> list[str]:
    """Go through the whole import as a program, letting the server be killed in the middle of its last step."""
    rows = [(f"Atelier imaginaire {rank}", "Les Herbiers", f"Personne {rank}") for rank in range(LINES)]
    data = csv_file([("Entreprise", "Ville", "Contact"), *rows])
    read = client.post("/imports?name=long.csv", content=data).json()
    at = f"/imports/{read['id']}"
    columns = {one["place"]: one["column"] for one in read["columns"]}
    answer = client.post(f"{at}/columns", json={"columns": columns}).json()
    passed = []
    end = time.monotonic() + LONGEST
    while answer["stage"] != "applied":
        assert time.monotonic() < end, answer["stage"]
        passed.append(answer["stage"])
        if answer["job"]:
            killing(client) if answer["stage"] == "applying" else None
            follow(client, answer["job"])
            answer = client.get(at).json()
        else:
            answer = client.post(f"{at}/{STEPS[answer['stage']]}", json={}).json()
    assert answer["counts"]["created"] == LINES
    return passed


def follow(client: httpx.Client, job: str, enough: float = 1.0) -> None:
    """Ask how far a job is until it has done enough."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        try:
            told = client.get(f"/jobs/{job}").json()
        except httpx.HTTPError:
            time.sleep(0.5)
            continue
        assert told["state"] != "failed", told["fault"]
        if told["state"] == "done" or (enough < 1.0 and told["done"] >= enough * LINES):
            return
        time.sleep(0.2)
    raise AssertionError("the job is not done")


def test_a_long_import_lets_others_work_and_outlives_its_server(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    settings = Settings(data_dir=tmp_path / "data", secret="secret of the long import")  # noqa: S106
    load_underived(settings.data_dir, write_files(tmp_path / "stock"))
    cast, port = settled(settings), free_port()
    base, stop = f"http://127.0.0.1:{port}", threading.Event()
    with forking(settings, port) as start:
        servers = [start()]
        wait_until_it_answers(base)
        workers = [at_work(base, cast, rank) for rank in range(OFFICERS)]
        threads = first_alone(workers, stop, record_property)

        def kill(officer: httpx.Client) -> None:
            (job,) = [one["id"] for one in officer.get("/jobs").json()["results"] if one["state"] in MOVING]
            follow(officer, job, enough=0.3)
            os.kill(servers[-1], signal.SIGKILL)
            servers.append(start())
            wait_until_it_answers(base)

        began = time.monotonic()
        try:
            with httpx.Client(
                base_url=f"{base}/api/v1/desk", timeout=300, headers=bearer(cast.secrets["officer"])
            ) as officer:
                passed = import_lines(officer, kill)
            record_property("seconds", round(time.monotonic() - began, 1))
        finally:  # when an import fails, nobody goes on working: the process of the tests would never end
            stop.set()
            for thread in threads:
                thread.join()
            os.kill(servers[-1], signal.SIGKILL)
    assert [stage for stage in passed if stage.endswith("ing")] == ["matching", "reviewing", "applying"]
    assert [dict(one.odd) for one in workers] == [{}] * OFFICERS
    tell_waits(workers, record_property)
    require_each_line_once(settings, cast)


MOVING = ("waiting", "running")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def at_work(base: str, cast: Cast, rank: int) -> AtWork:
    token = cast.secrets[("officer", "admin")[rank % 2]]
    opened = httpx.post(
        f"{base}/api/v1/desk/dossiers", json={"kind": "holder", "title": f"Suivi {rank}"}, headers=bearer(token),
        timeout=300,
    )  # fmt: skip
    return AtWork(base, token, opened.json()["id"])


def first_alone(
    workers: list[AtWork], stop: threading.Event, record_property: Callable[[str, object], None]
) -> list[threading.Thread]:
    """Set people to work, and record what they wait for while nothing else goes on; return their threads."""
    threads = [threading.Thread(target=one.until, args=(stop,)) for one in workers]
    for thread in threads:
        thread.start()
    time.sleep(ALONE)
    tell_waits(workers, lambda name, told: record_property(f"alone_{name}", told))
    for one in workers:
        one.waits.clear()
    return threads


def tell_waits(workers: list[AtWork], record_property: Callable[[str, object], None]) -> None:
    everything: list[float] = []
    for name in ("read", "list", "write"):
        waits = [wait for one in workers for wait in list(one.waits.get(name, []))]
        everything += waits
        record_property(f"{name}_count", len(waits))
        record_property(f"{name}_p95_ms", p95(waits))
    record_property("p95_ms", p95(everything))
    record_property("longest_ms", round(1000 * max(everything, default=0.0)))
    record_property("load_average", os.getloadavg()[0])


def p95(waits: list[float]) -> int:
    """Return the wait, in milliseconds, that 95 % did not exceed; 0 when there were too few."""
    return round(1000 * statistics.quantiles(waits, n=20)[-1]) if len(waits) > 1 else 0


def require_each_line_once(settings: Settings, cast: Cast) -> None:
    journal = bootstrap.open_journal(settings)
    with journal.reading(cast.officer) as reader:
        titles = reader.all(select(Dossier.title).where(Dossier.title.startswith("Atelier imaginaire")))
    assert len(titles) == len(set(titles)) == LINES
    assert checking.check(journal.engine).faults == ()
    journal.close()
