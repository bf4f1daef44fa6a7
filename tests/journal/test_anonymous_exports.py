"""Four files taken at once without an account, through a real server, while somebody works at the desk.

`VIGIE_LIST` raises the length of the list (300 by default, 10 000 at most), `VIGIE_OFFICERS` how many work meanwhile.
Memory and waits are recorded, not asserted: they depend on the machine.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests import small_stock
from tests.journal.cast import settled
from tests.journal.doors.office import HERBIERS
from tests.journal.test_killed import forking, wait_until_it_answers
from tests.journal.test_long_import import OFFICERS, at_work, first_alone, free_port, tell_waits
from tests.refreshing import load_underived
from vigie.settings import Settings

LIST = int(os.environ.get("VIGIE_LIST", "300"))
ENDINGS = ("csv", "xlsx", "ods", "json")


def test_four_files_at_once_hold_little_memory_and_nobody_up(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    settings = Settings(data_dir=tmp_path / "data", secret="secret of the exports")  # noqa: S106
    load_underived(settings.data_dir, write_list(tmp_path / "stock"))
    cast, port = settled(settings), free_port()
    base, stop, peak = f"http://127.0.0.1:{port}", threading.Event(), [0.0]
    with forking(settings, port) as start:
        server = start()
        wait_until_it_answers(base)
        workers = [at_work(base, cast, rank) for rank in range(OFFICERS)]
        sizes = [take(base, "csv")]  # what a first reader opens for all is not counted
        threads = first_alone(workers, stop, record_property)
        before = resident_mib(server)
        watcher = threading.Thread(target=watch, args=(server, stop, peak))
        watcher.start()
        with ThreadPoolExecutor(4) as pool:
            sizes += pool.map(lambda ending: take(base, ending), ENDINGS)
        stop.set()
        for thread in (*threads, watcher):
            thread.join()
        os.kill(server, signal.SIGKILL)
    assert min(sizes) > LIST
    assert sizes[0] == sizes[1]
    assert [dict(one.odd) for one in workers] == [{}] * OFFICERS
    record_property("lines", LIST)
    record_property("more_mib", round(peak[0] - before))
    tell_waits(workers, record_property)


def write_list(folder: Path) -> Path:
    place = {
        "codeCommuneEtablissement": HERBIERS, "libelleCommuneEtablissement": "LES HERBIERS",
        "codePostalEtablissement": "85500",
    }  # fmt: skip
    numbers = range(1, LIST + 1)
    establishments = [small_stock.establishment(number, **place) for number in numbers]
    return small_stock.write_stock(folder, establishments, [small_stock.unit(number) for number in numbers])


def take(base: str, ending: str) -> int:
    """Take the whole list without an account; return how long the file is."""
    answer = httpx.get(f"{base}/annuaire/liste.{ending}?territoire=commune:{HERBIERS}", timeout=600)
    assert answer.status_code == 200, answer.text[:500]
    return len(answer.content)


def resident_mib(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("the server is not there")


def watch(process: int, stop: threading.Event, peak: list[float]) -> None:
    while not stop.wait(0.02):
        peak[0] = max(peak[0], resident_mib(process))
