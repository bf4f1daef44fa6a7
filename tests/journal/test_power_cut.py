"""Power cuts: what was acknowledged is there after any cut with `synchronous=FULL`; with NORMAL it is not.

The statements are those that the journal itself sent for real acts; they are replayed on a disk that notes everything,
then cut at random instants. `VIGIE_CUTS` raises their number, `VIGIE_CHANCE` gives other instants.
"""

from __future__ import annotations

import os
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
import pytest
from sqlalchemy import Connection, event

from tests.journal.cast import Clock, settle
from tests.journal.power import Disk, noting
from vigie import bootstrap
from vigie.services.keys import Keys
from vigie.settings import Settings
from vigie.store.engines.sqlite import PRAGMAS
from vigie.store.journal.followup import Dossier, Exchange

MEMORY = Path("/dev/shm")  # noqa: S108 - where it exists, cut bases are read from memory
CUTS = int(os.environ.get("VIGIE_CUTS", "500"))
SEED = 20261123 + int(os.environ.get("VIGIE_CHANCE", "0"))
ACTS = 60
Statement = tuple[str, Any]


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="vigie-") as folder:
        yield Path(folder)


@dataclass(frozen=True)
class Written:
    """A disk on which acts were written: after each acknowledgement, its length and the acts acknowledged so far."""

    disk: Disk
    acknowledged: list[tuple[int, int]]
    started: int


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[list[Statement]]]:
    """The journal before the acts, and the statements of each act, one transaction each."""
    folder = tmp_path_factory.mktemp("power")
    clock = Clock()
    journal = bootstrap.open_journal(Settings(data_dir=folder, secret="x"), clock=clock)  # noqa: S106
    cast = settle(journal, Keys(b"x"))
    with journal.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    base = folder / "base.db"
    with sqlite3.connect(folder / "journal.db") as origin, sqlite3.connect(base) as copy:
        origin.backup(copy)
    acts: list[list[Statement]] = []

    def note(_: Connection, __: object, statement: str, parameters: Any, *___: object) -> None:
        if not statement.startswith(("SELECT", "BEGIN", "PRAGMA")):
            acts[-1].append((statement, parameters))

    event.listen(journal.engine, "before_cursor_execute", note)
    for rank in range(ACTS):
        acts.append([])
        clock.forward(minutes=5)
        with journal.writing(cast.officer) as unit:
            unit.act("dossier.opened")
            made = unit.add(Dossier(id=f"{rank:020d}", kind="project", title=f"Projet {rank} " + "x" * (rank * 37)))
            unit.add(Exchange(dossier_id=made.id, kind="visit", happened_on=clock.now.date(), body="y" * 900))
    journal.close()
    return base, acts


def write(base: Path, acts: list[list[Statement]], folder: Path, synchronous: str) -> Written:
    """Write the acts on a disk that notes, with the pragmas of the journal's engine."""
    folder.mkdir()
    path = folder / "journal.db"
    path.write_bytes(base.read_bytes())
    with noting(f"noting-{synchronous}", {path.name: path.read_bytes()}) as disk:
        # Without shared memory for its index, WAL needs the lock for itself; flushes are the same.
        connection = apsw.Connection(str(path), vfs=f"noting-{synchronous}")
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA wal_autocheckpoint=40")
        started = len(disk.steps)
        acknowledged = []
        for rank, act in enumerate(acts):
            connection.execute("BEGIN IMMEDIATE")
            for statement, parameters in act:
                connection.execute(statement, parameters)
            connection.execute("COMMIT")
            acknowledged.append((len(disk.steps), rank + 1))
        connection.close()
    return Written(disk, acknowledged, started)


def losses(written: Written, folder: Path, cuts: int, seed: int) -> int:
    """Cut the power many times; return how many cuts lost an acknowledged act. A damaged file fails at once."""
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    lost = 0
    for rank in range(cuts):
        instant = chance.randrange(written.started, written.acknowledged[-1][0])
        share = chance.choice((0.0, 0.5, 1.0)) if rank % 2 else chance.random()
        files = written.disk.after_cut(instant, lambda share=share: chance.random() < share)
        present = _present(files, folder)
        acknowledged = max((count for length, count in written.acknowledged if length <= instant), default=0)
        assert [row[0] for row in present] == [f"{number:020d}" for number in range(len(present))], "an act has a hole"
        lost += len(present) < acknowledged
    return lost


def _present(files: dict[str, bytes], folder: Path) -> list[Any]:
    path = folder / "journal.db"
    for name in ("journal.db", "journal.db-wal", "journal.db-shm"):
        (folder / name).unlink(missing_ok=True)
    path.write_bytes(files["journal.db"])
    (folder / "journal.db-wal").write_bytes(files.get("journal.db-wal", b""))
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
        rows = connection.execute(
            "SELECT d.id FROM dossier d JOIN exchange e ON e.dossier_id = d.id ORDER BY d.id"
        ).fetchall()
        assert len(rows) == connection.execute("SELECT count(*) FROM dossier").fetchone()[0], "half an act is there"
    connection.close()
    return rows


def test_no_acknowledged_act_is_lost(
    statements: tuple[Path, list[list[Statement]]], quick_folder: Path, record_property: Any
) -> None:
    base, acts = statements
    written = write(base, acts, quick_folder / "full", "FULL")
    lost = losses(written, quick_folder / "full", CUTS, seed=SEED)
    record_property("cuts", CUTS)
    record_property("cuts_with_loss_full", lost)
    assert lost == 0


def test_the_same_cuts_lose_acts_without_full_flushes(
    statements: tuple[Path, list[list[Statement]]], quick_folder: Path, record_property: Any
) -> None:
    """The control: were the simulated cuts harmless, nothing would be lost here either."""
    base, acts = statements
    written = write(base, acts, quick_folder / "normal", "NORMAL")
    lost = losses(written, quick_folder / "normal", max(CUTS // 10, 200), seed=SEED)
    record_property("cuts_with_loss_normal", lost)
    assert lost > 10
