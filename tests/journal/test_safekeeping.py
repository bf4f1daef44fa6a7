"""Backup under writes, restore on an empty base of either engine, and the check of the journal by its events."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.journal.cast import Cast, Clock, settle
from tests.not_empty import not_empty
from vigie import bootstrap
from vigie.errors import InputFault, JournalUnavailable, StructureFault
from vigie.services.keys import Keys
from vigie.settings import Settings
from vigie.store.journal import backup, checking, migrating
from vigie.store.journal.followup import Dossier, Exchange
from vigie.store.journal.sql import SqlJournal


@pytest.fixture
def keeper(settings: Settings, journal: SqlJournal) -> Iterator[SqlJournal]:
    opened = bootstrap.open_journal(settings, keeper=True)
    yield opened
    opened.close()


def fill(journal: SqlJournal, cast: Cast, clock: Clock, dossiers: int = 20) -> None:
    for rank in range(dossiers):
        clock.forward(minutes=1)
        with journal.writing(cast.officer) as unit:
            unit.act("dossier.opened")
            opened = unit.add(Dossier(kind="firm", title=f"Atelier n° {rank} « é ; \n »"))
            unit.add(Exchange(dossier_id=opened.id, kind="visit", happened_on=clock.now.date(), body="Visite"))
        with journal.writing(cast.officer) as unit:
            unit.act("dossier.closed", opened.id)
            dossier = unit.get(Dossier, opened.id)
            dossier.state, dossier.closed_at = "closed", unit.now


def empty(path: Path) -> SqlJournal:
    return bootstrap.open_journal(Settings(data_dir=path, secret="autre"), keeper=True)  # noqa: S106


@pytest.mark.parametrize(
    ("member", "content"),
    [
        ("manifest.json", b"[]"), ("manifest.json", b"{}"), ("dossier.jsonl", None), ("dossier.jsonl", b"{"),
        ("dossier.jsonl", b"\xff"), ("dossier.jsonl", b'{"id": "x"}'), ("event.jsonl", b"[]"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_damaged_backup_is_said_and_leaves_nothing(
    keeper: SqlJournal, cast: Cast, tmp_path: Path, member: str, content: bytes | None
) -> None:
    backup.back_up(keeper.engine, tmp_path / "copie.zip")
    with zipfile.ZipFile(tmp_path / "copie.zip") as whole, zipfile.ZipFile(tmp_path / "abime.zip", "w") as damaged:
        for name in whole.namelist():
            if name != member or content is not None:
                damaged.writestr(name, whole.read(name) if name != member else content or b"")
    other = empty(tmp_path / "ailleurs")
    with pytest.raises(StructureFault):
        backup.restore(other.engine, tmp_path / "abime.zip")
    assert not any(not_empty(backup.fingerprint(other.engine).rows.values()))
    other.close()


def test_a_new_journal_is_its_owner_s_alone(tmp_path: Path) -> None:
    made = empty(tmp_path)
    modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}
    made.close()
    assert "journal.db" in modes and not any(modes.values())


def test_a_backup_comes_back_on_an_empty_base(
    journal: SqlJournal, keeper: SqlJournal, cast: Cast, clock: Clock, tmp_path: Path
) -> None:
    fill(journal, cast, clock)
    copied = backup.back_up(keeper.engine, tmp_path / "copie.zip")
    assert copied.rows["dossier"] == 20 and copied.rows["event"] >= 40
    other = empty(tmp_path / "ailleurs")
    restored = backup.restore(other.engine, tmp_path / "copie.zip")
    assert restored == copied == backup.fingerprint(other.engine)
    assert checking.check(other.engine).as_dict()["faults"] == []
    with other.reading(cast.officer) as reader:
        assert reader.count(select(Dossier)) == 20
    other.close()


def test_a_backup_goes_from_sqlite_to_the_engine_of_the_day(
    settings: Settings, clock: Clock, tmp_path: Path, postgres_server: str
) -> None:
    origin = empty(tmp_path / "origine")
    cast = settle(origin, Keys(b"x"))
    fill(origin, cast, clock, 5)
    copied = backup.back_up(origin.engine, tmp_path / "copie.zip")
    origin.close()
    target = replace(settings, data_dir=tmp_path / "neuf")
    other = bootstrap.open_journal(target, keeper=True)
    migrating.migrate(other.engine, "base")
    assert backup.restore(other.engine, tmp_path / "copie.zip").fingerprint == copied.fingerprint
    assert backup.fingerprint(other.engine).fingerprint == copied.fingerprint
    app = bootstrap.open_journal(target)
    fill(app, cast, clock, 1)
    assert backup.fingerprint(other.engine).rows["dossier"] == 6
    app.close()
    other.close()


def test_a_backup_taken_while_people_write_is_one_instant(
    journal: SqlJournal, keeper: SqlJournal, cast: Cast, clock: Clock, tmp_path: Path
) -> None:
    stop, acknowledged = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            with journal.writing(cast.officer) as unit:
                unit.act("dossier.opened")
                made = unit.add(Dossier(kind="firm", title="Pendant la sauvegarde"))
                unit.add(Exchange(dossier_id=made.id, kind="note", happened_on=clock.now.date()))
            acknowledged.append(made.id)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    while len(acknowledged) < 20:
        pass
    before = list(acknowledged)
    copied = backup.back_up(keeper.engine, tmp_path / "copie.zip")
    stop.set()
    for writer in writers:
        writer.join()
    other = empty(tmp_path / "ailleurs")
    backup.restore(other.engine, tmp_path / "copie.zip")
    assert backup.fingerprint(other.engine).fingerprint == copied.fingerprint
    assert checking.check(other.engine).faults == ()
    assert copied.rows["dossier"] == copied.rows["exchange"]
    with other.engine.connect() as connection:
        kept = {identifier for (identifier,) in connection.execute(text("SELECT id FROM dossier"))}
    assert set(before) <= kept
    other.close()


def test_what_is_not_a_backup_restores_nothing(keeper: SqlJournal, cast: Cast, tmp_path: Path) -> None:
    whole, cut, forged = tmp_path / "a.zip", tmp_path / "b.zip", tmp_path / "c.zip"
    backup.back_up(keeper.engine, whole)
    with pytest.raises(InputFault, match="existe déjà"):
        backup.back_up(keeper.engine, whole)
    with pytest.raises(JournalUnavailable, match="n’est pas vide"):
        backup.restore(keeper.engine, whole)
    cut.write_bytes(whole.read_bytes()[:500])
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(forged, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"Personne", b"Quelqu'un"))
    for rank, faulty in enumerate((cut, forged)):
        other = empty(tmp_path / str(rank))
        with pytest.raises(StructureFault):
            backup.restore(other.engine, faulty)
        assert not any(not_empty(backup.fingerprint(other.engine).rows.values()))
        other.close()


def test_the_check_finds_what_events_do_not_tell(
    journal: SqlJournal, keeper: SqlJournal, cast: Cast, clock: Clock
) -> None:
    fill(journal, cast, clock, 3)
    assert checking.check(keeper.engine).faults == ()
    with keeper.engine.begin() as connection:
        connection.execute(text("UPDATE dossier SET state = 'perdu' WHERE id = (SELECT min(id) FROM dossier)"))
        connection.execute(text("DELETE FROM exchange WHERE id = (SELECT min(id) FROM exchange)"))
    faults = checking.check(keeper.engine).faults
    assert len(faults) == 2 and any("perdu" in fault for fault in faults)


@pytest.mark.parametrize("settings", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_the_application_copies_and_checks_nothing(
    journal: SqlJournal, keeper: SqlJournal, cast: Cast, clock: Clock, tmp_path: Path
) -> None:
    """Behind the wall it sees no row of any organisation: its backup would be empty, and look whole."""
    fill(journal, cast, clock, dossiers=1)
    assert backup.back_up(keeper.engine, tmp_path / "copie.zip").rows["dossier"] == 1
    for attempt in (
        lambda: backup.back_up(journal.engine, tmp_path / "vide.zip"),
        lambda: backup.restore(journal.engine, tmp_path / "copie.zip"),
        lambda: backup.fingerprint(journal.engine),
        lambda: checking.check(journal.engine),
    ):
        with pytest.raises(JournalUnavailable, match="propriétaire"):
            attempt()
    assert not (tmp_path / "vide.zip").exists()
