"""Files taken from public pages: whole, written row by row; counted by origin without an account."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest

from tests.journal.doors.office import Office
from vigie.services import anonymous_files
from vigie.services.accounts.rate_limits import Limit

ENDINGS = ("csv", "excel.csv", "xlsx", "ods", "json")


def test_the_whole_list_is_in_each_kind_of_file(office: Office) -> None:
    reader = office.page("officer")
    asked = "/annuaire/liste.{}?territoire=commune:85109"
    answers = {ending: reader.get(asked.format(ending)) for ending in ENDINGS}
    assert {answer.status_code for answer in answers.values()} == {200}
    results = json.loads(answers["json"].content)["results"]
    rows = list(csv.reader(io.StringIO(answers["csv"].text)))
    assert len(results) == len(rows) - 1 > 20
    assert [one["siret"] for one in results] == [row[0] for row in rows[1:]]
    assert answers["csv"].headers["x-robots-tag"] == "noindex"
    with zipfile.ZipFile(io.BytesIO(answers["ods"].content)) as book:
        assert results[-1]["siret"] in book.read("content.xml").decode()
    with zipfile.ZipFile(io.BytesIO(answers["xlsx"].content)) as book:
        assert results[-1]["siret"] in book.read("xl/worksheets/sheet1.xml").decode()


def test_without_an_account_files_are_counted_and_refused_in_french(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anonymous_files, "BY_ORIGIN", Limit("file-origin-of-a-test", 2, timedelta(minutes=15)))
    address = "/annuaire/liste.csv?territoire=commune:85109"
    anybody = office.page()
    assert [anybody.get(address).status_code for _ in range(3)] == [200, 200, 429]
    refused = anybody.get(address)
    assert "Trop de fichiers emportés d’ici en peu de temps" in refused.text
    assert int(refused.headers["retry-after"]) > 0
    assert office.page("officer").get(address).status_code == 200
