"""Hirings and flows on their way to the tables of a generation."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.refreshing import load_underived, rows
from tests.small_stock import establishment, unit, write_stock
from vigie.errors import TooManyRejects

HIRED = "rome_id,rome_label,naf_id,naf_label,hirings\n"
RELATED = ("occupation", "hiring", "occupation_division", "input_output", "sector_division")


def stock(folder: Path) -> Path:
    return write_stock(folder / "stock", [establishment(1)], [unit(1)], kind="csv")


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_they_are_empty_where_nothing_was_given(tmp_path: Path) -> None:
    load_underived(tmp_path / "data", stock(tmp_path))
    assert [len(rows(tmp_path / "data", table)) for table in RELATED] == [0] * len(RELATED)


def test_two_years_of_hirings_stand_side_by_side(tmp_path: Path) -> None:
    first = write(tmp_path / "rome_naf_2017.csv", HIRED + "H2901,Ajustage,2562B,X,12\n")
    second = write(tmp_path / "rome_naf_2021.csv", HIRED + "H2901,Ajusteur,2562B,X,9\nM1805,Études,6201Z,X,4\n")
    flows = write(tmp_path / "wiod_france.csv", "annee,flux,de,vers,musd\n2011,domestique,c1,c3,17.5\n")
    load_underived(tmp_path / "data", stock(tmp_path), first, second, flows)
    data = tmp_path / "data"
    assert [(row["occupation"], row["naf"], row["vintage"], row["hirings"]) for row in rows(data, "hiring")] == [
        ("H2901", "25.62B", 2017, 12), ("H2901", "25.62B", 2021, 9), ("M1805", "62.01Z", 2021, 4),
    ]  # fmt: skip
    assert [(row["code"], row["label"]) for row in rows(data, "occupation")] == [
        ("H2901", "Ajustage"), ("M1805", "Études"),
    ]  # fmt: skip
    assert [row["value"] for row in rows(data, "input_output")] == [17.5]
    assert len(rows(data, "sector_division")) == 87


def test_a_file_of_hirings_too_faulty_replaces_nothing(tmp_path: Path) -> None:
    file = write(tmp_path / "rome_naf_2017.csv", HIRED + "H2901,Ajustage,2562B,X,12\nH2902,X,9999Z,X,1\n")
    with pytest.raises(TooManyRejects, match=r"rome_naf_2017\.csv.*ligne 2, colonne «\u00a0naf_id\u00a0»"):
        load_underived(tmp_path / "data", stock(tmp_path), file)
