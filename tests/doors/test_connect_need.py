"""A need told in words: what it asks, who could help, the smallest team; what is no need is one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.not_empty import not_empty
from tests.refreshing import load
from tests.small_stock import establishment, siren, siret_of, unit, write_stock
from vigie.interfaces.cli.main import main
from vigie.services.connect.answering_needs import FirmAnswer, smallest_team

PLACE = "85109"
# number → activity: three weld (25.11Z), two treat surfaces and paint (25.61Z), one sole trader and one discreet too.
FIRMS = {1: "25.11Z", 2: "25.11Z", 3: "25.11Z", 4: "25.61Z", 5: "25.61Z", 6: "25.61Z", 7: "25.61Z", 8: "62.01Z"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("need")
    shared = {"codeCommuneEtablissement": PLACE, "caractereEmployeurEtablissement": "O",
              "trancheEffectifsEtablissement": "11"}  # fmt: skip
    held = [establishment(number, activitePrincipaleEtablissement=naf) | shared for number, naf in FIRMS.items()]
    units = [unit(number) for number in FIRMS]
    units[5] |= {"categorieJuridiqueUniteLegale": "1000"}
    held[6] |= {"statutDiffusionEtablissement": "P"}
    stock = write_stock(folder / "stock", held, units, kind="csv")
    load(folder / "data", stock)
    return folder / "data"


def _asked(data: Path, capsys: pytest.CaptureFixture[str], text: str) -> dict[str, Any]:
    assert main(["connect", "need", text, "--in", PLACE, "--data-dir", str(data), "--json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_a_need_of_two_processes_is_answered_by_the_smallest_team(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = _asked(data, capsys, "Souder au TIG puis peindre à la poudre époxy des châssis inox, en petite série")
    assert {one["code"] for one in told["capabilities"]} >= {"soudage-tig", "acier-inoxydable", "petite-serie"}
    activities = {one["naf"]: one["establishments"] for one in told["activities"]}
    assert activities["25.11Z"] == 3
    assert len(told["team"]) == 2
    assert told["uncovered"] == []
    for firm in not_empty(told["firms"]):
        assert firm["evidence"].startswith("son activité fait d’habitude")
    assert any("Probable d’après l’activité seule" in note for note in told["notes"])


def test_sole_traders_and_the_discreet_are_not_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _asked(data, capsys, "zingage de vis")
    named = {one["siret"] for one in told["firms"]}
    assert named == {siret_of(siren(number)) for number in (4, 5)}


def test_what_nobody_covers_is_said(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _asked(data, capsys, "soudage TIG et broderie de logos")
    assert told["uncovered"] == ["broderie"]
    assert any("Personne ici ne couvre : broderie" in note.replace("\u00a0", " ") for note in told["notes"])
    activities = {one["naf"]: one["establishments"] for one in told["activities"]}
    assert activities["13.99Z"] == 0


def test_words_out_of_the_vocabulary_are_looked_for_as_they_are(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _asked(data, capsys, "programmation informatique de notre site")
    assert told["firms"] or told["notes"]
    assert "Atelier" not in json.dumps(told["team"]) or told["team"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  ", "Dites en quelques mots"),
        ("12 345", "Un nombre ou un prix"),
        ("x" * 5_000, "au plus"),
        ("Soudure TIG pour 40 euros de l’heure", "prix"),
    ],
)
def test_what_is_no_need_is_one_sentence(data: Path, capsys: pytest.CaptureFixture[str], text: str, words: str) -> None:
    assert main(["connect", "need", text, "--in", PLACE, "--data-dir", str(data), "--json"]) == 1
    assert words in json.loads(capsys.readouterr().err)["erreur"]


def test_an_unknown_territory_is_said(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["connect", "need", "soudure", "--in", "99999", "--data-dir", str(data)]) == 1
    assert "99999" in capsys.readouterr().err


def test_one_firm_that_covers_all_is_the_team() -> None:
    def firm(name: str, *covers: str) -> FirmAnswer:
        return FirmAnswer("1", name, "", "", covers, "")

    one, two, all_of_it = firm("one", "a"), firm("two", "b"), firm("three", "a", "b")
    assert smallest_team(["a", "b"], [one, two, all_of_it]) == [all_of_it]
    assert smallest_team(["a", "b"], [one, two]) == [one, two]
    assert smallest_team(["a", "c"], [one]) == [one]
    assert smallest_team([], [one]) == []
    assert smallest_team(["a"], []) == []
