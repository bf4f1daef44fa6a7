"""Questions about activities and what is within reach, behind each door, on the jobs of an imaginary country."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.doors.served import Served, TestClient
from tests.not_empty import not_empty
from tests.refreshing import load
from tests.small_stock import establishment, siren, siret_of, unit, write_stock
from vigie.interfaces.cli.main import main
from vigie.interfaces.server import application
from vigie.settings import Settings

COMMUNES = (
    "85191", "01053", "02408", "03190", "04070", "05061", "06088", "07186", "08105", "09122", "10387", "11069", "12202",
    "14118", "15014", "16015", "17300", "18033", "19272", "21231", "22278", "23096", "24322", "25056",
)  # fmt: skip
"""Prefectures: one commune for each département that is compared."""
METALS, CODE = ("25.62A", "25.62B", "25.73A", "28.41Z"), ("58.21Z", "62.01Z", "62.02A", "63.11Z")
HIRED = """rome_id,rome_label,naf_id,naf_label,hirings
H2903,Conduite d'équipement d'usinage,2562A,X,60
H2901,Ajustage et montage de fabrication,2562A,X,40
H2903,Conduite d'équipement d'usinage,2562B,X,80
M1805,Études et développement informatique,6201Z,X,90
M1805,Études et développement informatique,5821Z,X,70
H2903,Conduite d'équipement d'usinage,7820Z,X,5000
"""


def jobs() -> str:
    """Return jobs by commune: two families, each area holding more or less of each, and none of both the same."""
    lines = ["code_commune;code_ape;nombre_d_etablissements_2024;effectifs_salaries_2024"]
    for rank, commune in enumerate(COMMUNES):
        for place, naf in enumerate((*METALS, *CODE)):
            own = (rank % 2 == 0) == (naf in METALS)
            held = 900 + 70 * ((rank + 2 * place) % 5) if own else 60 + (rank * (place + 1) * 37) % 460
            if (commune, naf) == ("85191", "25.73A"):
                held = 12
            lines.append(f"{commune};{naf.replace('.', '')};3;{held}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Path]]:
    folder = tmp_path_factory.mktemp("country")
    place = {"coordonneeLambertAbscisseEtablissement": "361100", "coordonneeLambertOrdonneeEtablissement": "6627800"}
    held = [establishment(n, activitePrincipaleEtablissement=("25.62A", "25.62B")[n % 2]) | place for n in range(12)]
    held[1] |= {"etatAdministratifEtablissement": "F", "dateDebut": "2026-06-01"}
    held[2] |= {"coordonneeLambertAbscisseEtablissement": "366100"}
    held[4] |= {"coordonneeLambertAbscisseEtablissement": "401100"}
    held[6] |= {"statutDiffusionEtablissement": "P"}
    stock = write_stock(folder / "stock", held, [unit(n) for n in range(12)], kind="csv")
    (folder / "urssaf_commune_ape.csv").write_text(jobs(), encoding="utf-8")
    (folder / "rome_naf_2021.csv").write_text(HIRED, encoding="utf-8")
    load(folder / "data", stock, folder / "urssaf_commune_ape.csv", folder / "rome_naf_2021.csv")
    settings = Settings(data_dir=folder / "data", contact="contact@example.org", publisher="Collectivité d’essai")
    with TestClient(application(settings), base_url="http://vigie.test", raise_server_exceptions=False) as opened:
        yield opened, folder / "data"


QUESTIONS = [
    ("/activities/25.62B/related", "/activite/25.62B/proches", ["know", "related", "25.62B"]),
    ("/activities/25.62B/related?kind=hirings", "/activite/25.62B/proches?kind=hirings",
     ["know", "related", "25.62B", "--kind", "hirings"]),
    ("/activities/25.62B/related-why?other=25.62A", "/activite/25.62B/pourquoi?avec=25.62A",
     ["know", "related-why", "25.62B", "--other", "25.62A"]),
    ("/activities/25.62B/where", "/activite/25.62B/lieux", ["know", "where", "25.62B"]),
    ("/territories/85191/reach", "/territoire/commune/85191/a-portee", ["observe", "reach", "85191"]),
    ("/territories/departement:85/reach", "/territoire/departement/85/a-portee",
     ["observe", "reach", "departement:85"]),
]  # fmt: skip


@pytest.mark.parametrize(("api", "page", "command"), QUESTIONS, ids=[" ".join(one[2]) for one in QUESTIONS])
def test_page_api_command_and_file_give_the_same_rows(
    client: tuple[TestClient, Path], api: str, page: str, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    browser, data = client
    answer = browser.get(f"/api/v1{api}")
    assert answer.status_code == 200, answer.text
    rows = answer.json()["rows"]
    assert rows
    shown = browser.get(page)
    assert shown.status_code == 200
    assert shown.text.count("<tr>") == len(rows) + 1
    path, _, query = page.partition("?")
    file = browser.get(f"{path}.csv?{query}")
    assert len(list(csv.reader(io.StringIO(file.text)))) == len(rows) + 1
    assert main([*command, "--data-dir", str(data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == rows


def test_a_closure_shows_who_employs_its_trades_nearby(client: tuple[TestClient, Path]) -> None:
    browser, _ = client
    told = asked(browser, f"/firms/{siren(1)}/trades-nearby")
    found = {row["siret"]: row for row in told["rows"]}
    assert siret_of(siren(0)) in found
    assert found[siret_of(siren(0))]["minutes"] == 2
    assert found[siret_of(siren(2))]["minutes"] == 10  # 2 min and 1.3 x 5 km at 50 km/h
    assert found[siret_of(siren(0))]["trades"] == "Conduite d'équipement d'usinage (100\u00a0%)"
    assert found[siret_of(siren(3))]["trades"] == "la même activité"
    left_out = [siren(1), siren(4), siren(6)]  # itself, beyond 30 minutes, partial diffusion
    assert not {siret_of(one) for one in left_out} & set(found)
    assert "2 min, puis 1,3 fois la distance" in told["note"].replace("\u00a0", " ")
    further = asked(browser, f"/firms/{siren(1)}/trades-nearby?minutes=60")["rows"]
    assert siret_of(siren(4)) not in {row["siret"] for row in further}  # 40 km: 64 minutes
    page = browser.get(f"/entreprise/{siren(1)}/metiers-a-proximite")
    assert page.status_code == 200
    assert "1,3 fois la distance" in page.text.replace("\u00a0", " ").replace("\u202f", " ")


def test_other_sectors_of_a_know_how_leave_out_its_own_market(client: tuple[TestClient, Path]) -> None:
    told = asked(client[0], f"/firms/{siren(1)}/know-how")
    assert told["rows"] == []  # what hires its trades here is of its own group
    assert "même groupe NAF" in told["note"].replace("\u00a0", " ")
    assert client[0].get(f"/api/v1/firms/{siren(99)}/know-how").status_code == 404
    assert client[0].get("/api/v1/firms/abc/trades-nearby").status_code == 400


def asked(browser: TestClient, address: str) -> Any:
    return browser.get(f"/api/v1{address}").json()


def test_an_activity_is_near_those_of_its_places_and_trades(client: tuple[TestClient, Path]) -> None:
    browser, _ = client
    rows = asked(browser, "/activities/2562b/related")["rows"]
    places = [row["naf"] for row in rows if row["kind"] == "présentes aux mêmes endroits"]
    assert set(places[:2]) <= set(METALS)
    trades = [row for row in rows if row["kind"] == "embauchent les mêmes métiers"]
    assert [row["naf"] for row in trades] == ["25.62A"]
    assert trades[0]["evidence"] == "Conduite d'équipement d'usinage (100\u00a0%)"
    note = asked(browser, "/activities/25.62B/related")["note"]
    assert "aucun tableau entrées-sorties n’est chargé" in note
    assert "78.20Z" in note


def test_a_pair_opens_on_what_it_rests_on(client: tuple[TestClient, Path]) -> None:
    browser, _ = client
    page = browser.get("/activite/25.62B/proches?kind=hirings").text
    assert 'href="/activite/25.62B/pourquoi?avec=25.62A"' in page
    assert '<option value="hirings" selected>embauchent les mêmes métiers</option>' in page
    rows = asked(browser, "/activities/25.62B/related-why?other=25.62A")["rows"]
    trade = next(row for row in rows if row["kind"] == "embauchent les mêmes métiers")
    assert (trade["what"], trade["share"]) == ("Conduite d'équipement d'usinage (H2903)", 100.0)


def test_a_commune_inherits_and_says_so(client: tuple[TestClient, Path]) -> None:
    browser, _ = client
    whole, part = (asked(browser, f"/territories/{key}/reach") for key in ("departement:85", "85191"))
    names = [[row["naf"] for row in told["rows"]] for told in (whole, part)]
    assert names[0] == names[1]
    assert names[0][0] == "25.73A"
    assert whole["rows"][0]["jobs"] == 12
    assert all(row["density"] > 0 for row in not_empty(whole["rows"]))
    assert "hérite" not in whole["lead"]
    assert "La Roche-sur-Yon hérite de son territoire d’activité (département Vendée)" in part["lead"]
    assert any("25.62" in row["bases"] for row in not_empty(whole["rows"]))
    assert len(asked(browser, "/territories/85191/reach?most=1")["rows"]) == 1


def test_a_territory_that_holds_several_areas_is_asked_to_choose(client: tuple[TestClient, Path]) -> None:
    browser, _ = client
    told = asked(browser, "/territories/region:52/reach")
    assert told["rows"] == []
    assert "choisissez l’un d’eux" in told["note"]
    page = browser.get("/territoire/region/52/a-portee")
    assert page.status_code == 200
    assert "choisissez l’un d’eux" in page.text.replace("\u202f", " ")


def test_places_of_an_activity_are_named_the_most_jobs_first(client: tuple[TestClient, Path]) -> None:
    browser, _ = client
    told = asked(browser, "/activities/25.62B/where")
    assert "Vendée" in {row["area"] for row in told["rows"]}
    found = [row["jobs"] for row in told["rows"]]
    assert found == sorted(found, reverse=True)
    assert all(row["quotient"] >= 1 for row in not_empty(told["rows"]))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/activities/zz/related", "n’est pas un code NAF"),
        ("/activities/25/related", "couvre plusieurs activités"),
        ("/activities/25.62B/related?kind=amitié", "« kind »"),
        ("/activities/25.62B/related-why", "Dites avec quelle autre activité"),
        ("/activities/25.62B/related-why?other=99.99X", "n’existe pas"),
        ("/territories/85191/reach?most=0", "nombre entier de 1 à 100"),
    ],
)
def test_what_cannot_be_understood_is_said(client: tuple[TestClient, Path], address: str, said: str) -> None:
    answer = client[0].get(f"/api/v1{address}")
    assert answer.status_code == 400
    assert said in answer.json()["erreur"].replace("\u00a0", " ").replace("\u202f", " ")


def test_a_firm_is_read_without_the_questions_about_activities() -> None:
    code = "import sys, vigie.interfaces.cli.know; print({'ibis', 'vigie.services.calls'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "set()"


def test_without_the_country_it_says_what_is_missing(served: Served) -> None:
    told = served.client.get("/api/v1/activities/25.62B/related?kind=colocation").json()
    assert told["rows"] == []
    assert "Rien pour « présentes aux mêmes endroits »" in told["note"].replace("\u00a0", " ")
    reach = served.client.get("/api/v1/territories/85109/reach").json()
    assert reach["rows"] == []
    assert "au moins 20 zones d’emploi" in reach["note"].replace("\u00a0", " ")
    assert served.client.get("/activite/25.62B/lieux").status_code == 200
