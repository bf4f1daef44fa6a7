"""A journal that is damaged, gone, of another version: one French sentence, a line of the log, never a trace."""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.doors.served import TestClient
from tests.journal.cast import settled
from vigie import bootstrap
from vigie.bootstrap import JOURNAL
from vigie.errors import JournalFailed
from vigie.interfaces.cli.main import main
from vigie.interfaces.server import application
from vigie.services import health
from vigie.settings import Settings
from vigie.store.journal import failing
from vigie.store.journal.failing import Failures

COMMANDS = (
    ("journal", "backup", "copie.zip"), ("journal", "migrate"), ("journal", "purge"),
    ("journal", "digest"), ("journal", "remind"), ("journal", "send"), ("org", "list"),
    ("org", "create", "Essai", "--admin", "a@example.org"), ("serve", "--port", "0"),
)  # fmt: skip


def pages(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[16:18], "big")


def root_of(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return int(connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()[0])


def garbage(path: Path) -> None:
    path.write_bytes(b"\xff\x00garbage" * 5_000)


def a_text(path: Path) -> None:
    path.write_text("id;nom\n1;Atelier\n" * 300, "utf-8")


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


def head_only(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:700])


def page_lost(path: Path) -> None:
    """Overwrite the page where the people begin."""
    size, held = pages(path), bytearray(path.read_bytes())
    start = (root_of(path, "person") - 1) * size
    held[start : start + size] = b"\x55" * size
    path.write_bytes(held)


def without_table(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TABLE reminder")


def of_the_future(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def another_base(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE recettes (nom TEXT)")


ILLS: tuple[Callable[[Path], None], ...] = (
    garbage, a_text, truncated, head_only, page_lost, without_table, of_the_future, another_base,
)  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation, with its cast, and a backup of its journal."""
    folder = tmp_path_factory.mktemp("sound") / "data"
    settled(Settings(data_dir=folder))
    bootstrap.open_desk(Settings(data_dir=folder)).close()
    assert main(["journal", "backup", str(folder / "copie.zip"), "--data-dir", str(folder)]) == 0
    return folder


@pytest.fixture
def data(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "data")
    return tmp_path / "data"


@pytest.mark.parametrize("ill", ILLS)
def test_check_says_what_is_damaged_and_how_to_restore(
    data: Path, ill: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    ill(data / JOURNAL)
    before = (data / JOURNAL).read_bytes()
    assert main(["journal", "check", "--data-dir", str(data)]) == 1
    said = "".join(capsys.readouterr())
    assert "Traceback" not in said and "vigie journal restore" in said, said
    assert (data / JOURNAL).read_bytes() == before
    if ill is page_lost:
        assert "La table person ne se lit pas" in said and "Se lisent encore en entier" in said and "dossier" in said
        assert main(["journal", "check", "--data-dir", str(data), "--json"]) == 1
        told = json.loads(capsys.readouterr().out)
        assert told["tables_lost"] == ["person"] and "dossier" in told["tables_whole"] and told["sound"] is False
    if ill is without_table:
        assert "La table reminder manque" in said
    if ill is of_the_future:
        assert "plus récente" in said


@pytest.mark.parametrize("ill", ILLS)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_ends_in_a_trace(
    data: Path,
    ill: Callable[[Path], None],
    command: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    ill(data / JOURNAL)

    def run(server: Any, sockets: list[Any]) -> None:
        for one in sockets:
            one.close()

    monkeypatch.setattr("vigie.interfaces.cli.serve.Server.run", run)
    code = main([*command, "--data-dir", str(data)])
    told = capsys.readouterr()
    if ill is page_lost and command[0] == "serve":
        assert code == 0  # what reads still serves; what does not is answered in French
    elif code == 0:  # not every command reads what is damaged
        assert (ill, command[1]) in {
            (page_lost, "send"), (page_lost, "remind"), (page_lost, "list"), (page_lost, "migrate"),
            (page_lost, "purge"), (page_lost, "create"),
            (without_table, "migrate"), (without_table, "backup"), (of_the_future, "backup"), (another_base, "backup"),
        }  # fmt: skip
    else:
        assert "Traceback" not in told.err and told.err.count("\n") == 1, told.err
        assert any(word in told.err for word in ("journal restore", "plus récente", "journal migrate", "sauvegarde"))


def test_a_backup_put_back_after_damage_serves_again(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    garbage(data / JOURNAL)
    assert main(["journal", "restore", str(data / "copie.zip"), "--data-dir", str(data)]) == 1
    assert "mettez de côté" in capsys.readouterr().err
    (data / JOURNAL).rename(data / "journal.abime")
    assert main(["journal", "restore", str(data / "copie.zip"), "--data-dir", str(data)]) == 0
    assert main(["journal", "check", "--data-dir", str(data)]) == 0
    bootstrap.open_desk(Settings(data_dir=data)).close()


def test_looking_at_a_journal_makes_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["check"], ["backup", str(tmp_path / "copie.zip")]):
        assert main(["journal", *command, "--data-dir", str(tmp_path / "rien")]) == 1
        assert "Il n’y a pas de journal" in capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert not (tmp_path / "rien" / JOURNAL).exists()


@pytest.mark.parametrize("change", ["removed", "replaced"])
def test_a_journal_taken_away_while_serving_is_not_remade(
    data: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "KEPT_SECONDS", -1.0)
    journal = data / JOURNAL
    with TestClient(application(Settings(data_dir=data)), raise_server_exceptions=False) as client:
        assert client.get("/connexion").status_code == 200
        away = journal.rename(data / "ailleurs.db")
        if change == "replaced":
            shutil.copy(away, journal)
        answer = client.post("/connexion", data={"courriel": "officer@example.org", "mot_de_passe": "x" * 12})
        assert answer.status_code == 503 and "plus là" in answer.text and "Traceback" not in answer.text
        state = client.get("/api/v1/health")
        assert state.status_code == 503 and "plus là" in state.json()["etat"].replace("\N{NO-BREAK SPACE}", " ")
        assert journal.exists() == (change == "replaced")
        journal.unlink(missing_ok=True)
        away.rename(journal)
        assert client.post("/connexion", data={"courriel": "officer@example.org"}).status_code in (401, 422)


def test_a_failure_is_logged_with_its_cause_once_a_minute_and_health_tells_it(
    data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(health, "KEPT_SECONDS", -1.0)
    page_lost(data / JOURNAL)
    with TestClient(application(Settings(data_dir=data)), raise_server_exceptions=False) as client:
        assert client.get("/api/v1/health").json()["journal"]["lisible"] is True
        caplog.clear()
        for _ in range(5):
            sent = {"courriel": "officer@example.org", "mot_de_passe": "un mot de passe"}
            answer = client.post("/connexion", data=sent)
            assert answer.status_code == 503 and "abîmé" in answer.text
        lines = [one.getMessage() for one in caplog.records if one.name == "vigie.journal"]
        assert len(lines) == 1 and "SQLITE_CORRUPT" in lines[0] and "malformed" in lines[0]
        state = client.get("/api/v1/health")
        assert state.status_code == 503 and "Le journal est abîmé" in state.json()["etat"].replace(
            "\N{NO-BREAK SPACE}", " "
        )


def test_lines_of_the_log_are_counted_by_kind(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    failures = Failures(lambda: now[0])

    def fail(kind: str) -> None:
        with pytest.raises(JournalFailed), failures.noted():
            raise failing.failed(kind)

    with caplog.at_level(logging.ERROR, "vigie.journal"):
        for _ in range(50):
            fail("full")
            fail("gone")
        assert len(caplog.records) == 2
        now[0] = failing.QUIET_SECONDS
        fail("full")
        assert len(caplog.records) == 3 and "49 more" in caplog.records[-1].getMessage()
    assert failures.recent() == {"full", "gone"}
    now[0] += failing.RECENT_SECONDS + 1
    assert failures.recent() == frozenset()
