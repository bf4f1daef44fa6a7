"""The laboratory on a made world of two départements: what is missing is said, what cannot be followed is refused."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.services import small_world
from vigie.errors import RequestFault
from vigie.services.laboratory.answering import BEYOND, HYPOTHESIS
from vigie.services.laboratory.examining import LaboratoryAsked, examine
from vigie.services.laboratory.territory import EXPECTED


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path: Path = tmp_path_factory.mktemp("laboratory") / "warehouse.duckdb"
    warehouse, loaded = small_world.build(path, jobs=True, everywhere=True)
    yield SimpleNamespace(warehouse=warehouse, loaded=loaded, suppressions=SimpleNamespace(sirens=frozenset))
    warehouse.close()


def test_without_areas_nothing_is_concluded_and_what_is_missing_is_said(data: Any) -> None:
    for question in (HYPOTHESIS, BEYOND):
        told = question.answer(data, "", {})
        assert told.rows == ()
        assert told.lead.startswith("On ne peut pas conclure")
        assert "zone d’emploi" in told.note


def test_two_territories_are_too_few(data: Any) -> None:
    told = HYPOTHESIS.answer(data, "", {"level": "departement"})
    assert told.rows == ()
    assert "2 départements" in told.lead.replace("\u00a0", " ")
    assert "On ne peut pas conclure" in told.lead
    assert "trop peu de territoires" in told.note
    assert examine(data, LaboratoryAsked(level="departement")).verdict == 0


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"outcome": "chiffre_inconnu"}, "n’existe pas"),
        ({"start": 1931}, "n’est pas connu en 1931"),
        ({"start": 2023, "end": 2019}, "une fin après le début"),
        ({"regressors": ("chiffre_inconnu",)}, "n’est pas un indicateur de ce niveau"),
        ({"w": "contiguïté"}, "n’est pas un voisinage"),
        ({"w": "knn:99"}, "n’est pas un voisinage"),
        ({"level": "canton"}, "Ce niveau n’est pas étudié"),
    ],
)
def test_a_setting_that_cannot_be_followed_is_named(data: Any, asked: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RequestFault, match=sentence):
        HYPOTHESIS.answer(data, "", {"level": "departement"} | asked)


def test_what_comes_after_cannot_explain(data: Any) -> None:
    with pytest.raises(RequestFault, match="après le début de la"):
        HYPOTHESIS.answer(data, "", {"level": "departement", "start": 2019, "regressors": ("industry_share",)})


def test_a_territory_that_is_not_of_a_level_studied_is_told_which_are(data: Any) -> None:
    told = EXPECTED.answer(data, "commune:85109", {})
    assert told.rows == ()
    assert "zone d’emploi" in told.note
    assert "On ne peut pas conclure" in EXPECTED.answer(data, "departement:85", {}).lead
