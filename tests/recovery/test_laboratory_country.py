"""The laboratory on the loaded imaginary country, through the commands: every effect has its interval and its rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.not_empty import not_empty
from vigie.interfaces.cli.main import main


def told(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    assert main(["observe", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_areas_are_examined_under_every_specification(country: Any, capsys: pytest.CaptureFixture[str]) -> None:
    folder: Path = country[0]
    found = told(capsys, "hypothesis", "--level", "ze", "--outcome", "population", "--data-dir", folder)
    specifications = {row["specification"] for row in found["rows"]}
    assert {"taille seule", "taille et carré", "taille seule, sans Paris", "à région égale"} <= specifications
    for row in not_empty(found["rows"]):
        assert row["low"] <= row["effect"] <= row["high"]
        assert row["territories"] >= 30
    assert "La taille seule explique" in found["lead"]
    apart = told(capsys, "hypothesis", "--without", "paris", "--data-dir", folder)
    (whole,) = [row for row in found["rows"] if row["specification"] == "taille seule, sans Paris"]
    (alone,) = [row for row in apart["rows"] if row["specification"] == "taille seule"]
    assert alone["effect"] == whole["effect"]
    assert "à votre demande" in apart["note"]


def test_a_period_is_asked_in_census_years(country: Any, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "hypothesis", "--from", "2019", "--to", "2022", "--data-dir", country[0])
    assert "de 2019 à 2022" in found["lead"]


def test_a_territory_is_told_in_six_sentences(country: Any, capsys: pytest.CaptureFixture[str]) -> None:
    folder, asked = country
    ((code,),) = asked("select min(code) from loaded.territory where kind = 'ze' and name like 'La Roche-sur-Yon%'")
    key = f"ze:{code}"
    found = told(capsys, "expected", key, "--data-dir", folder)
    assert [row["about"] for row in found["rows"]] == [
        "Ce qui s’est passé", "Ce qui était attendu", "Au-dessus ou au-dessous", "Relations connues", "Certitude",
        "Dans tout le pays",
    ]  # fmt: skip
    beyond = told(capsys, "beyond", "--data-dir", folder)
    # Nobody may be named: the list is then empty, and so is this one.
    doubtful = [row["key"] for row in beyond["rows"] if row["low"] <= 0 <= row["high"]]
    assert doubtful == []
    named = {row["key"] for row in beyond["rows"]}
    certain = next(row["answer"] for row in found["rows"] if row["about"] == "Certitude")
    assert ("probable" in certain) == (key in named)


def test_named_cases_are_shown_whatever_is_said_of_them(country: Any, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "cases", "--data-dir", country[0])
    shown = {(row["case"], row["level"]) for row in found["rows"]}
    assert {("Vendée", "zone d’emploi"), ("Vendée", "intercommunalité")} <= shown
    assert {("Vallée d’Ossau", "zone d’emploi"), ("Vallée d’Ossau", "intercommunalité")} <= shown
    for row in not_empty(found["rows"]):
        assert row["low"] <= row["gap"] <= row["high"]
        assert ("ne se distingue pas" in row["said"]) == (row["low"] <= 0 <= row["high"])
    assert "fausses découvertes" in found["note"]


def test_assets_are_asked_together(country: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Those that are known before the period are offered; two of them are taken, in the order asked."""
    folder = country[0]
    asked = {row["regressor"] for row in told(capsys, "hypothesis", "--data-dir", folder)["rows"]}
    assert len(asked) >= 3
    both = told(
        capsys, "hypothesis", "--regressors", "taux_emploi,part_logements_vacants", "--data-dir", folder
    )  # fmt: skip
    assert "« Taux d’emploi des 15-64 ans » et « Part des logements vacants »" in both["subject"]
    assert both["conclusion"] in both["lead"]
