"""Judging an order of partners on files handed in: imaginary ones, and every way in which they can be at fault."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from tests.not_empty import not_empty
from vigie.interfaces.cli.main import main

HEADER = "rcn,pic,country,start_year,type"


def _imaginary(seed: int = 1, patterned: bool = True) -> list[str]:
    """Return participations of 80 organisations in eight circles over six years; without a pattern, at random."""
    chance = np.random.default_rng(seed)
    lines = []
    for project in range(420):
        circle = project % 8
        pool = np.arange(circle, 80, 8) if patterned else np.arange(80)
        members = chance.choice(pool, size=3, replace=False)
        year = 2014 + project // 70
        for member in members:
            country = "FR" if member % 5 else "BE"
            lines.append(f"{project},{1000 + member},{country},{year}.0,{'PRC' if member % 3 else 'HES'}")
    return lines


def _written(folder: Path, lines: list[str], header: str = HEADER) -> Path:
    path = folder / "participations.csv.gz"
    path.write_bytes(gzip.compress("\n".join([header, *lines]).encode()))
    return path


def _run(path: Path, *more: str) -> int:
    asked = ("--train", "2014-2016", "--test", "2017-2019", "--json", *more)
    return main(["connect", "evaluate", "--participations", str(path), *asked])


def test_the_answer_holds_the_model_the_baselines_and_what_was_learned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(_written(tmp_path, _imaginary()), "--country", "FR") == 0
    told = json.loads(capsys.readouterr().out)
    assert {"MRR", "Hits10", "Recall20", "interval"} <= set(told["model"])
    assert len(told["baselines"]) == 7
    for name, one in not_empty(told["baselines"].items()):
        assert set(one) == {"MRR", "Hits10", "Recall20"}, name
    for feature in not_empty(told["model"]["features"]):
        assert feature["weight"] >= 0
        assert feature["docstring"]
    assert "--themes" in told["notes"][0]
    assert "firm_to_firm" in told["subsets"]


def test_nothing_of_the_years_judged_moves_what_was_learned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = _imaginary()
    assert _run(_written(tmp_path, lines)) == 0
    before = json.loads(capsys.readouterr().out)
    later = [line.replace("PRC", "HES") for line in lines if line.split(",")[3] in ("2017.0", "2018.0")]
    assert _run(_written(tmp_path, [line for line in lines if line.split(",")[3] < "2017"] + later)) == 0
    after = json.loads(capsys.readouterr().out)
    assert after["model"]["features"] == before["model"]["features"]
    assert after["directed_queries"] != before["directed_queries"]


def test_themes_and_queries_are_read_from_their_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    themes, queries = tmp_path / "themes.csv", tmp_path / "queries.csv"
    themes.write_text("rcn,programme_part\n" + "\n".join(f"{number},T{number % 8}" for number in range(420)))
    queries.write_text("source,target,0,1\n1001,1002,1003,1004\n1006,1007,1008,1009\n")
    assert _run(_written(tmp_path, _imaginary()), "--themes", str(themes), "--queries", str(queries)) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["notes"] == []
    assert told["model"]["themes"] is True
    assert {"model", "jaccard", "adamic_adar"} <= set(told["queries"])
    queries.write_text("source,target,0\n1001,1002,77\n")
    assert _run(_written(tmp_path, _imaginary()), "--queries", str(queries)) == 1
    assert "ligne 2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("header", "lines", "words"),
    [
        (HEADER, ["1,1001,,2014,PRC", "2,1002,,2015,PRC"], "aucune participation n’a de pays"),
        (HEADER, ["1,1001,FR,2014,PRC", "1,1002,FR,2014,PRC"], "un seul projet"),
        (HEADER, [], "aucune ligne sous l’en-tête"),
        ("rcn,pic,start_year", ["1,1001,2014"], "il manque la colonne « country »"),
        ("a;b", ["1;2"], "il manque les colonnes « rcn », « pic », « country », « start_year »"),
        (HEADER, ["1,1001,BE,2014,PRC", "2,1002,BE,2014,PRC"], "pays « FR »"),
        (HEADER, ["1,,FR,2014,PRC", "2,x,FR,2014,PRC"], "aucune ligne n’a de projet"),
        (HEADER, ["1,1001,FR,2014,PRC", "2,1002,FR,2015,PRC"], "Moins de trois organisations"),
        (HEADER, ["1,1001,FR"], "toutes les lignes ont les mêmes colonnes"),
    ],
)
def test_what_cannot_be_judged_is_one_french_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], header: str, lines: list[str], words: str
) -> None:
    assert _run(_written(tmp_path, lines, header)) == 1
    said = capsys.readouterr()
    assert not said.out
    assert words in json.loads(said.err)["erreur"].replace("\u202f", " ").replace("\u00a0", " ")


def test_empty_absent_and_damaged_files_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty, torn = tmp_path / "vide.csv", tmp_path / "abime.parquet"
    empty.write_text("")
    torn.write_bytes(b"PAR1 and nothing else")
    for path, words in ((empty, "vide"), (torn, "Parquet"), (tmp_path / "absent.csv", "n’existe pas")):
        assert _run(path) == 1
        assert words in capsys.readouterr().err


def test_periods_that_teach_or_judge_nothing_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _written(tmp_path, _imaginary())
    assert main(["connect", "evaluate", "--participations", str(path), "--train", "2014-2014"]) == 1
    assert "deux années" in capsys.readouterr().err
    assert (
        main(["connect", "evaluate", "--participations", str(path), "--train", "2014-2017", "--test", "2016-2019"]) == 1
    )
    assert "viennent après" in capsys.readouterr().err
    assert main(["connect", "evaluate", "--participations", str(path), "--train", "hier"]) == 2


def test_rows_that_cannot_be_read_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    faulty = ["900,1001,,2015,PRC", "901,abc,FR,2015,PRC", "902,1002,FR,NA,PRC", ",1002,FR,2015,PRC"]
    assert _run(_written(tmp_path, [*_imaginary(), *faulty])) == 0
    assert json.loads(capsys.readouterr().out)["left_out"] == {
        "sans projet": 1,
        "sans organisation": 1,
        "sans pays": 1,
        "sans année": 1,
    }
