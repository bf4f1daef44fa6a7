"""Journeys of the people Vigie serves, in a real browser, with and without JavaScript."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.shares import share

pytestmark = pytest.mark.browser

PORTRAIT = "/territoire/epci/248500621"
SAMPLE = ["/", "/annuaire", "/annuaire?naf=C", PORTRAIT, f"{PORTRAIT}?montrer=employeurs", f"{PORTRAIT}/chiffres",
          f"{PORTRAIT}/evenements", f"{PORTRAIT}/fermetures", "/territoire/departement/85", "/territoires", "/appels",
          f"{PORTRAIT}/constat/establishments_by_activity",
          "/territoire/commune/85109", "/evenements", "/territoires?q=saint", "/sources",
          "/source/sirene_etablissement",
          "/indicateurs", "/indicateur/specialisation", "/aide", "/confidentialite", "/mentions-legales",
          "/accessibilite", "/nulle-part", "/annuaire?lat=46"]  # fmt: skip

PHONES = [320, 360]
"""Widths of the narrowest phones."""


@pytest.fixture(params=[True, False], ids=["avec JavaScript", "sans JavaScript"])
def page(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=site, viewport={"width": 1280, "height": 800}, java_script_enabled=request.param, locale="fr-FR"
    )
    yield context.new_page()
    context.close()


def an_industrial_firm(page: Page) -> str:
    """Name of an establishment of the data, to be searched as a person would."""
    page.goto("/annuaire?naf=C&tri=taille")
    return page.locator(".entries h3 a").first.inner_text()


def test_a_known_firm_is_reached_in_two_clicks_and_two_seconds(page: Page) -> None:
    name = an_industrial_firm(page)
    page.goto("/")
    began = time.monotonic()
    page.get_by_label("Une entreprise, une activité, un lieu").fill(f"{name} Les Herbiers")
    page.get_by_role("button", name="Chercher").last.click()
    page.locator(".entries h3 a").first.click()
    took = time.monotonic() - began
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("p.lead")).to_contain_text(re.compile(r"salarié|effectif|depuis|,"))
    page.locator(".record summary").click()
    for word in ("SIRET", "Activité", "Taille", "Commune"):
        expect(page.locator("dl.facts dt").filter(has_text=word).first).to_be_visible()
    assert took < 10, f"{took:.1f} s"


def test_an_activity_and_a_place_find_establishments_there(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Une entreprise, une activité, un lieu").fill("menuiserie Les Herbiers")
    page.get_by_role("button", name="Chercher").last.click()
    expect(page.locator("p.lead")).to_contain_text("menuiserie Les Herbiers")
    expect(page.locator(".entries li").first).to_be_visible()


def test_filters_are_seen_and_can_be_taken_off(page: Page) -> None:
    page.goto("/annuaire?naf=C&taille=11&taille=12")
    applied = page.locator("ul.applied a")
    expect(applied).to_have_count(3)
    applied.first.click()
    expect(page.locator("ul.applied a")).to_have_count(2)


def test_the_portrait_of_an_epci_is_two_clicks_from_home(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Rubriques").get_by_role("link", name="Territoires").click()
    page.get_by_role("link", name="Pays des Herbiers").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Herbiers")
    expect(page.locator("p.lead")).to_contain_text(re.compile("habitants|emplois"))
    page.locator("a.figure").first.click()
    expect(page.locator("pre.formula")).to_be_visible()
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()


def test_every_page_says_that_establishments_are_imaginary(page: Page, request: pytest.FixtureRequest) -> None:
    """Half of the pages with JavaScript and half without; the proof reads all of them in both ways."""
    for path in share(SAMPLE, 2, int(request.node.callspec.params["page"])):
        page.goto(path)
        expect(page.get_by_text("Établissements imaginaires").first).to_be_visible()


def test_nothing_is_asked_of_another_host_and_nothing_fails(chromium: Browser, site: str) -> None:
    page = chromium.new_page(base_url=site)
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    for path in SAMPLE[:-2]:
        page.goto(path)
    page.close()
    assert {url for url in asked if not url.startswith((site, "data:"))} == set()
    assert faults == []


@pytest.mark.parametrize("width", PHONES)
def test_no_page_scrolls_sideways_on_a_phone(chromium: Browser, site: str, width: int) -> None:
    page = chromium.new_page(base_url=site, viewport={"width": width, "height": 740})
    wide = []
    for path in share(SAMPLE, len(PHONES), PHONES.index(width)):
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
    page.close()
    assert wide == []


def test_every_page_is_light(chromium: Browser, site: str) -> None:
    """At most 200 kB, 600 elements and 25 requests, the first time that somebody comes: half of the pages, or all."""
    heavy = []
    for path in share(SAMPLE, 2):
        context = chromium.new_context(base_url=site)
        page = context.new_page()
        got: list[str] = []
        page.on("request", lambda asked, got=got: got.append(asked.url))
        page.goto(path, wait_until="networkidle")
        elements = page.evaluate("document.querySelectorAll('*').length")
        html = len(page.request.get(path).body())
        if html > 200_000 or elements > 600 or len(got) > 25:
            heavy.append(f"{path} : {html} octets, {elements} éléments, {len(got)} requêtes")
        context.close()
    assert heavy == []


def test_the_industry_of_ones_intercommunality_is_taken_away_in_four_clicks(page: Page) -> None:
    clicks = 0

    def click(role: str, name: str) -> None:
        nonlocal clicks
        clicks += 1
        page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]

    page.goto("/")
    page.get_by_role("navigation", name="Rubriques").get_by_role("link", name="Entreprises").click()
    page.get_by_label("Secteur").select_option("C")
    page.get_by_label("Commune, intercommunalité, département").fill("Les Herbiers")
    page.get_by_label("Chercher dans").select_option("epci")
    clicks += 1
    click("checkbox", "10 à 49")
    click("button", "Appliquer les filtres")
    expect(page.locator(".entries li").first).to_be_visible()
    assert page.locator(".entries li").first.bounding_box()["y"] <= 500  # type: ignore[index]
    with page.expect_download() as taken:
        click("link", "Excel (XLSX)")
    assert taken.value.suggested_filename.endswith(".xlsx")
    assert clicks <= 4


def test_a_figure_leads_to_its_firms_in_one_click(page: Page) -> None:
    page.goto(PORTRAIT)
    page.locator(".five").get_by_role("link", name="Les entreprises").first.click()
    expect(page.locator(".entries li").first).to_be_visible()


def test_a_shape_of_a_map_says_its_value_to_the_keyboard(chromium: Browser, site: str) -> None:
    page = chromium.new_page(base_url=site)
    page.goto(PORTRAIT)
    if page.locator(".parts svg.map a").count():
        page.locator(".parts svg.map a").first.focus()
        expect(page.locator(".parts .map-readout")).to_contain_text(":")
    else:
        expect(page.locator(".parts table")).to_be_visible()
    page.close()


def test_the_keyboard_reaches_the_search_and_its_results(chromium: Browser, site: str) -> None:
    page = chromium.new_page(base_url=site)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Aller au contenu")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "home-q":
            break
    page.keyboard.type("boulangerie")
    page.keyboard.press("Enter")
    page.wait_for_url("**/annuaire?q=boulangerie")
    page.close()


def test_the_chosen_theme_stays(page: Page) -> None:
    page.goto("/aide")
    page.get_by_role("link", name="Sombre").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "sombre")
    assert page.url.endswith("/aide")
    page.goto("/sources")
    expect(page.locator("html")).to_have_attribute("data-theme", "sombre")


def test_suggestions_are_reached_by_the_keyboard(chromium: Browser, site: str) -> None:
    page = chromium.new_page(base_url=site)
    page.goto("/")
    box = page.locator("#home-q")
    box.press_sequentially("usin")
    expect(page.get_by_role("listbox")).to_be_visible()
    expect(page.get_by_role("group", name="Activités")).to_contain_text("usinage")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.fill("herbi")
    expect(page.get_by_role("group", name="Territoires")).to_contain_text("Les Herbiers")
    box.press("ArrowDown")
    expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("Les Herbiers")
    box.press("Enter")
    page.wait_for_url("**/territoire/commune/85109")
    page.close()
