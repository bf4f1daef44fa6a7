"""Filters as people say them: what, what size, where; and what odd addresses are answered."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from tests.doors.served import COMMUNE, EPCI, Served
from tests.not_empty import not_empty

LINE = re.compile(r"(\d+) site")


def total(served: Served, query: str) -> int:
    page = served.client.get(f"/annuaire?{query}")
    assert page.status_code == 200, query
    lead = page.text[page.text.index('id="resultats"') :].split("</p>")[0].replace("\u202f", "")
    found = LINE.search(lead)
    return int(found[1]) if found else 0


def test_a_size_as_people_say_it_is_its_bands(served: Served) -> None:
    assert total(served, "taille=10-49") == total(served, "taille=11&taille=12") > 0
    assert total(served, "taille=10-49&taille=12") == total(served, "taille=11,12")


def test_around_a_commune_is_its_intercommunality(served: Served) -> None:
    inside = total(served, f"employeur=oui&territoire={COMMUNE}")
    around = total(served, f"employeur=oui&territoire={COMMUNE}&autour=epci")
    assert around == total(served, f"employeur=oui&territoire={EPCI}") >= inside > 0


def test_around_several_places_is_refused_in_words(served: Served) -> None:
    page = served.client.get("/annuaire?employeur=oui&territoire=85&autour=epci")
    assert page.status_code == 422 and "donnez une commune" in page.text


def test_filters_are_folded_once_answered_and_the_list_is_taken_from_above_it(served: Served) -> None:
    page = served.client.get("/annuaire?naf=C&taille=10-49").text
    assert '<details class="filters">' in page and "Retirer le filtre" in page
    assert page.index("liste.xlsx") < page.index('<ul class="entries">')
    assert '<details class="filters" open>' in served.client.get("/annuaire").text


@pytest.mark.parametrize(
    "query",
    [
        "q=Martin", "q=Laval", "q=Chalon", "q=" + quote("🏭🔧"), "q=" + "a" * 300,
        "q=" + quote("<script>alert(1)</script>"),
        "q=" + quote("مصنع"), "q=usinage&q=usinage", "naf=C&naf=C", "territoire=Martin&employeur=oui", "effectif=11",
        "activite=25", "departement=85", "q=usinage&territoire=", "taille=99", "autour=epci", "page=999&naf=C",
        "q=" + quote("Je cherche un tourneur à Laval, s’il vous plaît"),
    ],
)  # fmt: skip
def test_an_odd_address_is_answered_by_what_was_understood(served: Served, query: str) -> None:
    """Old names of parameters, chips removed twice, surnames that are places, signs, scripts: never an empty page."""
    page = served.client.get(f"/annuaire?{query}")
    assert page.status_code in (200, 404, 422), query
    assert "<script>alert" not in page.text
    said = re.findall(r'<p class="(?:lead[^"]*|field-error)"[^>]*>(.*?)</p>', page.text, re.S)
    assert not_empty(said) and any(len(sentence.split()) > 3 for sentence in said)
    assert '<input id="q"' in page.text, "the form is there to try again"


OLD_WORDS = (
    "tranche d’effectif", "diffusion partielle", "établissement employeur", "code naf", "unité légale", "naf rév. 2",
    "établissements ouverts", "établissement ouvert", "établissements de cette page", "nom non diffusible",
)  # fmt: skip
"""Words of files that people do not use, and that pages for the public said."""
PAGES = [
    "/", "/annuaire", "/annuaire?naf=C", "/annuaire?naf=C&tri=taille&page=2", "/territoires",
    f"/territoire/commune/{COMMUNE}", f"/territoire/epci/{EPCI.partition(':')[2]}", "/evenements",
    "/evenements?type=effectif", "/aide", "/besoin", "/appels",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_pages_use_the_words_of_their_readers(served: Served, path: str) -> None:
    text = re.sub(r"<[^>]+>", " ", served.client.get(path).text).replace("'", "’").casefold()
    assert "vigie" in text
    assert [word for word in OLD_WORDS if word in text] == []


@pytest.mark.parametrize("path", ["/annuaire?naf=C", "/evenements", "/appels"])
def test_what_a_list_is_narrowed_by_is_folded_under_it(served: Served, path: str) -> None:
    page = served.client.get(path).text
    assert re.search(r'<details class="(?:asked|filters)">', page), "folded: the list is what people came for"


def test_events_asked_by_kind_show_what_they_were_narrowed_by(served: Served) -> None:
    assert '<details class="asked" open>' in served.client.get("/evenements?type=creation").text
    assert served.client.get("/evenements").text.count('<p class="quiet small numeric">') <= 25


def test_a_list_names_an_intercommunality_as_people_do(served: Served) -> None:
    page = served.client.get(f"/annuaire?naf=C&territoire={EPCI}").text
    assert "Lieu : Pays des Herbiers" in page.replace("\u00a0", " ") and "CC du Pays" not in page
