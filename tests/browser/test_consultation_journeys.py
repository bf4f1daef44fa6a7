"""An inhabitant votes with the keyboard alone on a phone, with and without script, reads where they stand, proposes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DeskSite
from vigie.services.demonstration.consulting import TRAIN

pytestmark = pytest.mark.browser

NARROW = {"width": 360, "height": 740}
_MOST_TABS = 60


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
        focused = page.locator(":focus")
        if focused.count() and focused.inner_text().replace("\u00a0", " ").strip().startswith(name):
            focused.press("Enter")
            return
    raise AssertionError(f"« {name} » is not reached by the keyboard at {page.url}")


def test_a_vote_is_given_by_keyboard_and_its_author_reads_where_they_stand(page: Page) -> None:
    page.goto("/consultations")
    press(page, TRAIN.rstrip(" ?"))
    expect(page.locator("main")).to_contain_text("Ce que le résultat deviendra")
    press(page, "Donner mon avis")
    expect(page.locator(".ballot button")).to_have_count(3)
    voted, words = 0, page.get_by_role("heading", level=1)
    while page.get_by_role("button", name="D’accord", exact=True).count():
        said = words.inner_text()
        assert [one.inner_text() for one in page.locator(".ballot button").all()] == [
            "D’accord", "Pas d’accord", "Sans avis",
        ]  # fmt: skip
        press(page, "Pas d’accord" if voted % 2 else "D’accord")
        expect(words).not_to_have_text(said)
        voted += 1
    assert voted >= 6
    expect(words).to_contain_text("merci")
    press(page, "M’arrêter là")
    expect(page.locator("main")).to_contain_text(re.compile("Où vous vous situez"))
    expect(page.locator("main")).to_contain_text(re.compile(rf"Sur {voted}\svotes"))
    width = page.locator("html").evaluate("page => page.scrollWidth")
    assert width <= NARROW["width"]


def test_an_idea_is_proposed_by_keyboard_and_followed(page: Page) -> None:
    page.goto("/consultations")
    press(page, TRAIN.rstrip(" ?"))
    press(page, "Proposer une idée")
    page.get_by_label("Votre idée").focus()
    page.keyboard.type("Un vélo de service devrait attendre à chaque arrêt de car.")
    press(page, "Proposer cette idée")
    expect(page.locator("main")).to_contain_text("Reçue, à lire")
    press(page, "Retirer mon idée")
    page.get_by_role("button", name="Retirer mon idée").press("Enter")
    expect(page.locator("main")).to_contain_text("Retirée par qui l’avait écrite")
