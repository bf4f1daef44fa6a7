"""The pages of a search say what was understood, let each part be taken out, and are never empty."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.doors.served import Served
from tests.not_empty import not_empty


def page(served: Served, address: str, **asked: str) -> str:
    answer = served.client.get(address, params=asked or None)
    assert answer.status_code == 200, answer.text[:300]
    return unescape(answer.text)


def taken_out(text: str) -> list[str]:
    return re.findall(r'<a class="off" href="([^"]+)"', text)


def test_each_part_that_was_understood_is_taken_out_by_a_link(served: Served) -> None:
    first = page(served, "/annuaire", q="je cherche un usineur à Mouchamps")
    assert "activité" in first and "usineur" in first and '<a class="place" href="/territoire/commune/85153">' in first
    assert "laissé de côté" in first and "« je cherche »" in first.replace("\u00a0", " ")
    removed = taken_out(first)
    assert len(removed) == 2
    trade = page(served, removed[1])
    assert "q=" in removed[1] and "usineur" in removed[1] and "Mouchamps" not in removed[1]
    (last,) = taken_out(trade)
    assert "Cherchez une entreprise" in page(served, last)
    assert "Cherchez une entreprise" in page(served, last)


def test_a_town_leads_to_its_portrait(served: Served) -> None:
    assert 'class="portrait" href="/territoire/commune/85109"' in page(served, "/annuaire", q="herbiers")
    assert 'class="portrait"' not in page(served, "/annuaire", q="boulangerie herbiers")


def test_a_search_that_finds_nothing_leads_to_the_nearest_ones(served: Served) -> None:
    told = page(served, "/annuaire", q="cokéfaction les herbiers")
    assert "Au plus près" in told
    near = re.findall(
        r'<li><a href="(/annuaire[^"]+)">', told.partition('<ul class="nearest">')[2].partition("</ul>")[0]
    )
    assert near
    assert all("Aucun établissement" not in page(served, one) for one in not_empty(near))


@pytest.mark.parametrize(
    ("typed", "told"),
    [("Martin", "Martin"), ("Laval", "lieu hors des données"), ("Chalon", "Chalon-sur-Saône"),
     ("🦊🦊", "ni lettre ni chiffre"),
     ("z" * 300, "seuls les 200 premiers sont lus"), ("usinage " * 60, "seuls les 200 premiers sont lus"),
     ("漢字", "漢字"), ("بناء الآلات", "بناء"), ("blorfzq les herbiers", "ni nom, ni activité, ni lieu connu"),
     ('"herbiers"', "nom"), ("<b>usinage", "usinage")],
)  # fmt: skip
def test_whatever_is_typed_the_page_says_what_was_understood(served: Served, typed: str, told: str) -> None:
    assert told in page(served, "/annuaire", q=typed)


@pytest.mark.parametrize(
    "path",
    ["/annuaire?q=usinage&territoire=Les+Herbiers", "/annuaire?territoire=Les%20Herbiers",
     "/annuaire?q=&territoire=85109&page=1", "/annuaire?q=boulangerie+herbiers&tri=nom"],
)  # fmt: skip
def test_addresses_made_before_still_answer(served: Served, path: str) -> None:
    assert "établissement" in page(served, path)


def test_the_api_tells_what_was_understood(served: Served) -> None:
    told = served.client.get("/api/v1/search", params={"q": "usineur à Mouchamps"}).json()
    assert [(one["kind"], one["label"]) for one in told["understood"]] == [("trade", "usineur"), ("place", "Mouchamps")]
    assert told["understood"][1]["keys"] == ["commune:85153"]
    nothing = served.client.get("/api/v1/search", params={"q": "cokéfaction les herbiers"}).json()
    assert nothing["total"] == 0 and all(one["total"] for one in nothing["nearest"]) and nothing["nearest"]


def suggested(served: Served, text: str) -> dict[str, list[dict[str, str]]]:
    groups = served.client.get("/suggestions", params={"q": text}).json()["groups"]
    return {group["name"]: group["items"] for group in groups}


def test_suggestions_come_in_groups_each_leading_somewhere(served: Served) -> None:
    name = served.client.get("/api/v1/search?departement=85&per_page=1&tri=taille").json()["results"][0]["name"]
    firms = {"Entreprises": suggested(served, name.split()[0][:6])["Entreprises"]}
    found = {**suggested(served, "herb"), **suggested(served, "chaudr"), **firms}
    assert {"Territoires", "Entreprises", "Activités"} <= set(found)
    assert found["Activités"][0]["label"].startswith("chaudr")
    leads = [item["href"] for items in found.values() for item in items]
    assert leads and all(served.client.get(href).status_code == 200 for href in leads)


def test_a_place_is_suggested_after_a_trade(served: Served) -> None:
    (first, *_) = suggested(served, "usinage les h")["Territoires"]
    assert first == {"label": "usinage à Les Herbiers", "detail": "", "href": "/annuaire?q=usinage+Les+Herbiers"}


@pytest.mark.parametrize("text", ["", "a", "🦊🦊", "漢字", "z" * 300, "'\"<>", "zqxzqx"])
def test_nothing_is_suggested_for_what_completes_nothing(served: Served, text: str) -> None:
    assert suggested(served, text) == {}


def test_the_api_completes_with_places_and_trades_too(served: Served) -> None:
    told = served.client.get("/api/v1/suggest", params={"q": "herb"}).json()
    assert {"key": "commune:85109", "name": "Les Herbiers"} in told["territories"]
    assert "chaudronnerie" in served.client.get("/api/v1/suggest", params={"q": "chaudr"}).json()["activities"]


def test_short_names_of_territories_lead_to_those_in_service(served: Served) -> None:
    listed = page(served, "/territoires", q="saint paul")
    places = re.findall(r'href="/territoire/commune/(\d+)', listed)
    assert places[0] == "85259" and len(places) > 1
    assert "Saint-Paul-en-Pareds" in page(served, "/annuaire", naf="C", territoire="saint paul")
