"""Following what changes without an account: feeds of events, and legal notices behind every door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import feedparser
import pytest

from tests.doors.served import TestClient
from tests.legal_notices import PERSON, notice, write_notices
from tests.not_empty import not_empty
from tests.refreshing import load_underived
from tests.small_stock import establishment, siren, siret, unit, write_stock
from vigie.interfaces.cli.main import main
from vigie.interfaces.server import application
from vigie.services.places import Places
from vigie.settings import Settings

ATOM = "{http://www.w3.org/2005/Atom}"
MASKED = {"statutDiffusionEtablissement": "P"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load a stock and its notices: a liquidation, deposits of accounts, and the sale of a firm that is masked."""
    folder = tmp_path_factory.mktemp("notices")
    places = [establishment(n, **(MASKED if n == 3 else {})) for n in range(10)]
    units = [unit(n, **({"statutDiffusionUniteLegale": "P"} if n == 3 else {})) for n in range(10)]
    told = [
        notice(1, siren(1), "collective", nature="Ouverture de liquidation judiciaire", judged="2026-09-20"),
        notice(2, siren(2), "dpc"),
        notice(3, siren(3), "vente"),
    ]
    stock = write_stock(folder / "in", places, units, kind="csv")
    load_underived(folder / "data", stock, write_notices(folder / "bodacc.csv", told), today=date(2026, 10, 2))
    return folder / "data"


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[TestClient]:
    with TestClient(application(Settings(data_dir=data)), base_url="http://127.0.0.1") as client:
        yield client


def entries(text: str) -> list[Element]:
    return fromstring(text).findall(f"{ATOM}entry")


@pytest.mark.parametrize("address", ["/evenements.atom", "/territoire/departement/85/evenements.atom"])
def test_a_feed_tells_what_the_page_tells(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    found = entries(answer.text)
    titles = {entry.findtext(f"{ATOM}title") for entry in found}
    assert len(found) == 2 and any("Liquidation judiciaire" in str(title) for title in titles)
    assert len({entry.findtext(f"{ATOM}id") for entry in found}) == 2
    assert {entry.findtext(f"{ATOM}updated") for entry in found} == {"2026-10-01T00:00:00+00:00"}
    page = client.get(address.removesuffix(".atom")).text
    assert f'href="{address}"' in page and "Liquidation judiciaire prononcée" in page


def test_a_reader_of_feeds_reads_it(client: TestClient) -> None:
    text = client.get("/evenements.atom").text
    read = feedparser.parse(text)
    assert (read.bozo, read.version) == (False, "atom10")
    assert read.feed.title == "Ce qui change – Vigie" and read.feed.language == "fr"
    assert [one.id for one in read.entries] == [one.findtext(f"{ATOM}id") for one in entries(text)]
    assert len(read.entries) == 2
    for one in not_empty(read.entries):
        assert one.link.startswith("http") and one.summary and one.published_parsed


def test_an_activity_and_a_size_are_followed_by_their_address(client: TestClient, data: Path) -> None:
    for query, count in (("naf=25", 2), ("naf=c", 2), ("naf=47", 0), ("effectif=10", 2), ("effectif=20", 0)):
        assert len(entries(client.get(f"/evenements.atom?{query}").text)) == count, query
        assert client.get(f"/api/v1/events?{query}").json()["total"] == count, query
        page = client.get(f"/evenements?{query}")
        assert page.status_code == 200
        assert f"/evenements.atom?{query}" in page.text
    for query in ("naf=99.99Z", "effectif=beaucoup"):
        assert client.get(f"/evenements?{query}").status_code == 422, query
        assert client.get(f"/api/v1/events?{query}").status_code == 400, query


def test_what_is_around_a_commune_is_followed_by_its_address(
    client: TestClient, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """La Roche-sur-Yon, where all of it happened, is 39 km from Les Herbiers."""
    monkeypatch.setattr(Places, "_centres", {"85191": (46.6706, -1.4269), "85109": (46.8653, -1.0137)})
    asked = (("autour=Les+Herbiers&km=40", 2), ("autour=85109&km=30", 0), ("autour=85109", 0), ("autour=85191&km=1", 2))
    for query, count in not_empty(asked):
        assert len(entries(client.get(f"/evenements.atom?{query}").text)) == count, query
        assert client.get(f"/api/v1/events?{query}").json()["total"] == count, query
        assert client.get(f"/evenements?{query}").status_code == 200, query
        assert client.get(f"/api/v1/territories/departement:85/events?{query}").json()["total"] == count, query
    assert client.get("/api/v1/territories/commune:85109/events?autour=85191&km=20").json()["total"] == 0
    whole, narrowed = (client.get(f"/evenements{query}").text.split("<details")[0] for query in ("", "?autour=85191"))
    assert "dans l’industrie" in whole and "dans l’industrie" not in narrowed
    for query, said in (("autour=75056", "faute de contours"), ("autour=Atlantide", "Aucune commune"), ("km=0", "1")):
        wrong = client.get(f"/evenements?{query}")
        assert wrong.status_code == 422 and said in wrong.text, query
    command = ["watch", "events", "--around", "85109", "--km", "40", "--json", "--data-dir", str(data)]
    assert main(command) == 0
    assert json.loads(capsys.readouterr().out)["total"] == 2


def test_the_notice_of_a_masked_firm_is_not_led_to(client: TestClient) -> None:
    [sale] = client.get("/api/v1/events?kinds=vente").json()["events"]
    assert (sale["siret"], sale["masked"], sale["url"]) == (siret(3), True, None)
    assert client.get("/api/v1/events?kinds=liquidation").json()["events"][0]["url"].startswith("https://")


def test_accounts_are_shown_to_who_asks_for_them(client: TestClient) -> None:
    everything = client.get("/api/v1/events").json()
    assert {event["kind"] for event in everything["events"]} == {"liquidation", "vente"}
    assert everything["total"] == 2 and everything["counts"]["comptes"] == 1
    assert client.get("/api/v1/events?kinds=comptes").json()["total"] == 1


def test_a_source_is_asked_for_alike_by_page_api_and_command(
    client: TestClient, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert client.get("/api/v1/events?source=sirene").json()["total"] == 0
    assert "Aucun événement" in client.get("/evenements?source=sirene").text
    assert client.get("/evenements?source=journal").status_code == 422
    said = json.loads(command(data, capsys, "--source", "bodacc"))
    assert [event["siret"] for event in said["events"]] == [
        event["siret"] for event in client.get("/api/v1/events?source=bodacc").json()["events"]
    ]


def command(data: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["watch", "events", "--territory", "85", *options, "--json", "--data-dir", str(data)]) == 0
    return capsys.readouterr().out


def test_nobody_named_by_a_notice_is_in_an_answer_nor_in_a_file(client: TestClient, data: Path) -> None:
    for address in ("/evenements", "/evenements.atom", "/api/v1/events", f"/entreprise/{siren(1)}"):
        answer = client.get(address)
        assert answer.status_code == 200 and "SENTINELLE" not in answer.text
    read = [path for path in data.rglob("*") if path.is_file()]
    assert read and not [path for path in read if PERSON.encode() in path.read_bytes()]
