"""The command line: French, JSON on demand, exit codes, the same sentences as the pages."""

from __future__ import annotations

import html
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from typer.main import get_command

from tests.doors.served import Served
from tests.not_empty import not_empty
from tests.small_stock import establishment, unit, write_stock
from vigie.interfaces.cli.main import COMMANDS, app, main

ENGLISH = re.compile(r"\b(Usage:|Error|Missing|No such|Invalid|required|default|Show this|Try|must|should|valid)\b")


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(text).replace("\u00a0", " ").replace("\u202f", " "))


def commands() -> list[list[str]]:
    found: list[list[str]] = [[]]
    for name in COMMANDS:
        found.append([name])
        found += [[name, inner] for inner in getattr(command_at([name]), "commands", {})]
    return found


def command_at(path: list[str]) -> Any:
    """Return a command by its words, imported as it is when somebody calls it."""
    here: Any = get_command(app)
    for name in path:
        here = here.get_command(typer.Context(here), name)
    return here


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_help_is_in_french(path: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*path, "--help"]) == 0
    said = capsys.readouterr().out
    assert "Usage\u00a0:" in said or "Usage :" in said
    assert "Affiche cette aide." in said
    assert not ENGLISH.search(said), ENGLISH.search(said)


def test_every_command_that_answers_can_answer_in_json() -> None:
    for path in not_empty(commands()):
        here = command_at(path)
        if hasattr(here, "commands") or path == ["serve"]:
            continue
        assert "--json" in {option for one in here.params for option in one.opts}, path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["inconnue"], "n’existe pas"),
        (["know", "search", "--couleur", "bleu"], "--couleur n’existe pas"),
        (["know", "search", "--sizes", "11"], "Voulez-vous dire"),
        (["know", "search", "--page", "x"], "nombre entier"),
        (["know", "search", "--page", "0"], "au moins 1"),
        (["know", "search", "--per-page", "101"], "au plus 100"),
        (["know", "search", "--page"], "demande une valeur"),
        (["know", "search", "--created-from", "hier"], "2026-10-01"),
        (["know", "search", "--near", "ici"], "latitude,longitude"),
        (["know", "search", "--near", "200,1"], "latitude,longitude"),
        (["know", "search", "--sort", "couleur"], "pertinence"),
        (["know", "search", "--state", "X"], "tous"),
        (["know", "search", "a", "b"], "De trop"),
        (["know", "firm"], "Il manque"),
        (["watch", "events", "--kind", "fete"], "creation"),
        (["observe", "territories", "x", "--kind", "planete"], "sorte de territoire"),
        (["simulate", "--territory", "85", "--out", "x", "--format", "docx"], "zip"),
        (["refresh"], "--sirene"),
        (["know"], "Il manque une commande"),
    ],
)
def test_usage_errors_are_french_and_exit_2(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in plain(printed.err)
    assert not ENGLISH.search(printed.err)


@pytest.mark.parametrize(("command", "asked"), [("portrait", "L'Aiguillon-sur-Mer"), ("territories", "75016")])
def test_a_former_name_or_code_is_said_with_what_replaced_it(
    served: Served, command: str, asked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["observe", command, asked, "--data-dir", str(served.data_dir)]) == 0
    assert "n’est plus en usage" in capsys.readouterr().out


def test_errors_are_json_when_asked(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["know", "firm", "999999999", "--json", "--data-dir", str(served.data_dir)]) == 1
    printed = capsys.readouterr()
    assert printed.out == "" and list(json.loads(printed.err)) == ["erreur"]
    assert main(["know", "search", "--page", "x", "--json"]) == 2
    assert list(json.loads(capsys.readouterr().err)) == ["erreur"]


@pytest.mark.parametrize(
    "words",
    [
        ["know", "search", "x"],
        ["know", "firm", "356000000"],
        ["observe", "portrait", "85"],
        ["watch", "events"],
        ["status"],
    ],
    ids=" ".join,
)
def test_without_data_every_command_says_how_to_bring_them(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--data-dir", str(tmp_path)]) == 1
    assert "vigie refresh --sirene" in capsys.readouterr().err


def test_a_faulty_file_exits_1_and_switches_nothing(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "StockEtablissement_utf8.csv").write_text("siren;nom\n1;2\n", encoding="utf-8")
    before = (served.data_dir / "current").read_text(encoding="utf-8")
    assert main(["refresh", "--sirene", str(tmp_path), "--data-dir", str(served.data_dir)]) == 1
    said = capsys.readouterr().err
    assert "StockEtablissement_utf8.csv" in said and "Traceback" not in said
    assert (served.data_dir / "current").read_text(encoding="utf-8") == before


def test_files_are_named_one_after_the_other_as_the_readme_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stock = write_stock(tmp_path / "in", [establishment(1)], [unit(1)], kind="csv")
    first, second = sorted(stock.glob("*.csv"))
    assert main(["refresh", "--sirene", str(first), str(second), "--data-dir", str(tmp_path / "data"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["establishments"], told["legal_units"]) == (1, 1)


def test_an_absent_file_exits_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["refresh", "--sirene", str(tmp_path / "absent"), "--data-dir", str(tmp_path / "d")]) == 1
    assert "absent" in capsys.readouterr().err


def test_search_answers_the_keys_of_the_contract(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["know", "search", "--per-page", "2", "--json", "--data-dir", str(served.data_dir)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {"total", "page", "per_page", "total_pages", "approximate", "simulated", "sources", "results"} <= set(answer)
    assert answer["simulated"] is True
    keys = {"siret", "siren", "name", "masked", "state", "naf", "naf_label", "size_band", "size_label", "commune"}
    keys |= {"commune_name", "distance_km"}
    assert answer["results"] and all(keys <= set(one) for one in answer["results"])
    assert len(answer["results"]) == 2


def test_filters_hold_together_even_when_the_text_is_a_number(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    siret = served.open[0]
    data = ["--json", "--data-dir", str(served.data_dir)]
    assert main(["know", "search", siret, "--state", "tous", *data]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["siret"] for one in found["results"]] == [siret]
    elsewhere = "75" if found["results"][0]["commune"][:2] != "75" else "13"
    assert main(["know", "search", siret, "--state", "tous", "--in", elsewhere, *data]) == 0
    assert json.loads(capsys.readouterr().out)["total"] == 0


def test_the_command_line_says_the_same_sentence_as_the_page(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data-dir", str(served.data_dir)]
    assert main(["observe", "portrait", "248500621", *data]) == 0
    printed = plain(capsys.readouterr().out)
    page = plain(served.client.get("/territoire/epci/248500621").text)
    lead = re.search(r'class="lead[^"]*"[^>]*>(.*?)</p>', page)
    assert lead and lead[1] in printed
    assert main(["know", "search", "--naf", "C", *data]) == 0
    page = plain(served.client.get("/annuaire?naf=C").text)
    lead = re.search(r'class="lead[^"]*"[^>]*>(.*?)</p>', page)
    assert lead and lead[1] in plain(capsys.readouterr().out)


def test_portrait_is_a_list_of_findings(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["observe", "portrait", "85109", "--json", "--data-dir", str(served.data_dir)]) == 0
    findings = json.loads(capsys.readouterr().out)
    assert isinstance(findings, list)
    for one in not_empty(findings):
        assert {"id", "label", "value", "unit", "interval", "coverage", "sources"} <= set(one)


def test_the_console_command_runs_in_its_own_process(served: Served) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "vigie", "status", "--data-dir", str(served.data_dir), "--json"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(run.stdout)["simulated"] is True
    assert run.stderr == ""


def test_serve_tells_its_address_answers_and_stops(served: Served) -> None:
    command = [sys.executable, "-m", "vigie", "serve", "--port", "0", "--data-dir", str(served.data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        told = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", told)
        assert address, told
        answer = httpx.get(f"{address[0]}/api/v1/search?q=confidentiel", timeout=300)
        process.send_signal(signal.SIGINT)
        logged = process.stderr.read()
    assert answer.status_code == 200 and "server" not in answer.headers
    assert "GET /api/v1/search 200" in logged
    assert "confidentiel" not in logged and "Traceback" not in logged


def test_several_processes_share_an_address_and_an_empty_data_directory(tmp_path: Path) -> None:
    """They start at the same moment on data that none of them made, and all answer."""
    command = [sys.executable, "-m", "vigie", "serve", "--port", "0", "--processes", "2", "--data-dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert address
        answers = [httpx.get(f"{address[0]}/connexion", timeout=300).status_code for _ in range(8)]
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        started = len(children.read_text().split()) if children.exists() else 3
        process.send_signal(signal.SIGINT)
        logged = process.stderr.read()
    assert answers == [200] * 8 and logged.count("GET /connexion 200") == 8
    assert started >= 2 and "Traceback" not in logged
    assert process.returncode == 0


def test_a_busy_port_is_said_in_french(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--port", port, "--data-dir", str(served.data_dir)]) == 1
    assert "--port" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "spared"),
    [
        (["--help"], ("ibis", "duckdb", "pyarrow", "httpx", "uvicorn", "vigie.bootstrap")),
        (["know", "firm", "{siret}"], ("ibis", "shapely", "httpx", "uvicorn", "vigie.services.observe")),
    ],
)
def test_a_command_imports_only_what_it_needs(served: Served, words: list[str], spared: tuple[str, ...]) -> None:
    """Imports are what a short command waits for: Ibis alone takes a second."""
    typed = [word.format(siret=served.open[0]) for word in words]
    program = f"""
import sys
from vigie.interfaces.cli.main import main
assert main({typed!r}) == 0
print("LUS", *[name for name in {spared!r} if name in sys.modules])
"""
    environment = {**os.environ, "VIGIE_DATA_DIR": str(served.data_dir)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.splitlines()[-1] == "LUS"
