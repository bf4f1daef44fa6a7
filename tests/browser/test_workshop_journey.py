"""Telephones (six, twelve for the proof) fill a matrix together by keyboard, and its officer closes the workshop."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DeskSite
from tests.browser.test_consultation_journeys import NARROW, press
from tests.browser.test_desk_journeys import sign_in
from tests.not_empty import not_empty
from tests.shares import PROOF

pytestmark = pytest.mark.browser
PEOPLE = 12 if PROOF else 6
FACTORS = ("Le prix du sol", "Les jeunes qui partent", "Les commandes des usines")


@pytest.mark.parametrize("script", [False], ids=["sans JavaScript"])
def test_telephones_fill_a_matrix(chromium: Browser, desk_site: DeskSite, *, script: bool) -> None:
    def arriving(width: int) -> Page:
        return chromium.new_context(
            base_url=desk_site.address, viewport={**NARROW, "width": width}, java_script_enabled=script, locale="fr-FR"
        ).new_page()

    officer = arriving(1200)
    code, room = _opened(officer, desk_site)
    telephones = [arriving(NARROW["width"]) for _ in range(PEOPLE)]
    for page in telephones:
        page.goto(room)
        page.get_by_label("Code de la salle").focus()
        page.keyboard.type(code)
        page.locator(":focus").press("Enter")
        expect(page.get_by_role("link", name="Influences entre facteurs")).to_be_visible()
        press(page, "Influences entre facteurs")
        expect(page.locator(".ballot button")).to_have_count(4)
    words = [page.get_by_role("heading", level=1) for page in telephones]
    for cell in range(len(FACTORS) * (len(FACTORS) - 1)):
        for rank, page in enumerate(not_empty(telephones)):
            assert [one.inner_text() for one in page.locator(".ballot button").all()] == [
                "pas", "un peu", "assez", "beaucoup",
            ]  # fmt: skip
            said = words[rank].inner_text()
            press(page, "beaucoup" if rank % 2 else "pas")
            expect(words[rank]).not_to_have_text(said)
            assert page.locator("html").evaluate("page => page.scrollWidth") <= NARROW["width"], cell
    for one in words:
        expect(one).to_have_text("Tout est rempli")
    officer.goto(f"{room}/ecran")
    expect(officer.locator("main")).to_contain_text(re.compile(rf"{PEOPLE}\spersonnes ont répondu"))
    expect(officer.locator("main")).to_contain_text(re.compile(r"6 sur 6\scases"))
    officer.goto(f"/bureau/ateliers/{room.rpartition('/')[2]}")
    officer.get_by_role("button", name="Clore l’atelier").press("Enter")
    telephones[0].goto(f"{room}/resultat")
    expect(telephones[0].locator("main")).to_contain_text("désaccord")
    half = PEOPLE // 2
    expect(telephones[0].locator("main")).to_contain_text(re.compile(rf"pas\s: {half}, beaucoup\s: {half}"))
    for page in (officer, *telephones):
        page.context.close()


def _opened(officer: Page, desk_site: DeskSite) -> tuple[str, str]:
    """Prepare and open a workshop by its forms, and return its code and the address of its room."""
    sign_in(officer, desk_site, "développeur économique")
    today = datetime.now(UTC).date()
    officer.goto("/bureau/ateliers/nouveau")
    officer.get_by_label("Titre").fill("Nos bourgs en 2045")
    officer.get_by_label("La question").fill("Que peuvent devenir nos bourgs d’ici 2045 ?")
    officer.get_by_label("Premier jour").fill((today - timedelta(days=1)).isoformat())
    officer.get_by_label("Dernier jour").fill((today + timedelta(days=2)).isoformat())
    officer.get_by_role("button", name="Enregistrer").press("Enter")
    officer.get_by_role("link", name="Ajouter facteurs").press("Enter")
    officer.get_by_label("Un par ligne").fill("\n".join(FACTORS))
    officer.get_by_role("button", name="Ajouter").press("Enter")
    officer.get_by_role("link", name="Ouvrir l’atelier").press("Enter")
    officer.get_by_label("Nombre de personnes").fill(str(PEOPLE))
    officer.get_by_role("button", name="Ouvrir").press("Enter")
    found = re.search(r"/atelier/(\w+)\?code=(\w{8})", officer.locator("main").inner_text())
    assert found
    return found[2], f"/atelier/{found[1]}"
