"""Accesses noted at the same moment: each is durable before it is answered, and they share the flushes of the disk."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from tests.journal.cast import Cast
from tests.not_empty import not_empty
from vigie import bootstrap
from vigie.errors import JournalUnavailable
from vigie.services.desk import Desk
from vigie.services.followup import dossiers
from vigie.services.followup.answers import DossierEntry
from vigie.services.records.reading import AuditFilter
from vigie.settings import Settings
from vigie.store.engines.sqlite.spool import SqliteSpool
from vigie.store.journal import sql
from vigie.store.journal.followup import Dossier
from vigie.store.journal.records import Audit
from vigie.store.journal.sql import SqlJournal

READERS = 16


def noted(journal: SqlJournal, cast: Cast) -> int:
    """Count what is in the audit already."""
    with journal.reading(cast.admin) as reader:
        return reader.count(select(Audit).where(Audit.kind == "dossier.read"))


def test_each_access_is_durable_on_return(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    dossier = desk.acts.run(cast.officer, dossiers.OPENED, "", DossierEntry(kind="holder", title="Projet")).line.id
    journal.gather()
    before = noted(journal, cast)

    def read(rank: int) -> int:
        scope = (cast.officer, cast.admin)[rank % 2]
        desk.followup.dossiers.read(scope, dossier)
        journal.gather()
        with journal.reading(cast.admin) as reader:
            mine = (Audit.subject == dossier, Audit.person_id == scope.person)
            return len(reader.rows(select(func.count()).select_from(Audit).where(*mine)))

    with ThreadPoolExecutor(READERS) as pool:
        assert all(not_empty(pool.map(read, range(48))))
    assert noted(journal, cast) == before + 48


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_an_access_waits_for_no_writer_and_is_read_in_the_audit(
    desk: Desk, journal: SqlJournal, cast: Cast, settings: Settings
) -> None:
    dossier = desk.acts.run(cast.officer, dossiers.OPENED, "", DossierEntry(kind="holder", title="Projet")).line.id

    journal.gather()
    before = noted(journal, cast)

    def read(rank: int) -> str:
        scope = (cast.officer, cast.admin)[rank % 2]
        return desk.followup.dossiers.read(scope, dossier).line.id

    with ThreadPoolExecutor(READERS) as pool, journal.writing(cast.officer) as unit:
        unit.act("dossier.opened")
        unit.add(Dossier(kind="holder", title="Autre projet"))
        unit.flush()
        assert list(pool.map(read, range(READERS))) == [dossier] * READERS  # while this block holds the one writer
        assert noted(journal, cast) == before
        kept = sqlite3.connect(settings.data_dir / "journal.db-accesses")
        assert kept.execute("SELECT count(*) FROM access").fetchone() == (READERS,)
        kept.close()
    lines = desk.records.reading.journal(cast.admin, AuditFilter(family="dossier", nature="access")).lines
    assert [line.subject for line in lines] == [dossier] * (before + READERS)
    assert noted(journal, cast) == before + READERS


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_waited_is_moved_once_whatever_was_cut(
    journal: SqlJournal, cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with journal.writing(cast.officer) as unit:
        unit.act("dossier.opened")
        unit.add(Dossier(kind="holder", title="Projet"))
        unit.flush()
        for _ in range(3):
            journal.trace(cast.officer, "dossier.read", "d" * 20)
    with monkeypatch.context() as cut:  # moved, and the power went before the file beside forgot them
        cut.setattr(SqliteSpool, "drop", lambda *_: None)
        journal.gather()
    assert noted(journal, cast) == 3
    again = bootstrap.open_journal(settings)
    again.gather()
    again.trace(cast.officer, "dossier.read", "d" * 20)
    again.gather()
    assert noted(again, cast) == 4
    again.close()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_accesses_are_moved_by_lots_and_until_then_change_nothing_in_the_journal(
    journal: SqlJournal, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "LOT", 3)
    stamp = journal.stamp()
    for _ in range(2):
        journal.trace(cast.officer, "dossier.read", "d" * 20)
    assert noted(journal, cast) == 0
    assert journal.stamp() == stamp
    journal.trace(cast.officer, "dossier.read", "d" * 20)
    assert noted(journal, cast) == 3
    assert journal.stamp() != stamp


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_lot_that_meets_another_process_that_writes_is_moved_later(
    journal: SqlJournal, cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "LOT", 1)
    other = sqlite3.connect(settings.data_dir / "journal.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    journal.trace(cast.officer, "dossier.read", "d" * 20)
    other.execute("ROLLBACK")
    other.close()
    assert noted(journal, cast) == 0
    journal.trace(cast.officer, "dossier.read", "d" * 20)  # whoever finds the writer free moves what waited
    assert noted(journal, cast) == 2
    assert not journal.failing()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_lot_that_cannot_be_moved_stays_beside_and_holds_nobody_up(
    journal: SqlJournal, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sql, "LOT", 1)
    with _full_audit(journal):
        journal.trace(cast.officer, "dossier.read", "d" * 20)
    assert "accesses stay beside the journal" in caplog.text
    assert noted(journal, cast) == 0
    journal.gather()
    assert noted(journal, cast) == 1


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_spoiled_file_beside_makes_an_access_wait_and_be_kept(
    journal: SqlJournal, cast: Cast, settings: Settings
) -> None:
    (settings.data_dir / "journal.db-accesses").write_bytes(b"spoiled" * 1000)
    started = threading.Event()

    def trace() -> None:
        started.set()
        journal.trace(cast.officer, "dossier.read", "d" * 20)

    with ThreadPoolExecutor(1) as pool:
        with journal.writing(cast.officer) as unit:
            unit.act("dossier.opened")
            unit.add(Dossier(kind="holder", title="Projet"))
            waiting = pool.submit(trace)
            started.wait()
        waiting.result()
    assert noted(journal, cast) == 1


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_an_access_that_cannot_be_noted_is_not_answered(
    desk: Desk, journal: SqlJournal, cast: Cast, settings: Settings
) -> None:
    dossier = desk.acts.run(cast.officer, dossiers.OPENED, "", DossierEntry(kind="holder", title="Projet")).line.id
    journal.close()
    (settings.data_dir / "journal.db-accesses").write_bytes(b"spoiled" * 1000)

    def read(_: int) -> str:
        with pytest.raises(JournalUnavailable) as raised:
            desk.followup.dossiers.read(cast.officer, dossier)
        return str(raised.value)

    with _full_audit(journal), ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(read, range(8)))) == 8


@contextmanager
def _full_audit(journal: SqlJournal) -> Iterator[None]:
    """Refuse every line of the audit, as a full disk does."""
    with journal.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(FAIL, 'full'); END")
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN")
    yield
    with journal.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN")
