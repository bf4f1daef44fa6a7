"""How spread out a population is: former codes are resolved, overseas left out, what is unknown is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.errors import StructureFault
from vigie.services.measure_spread import former_regions, spread


def written(folder: Path, *rows: str) -> Path:
    path = folder / "populations.csv"
    path.write_text("\n".join(("annee,CODGEO,pop", *rows)), "utf-8")
    return path


def test_each_departement_has_one_former_region() -> None:
    assert len(former_regions()) == 96
    assert len(set(former_regions().values())) == 22
    assert former_regions()["67"] == "42"


def test_equal_parts_are_counted_as_they_are(tmp_path: Path) -> None:
    """Les Herbiers, Strasbourg, Colmar: three départements, Alsace holding two of them; 14697 has merged since."""
    found = spread(
        written(tmp_path, "1999,85109,10", "1999,67482,10", "1999,68066,10", "1999,14697,0", "1999,97411,90")
    )
    (one,) = found["years"]
    assert one["people"] == 30
    assert one["departements_effective"] == pytest.approx(3)
    assert one["former_regions_effective"] == pytest.approx(9 / 5)
    assert found["unknown"] == {"codes": 0, "people": 0}


def test_years_are_those_of_the_census(tmp_path: Path) -> None:
    found = spread(written(tmp_path, "2011,85109,10", "2021,85109,10", "2022,85109,30"))
    assert [(one["year"], one["census"]) for one in found["years"]] == [(2011, 2009), (2022, 2019)]


def test_an_unknown_code_is_counted_and_named(tmp_path: Path) -> None:
    found = spread(written(tmp_path, "1999,85109,10", "1999,85999,7"))
    assert found["unknown"] == {"codes": 1, "people": 7}
    assert "85999" in found["notes"][1]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [("1999,85109,-1", "négative"), ("1999,85109,dix", "un nombre"), ("1999,85999,7", "aucune commune connue")],
)
def test_a_faulty_file_is_refused(tmp_path: Path, row: str, sentence: str) -> None:
    with pytest.raises(StructureFault, match=sentence):
        spread(written(tmp_path, row))
