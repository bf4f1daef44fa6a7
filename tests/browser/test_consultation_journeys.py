"""On a phone and by the keyboard alone: an inhabitant votes, reads where they stand, proposes; an elected member reads.

What a screen reader says is read from the accessibility tree: names of what is pressed, headings, chart, table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DeskSite
from tests.browser.test_desk_journeys import sign_in
from vigie.services.demonstration.consulting import TRAIN

pytestmark = pytest.mark.browser

NARROW = {"width": 360, "height": 740}
_MOST_TABS = 60
CHOICES = ("D’accord", "Pas d’accord", "Sans avis")


@pytest.fixture(params=[True, False], ids=["avec JavaScript", "sans JavaScript"])
def page(request: pytest.FixtureRequest, chromium: Browser, desk_site: DeskSite) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=desk_site.address, viewport=NARROW, java_script_enabled=request.param, locale="fr-FR"
    )
    yield context.new_page()
    context.close()


def press(page: Page, name: str) -> None:
    """Go from one thing to the next with the tabulation key until the one of that name, and press it."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        focused: str = page.evaluate(
            "(document.activeElement.matches('body') ? '' : document.activeElement.innerText) ?? ''"
        )
        if focused.replace("\u00a0", " ").strip().startswith(name):
            page.locator(":focus").press("Enter")
            return
    raise AssertionError(f"« {name} » is not reached by the keyboard at {page.url}")


def aside(page: Page) -> str:
    """Return what a screen reader goes through in the page, on one line of plain spaces."""
    return re.sub(r"\s+", " ", page.locator("main").aria_snapshot())


def test_a_vote_is_given_by_keyboard_and_its_author_reads_where_they_stand(page: Page) -> None:
    page.goto("/")
    press(page, "Donner mon avis")
    press(page, TRAIN.rstrip(" ?"))
    expect(page.locator("main")).to_contain_text("Ce que le résultat deviendra")
    press(page, "Donner mon avis")
    expect(page.locator(".ballot button")).to_have_count(3)
    pressed, voted, words = 3, 0, page.get_by_role("heading", level=1)
    while page.get_by_role("button", name="D’accord", exact=True).count():
        said = words.inner_text()
        for button, name in zip(page.locator(".ballot button").all(), CHOICES, strict=True):
            expect(button).to_have_accessible_name(name)
        press(page, "Pas d’accord" if voted % 2 else "D’accord")
        expect(words).not_to_have_text(said)
        voted += 1
    assert voted >= 6 and pressed + voted <= 12
    expect(words).to_contain_text("merci")
    expect(page.get_by_role("status").filter(has_text="propositions")).to_be_visible()
    press(page, "M’arrêter là")
    main = page.locator("main")
    expect(main).to_contain_text(re.compile("Où vous vous situez"))
    expect(main).to_contain_text(re.compile(rf"Sur {voted}\svotes"))
    told = aside(page)
    summary, mine, chart = (told.index(one) for one in ("se sont exprimées", "Où vous vous situez", "s’opposent sur"))
    assert summary < mine < chart, "words first, then where one stands, then the drawing"
    assert page.locator("svg.chart .you").count() >= 5, "one's own vote stands below the groups, and nobody else's"
    expect(page.get_by_role("group", name=re.compile("Les 2\\sgroupes s’opposent"))).to_be_visible()
    press(page, "Les mêmes chiffres en tableau")
    expect(page.get_by_role("columnheader", name="Vous", exact=True)).to_be_attached()
    assert page.locator("html").evaluate("page => page.scrollWidth") <= NARROW["width"]


def test_an_idea_is_proposed_by_keyboard_and_followed(page: Page) -> None:
    page.goto("/consultations")
    press(page, TRAIN.rstrip(" ?"))
    press(page, "Proposer une idée")
    expect(page.get_by_role("heading", name="Ce qui n’est pas retenu")).to_be_visible()
    field = page.get_by_role("textbox", name="Votre idée")
    expect(field).to_have_accessible_description(re.compile("240"))
    field.focus()
    page.keyboard.type("Un vélo de service devrait attendre à chaque arrêt de car.")
    press(page, "Proposer cette idée")
    expect(page.locator("main")).to_contain_text("Reçue, à lire")
    press(page, "Retirer mon idée")
    page.get_by_role("button", name="Retirer mon idée").press("Enter")
    expect(page.locator("main")).to_contain_text("Retirée par qui l’avait écrite")


def test_an_elected_member_follows_five_results_and_reads_what_is_said(page: Page, desk_site: DeskSite) -> None:
    sign_in(page, desk_site, "élu")
    press(page, "Ses résultats, sur un écran")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce que le projet donne")
    told = aside(page)
    for result in ("Rencontres abouties", "Emplois déclarés", "Montants déclarés", "Personnes consultées", "Actions"):
        assert f"term: {result}" in told
    last = page.locator("dd").last.bounding_box()
    assert last is not None and last["y"] + last["height"] <= 2 * NARROW["height"]
    page.go_back()
    press(page, "Ce qui est ressorti")
    expect(page.get_by_role("heading", name="Les groupes d’opinion")).to_be_visible()
    told = aside(page)
    words = [told.index(one) for one in ("larges accords", "Ce qui les sépare le plus", "Ce qui les réunit", "group ")]
    assert words == sorted(words), "everything is said in words before anything is drawn"
    assert page.locator("svg.chart .you").count() == 0
    assert page.locator("html").evaluate("page => page.scrollWidth") <= NARROW["width"]
