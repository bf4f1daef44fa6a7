"""Accesses noted at the same moment: each is there before it is answered, and they share the flushes of the disk."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from tests.journal.cast import Cast
from tests.not_empty import not_empty
from vigie.errors import JournalUnavailable
from vigie.services.desk import Desk
from vigie.services.followup.entries import DossierEntry
from vigie.settings import Settings
from vigie.store.journal.followup import Dossier
from vigie.store.journal.records import Audit
from vigie.store.journal.sql import SqlJournal

READERS = 16


def noted(journal: SqlJournal, cast: Cast) -> int:
    with journal.reading(cast.admin) as reader:
        return reader.count(select(Audit).where(Audit.kind == "dossier.read"))


def test_each_access_is_durable_on_return(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    dossier = desk.followup.dossiers.open(cast.officer, DossierEntry(kind="holder", title="Projet")).line.id
    before = noted(journal, cast)

    def read(rank: int) -> int:
        scope = (cast.officer, cast.admin)[rank % 2]
        desk.followup.dossiers.read(scope, dossier)
        with journal.reading(cast.admin) as reader:
            mine = (Audit.subject == dossier, Audit.person_id == scope.person)
            return len(reader.rows(select(func.count()).select_from(Audit).where(*mine)))

    with ThreadPoolExecutor(READERS) as pool:
        assert all(not_empty(pool.map(read, range(48))))
    assert noted(journal, cast) == before + 48


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_those_who_wait_share_one_transaction(journal: SqlJournal, cast: Cast, settings: Settings) -> None:
    commits: list[int] = []
    event.listen(journal.engine, "commit", lambda _: commits.append(1))
    started = threading.Barrier(READERS + 1)

    def trace(_: int) -> None:
        started.wait()
        journal.trace(cast.officer, "dossier.read", "d" * 20)

    with ThreadPoolExecutor(READERS) as pool, journal.writing(cast.officer) as unit:
        unit.act("dossier.opened")
        unit.add(Dossier(kind="holder", title="Projet"))
        waiting = [pool.submit(trace, rank) for rank in range(READERS)]
        started.wait()
        time.sleep(0.2)  # all of them are waiting for the turn, which this block holds
        assert not any(one.done() for one in not_empty(waiting))
    for one in waiting:
        one.result()
    assert noted(journal, cast) == READERS
    assert len(commits) <= 1 + READERS // 2


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_an_access_that_cannot_be_noted_is_not_answered(
    desk: Desk, journal: SqlJournal, cast: Cast, tmp_path: Path
) -> None:
    dossier = desk.followup.dossiers.open(cast.officer, DossierEntry(kind="holder", title="Projet")).line.id
    with journal.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(FAIL, 'full'); END")
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN")

    def read(_: int) -> str:
        with pytest.raises(JournalUnavailable) as raised:
            desk.followup.dossiers.read(cast.officer, dossier)
        return str(raised.value)

    with ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(read, range(8)))) == 8
