"""A perimeter drawn by hand: what is pasted is read line by line, and every door accepts what it makes."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.doors.served import EPCI, Served
from tests.not_empty import not_empty
from vigie.interfaces.cli.main import main
from vigie.sources import cog

PASTED = "Les Herbiers\n85191; 1053\r\n14697"
"""A name, a code, a code that lost its zero, and a former commune."""


def inside(key: str) -> set[str]:
    """Return the communes of a territory in force."""
    rows = cog.memberships([cog.latest_vintage()]).to_pylist()
    return {row["commune"] for row in rows if f"{row['kind']}:{row['code']}" == key}


def test_lines_are_read_repaired_and_said(served: Served) -> None:
    answer = served.client.get("/api/v1/perimeter", params={"codes": PASTED}).json()
    assert {"85109", "85191", "01053"} <= {row["code"] for row in answer["rows"]}
    assert len(answer["rows"]) == 4
    assert "le zéro de tête s’était perdu, lu 01053" in answer["note"].replace("\u00a0", " ")
    assert "« 14697 » est aujourd’hui" in answer["note"].replace("\u00a0", " ")
    assert answer["key"] == "perimetre:" + ",".join(sorted(row["code"] for row in answer["rows"]))


def test_territories_are_added_and_subtracted_alike_behind_every_door(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = served.client.get(f"/api/v1/perimeter?codes={EPCI}&codes=85191&without=85109").json()
    codes = {row["code"] for row in answer["rows"]}
    assert codes == (inside(EPCI) | {"85191"}) - {"85109"}
    command = ["observe", "perimeter", EPCI, "85191", "--without", "85109", "--data-dir", str(served.data_dir)]
    assert main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == answer["rows"]
    page = served.client.get(f"/perimetre?avec={EPCI}%0A85191&sans=85109")
    assert page.status_code == 200
    assert page.text.count("<tr>") == len(codes) + 1
    file = served.client.get(f"/perimetre.csv?avec={EPCI}%0A85191&sans=85109").text
    assert len(list(csv.reader(io.StringIO(file)))) == len(codes) + 1
    address = f"/territoire/perimetre/{answer['key'].partition(':')[2]}"
    assert f'href="{address}"' in page.text
    assert served.client.get(address).status_code == 200


def test_figures_of_a_perimeter_are_the_sum_of_its_communes(served: Served) -> None:
    codes = sorted(inside(EPCI))[:3]
    key = "perimetre:" + ",".join(codes)
    whole = served.client.get(f"/api/v1/territories/{key}/findings/establishments").json()["value"]
    parts = [
        served.client.get(f"/api/v1/territories/commune:{code}/findings/establishments").json()["value"]
        for code in not_empty(codes)
    ]
    assert whole == sum(parts) > 0


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("codes=85109%0Azz%0A99999", "Ligne 2"),
        ("codes=85109&without=85109", "Il ne reste aucune commune"),
        ("codes=FR", "la France entière"),
        ("without=85109", "au moins un territoire"),
        ("codes=85109&couleur=bleu", "n’existe pas ici"),
    ],
)
def test_what_is_not_understood_is_said_line_by_line(served: Served, query: str, said: str) -> None:
    api = served.client.get(f"/api/v1/perimeter?{query}")
    assert api.status_code == 400
    assert said in api.text
    page = served.client.get("/perimetre?" + query.replace("codes=", "avec=").replace("without=", "sans="))
    assert page.status_code in (200, 422)
    assert said in page.text or page.status_code == 200


def test_without_anything_the_form_alone_is_shown(served: Served) -> None:
    page = served.client.get("/perimetre")
    assert page.status_code == 200
    assert page.text.count("<textarea") == 2
