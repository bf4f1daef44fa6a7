"""The page of a territory: the way to it and around it, its five figures, and what each leads to."""

from __future__ import annotations

import re

import pytest

from tests.doors.served import COMMUNE, EPCI, Served
from tests.not_empty import not_empty

AREA = f"/territoire/epci/{EPCI[5:]}"


def test_the_trail_goes_down_through_what_holds_a_commune(served: Served) -> None:
    page = served.client.get(f"/territoire/commune/{COMMUNE}").text
    trail = page[page.index('class="trail"') : page.index("<h1")]
    assert re.findall(r'href="(/territoire[^"]*)"', trail) == [
        "/territoires", "/territoire/region/52", "/territoire/departement/85", AREA,
    ]  # fmt: skip


def test_neighbours_are_of_the_same_kind_and_inside_what_holds_both(served: Served) -> None:
    page = served.client.get(f"/territoire/commune/{COMMUNE}").text
    near = re.findall(r'href="/territoire/commune/(\w+)"', page[page.index('id="autour"') :])
    inside = {
        part["territory"]["code"] for part in served.client.get(f"/api/v1/territories/{EPCI}/map").json()["parts"]
    }
    assert COMMUNE not in near and set(not_empty(near)) <= inside


@pytest.mark.parametrize("path", [AREA, f"/territoire/commune/{COMMUNE}"])
def test_every_figure_leads_to_its_proof_and_to_its_firms(served: Served, path: str) -> None:
    page = served.client.get(path).text
    figures = re.findall(r"<div><dt>.*?</div>", page[page.index('class="five"') :].split("</dl>")[0], re.S)
    for figure in not_empty(figures):
        proof, firms = re.findall(r'href="([^"]+)"', figure)
        assert "/constat/" in proof and served.client.get(proof).status_code == 200
        answer = served.client.get(firms.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert '<ul class="entries">' in answer.text or "aucun" in answer.text.casefold(), firms


def test_a_region_loaded_in_part_says_so_first_and_gives_no_figure(served: Served) -> None:
    page = served.client.get("/territoire/region/52").text
    lead = page[page.index('class="lead"') :].split("</p>")[0]
    assert "ne couvrent que" in lead and "emploi" not in lead.split("habitants")[-1]
    assert 'class="five"' not in page and 'id="changements"' not in page
    assert 'href="/territoires"' in page


def test_the_page_offers_to_print_with_and_without_scripts(served: Served) -> None:
    page = served.client.get(AREA).text
    assert "data-print" in page and "<noscript>" in page
