"""Questions that set territories side by side, behind each door, on the figures of an imaginary country."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.doors.served import TestClient
from tests.not_empty import not_empty
from vigie.interfaces.cli.main import main
from vigie.interfaces.server import application
from vigie.settings import Settings

HERE, NEAR = "epci:248500621", "epci:200071629"


@pytest.fixture(scope="module")
def client(country):
    settings = Settings(data_dir=country[0], contact="contact@example.org", publisher="Collectivité d’essai")
    with TestClient(application(settings), base_url="http://vigie.test", raise_server_exceptions=False) as opened:
        yield opened


def told(capsys, country, *command):
    """Return what a command prints as JSON."""
    assert main([*command, "--json", "--data-dir", str(country[0])]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("place", [HERE, "commune:85109", "ze:52A0", "departement:85", "region:52"])
def test_similar_territories_are_the_same_behind_every_door(client, country, capsys, place):
    answer = client.get(f"/api/v1/territories/{place}/similar").json()
    kind, _, code = place.partition(":")
    page = client.get(f"/territoire/{kind}/{code}/semblables")
    assert page.status_code == 200
    assert page.text.count("<tr>") == len(answer["rows"]) + 1
    file = client.get(f"/territoire/{kind}/{code}/semblables.csv").text
    assert len(list(csv.reader(io.StringIO(file)))) == len(answer["rows"]) + 1
    assert told(capsys, country, "observe", "similar", place)["rows"] == answer["rows"]
    distances = [row["distance"] for row in answer["rows"]]
    assert distances == sorted(distances)
    assert all(row["key"].startswith(f"{kind}:") and row["key"] != place for row in not_empty(answer["rows"]))
    assert all(row["alike"] and row["unlike"] and row["descriptors"] >= 5 for row in not_empty(answer["rows"]))
    assert f"avec={kind}%3A{code}&amp;avec=" in page.text


def test_where_jobs_alone_are_loaded_what_opens_and_closes_is_said_unknown(client):
    page = client.get("/territoire/departement/48").text
    assert "Ce qui ouvre et ferme n’est pas connu ici" in page
    assert "Emplois salariés privés" in page


def test_what_has_no_likeness_says_why(client):
    answer = client.get("/api/v1/territories/FR/similar").json()
    assert answer["rows"] == []
    assert "entre territoires d’un même niveau" in answer["note"]
    assert client.get("/territoire/france/FR/semblables").status_code == 200
    assert client.get(f"/api/v1/territories/{HERE}/similar?most=0").status_code == 400


def test_figures_compared_are_those_of_the_portraits(client, country, capsys):
    query = f"codes={HERE}&codes={NEAR}&codes=commune:85109&reference=departement:85"
    rows = client.get(f"/api/v1/compare?{query}").json()["rows"]
    asked = ["observe", "compare", HERE, NEAR, "commune:85109", "--reference", "departement:85"]
    assert told(capsys, country, *asked)["rows"] == rows
    assert {row["territory"] for row in rows if row["role"]} == {"departement:85"}
    for key in (HERE, NEAR, "commune:85109", "departement:85"):
        portrait = {one["id"]: one for one in client.get(f"/api/v1/territories/{key}/portrait").json()["findings"]}
        mine = {row["indicator"]: row for row in rows if row["territory"] == key}
        assert len(mine) > 20
        for name, row in not_empty(mine.items()):
            assert row["value"] == pytest.approx(portrait[name]["value"]), (key, name)
            assert bool(row["why"]) == (row["value"] is None), (key, name)


def test_the_address_of_a_comparison_gives_its_screen_again(client):
    address = f"/comparer?avec={HERE}&avec={NEAR}&reference=departement:85&indicateur=taux_pauvrete"
    page = client.get(address).text
    assert 'value="epci:248500621"' in page
    assert 'value="departement:85"' in page
    assert '<option value="taux_pauvrete" selected>' in page
    assert "Taux de pauvreté\u00a0: " in page
    assert f"/territoire/{HERE.replace(':', '/')}/constat/taux_pauvrete" in page
    file = client.get("/comparer.csv?" + address.partition("?")[2].partition("&indicateur")[0])
    assert len(list(csv.reader(io.StringIO(file.text)))) > 60
    empty = client.get("/comparer")
    assert empty.status_code == 200
    assert empty.text.count('name="avec"') == 6
    one = client.get(f"/comparer?avec={HERE}")  # as the portrait leads there
    assert one.status_code == 200
    assert f'value="{HERE}"' in one.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (f"avec={HERE}&avec={HERE}", "au moins deux territoires"),
        ("avec=85109&avec=zz", "zz"),
        ("&".join(f"avec=commune:{code}" for code in ("85109", "85191", "44109", "49007", "53130", "72181", "79191")),
         "7 territoires sont demandés"),
        (f"avec={HERE}&avec=perimetre:85109,85191", "perimetre"),
        (f"avec={HERE}&couleur=bleu", "n’existe pas ici"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_said(client, query, said):
    page = client.get(f"/comparer?{query}")
    assert page.status_code == 422
    assert said in page.text.replace("\u00a0", " ")
    api = client.get("/api/v1/compare?" + query.replace("avec=", "codes="))
    assert api.status_code in (400, 404, 422)
