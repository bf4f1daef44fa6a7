"""Consultations from the command line: what is published, and nothing of what is being prepared."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.journal.cast import Clock, settled
from tests.journal.consulting import TEXTS, come, opened, prepared, two_camps
from vigie import bootstrap
from vigie.interfaces.cli.main import main
from vigie.settings import Settings


def test_what_is_published_is_read(loaded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(loaded, tmp_path / "data")
    settings = Settings(data_dir=tmp_path / "data")
    cast = settled(settings)
    desk, clock = bootstrap.open_desk(settings), Clock()
    clock.now = desk.journal.now()
    draft = prepared(desk, cast, clock).line.id
    consultation, statements = opened(desk, cast, clock)
    come(desk, consultation, statements, 10, two_camps)
    assert desk.consultations.counting.count(cast.officer, consultation)
    desk.close()
    where = ("--data-dir", str(tmp_path / "data"))
    assert main(["envision", "consultations", *where, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["consultations"]
    assert (found["id"], found["participants"]) == (consultation, 10)
    assert main(["envision", "consultations", *where]) == 0
    assert "ouverte" in capsys.readouterr().out
    assert main(["envision", "consultation", consultation, *where, "--json"]) == 0
    told = {one["text"]: one for one in json.loads(capsys.readouterr().out)["statements"]}
    assert (told[TEXTS[0]]["word"], told[TEXTS[0]]["agree"]) == ("large accord", "")
    assert main(["envision", "consultation", consultation, *where]) == 0
    assert "10 personnes se sont exprimées" in capsys.readouterr().out.replace("\u00a0", " ")
    assert main(["envision", "consultation", draft, *where]) == 1
    assert "n’existe pas" in capsys.readouterr().err
