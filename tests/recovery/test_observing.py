"""Questions that set territories side by side, behind each door, on the figures of an imaginary country."""

from __future__ import annotations

import csv
import io
import json
import random
from urllib.parse import urlencode

import openpyxl
import pytest

from tests.doors.served import TestClient
from tests.made_outlines import grid, write_outlines
from tests.not_empty import not_empty
from vigie.interfaces.cli.main import main
from vigie.interfaces.server import application
from vigie.settings import Settings
from vigie.sources import cog
from vigie.sources.contours_paths import ensure

HERE, NEAR = "epci:248500621", "epci:200071629"


@pytest.fixture(scope="module")
def epci():
    """Codes of the intercommunalities in force."""
    members = cog.memberships([cog.latest_vintage()]).to_pylist()
    return sorted({row["code"] for row in members if row["kind"] == "epci"})


@pytest.fixture(scope="module")
def client(country, epci):
    shapes = dict(zip([("epci", code) for code in epci], grid(-1, 45, 36, 36), strict=False))
    write_outlines(country[0] / "outlines", {"85109": shapes["epci", epci[0]]}, shapes)
    ensure(country[0] / "outlines")
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
    for said in not_empty([one for row in answer["rows"] for one in row["unlike"].split(" ; ")]):
        there, _, here = said.partition(", ici ")
        assert not here or there.rpartition(" : ")[2] != here, said  # what reads alike sets nothing apart
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
    for name in ("CC du Pays des Herbiers", "Vendée"):  # by the name that leads back to it, not by its code
        assert f'value="{name}"' in page
        assert client.get(f"/comparer?avec={name}&avec={NEAR}").status_code == 200
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
    assert 'value="CC du Pays des Herbiers"' in one.text
    assert (
        f'href="/comparer?{urlencode([("avec", HERE), ("avec", "departement:85")])}"'.replace("&", "&amp;") in one.text
    )


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


def test_an_indicator_is_ranked_and_drawn_for_every_intercommunality(client, epci):
    page = client.get("/indicateur/industry_share")
    assert page.status_code == 200
    rows = client.get("/api/v1/indicators/industry_share/values?level=epci").json()["rows"]
    begins = page.text.index('<svg class="map"')
    drawing = page.text[begins : page.text.index("</svg>", begins)]
    assert len(drawing.encode()) < 300_000
    assert drawing.count('<path class="shape q') == 5
    assert len(rows) == len(epci)
    first = rows[0]
    assert f"{first['name']} (" in page.text.replace("\u00a0", " ")
    assert page.text.index("<table>") < begins  # the list comes first


def test_what_is_not_known_is_hatched_and_said(client):
    page = client.get("/indicateur/taux_pauvrete?niveau=epci").text
    assert 'class="unknown"' in page
    assert "sans valeur connue, en hachures" in page
    rows = client.get("/api/v1/indicators/taux_pauvrete/values?level=epci").json()["rows"]
    unknown = [row for row in rows if row["value"] is None]
    assert unknown == rows[-len(unknown) :]
    assert all(row["rank"] is None and "secret" in row["why"] for row in not_empty(unknown))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("niveau=village", "les valeurs acceptées sont"),
        ("niveau=epci&dans=zz", "zz"),
        ("niveau=epci&millesime=1900", "Aucune valeur de 1900"),
        ("couleur=bleu", "n’existe pas ici"),
    ],
)
def test_an_indicator_that_is_asked_wrongly_keeps_its_card(client, query, said):
    page = client.get(f"/indicateur/industry_share?{query}")
    assert page.status_code == 422
    assert said in page.text
    assert "Emplois des divisions 10" in page.text


def test_a_level_without_outlines_or_too_large_says_so(client):
    assert "Les contours de ce niveau ne sont pas connus" in client.get("/indicateur/industry_share?niveau=ze").text
    assert "trop nombreux pour une carte" in client.get("/indicateur/jobs?niveau=commune").text


def test_a_whole_level_leaves_with_every_indicator(client, country, capsys, tmp_path, epci):
    answer = client.get("/api/v1/data?level=epci").json()
    assert len(answer["rows"]) == len(epci)
    assert len(answer["columns"]) > 25
    page = client.get("/donnees?niveau=epci")
    assert page.status_code == 200
    assert page.text.count("<tr>") == len(answer["columns"]) + 1
    lines = list(csv.reader(io.StringIO(client.get("/donnees.csv?niveau=epci").text.lstrip("\ufeff"))))
    assert len(lines) == len(epci) + 1
    assert len(lines[0]) == len(answer["columns"]) + 2
    names = [column["indicator"] for column in answer["columns"]]
    for line, row in zip(lines[1:], not_empty(answer["rows"]), strict=True):
        assert line[0] == row["code"]
        for cell, name in zip(line[2:], not_empty(names), strict=True):
            assert float(cell) == pytest.approx(row[name], abs=5e-6) if cell else row[name] is None
    for column in not_empty(answer["columns"]):
        assert column["known"] + column["unknown"] == len(epci)
        assert bool(column["why"]) == (column["unknown"] > 0), column
    assert told(capsys, country, "observe", "data", "--level", "epci")["rows"] == answer["rows"]
    book = tmp_path / "level.xlsx"
    assert main(["observe", "data", "--level", "region", "--out", str(book), "--data-dir", str(country[0])]) == 0
    assert "18\u00a0lignes écrites" in capsys.readouterr().out
    assert [sheet.title for sheet in openpyxl.load_workbook(book)] == ["Données", "Indicateurs", "Sources"]


def test_a_table_that_is_too_large_or_wrong_says_what_to_do(client):
    large = client.get("/api/v1/data?level=commune")
    assert large.status_code == 400
    assert "prenez le fichier CSV" in large.text
    assert client.get("/donnees.xlsx?niveau=commune").status_code in (400, 422)
    assert client.get("/api/v1/data?level=commune&within=epci:248500621&indicators=jobs,population").json()["rows"]
    assert "Aucun indicateur" in client.get("/api/v1/data?indicators=zz").text
    assert client.get("/donnees?niveau=village").status_code == 422


def test_a_hundred_figures_are_the_same_in_every_table(client, country):
    """Portrait, ranking, comparison and whole table of a level, on figures drawn at random."""
    figures = client.get("/api/v1/data?level=epci").json()
    names = [column["indicator"] for column in figures["columns"]]
    drawn = random.Random(4)  # noqa: S311 - the same draw each time
    for row in not_empty(drawn.sample(figures["rows"], 10)):
        key = f"epci:{row['code']}"
        portrait = {one["id"]: one for one in client.get(f"/api/v1/territories/{key}/portrait").json()["findings"]}
        compared = client.get(f"/api/v1/compare?codes={key}&reference=FR").json()["rows"]
        beside = {one["indicator"]: one["value"] for one in compared if one["territory"] == key}
        for name in not_empty(drawn.sample(names, 10)):
            assert portrait[name]["value"] == pytest.approx(row[name]), (key, name)
            if name in beside:
                assert beside[name] == pytest.approx(row[name]), (key, name)


def test_sums_of_two_hundred_territories_are_those_of_the_tables_counted_directly(client, country):
    """Jobs of the last year, counted by DuckDB in the table of jobs through the membership of communes."""
    sql = country[1]
    counted = {
        (kind, code): jobs
        for kind, code, jobs in sql("""select m.kind, m.code, sum(j.jobs) from loaded.jobs j
            join (select * from loaded.membership where vintage = (select max(vintage) from loaded.membership)) m
            using (commune) where j.year = (select max(year) from loaded.jobs)
            and m.kind in ('epci', 'departement', 'region') group by 1, 2 having sum(j.jobs) is not null""")
    }
    chosen = random.Random(9).sample(sorted(counted), 200)  # noqa: S311 - the same draw each time
    tables = {
        kind: {
            row["code"]: row["jobs"] for row in client.get(f"/api/v1/data?level={kind}&indicators=jobs").json()["rows"]
        }
        for kind in ("epci", "departement", "region")
    }
    assert all(tables[kind][code] == counted[kind, code] for kind, code in not_empty(chosen))


@pytest.mark.parametrize(
    ("api", "page", "command"),
    [
        ("territories/epci:248500621/structure", "territoire/epci/248500621/structure",
         ["observe", "structure", HERE]),
        ("territories/epci:248500621/structure?reference=region:52",
         "territoire/epci/248500621/structure?comparer=region:52",
         ["observe", "structure", HERE, "--reference", "region:52"]),
        ("territories/ze:52A0/trades?most=7", "territoire/ze/52A0/metiers?nombre=7",
         ["observe", "trades", "ze:52A0", "--most", "7"]),
        ("activities/25.62B/occupations", "activite/25.62B/metiers", ["know", "occupations", "25.62B"]),
    ],
)  # fmt: skip
def test_structure_and_trades_are_the_same_behind_every_door(client, country, capsys, api, page, command):
    answer = client.get(f"/api/v1/{api}").json()
    assert len(answer["rows"]) > 5
    shown = client.get(f"/{page}")
    assert shown.status_code == 200
    assert shown.text.count("<tr>") == len(answer["rows"]) + 1
    path, _, query = page.partition("?")
    file = client.get(f"/{path}.csv?{query}").text
    assert len(list(csv.reader(io.StringIO(file)))) == len(answer["rows"]) + 1
    assert told(capsys, country, *command)["rows"] == answer["rows"]


def test_structure_is_that_of_the_portrait_and_its_change_adds_up(client):
    answer = client.get(f"/api/v1/territories/{HERE}/structure").json()
    portrait = {one["id"]: one for one in client.get(f"/api/v1/territories/{HERE}/portrait").json()["findings"]}
    rows = answer["rows"]
    assert sum(row["jobs"] for row in rows) == portrait["jobs"]["value"]
    assert sum(row["share"] for row in rows) == pytest.approx(100, abs=0.5)
    krugman = 2 * sum(max(row["share"] - row["reference"], 0) for row in rows) / 100  # what is absent has no row
    assert krugman == pytest.approx(portrait["krugman"]["value"], abs=0.02)
    assert f"indice de Krugman {portrait['krugman']['value']:.2f}".replace(".", ",") in answer["lead"]
    for row in not_empty(rows):
        assert row["change"] == pytest.approx(row["national"] + row["structural"] + row["local"], abs=0.2)
        assert (row["quotient"] is None) == (row["jobs"] < 20)
    change = sum(row["change"] for row in rows)
    before = portrait["jobs"]["value"] - change
    assert 100 * change / before == pytest.approx(portrait["jobs_change"]["value"], abs=0.1)


def test_what_is_too_small_for_a_structure_says_so(client):
    answer = client.get("/api/v1/territories/48139/structure").json()
    assert answer["rows"] == []
    assert "moins de 100 emplois" in answer["note"] or "ne dit rien de ce territoire" in answer["note"]
    trades = client.get("/api/v1/territories/48139/trades").json()
    assert trades["rows"] == []
    assert trades["note"]


def test_the_page_of_an_activity_tells_where_it_is_what_is_near_and_its_trades(client):
    page = client.get("/activite/25.62B")
    assert page.status_code == 200
    for said in ("Où elle est", "Ce qui est proche d’elle", "Ses métiers", "Présentes aux mêmes endroits",
                 "Embauchent les mêmes métiers"):  # fmt: skip
        assert said in page.text
    assert "/activite/25.62B/pourquoi?avec=" in page.text
    assert client.get("/activite/2562b", follow_redirects=False).headers["location"] == "/activite/25.62B"
    assert "/activite/25.6" in client.get("/activite/25").text
    assert client.get("/activite/zz").status_code == 422
    assert "/activite/25" in client.get(f"/territoire/{HERE.replace(':', '/')}/structure").text


MAPS = [("departement:85", "epci"), ("region:52", "departement"), ("FR", "region"), ("epci:248500621", "commune")]


@pytest.mark.parametrize(
    ("variable", "indicator"), [("emplois", "jobs"), ("industrie", "industry_share"), ("evolution", "jobs_change")]
)
@pytest.mark.parametrize("shown_by", MAPS)
def test_a_map_shows_the_figures_of_the_tables(client, shown_by, variable, indicator):
    place, level = shown_by
    within = "" if place == "FR" else f"&within={place}"
    rows = client.get(f"/api/v1/data?level={level}&indicators={indicator}{within}").json()["rows"]
    figures = {row["code"]: row[indicator] for row in rows}
    parts = client.get(f"/api/v1/territories/{place}/map?variable={variable}").json()["parts"]
    shown = {part["territory"]["code"]: part["value"] for part in parts}
    assert set(shown) <= set(figures)
    assert sum(value is not None for value in shown.values()) > 1
    assert all(value is None or value == pytest.approx(figures[code]) for code, value in not_empty(shown.items()))
