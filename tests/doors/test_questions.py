"""Every declared question answers the same behind each door, and says in French what it does not understand."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.doors.served import EPCI, Served
from vigie.interfaces.api.questions import ADDRESSES as API
from vigie.interfaces.cli.main import main
from vigie.interfaces.web.questions import ADDRESSES as PAGES
from vigie.interfaces.web.questions import rows_shown
from vigie.services.capabilities import questions
from vigie.services.comparing.similar import SIMILAR
from vigie.services.connect.network import NETWORK
from vigie.services.connect.territory import LINKS
from vigie.services.questions import Of, Question
from vigie.services.relatedness.occupations import TRADES
from vigie.services.relatedness.reach import REACH
from vigie.services.symbiosis.answering import EXCHANGES, LOOPS

OF_TERRITORIES = [question for question in questions() if question.of is Of.TERRITORY]
ELSEWHERE = (REACH, SIMILAR, TRADES, LINKS, NETWORK, EXCHANGES, LOOPS)
ANSWERED_HERE = [question for question in OF_TERRITORIES if question not in ELSEWHERE]
"""Questions that one territory answers; the others need the country, known ties or registers of matter
(`test_relatedness.py`, `test_observing.py`, `test_known_ties.py`, `test_territory_network.py`, `test_symbiosis.py`)."""
KIND, _, CODE = EPCI.partition(":")


def page_of(question: Question[Any], ending: str = "") -> str:
    return f"{PAGES[question.of]}{question.slug}{ending}".format(kind=KIND, code=CODE)


def api_of(question: Question[Any], key: str = EPCI) -> str:
    return f"/api/v1{API[question.of]}{question.name}".format(key=key)


def test_there_are_questions_and_none_is_called_like_another() -> None:
    assert OF_TERRITORIES
    assert len({(question.group, question.name) for question in questions()}) == len(questions())


@pytest.mark.parametrize("question", ANSWERED_HERE, ids=lambda question: question.name)
def test_page_api_command_and_file_give_the_same_rows(
    served: Served, question: Question[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = served.client.get(api_of(question)).json()
    assert answer["rows"]
    page = served.client.get(page_of(question))
    assert page.status_code == 200
    shown = rows_shown(len(answer["rows"]), len(answer["rows"][0]))
    assert page.text.count("<tr>") == shown + 1
    assert (f"Les {shown} premières lignes" in page.text) == (shown < len(answer["rows"]))
    file = served.client.get(page_of(question, ".csv"))
    assert len(list(csv.reader(io.StringIO(file.text)))) == len(answer["rows"]) + 1
    command = [question.group, question.name, EPCI, "--data-dir", str(served.data_dir)]
    assert main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == answer["rows"]
    assert main([*command, "--out", str(tmp_path / "out.xlsx")]) == 0
    assert (tmp_path / "out.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize("question", OF_TERRITORIES, ids=lambda question: question.name)
def test_what_is_not_understood_is_said(served: Served, question: Question[Any]) -> None:
    for answer in (
        served.client.get(f"{page_of(question)}?couleur=bleu"),
        served.client.get(f"{api_of(question)}?couleur=bleu"),
    ):
        assert answer.status_code in (400, 422)
        assert "couleur" in answer.text and "n’existe pas ici" in answer.text
    assert served.client.get(api_of(question, "zz")).status_code == 400
    assert served.client.get(page_of(question, ".doc")).status_code == 404


@pytest.mark.parametrize("question", OF_TERRITORIES, ids=lambda question: question.name)
def test_a_former_code_leads_to_the_territory_of_today(served: Served, question: Question[Any]) -> None:
    former = f"/territoire/commune/85001/{question.slug}"
    answer = served.client.get(former, follow_redirects=False)
    assert answer.status_code in (200, 308)
