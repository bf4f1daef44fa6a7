"""What the host runs on a schedule, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.journal.cast import settled
from vigie import bootstrap
from vigie.interfaces.cli.main import main
from vigie.settings import Settings
from vigie.store.journal.records import Letter


def run(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(["journal", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_each_officer_is_written_to_once_a_week(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ("--data-dir", str(tmp_path))
    cast = settled(Settings(data_dir=tmp_path))
    first = run(capsys, "digest", *data)
    again = run(capsys, "digest", *data)
    assert first["written"] >= 2 and first["already"] == 0
    assert again["written"] == 0 and again["already"] == first["written"]
    desk = bootstrap.open_desk(Settings(data_dir=tmp_path))
    with desk.journal.reading(cast.officer) as reader:
        recipients = {letter.recipient for letter in reader.all(select(Letter))}
    desk.close()
    assert "officer@example.org" in recipients and "officer_away@example.org" not in recipients


def test_nothing_is_reminded_nor_sent_when_nothing_waits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ("--data-dir", str(tmp_path))
    settled(Settings(data_dir=tmp_path))
    assert run(capsys, "remind", *data) == {"written": 0}
    assert run(capsys, "send", *data)["configured"] is False


def test_the_journal_is_kept_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settled(Settings(data_dir=tmp_path / "a"))
    copy = str(tmp_path / "copie.zip")
    saved = run(capsys, "backup", copy, "--data-dir", str(tmp_path / "a"))
    restored = run(capsys, "restore", copy, "--data-dir", str(tmp_path / "b"))
    assert restored["fingerprint"] == saved["fingerprint"]
    assert run(capsys, "check", "--data-dir", str(tmp_path / "b"))["sound"] is True
    assert main(["journal", "restore", copy, "--data-dir", str(tmp_path / "a")]) == 1
    assert "n’est pas vide" in capsys.readouterr().err
    assert main(["journal", "migrate", "--to", "9999", "--data-dir", str(tmp_path / "a")]) == 1
