"""One number, the same everywhere: the portrait, the table of a level, its file, the API and the command."""

from __future__ import annotations

import csv
import io
import json
import random
from typing import Any

import pytest

from tests.doors.served import Served
from tests.not_empty import not_empty
from tests.shares import PROOF
from vigie import bootstrap
from vigie.interfaces.cli.main import main
from vigie.interfaces.web.questions import rows_shown

PAIRS, SEED = 300 if PROOF else 120, 11


def drawn(served: Served) -> list[dict[str, Any]]:
    """Return present figures drawn at random, always the same for the same data."""
    present: dict[tuple[str, str, str], dict[str, Any]] = {}
    with bootstrap.open_services(served.settings) as services:
        rows = services.warehouse.rows(services.warehouse.table("figure"), {})
    for row in sorted(rows, key=lambda one: str(one["vintage"])):
        present[str(row["indicator"]), str(row["kind"]), str(row["code"])] = row
    found = [present[key] for key in sorted(present) if key[1] != "commune" or key[2].startswith("85")]
    return random.Random(SEED).sample(found, min(PAIRS, len(found)))  # noqa: S311 - the same draw each time


def test_a_figure_is_the_same_behind_every_door(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    answers: dict[tuple[str, str], tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {}
    pairs = drawn(served)
    assert len(pairs) == PAIRS
    for row in not_empty(pairs):
        indicator, kind, code = row["indicator"], row["kind"], row["code"]
        if (indicator, kind) not in answers:
            answers[indicator, kind] = _tables(served, indicator, kind, capsys)
        api, command, file = answers[indicator, kind]
        portrait = served.client.get(f"/api/v1/territories/{kind}:{code}/findings/{indicator}").json()
        said = (indicator, kind, code)
        assert portrait["value"] == pytest.approx(row["value"]), said
        assert api[code]["value"] == pytest.approx(row["value"]), said
        assert command[code] == api[code], said
        assert float(file[code]["Valeur"] or "nan") == pytest.approx(
            float("nan") if row["value"] is None else row["value"], abs=5e-6, nan_ok=True
        ), said  # a file keeps five decimals
        assert bool(api[code]["why"]) == (row["value"] is None), said


def _tables(
    served: Served, indicator: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    within = "departement:85" if kind == "commune" else ""  # all the communes of the country take seconds a time
    api = served.client.get(f"/api/v1/indicators/{indicator}/values?level={kind}&within={within}").json()["rows"]
    page = served.client.get(f"/indicateur/{indicator}/valeurs?niveau={kind}&dans={within}")
    assert page.status_code == 200
    assert page.text.count("<tr>") == rows_shown(len(api), len(api[0])) + 1
    file = served.client.get(f"/indicateur/{indicator}/valeurs.csv?niveau={kind}&dans={within}").text.lstrip("\ufeff")
    asked = ["--level", kind, *(["--in", within] if within else [])]
    assert main(["observe", "indicator", indicator, *asked, "--json", "--data-dir", str(served.data_dir)]) == 0
    command = json.loads(capsys.readouterr().out)["rows"]
    lines = [{name.split(" (")[0]: cell for name, cell in line.items()} for line in csv.DictReader(io.StringIO(file))]
    return (
        {row["code"]: row for row in api},
        {row["code"]: row for row in command},
        {line["Code"]: line for line in lines},
    )
