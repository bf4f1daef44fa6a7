"""`vigie measure`: what a table gives whatever its order, and one sentence for each table that cannot be measured."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.not_empty import not_empty
from vigie.errors import RequestFault, StructureFault
from vigie.interfaces.cli.main import main
from vigie.services import measure
from vigie.services.matrices import read_matrix

Rows = list[tuple[str, str, int]]
tables = st.lists(
    st.lists(st.integers(0, 60), min_size=4, max_size=4), min_size=3, max_size=7
).filter(lambda rows: sum(map(sum, rows)) > 0)  # fmt: skip


FEW = settings(max_examples=25)  # each example writes files and reads them again


def rows_of(values: Sequence[Sequence[int]]) -> Rows:
    return [(f"T{at}", f"A{to}", value) for at, row in enumerate(values) for to, value in enumerate(row)]


def written(path: Path, rows: Sequence[Sequence[Any]], titles: str = "territoire,activité,emplois\n") -> Path:
    path.write_text(titles + "".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    return path


def everything(path: Path) -> dict[str, Any]:
    kinds = {kind: (measure.relatedness(path, kind), measure.densities(path, kind)) for kind in measure.KINDS}
    return {"complexity": measure.complexity(path), "location": measure.location(path), **kinds}


def numbers(told: Any) -> list[float]:
    """Return every figure of an answer, in its order; what is unknown is told apart from any figure."""
    if isinstance(told, dict):
        return [one for key in told for one in numbers(told[key])]
    if isinstance(told, list | tuple):
        return [one for part in told for one in numbers(part)]
    return [] if isinstance(told, str) else [-987.0 if told is None else float(told)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("measured")


@FEW
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(folder: Path, values: list[list[int]], chance: Any) -> None:
    rows = rows_of(values)
    before = everything(written(folder / "before.csv", rows))
    chance.shuffle(rows)
    assert everything(written(folder / "after.csv", rows)) == before


@FEW
@given(tables, st.sampled_from([2, 4, 1024]))
def test_the_unit_of_amounts_changes_nothing(folder: Path, values: list[list[int]], times: int) -> None:
    before = everything(written(folder / "before.csv", rows_of(values)))
    larger = [(place, activity, value * times) for place, activity, value in rows_of(values)]
    after = everything(written(folder / "after.csv", larger))
    np.testing.assert_allclose(numbers(after), numbers(before), rtol=1e-9, atol=1e-9)


@FEW
@given(tables)
def test_an_eci_is_the_mean_of_what_is_present(folder: Path, values: list[list[int]]) -> None:
    path = written(folder / "table.csv", rows_of(values))
    found, quotients = measure.complexity(path), measure.location(path)["lq"]
    pci = {record["id"]: record["pci"] for record in found["activities"]}
    for place in not_empty(found["territories"]):
        held = [
            cell["activity"] for cell in quotients if cell["territory"] == place["id"] and (cell["value"] or 0) >= 1
        ]
        assert place["diversity"] == len(held)
        if place["eci"] is not None:
            assert place["eci"] == pytest.approx(np.mean([pci[code] for code in held]), abs=1e-9)
    known = [place["eci"] for place in found["territories"] if place["eci"] is not None]
    if known:
        assert np.mean(known) == pytest.approx(0, abs=1e-9)
        assert np.std(known) == pytest.approx(1, abs=1e-9)


@FEW
@given(tables)
def test_fitness_has_mean_one_over_what_is_held(folder: Path, values: list[list[int]]) -> None:
    found = measure.complexity(written(folder / "table.csv", rows_of(values)))
    held = [place["fitness"] for place in found["territories"] if place["diversity"]]
    assert np.mean(held) == pytest.approx(1)
    assert {place["fitness"] for place in found["territories"] if not place["diversity"]} <= {0}


@FEW
@given(tables)
def test_densities_and_relatednesses_stay_in_their_range(folder: Path, values: list[list[int]]) -> None:
    path = written(folder / "table.csv", rows_of(values))
    cells = [cell["value"] for kind in measure.KINDS for cell in measure.densities(path, kind)["density"]]
    assert all(value is None or -1e-12 <= value <= 1 + 1e-12 for value in not_empty(cells))
    bounded = [pair["value"] for kind in ("proximity", "jaccard", "cosine") for pair in
               measure.relatedness(path, kind)["pairs"]]  # fmt: skip
    assert all(-1e-12 <= value <= 1 + 1e-12 for value in not_empty(bounded))


@FEW
@given(tables, tables)
def test_the_parts_of_a_change_add_up(folder: Path, before: list[list[int]], after: list[list[int]]) -> None:
    size = min(len(before), len(after))
    rows = [
        (*row[:2], row[2], other[2]) for row, other in zip(rows_of(before[:size]), rows_of(after[:size]), strict=True)
    ]
    path = written(folder / "change.csv", rows, "territoire,activité,avant,après\n")
    if not any(row[2] for row in rows):
        with pytest.raises(StructureFault, match="toutes les valeurs sont nulles"):
            measure.shiftshare(path, "T0")
        return
    found = measure.shiftshare(path, "T0")
    assert found["total"] == pytest.approx(sum(after[0]) - sum(before[0]), abs=1e-9)
    assert found["national"] + found["structural"] + found["local"] == pytest.approx(found["total"], abs=1e-9)


def test_blocks_that_share_nothing_have_no_order(tmp_path: Path) -> None:
    path = written(tmp_path / "blocks.csv", [("a", "x", 5), ("b", "x", 5), ("c", "y", 5), ("d", "y", 5)])
    found = measure.complexity(path)
    assert [place["eci"] for place in found["territories"]] == [None] * 4
    assert [place["diversity"] for place in found["territories"]] == [1] * 4


def test_many_activities_settle_on_the_same_vector_as_few_territories(tmp_path: Path) -> None:
    """Above a certain size the eigenvector is iterated: it must be the one that the whole spectrum gives."""
    chance = np.random.default_rng(3)
    able, needed = chance.normal(size=(90, 1)), chance.normal(size=(1, 120))
    table = chance.poisson(np.exp(1.5 + able * needed))
    rows = rows_of(table.tolist())
    found = measure.complexity(written(tmp_path / "many.csv", rows))
    held = table / table.sum(1, keepdims=True) >= table.sum(0) / table.sum()
    diversity, ubiquity = held.sum(1), held.sum(0)
    values, vectors = np.linalg.eig((held / diversity[:, None]) @ (held / ubiquity).T)
    second = np.real(vectors[:, np.argsort(values.real)[-2]])
    second *= np.sign(np.corrcoef(second, diversity)[0, 1])
    expected = (second - second.mean()) / second.std()
    ours = {place["id"]: place["eci"] for place in found["territories"]}
    np.testing.assert_allclose([ours[f"T{at}"] for at in range(90)], expected, atol=1e-9)


GOOD = b"territoire;activit\xc3\xa9;emplois\nT1;A1;1 200,5\nT1;A2;3\nT2;A1;0\nT2;A2;7\n"


@pytest.mark.parametrize(
    "data",
    [
        GOOD,
        b"\xef\xbb\xbf" + GOOD,
        GOOD.decode().encode("cp1252"),
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"\n", b"\n\n"),
        GOOD.replace(b";", b"\t"),
        GOOD.partition(b"\n")[2],
        GOOD.replace(b"1 200,5", "1\u202f200,5".encode()),
        GOOD.replace(b";", b",").replace(b"1 200,5", b'"1200,5"'),
        GOOD.replace(b"T2;A1;0\n", b""),
        gzip.compress(GOOD, mtime=0),
    ],
)
def test_a_table_is_read_as_people_write_it(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / ("table.csv.gz" if data.startswith(b"\x1f\x8b") else "table.csv")
    path.write_bytes(data)
    read = read_matrix(path)
    assert (read.territories, read.activities) == (("T1", "T2"), ("A1", "A2"))
    assert read.values.tolist() == [[[1200.5, 3], [0, 7]]]


BAD = [
    ("negative", b"t,a,v\nT1,A1,5\nT2,A2,-3\n", ("ligne 3", "« v »", "négatif")),
    ("text", b"t,a,v\nT1,A1,5\nT2,A2,beaucoup\n", ("ligne 3", "« v »", "« beaucoup » n’est pas un nombre")),
    ("nothing", b"t,a,v\nT1,A1,5\nT2,A2,\n", ("ligne 3", "« v »", "vide")),
    ("not a number", b"t,a,v\nT1,A1,5\nT2,A2,nan\n", ("ligne 3", "« v »", "n’est pas un nombre")),
    ("endless", b"t,a,v\nT1,A1,5\nT2,A2,inf\n", ("ligne 3", "« v »", "n’est pas un nombre")),
    ("twice", b"t,a,v\nT1,A1,5\nT2,A2,3\n\nT1,A1,6\n", ("ligne 5", "« a »", "déjà à la ligne 2")),
    ("twice with a space", b"t,a,v\nT1,A1,5\nT2,A2,3\nT1 ,A1,6\n", ("ligne 4", "déjà à la ligne 2")),
    ("one territory", b"t,a,v\nT1,A1,5\nT1,A2,3\n", ("« t »", "un seul territoire, « T1 »")),
    ("one activity", b"t,a,v\nT1,A1,5\nT2,A1,3\n", ("« a »", "une seule activité, « A1 »")),
    ("no territory", b"t,a,v\nT1,A1,5\n,A2,3\n", ("ligne 3", "« t »", "code du territoire est vide")),
    ("no activity", b"t,a,v\nT1,A1,5\nT2,,3\n", ("ligne 3", "« a »", "code de l’activité est vide")),
    ("all zero", b"t,a,v\nT1,A1,0\nT2,A2,0\n", ("« v »", "toutes les valeurs sont nulles")),
    ("empty", b"", ("est vide",)),
    ("blank", b" \n\n", ("est vide",)),
    ("titles alone", b"t,a,v\n", ("aucune ligne",)),
    ("two columns", b"t,a\nT1,A1\n", ("ligne 1", "2 cases", "territoire, activité, valeur")),
    ("four columns", b"t,a,b,v\nT1,A1,B,3\n", ("ligne 1", "4 cases")),
    ("a short line", b"t,a,v\nT1,A1,5\n\nT2,A2\n", ("ligne 4", "2 cases")),
    ("workbook", b"PK\x03\x04rest", ("n’est pas un fichier texte", "CSV")),
    ("bytes", b"t,a,v\n\x00\x01\n", ("n’est pas un fichier texte",)),
    ("broken gzip", gzip.compress(GOOD, mtime=0)[:30], ("gz",)),
]


@pytest.mark.parametrize(("data", "said"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
@pytest.mark.parametrize("command", ["complexity", "relatedness", "location"])
def test_a_table_that_cannot_be_measured_is_refused_in_a_sentence(
    command: str, data: bytes, said: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / ("table.csv.gz" if data.startswith(b"\x1f\x8b") else "table.csv")
    path.write_bytes(data)
    assert main(["measure", command, "--matrix", str(path), "--json"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    sentence = json.loads(shown.err)["erreur"].replace("\u00a0", " ").replace("\u202f", " ")
    assert sentence.startswith("Fichier « table.csv")
    assert "\n" not in sentence
    assert [part for part in said if part not in sentence] == []


def test_what_is_asked_and_not_there_is_said(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", [("T1", "A1", 4, 5), ("T2", "A2", 3, 3)], "t,a,v,w\n")
    with pytest.raises(RequestFault, match="« T9 » n’est pas dans ce tableau"):
        measure.shiftshare(path, "T9")
    with pytest.raises(RequestFault, match="« T2 » n’avait pas au départ A1"):
        measure.shiftshare(path, "T1", "T2")
    with pytest.raises(RequestFault, match="« amitié »"):
        measure.relatedness(path, "amitié")
    with pytest.raises(StructureFault, match="colonne « w »"):
        measure.shiftshare(written(path, [("T1", "A1", 4, "x")], "t,a,v,w\n"), "T1")


def test_a_terminal_is_shown_the_highest_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(f"T{at}", f"A{to}", (at * 7 + to * 3) % 11) for at in range(6) for to in range(9)]
    path = written(tmp_path / "t.csv", rows)
    for words in not_empty((["complexity"], ["relatedness"], ["relatedness", "--density"], ["location"])):
        assert main(["measure", *words, "--matrix", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "Fitness" in shown
    assert "20 lignes sur 54" in shown.replace("\u00a0", " ")


def test_the_establishments_of_strasbourg_are_communes_by_activities(shared: Path, tmp_path: Path) -> None:
    table = pq.read_table(shared / "data" / "sirene_strasbourg" / "etablissements_iris.parquet")
    counted = table.group_by(["code_commune", "naf"]).aggregate([("code_iris", "count")])
    rows = zip(
        *(column.to_pylist() for column in counted.select(["code_commune", "naf", "code_iris_count"])), strict=True
    )
    found = measure.location(written(tmp_path / "strasbourg.csv", [row for row in rows if row[1]]))
    assert (len(found["territories"]), len(found["activities"])) == (86, 623)
    assert len(found["lq"]) == 86 * 623
    assert all(0 <= place["krugman"] <= 2 for place in not_empty(found["territories"]))
