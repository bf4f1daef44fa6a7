"""The desk speaks the words of those who work there, not those of its tables."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.journal.cast import SIREN_HERE
from tests.journal.doors.office import Office
from tests.not_empty import not_empty
from vigie.interfaces.desk_views.menu import MENU

HOUSE_WORDS = re.compile(
    r"\b(maillons?|rattachements?|jetons?|sourçages?|oppositions?|(durée|durées) de conservation|ses flux)\b", re.I
)
"""What people would have to learn: « ses étapes », « ce qui entre et ce qui sort », « qui parle pour l’entreprise »,
« accès pour un programme », « durées de garde », « préparer un achat public » and « ne plus figurer » are said."""
PAGES = {
    "admin": sorted({entry.address for entry in MENU}),
    "officer": ["/bureau", "/bureau/oppositions", "/bureau/rattachements", "/bureau/jetons", "/bureau/appels/nouveau"],
    "head": ["/bureau", "/bureau/mon-entreprise", f"/bureau/entreprise/{SIREN_HERE}", "/bureau/appels"],
    "elected": ["/bureau", "/bureau/mises-en-relation"],
    "super_admin": ["/bureau", "/bureau/oppositions", "/bureau/attestations", "/bureau/organisations"],
}


@pytest.mark.parametrize("part", PAGES)
def test_no_page_of_the_desk_uses_a_word_of_the_house(office: Office, part: str) -> None:
    said: dict[str, list[str]] = {}
    read = 0
    for path in not_empty(PAGES[part]):
        answer = office.page(part).get(path)
        if answer.status_code == 200:
            read += 1
            found = sorted({hit[0] for hit in HOUSE_WORDS.finditer(visible(answer.text))})
            said |= {path: found} if found else {}
    assert read > 1
    assert said == {}


def visible(html: str) -> str:
    """Return the text that a page shows, addresses and codes left out; the article of law keeps its word."""
    text = re.sub(r"<(script|style|footer)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", text)).replace("(sourçage, article", "(article")


@pytest.mark.parametrize(
    ("part", "entries"),
    [
        ("head", ["Mon entreprise", "Mes besoins", "Mises en relation"]),
        ("officer", ["Ma semaine", "Dossiers", "Mises en relation", "Besoins"]),
        ("elected", ["Résultats", "Besoins et offres"]),
    ],
)
def test_each_role_finds_its_work_in_the_row(office: Office, part: str, entries: list[str]) -> None:
    page = office.page(part).get("/bureau").text
    row = re.search(r'<nav class="desk".*?</ul>', page, re.DOTALL)
    assert row
    labels = [label.strip() for label in re.findall(r"<a [^>]*>([^<]+)", row[0])]
    assert labels[: len(entries)] == entries


@pytest.mark.parametrize(
    ("part", "heading"),
    [
        ("head", "Votre entreprise"),
        ("elected", "Votre territoire"),
        ("analyst", "Vos études"),
        ("inhabitant", "Votre commune"),
    ],
)
def test_the_work_of_each_role_is_called_by_what_they_come_to_do(office: Office, part: str, heading: str) -> None:
    page = office.page(part).get("/bureau").text
    assert f">{heading}</h2>" in page and "Le travail de la semaine" not in page


@pytest.mark.parametrize(("part", "leads"), [("", "/besoin"), ("head", "/besoin"), ("officer", "/bureau/besoins")])
def test_the_bar_of_a_phone_leads_to_needs(office: Office, part: str, leads: str) -> None:
    page = (office.page(part) if part else office.page()).get("/annuaire").text
    bar = re.search(r'<nav class="thumb".*?</nav>', page, re.DOTALL)
    assert bar and re.findall(r'href="([^"]+)"', bar[0]) == ["/annuaire", "/territoires", leads]


def test_an_elected_member_is_greeted_by_results_and_a_portrait(office: Office) -> None:
    page = unescape(office.page("elected").get("/bureau").text)
    assert "Personne elected, voici ce que donnent les rencontres" in page
    assert "Rencontres allées à leur terme" in page and "trop peu de cas pour le dire" in page
    assert "/territoire/epci/248500621" in page
