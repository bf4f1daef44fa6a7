"""A server from its launch to its first pages, beside the bare import of the libraries that it stands on.

Each figure is the median of a few launches; those of processor time are disturbed less by a busy machine. A portrait is
asked for twice: as the very first page, then of a server left alone until it has warmed itself.
"""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAUNCHES = 3
LONGEST = 300.0
LIBRARIES = "fastapi, uvicorn, sqlalchemy.orm, alembic.context, jinja2, duckdb, tantivy, pyarrow.parquet, ibis"
_TICK = os.sysconf("SC_CLK_TCK")


def measure(work: Path, rows: int) -> dict[str, Any]:
    """Serve `work/data`, and read the first page, then the portrait of the largest EPCI."""
    portrait = _portrait(work)
    first = [_first_pages(work, ["/"]) for _ in range(LAUNCHES)]
    alone = [_first_pages(work, [portrait]) for _ in range(LAUNCHES)]
    later = [_first_pages(work, [portrait], settled=True) for _ in range(LAUNCHES)]
    bare = [_bare() for _ in range(LAUNCHES)]
    figures = {
        "listening_seconds": [one[0][0] for one in first],
        "listening_processor_seconds": [one[0][1] for one in first],
        "first_page_seconds": [one[1][0] for one in first],
        "first_page_processor_seconds": [one[1][1] for one in first],
        "first_portrait_seconds": [one[1][0] for one in alone],
        "first_portrait_processor_seconds": [one[1][1] for one in alone],
        "warmed_portrait_seconds": [one[1][0] for one in later],
        "warmed_portrait_processor_seconds": [one[1][1] for one in later],
        "bare_imports_seconds": [one[0] for one in bare],
        "bare_imports_processor_seconds": [one[1] for one in bare],
    }
    told = {name: round(statistics.median(values), 2) for name, values in figures.items()}
    worked = told["listening_processor_seconds"] + told["first_page_processor_seconds"]
    return {**told, "start_processor_ratio": round(worked / told["bare_imports_processor_seconds"], 2)}


def _first_pages(work: Path, addresses: list[str], settled: bool = False) -> list[tuple[float, float]]:
    """Return wall and processor seconds until the server listens, then of each page."""
    began = time.perf_counter()
    with serving(work / "data") as (base, process):
        httpx.get(f"{base}/connexion", timeout=LONGEST)  # answered without any data: the application is up
        taken = [(time.perf_counter() - began, _processor(process.pid))]
        if settled:
            _settle(process.pid)
        for address in addresses:
            began, worked = time.perf_counter(), _processor(process.pid)
            httpx.get(f"{base}{address}", timeout=LONGEST).raise_for_status()
            taken.append((time.perf_counter() - began, _processor(process.pid) - worked))
    return taken


@contextmanager
def serving(data: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve a folder of data in a process of its own; give its address once it listens, and the process."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "vigie", "serve", "--port", str(port), "--data-dir", str(data)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while process.poll() is None:
                with closing(socket.socket()) as trial:
                    if trial.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.01)
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.send_signal(signal.SIGINT)


def _settle(process: int) -> None:
    """Wait until a server does nothing any more."""
    before = -1.0
    while _processor(process) - before > 0.01:
        before = _processor(process)
        time.sleep(1.0)


def _processor(process: int) -> float:
    with open(f"/proc/{process}/stat", encoding="utf-8") as told:  # noqa: PTH123 - not a file of the disk
        fields = told.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def _bare() -> tuple[float, float]:
    began = time.perf_counter()
    program = f"import time, {LIBRARIES}; print(time.process_time())"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return time.perf_counter() - began, float(done.stdout)


def _portrait(work: Path) -> str:
    from vigie.bootstrap import make_journal, open_services  # noqa: PLC0415 — nothing heavy at import
    from vigie.domain.territory import TerritoryKind  # noqa: PLC0415
    from vigie.settings import Settings  # noqa: PLC0415

    settings = Settings(data_dir=work / "data")
    make_journal(settings)
    with open_services(settings) as services:
        largest = max(services.observe.covered((TerritoryKind.EPCI,)), key=lambda place: place.population or 0)
    return f"/territoire/epci/{largest.code}"
