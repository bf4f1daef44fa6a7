"""Needs and offers from the command line: what anybody reads, and a need stated without account."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.journal.cast import Cast, settled
from vigie import bootstrap
from vigie.interfaces.cli.main import main
from vigie.services.calls.publishing import PUBLISHED, CallDraft
from vigie.services.needs.answerers import OWN, OwnCoverage
from vigie.settings import Settings


@pytest.fixture
def data(loaded: Path, tmp_path: Path) -> tuple[str, str]:
    """An installation where an officer answers, who published a need for everybody and another for the network."""
    shutil.copytree(loaded, tmp_path / "data")
    settings = Settings(data_dir=tmp_path / "data")
    cast = settled(settings)
    desk = bootstrap.open_desk(settings)
    desk.acts.run(cast.officer, OWN, "", OwnCoverage("Les Herbiers", 3, "", public=True))
    desk.close()
    for title, visibility in (("Four de trempe", "public"), ("Presse de 100 tonnes", "network")):
        publish(settings, cast, title, visibility)
    return "--data-dir", str(tmp_path / "data")


def publish(settings: Settings, cast: Cast, title: str, visibility: str) -> None:
    desk = bootstrap.open_desk(settings)
    draft = CallDraft("need", title, "Nous cherchons de petites séries.", visibility)
    desk.acts.run(cast.officer, PUBLISHED, "", draft)
    desk.close()


def test_what_anybody_reads_is_listed_and_nothing_else(
    data: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["need", "list", *data, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["calls"]
    assert found["title"] == "Four de trempe"
    assert main(["need", "list", "trempe", "--kind", "need", *data]) == 0
    said = capsys.readouterr().out
    assert "1 besoin ou offre" in said.replace("\u00a0", " ") and "Presse" not in said
    assert main(["need", "show", found["id"], *data]) == 0
    said = capsys.readouterr().out
    assert "Four de trempe" in said and "petites séries" in said
    assert main(["need", "list", "licorne", *data]) == 0
    assert "Aucun besoin ni offre" in capsys.readouterr().out


def test_a_need_is_answered_at_once_and_kept_nowhere(data: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["need", "answers", "tremper dans un four", "--commune", "85109", *data]) == 0
    said = capsys.readouterr().out
    assert "Four de trempe" in said and "Presse" not in said
    assert main(["need", "answers", "1200 euros", "--commune", "85109", *data]) == 1
    assert "sans prix" in capsys.readouterr().err


def test_a_need_that_anybody_may_not_read_is_not_there(
    data: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["need", "show", "aaaaaaaaaaaaaaaaaaaa", *data]) == 1
    assert "n’existe pas" in capsys.readouterr().err


def test_a_need_is_stated_without_account(data: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    words = ["need", "state", "Nous cherchons un local.", "--email", "alix@example.org"]
    assert main([*words, "--commune", "85109", *data]) == 0
    assert "confirmez votre adresse" in capsys.readouterr().out
    assert main([*words, *data]) == 1
    assert "commune" in capsys.readouterr().err
    assert main([*words, "--commune", "85109", "--readers", "voisins", *data]) == 2
    assert "contact" in capsys.readouterr().err
