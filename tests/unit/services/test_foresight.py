"""`vigie envision cib|micmac|mactor|delphi`: one French sentence, with line and column, for each file at fault."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from vigie.interfaces.cli.main import main

TWO = [{"name": "Emploi", "variants": ["plus", "moins"]}, {"name": "Eau", "variants": ["assez", "trop peu"]}]
FILLED = [[0, 0, 1, -1], [0, 0, -1, 1], [2, -2, 0, 0], [-1, 1, 0, 0]]
PLAIN = {
    "cib": {"descriptors": TWO, "matrix": FILLED},
    "micmac": {"factors": ["eau", "emploi"], "matrix": [[0, 2], [1, 0]]},
    "mactor": {"MDI": [[0, 2], [1, 0]], "2MAO": [[1, -2], [3, 0]]},
    "delphi": {"items": [{"name": "eau", "ratings": [1, 5, 3]}, {"ratings": [4, 4, None]}]},
}
OPTION = {"cib": "--matrix", "micmac": "--matrix", "mactor": "--input", "delphi": "--input"}


def run(command: str, content: Any, folder: Path, *words: str) -> int:
    path = folder / "table.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return main(["envision", command, OPTION[command], str(path), *words])


def changed(rows: list[list[Any]], row: int, column: int, value: Any) -> list[list[Any]]:
    return [
        [value if (at, to) == (row, column) else cell for to, cell in enumerate(cells)] for at, cells in enumerate(rows)
    ]


@pytest.mark.parametrize("command", sorted(PLAIN))
def test_a_terminal_reads_a_table_and_a_program_json(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, PLAIN[command], tmp_path) == 0
    assert len(capsys.readouterr().out.splitlines()) > 2
    assert run(command, PLAIN[command], tmp_path, "--json") == 0
    assert isinstance(json.loads(capsys.readouterr().out), dict)


def test_scenarios_are_told_by_code_variants_and_balance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("cib", PLAIN["cib"], tmp_path, "--json")
    assert json.loads(capsys.readouterr().out)["scenarios"] == [
        {"code": "A1 B1", "variants": ["plus", "assez"], "balance": [2, -2, 1, -1], "margin": 2, "score": 3},
        {"code": "A2 B2", "variants": ["moins", "trop peu"], "balance": [-1, 1, -1, 1], "margin": 2, "score": 2},
    ]


def test_potential_influences_are_added(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("micmac", PLAIN["micmac"] | {"potential": [[0, 1], [0, 0]]}, tmp_path, "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["powers"]["1"]["influence"] == [2, 1]
    assert found["potential"]["powers"]["1"]["influence"] == [3, 1]


def test_long_paths_stay_exact(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("micmac", [[0, 3], [3, 0]], tmp_path, "--powers", "50", "--json")
    assert json.loads(capsys.readouterr().out)["powers"]["50"]["influence"] == [3**50, 3**50]


def test_paths_that_die_out_have_no_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("micmac", [[0, 1, 1], [0, 0, 1], [0, 0, 0]], tmp_path, "--json")
    assert json.loads(capsys.readouterr().out)["perron"] is None


def test_actors_who_weigh_nothing_have_no_weight(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("mactor", {"MDI": [[0, 0], [0, 0]], "2MAO": [[1], [1]]}, tmp_path, "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["Ri"], found["1CAA"]) == ([None, None], [[0, 1], [1, 0]])


def test_rounds_tell_what_moved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rounds = [{"items": [{"ratings": marks}, {"ratings": [1, 1, 1]}]} for marks in ([1, 3, 5], [4, 4, 4])]
    run("delphi", {"rounds": rounds}, tmp_path, "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["moves"][0]["median"] == 1
    assert found["moves"][0]["iqr"] == -2
    assert found["moves"][1]["tastle_wierman_consensus"] == 0


MANY = [{"name": f"D{rank}", "variants": ["un", "deux", "trois"]} for rank in range(40)]
FAULTS: list[tuple[str, str, Any, tuple[str, ...]]] = [
    ("cib", "not JSON", "{", ("ligne 1", "JSON")),
    ("cib", "a list", [1], ("objet",)),
    ("cib", "no descriptor", {"matrix": FILLED}, ("« descriptors »",)),
    ("cib", "no matrix", {"descriptors": TWO}, ("« matrix »",)),
    ("cib", "one variant", {"descriptors": [TWO[0], {"variants": ["x"]}]}, ("descripteur n° 2",)),
    ("cib", "same variant twice", {"descriptors": [TWO[0], {"variants": ["x", "x"]}]}, ("même nom",)),
    ("cib", "40 descriptors", {"descriptors": MANY}, ("40 descripteurs", "Gardez 20 descripteurs", "31 de deux")),
    ("cib", "too few lines", PLAIN["cib"] | {"matrix": FILLED[:3]}, ("3 lignes", "4")),
    ("cib", "not square", PLAIN["cib"] | {"matrix": [*FILLED[:3], [0, 0, 0]]}, ("ligne 4", "3 cases", "carrée")),
    ("cib", "text", PLAIN["cib"] | {"matrix": changed(FILLED, 0, 2, "fort")}, ("ligne 1", "colonne 3", "« fort »")),
    ("cib", "empty", PLAIN["cib"] | {"matrix": changed(FILLED, 0, 2, None)}, ("ligne 1", "colonne 3", "vide")),
    ("cib", "diagonal", PLAIN["cib"] | {"matrix": changed(FILLED, 1, 0, 2)}, ("ligne 2", "colonne 1", "diagonale")),
    ("cib", "sums", PLAIN["cib"] | {"matrix": changed(FILLED, 3, 1, 2)}, ("ligne 4", "colonnes 1 à 2", "somme 1")),
    ("micmac", "not square", {"matrix": [[0, 1, 2], [1, 0, 2]]}, ("ligne 1", "3 cases", "carrée")),
    ("micmac", "ragged", {"matrix": [[0, 1], [1]]}, ("ligne 2", "1 case", "carrée")),
    ("micmac", "text", {"matrix": [[0, "P"], [1, 0]]}, ("ligne 1", "colonne 2", "« P »")),
    ("micmac", "yes or no", {"matrix": [[0, True], [1, 0]]}, ("ligne 1", "colonne 2", "« true »")),
    ("micmac", "endless", '{"matrix": [[0, NaN], [1, 0]]}', ("ligne 1", "colonne 2", "nombre")),
    ("micmac", "half", {"matrix": [[0, 0.5], [1, 0]]}, ("ligne 1", "colonne 2", "entier")),
    ("micmac", "below zero", {"matrix": [[0, -1], [1, 0]]}, ("ligne 1", "colonne 2", "au moins 0")),
    ("micmac", "diagonal", {"matrix": [[0, 1], [1, 3]]}, ("ligne 2", "colonne 2", "diagonale")),
    ("micmac", "names", {"matrix": [[0, 1], [1, 0]], "factors": ["eau"]}, ("« factors »", "1 nom", "2")),
    ("micmac", "same name", {"matrix": [[0, 1], [1, 0]], "factors": ["eau", "eau"]}, ("« eau »", "deux fois")),
    ("micmac", "potential", {"matrix": [[0, 1], [1, 0]], "potential": [[0]]}, ("« potential »", "1 ligne")),
    ("micmac", "empty", {"matrix": []}, ("« matrix »", "lignes")),
    ("mactor", "no position", {"MDI": [[0]]}, ("« 2MAO »",)),
    ("mactor", "not square", {"MDI": [[0, 1]], "2MAO": [[1]]}, ("« MDI »", "ligne 1", "carrée")),
    ("mactor", "diagonal", {"MDI": [[1, 1], [1, 0]], "2MAO": [[1], [1]]}, ("« MDI »", "ligne 1", "diagonale")),
    ("mactor", "beyond", {"MDI": [[0, 5], [1, 0]], "2MAO": [[1], [1]]}, ("ligne 1", "colonne 2", "au plus 4")),
    ("mactor", "position", {"MDI": [[0, 1], [1, 0]], "2MAO": [[1], [-5]]}, ("« 2MAO »", "ligne 2", "au moins")),
    ("mactor", "other actors", {"MDI": [[0, 1], [1, 0]], "2MAO": [[1]]}, ("« 2MAO »", "1 ligne", "2")),
    ("delphi", "no item", {"panel": 3}, ("« items »",)),
    ("delphi", "no rating", {"items": [{"name": "eau"}]}, ("item n° 1", "« ratings »")),
    ("delphi", "nobody", {"items": [{"ratings": [None]}]}, ("item n° 1", "« ratings »")),
    ("delphi", "text", {"items": [{"ratings": [1, "oui"]}]}, ("item n° 1", "réponse n° 2", "« oui »")),
    ("delphi", "beyond", {"items": [{"ratings": [1, 6]}]}, ("item n° 1", "réponse n° 2", "1 à 5")),
    ("delphi", "scale", {"items": [{"ratings": [1]}], "scale": [5, 1]}, ("« scale »",)),
    ("delphi", "other panel", {"items": [{"ratings": [1, 2]}, {"ratings": [1]}]}, ("item n° 2", "1 réponse")),
    ("delphi", "no round", {"rounds": []}, ("« rounds »",)),
    ("delphi", "round without items", {"rounds": [{}]}, ("tour n° 1", "« items »")),
    ("delphi", "other items", {"rounds": [{"items": [{"name": name, "ratings": [1]}]} for name in "ab"]}, ("mêmes",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("command", "content", "said"),
    [(command, content, said) for command, _, content, said in FAULTS],
    ids=[f"{command} {name}" for command, name, *_ in FAULTS],
)
def test_a_file_at_fault_is_refused_in_a_sentence(
    command: str, content: Any, said: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, content, tmp_path) == 1
    written = capsys.readouterr().err.replace("\u00a0", " ").replace("\u202f", " ")
    assert len(written.splitlines()) == 1
    for words in ("table.json", *said):
        assert words in written


@pytest.mark.parametrize("tolerance", ["-1", "nan", "inf"])
def test_a_tolerance_is_a_number_from_zero(tolerance: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("cib", PLAIN["cib"], tmp_path, f"--tolerance={tolerance}") == 1
    assert "tolérance" in capsys.readouterr().err


def test_learning_libraries_are_not_read_for_a_matrix() -> None:
    code = "import sys, vigie.interfaces.cli.envision; sys.exit('sklearn' in sys.modules or 'scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
