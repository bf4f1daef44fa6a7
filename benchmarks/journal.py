"""The desk beside Datasette: the same rows of one SQLite journal, read by 16 connections at once; and durable writes.

Datasette reads the same file without signing anybody in, without a wall and without an audit: what it answers is the
floor; and what it would do beside (suggesting facets) is switched off. Each side is measured in turn, five rounds, and
the median of the rounds is kept.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

CONNECTIONS, ROUNDS, SECONDS = 16, 5, 4.0
DOSSIERS = 20_000
TOKEN = "token of the bench"  # noqa: S105 - of a journal made for the measure
ORGANISATION, PERSON = "bench".ljust(20, "b"), "somebody".ljust(20, "s")
Pairs = dict[str, tuple[str, str]]


def measure(work: Path, rows: int) -> dict[str, Any]:
    """Fill a journal, then read it through both servers; `rows` is that of the other parts and plays no role here."""
    folder = work / "journal"
    identifiers = _fill(folder)
    with _serving(_vigie(folder)) as ours, _serving(_datasette(folder)) as theirs:
        read = {
            name: _compared((ours, our_path), (theirs, their_path), identifiers)
            for name, (our_path, their_path) in _reads().items()
        }
    figures: dict[str, Any] = {"dossiers": DOSSIERS, "connections": CONNECTIONS}
    for name, (our_p95, their_p95, per_second, their_per_second) in read.items():
        figures |= {
            f"{name}_p95_ms": our_p95,
            f"{name}_datasette_p95_ms": their_p95,
            f"{name}_per_second": per_second,
            f"{name}_datasette_per_second": their_per_second,
            f"{name}_ratio": round(our_p95 / their_p95, 2),
        }
    return figures | _writes(work / "writes")


def _reads() -> Pairs:
    """Return the reads compared: a page of a list, the same list as JSON, one record as JSON."""
    chosen = f"organisation_id={ORGANISATION}&deleted_at__isnull=1&state=open&_sort_desc=created_at&_size=25"
    return {
        "page": ("/bureau/dossiers?etat=open", f"/journal/dossier?{chosen}"),
        "api": ("/api/v1/desk/dossiers?state=open&per_page=25", f"/journal/dossier.json?{chosen}"),
        "record": ("/api/v1/desk/dossiers/{id}", "/journal/dossier/{id}.json"),
    }


def _fill(folder: Path) -> list[str]:
    """Write an organisation, an officer and her dossiers; return identifiers of some."""
    from sqlalchemy import select  # noqa: PLC0415 — nothing heavy at import

    from vigie import bootstrap  # noqa: PLC0415
    from vigie.domain.access import Role, Scope  # noqa: PLC0415
    from vigie.services.keys import Keys  # noqa: PLC0415
    from vigie.settings import Settings  # noqa: PLC0415
    from vigie.store.journal.followup import Dossier  # noqa: PLC0415
    from vigie.store.journal.people import Membership, Organisation, Person, SignIn  # noqa: PLC0415

    journal = bootstrap.open_journal(Settings(data_dir=folder))
    officer = Scope(role=Role.OFFICER, organisation=ORGANISATION, person=PERSON, via="command")
    with journal.reading(officer) as reader:
        known = reader.count(select(Dossier))
    if not known:
        with journal.writing(officer) as unit:
            unit.act("organisation.created", ORGANISATION)
            unit.add(Organisation(id=ORGANISATION, name="Collectivité de mesure", kind="collectivite"))
            unit.add(Person(id=PERSON, name="Compte de mesure"))
            unit.add(Membership(person_id=PERSON, role=Role.OFFICER.value))
            later = unit.now + timedelta(days=365)
            hashed = Keys.hash_token(TOKEN)
            unit.add(SignIn(person_id=PERSON, key_hash=hashed, seen_at=unit.now, expires_at=later))
        for start in range(0, DOSSIERS, 1_000):
            with journal.writing(officer) as unit:
                unit.act("dossier.opened")
                for rank in range(start, start + 1_000):
                    unit.add(Dossier(kind="holder", title=f"Projet {rank}", state="open" if rank % 3 else "closed"))
    with journal.reading(officer) as reader:
        identifiers = [dossier.id for dossier in reader.all(select(Dossier).limit(500))]
    journal.close()
    return identifiers


def _vigie(folder: Path) -> Callable[[int], list[str]]:
    return lambda port: [sys.executable, "-m", "vigie", "serve", "--port", str(port), "--data-dir", str(folder)]


def _datasette(folder: Path) -> Callable[[int], list[str]]:
    kept = {"default_page_size": "25", "num_sql_threads": "16", "suggest_facets": "off"}
    options = [word for name, value in kept.items() for word in ("--setting", name, value)]
    return lambda port: [sys.executable, "-m", "datasette", str(folder / "journal.db"), "--port", str(port), *options]


@contextmanager
def _serving(command: Callable[[int], list[str]]) -> Iterator[int]:
    """Start a server on a free port and yield it once it answers."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    process = subprocess.Popen(
        command(port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                break
        except OSError:
            time.sleep(0.1)
    try:
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _compared(ours: tuple[int, str], theirs: tuple[int, str], identifiers: list[str]) -> tuple[float, float, int, int]:
    """Read each side in turn; return both p95 in milliseconds and both answers a second, medians of the rounds."""
    sides: list[list[tuple[float, int]]] = [[], []]
    for _ in range(ROUNDS):
        for side, (port, path) in enumerate((ours, theirs)):
            sides[side].append(_hammer(port, path, identifiers))
    medians = [[statistics.median(figures) for figures in zip(*side, strict=True)] for side in sides]
    return round(medians[0][0], 1), round(medians[1][0], 1), int(medians[0][1]), int(medians[1][1])


def _hammer(port: int, path: str, identifiers: list[str]) -> tuple[float, int]:
    """Read an address with all connections for some seconds; raises when an answer is not 200."""
    until, took, faults, turn = time.monotonic() + SECONDS, [], [], count()

    def read() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Authorization": f"Bearer {TOKEN}", "Cookie": f"session={TOKEN}"}
        while time.monotonic() < until:
            began = time.perf_counter()
            connection.request("GET", path.format(id=identifiers[next(turn) % len(identifiers)]), headers=headers)
            answer = connection.getresponse()
            answer.read()
            took.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                faults.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=read) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(f"{path}: {len(faults)} answers were not 200 ({faults[0]})")
    return statistics.quantiles(took, n=20)[-1], int(len(took) / SECONDS)


def _writes(folder: Path) -> dict[str, Any]:
    """Count durable acts a second, by one writer and by sixteen, each acknowledged after a flush of the disk."""
    from vigie import bootstrap  # noqa: PLC0415
    from vigie.domain.access import Role, Scope  # noqa: PLC0415
    from vigie.settings import Settings  # noqa: PLC0415
    from vigie.store.journal.followup import Dossier  # noqa: PLC0415

    journal = bootstrap.open_journal(Settings(data_dir=folder))
    officer = Scope(role=Role.OFFICER, organisation=ORGANISATION, person=PERSON, via="command")
    figures = {}
    for writers in (1, CONNECTIONS):
        until, done = time.monotonic() + SECONDS, count()

        def write(until: float = until, done: Iterator[int] = done) -> None:
            while time.monotonic() < until:
                with journal.writing(officer) as unit:
                    unit.act("dossier.opened")
                    unit.add(Dossier(kind="holder", title="Projet de mesure"))
                next(done)

        threads = [threading.Thread(target=write) for _ in range(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        figures[f"writes_per_second_full_{writers}"] = int(next(done) / SECONDS)
    journal.close()
    return figures


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]), 0), indent=1) + "\n")
