"""Malformed files: one French message that says file, line, column and remedy; and nothing is switched."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import official_files as official
from tests.malformed.broken_files import AT_THE_DOOR, ESTABLISHMENTS, IN_THE_BODY, Broken
from tests.malformed.faulty_rows import FAULTY, KEPT, Faulty
from tests.malformed.reading import LAYOUTS, Bench
from tests.not_empty import not_empty
from tests.refreshing import load_underived
from vigie.errors import InputFault, StructureFault, TooManyRejects
from vigie.store import generation


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with good data in service."""
    folder = tmp_path_factory.mktemp("served")
    path = official.write(
        folder / f"{ESTABLISHMENTS}.zip",
        official.ESTABLISHMENT_54,
        [official.establishment(n) for n in range(100, 140)],
    )
    load_underived(folder / "data", path)
    return folder / "data"


@pytest.fixture
def unchanged(served: Path) -> Iterator[Path]:
    """The data in service, which must be the same afterwards."""
    before = generation.current(served)
    yield served
    assert generation.current(served) == before
    assert before is not None
    assert (before / generation.WAREHOUSE).is_file()


def check_message(fault: InputFault, case: Broken, path: Path) -> None:
    message = str(fault)
    assert case.words in message
    assert message.count("\n") == 0
    assert isinstance(fault, StructureFault)
    assert fault.remedy
    assert fault.remedy[0].isupper()
    assert message.startswith("Fichier « ")
    assert fault.file == path.name or path.is_dir()
    if case.line is not None:
        assert fault.line == case.line
        assert f", ligne {case.line}" in message
    if case.column is not None:
        assert fault.column == case.column
        assert f"colonne « {case.column} »" in message


@pytest.mark.parametrize("case", AT_THE_DOOR, ids=lambda case: case.id)
def test_a_file_that_cannot_be_recognised_switches_nothing(case: Broken, tmp_path: Path, unchanged: Path):
    path = case.make(tmp_path)
    with pytest.raises(InputFault) as caught:
        load_underived(unchanged, path)
    check_message(caught.value, case, path)


@pytest.mark.parametrize("case", IN_THE_BODY, ids=lambda case: case.id)
def test_a_file_that_cannot_be_read_to_its_end_switches_nothing(case: Broken, tmp_path: Path, unchanged: Path):
    path = case.make(tmp_path)
    with pytest.raises(InputFault) as caught:
        load_underived(unchanged, path)
    check_message(caught.value, case, path)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = Bench(tmp_path_factory.mktemp("bench"))
    yield bench
    bench.close()


@pytest.mark.parametrize("case", FAULTY, ids=lambda case: case.id)
def test_a_faulty_row_is_left_out_and_told(case: Faulty, tmp_path: Path, bench: Bench):
    layout = LAYOUTS[case.source]
    path = official.write(
        tmp_path / layout.name,
        layout.header,
        [layout.row(1), layout.row(7, **case.changes), layout.row(3)],
        layout.comma,
    )
    accepted, faults = bench.read(path)
    [fault] = faults
    assert fault.file == layout.name
    assert fault.line == 2
    assert fault.column == case.column
    assert case.words in fault.reason
    assert accepted == 2 * layout.rows_for_each


@pytest.mark.parametrize(("source", "changes"), [case[1:] for case in KEPT], ids=[case[0] for case in KEPT])
def test_an_odd_row_that_is_right_is_kept(source: str, changes: dict[str, str], tmp_path: Path, bench: Bench):
    layout = LAYOUTS[source]
    rows = [layout.row(1), layout.row(7, **changes)]
    accepted, faults = bench.read(official.write(tmp_path / layout.name, layout.header, rows, layout.comma))
    assert (accepted, faults) == (2 * layout.rows_for_each, [])


def test_a_lost_zero_is_told_with_its_repair(tmp_path: Path, bench: Bench):
    whole = next(code for n in range(10**6) if official.luhn(code := f"0{61_234_000_000_00 + n * 10 + 1:013d}"))
    layout = LAYOUTS["sirene_etablissement"]
    row = layout.row(7, siret=whole.lstrip("0"), siren=whole[:9].lstrip("0"), nic=whole[9:])
    _, [fault] = bench.read(official.write(tmp_path / layout.name, layout.header, [layout.row(1), row]))
    assert f"Valeur probable : {whole}" in fault.reason
    assert "zéros de tête" in fault.reason


def test_the_second_of_two_same_sirets_is_told(tmp_path: Path, bench: Bench):
    layout = LAYOUTS["sirene_etablissement"]
    rows = [layout.row(1), layout.row(2), layout.row(1, enseigne1Etablissement="AUTRE")]
    accepted, [fault] = bench.read(official.write(tmp_path / layout.name, layout.header, rows))
    assert (accepted, fault.line, fault.column) == (2, 3, "siret")
    assert "déjà vu plus haut" in fault.reason


def test_all_the_faulty_rows_of_a_file_are_told_in_one_load(tmp_path: Path, served: Path):
    cases = [case for case in FAULTY if case.source == "sirene_etablissement"]
    rows = [official.establishment(number) for number in range(10, 10 + 120 * len(cases))]
    places = {120 * index + 7: case for index, case in enumerate(cases)}
    for place, case in places.items():
        rows[place] |= case.changes if "siret" not in case.changes else {"siret": case.changes["siret"]}
    path = official.write(tmp_path / f"{ESTABLISHMENTS}.zip", official.ESTABLISHMENT_54, rows)
    report = load_underived(tmp_path / "data", path)
    assert report.rejected_total == len(cases)
    assert report.establishments == len(rows) - len(cases)
    told = {reject.line: (reject.file, reject.column) for reject in report.rejected}
    expected = {place + 1: (path.name, case.column) for place, case in places.items()}
    assert told == expected
    assert all("« »" not in reject.reason for reject in not_empty(report.rejected))


def test_above_one_per_cent_nothing_is_switched(tmp_path: Path, unchanged: Path):
    rows = [official.establishment(number) for number in range(1, 301)]
    for row in rows[:4]:
        row["dateCreationEtablissement"] = "2015-02-30"
    with pytest.raises(TooManyRejects) as caught:
        load_underived(unchanged, official.write(tmp_path / f"{ESTABLISHMENTS}.csv", official.ESTABLISHMENT_54, rows))
    message = str(caught.value)
    assert caught.value.total == 4
    assert [reject.line for reject in caught.value.rejects] == [1, 2, 3, 4]
    assert "ligne 1" in message
    assert "dateCreationEtablissement" in message
    assert "plus de 1" in message


def test_a_fault_of_jobs_names_the_column_of_the_file(tmp_path: Path, served: Path):
    stock = official.write(
        tmp_path / f"{ESTABLISHMENTS}.csv", official.ESTABLISHMENT_54, [official.establishment(n) for n in range(1, 21)]
    )
    rows = [official.job(n) for n in range(150)]
    rows[40]["effectifs_salaries_2024"] = "beaucoup"
    jobs = official.write(tmp_path / "emploi.csv", official.JOBS, rows, ";")
    report = load_underived(tmp_path / "data", stock, jobs)
    assert [(reject.file, reject.line, reject.column) for reject in report.rejected] == [
        ("emploi.csv", 41, "effectifs_salaries_2024")
    ]


@pytest.mark.parametrize("case", [AT_THE_DOOR[13], IN_THE_BODY[1]], ids=lambda case: case.id)
def test_the_command_exits_1_with_one_message(case: Broken, tmp_path: Path):
    path = case.make(tmp_path)
    command = [sys.executable, "-m", "vigie", "refresh", "--sirene", str(path), "--data-dir", str(tmp_path / "data")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 1
    assert case.words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data" / "current").exists()


def test_there_are_enough_of_them():
    names = [*(case.id for case in (*AT_THE_DOOR, *IN_THE_BODY)), *(case.id for case in FAULTY)]
    assert len(names) == len(set(names)) >= 60
