"""Journeys of people: a need stated without account on a phone, an agreement asked by letter, a visit prepared."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import DeskSite
from tests.browser.test_desk_journeys import OFFICER, PHONE, letter_link, sign_in
from tests.shares import share

pytestmark = pytest.mark.browser

FORMS = [("light", 360), ("light", 768), ("light", 1280), ("dark", 1280), ("dark", 768), ("dark", 360)]
WORDS = "Nous cherchons un atelier plus grand, de plain-pied, près de la rocade."


@pytest.fixture(params=[True, False], ids=["avec JavaScript", "sans JavaScript"])
def phone(request: pytest.FixtureRequest, chromium: Browser, desk_site: DeskSite) -> Iterator[BrowserContext]:
    made = chromium.new_context(
        base_url=desk_site.address, viewport=PHONE, java_script_enabled=request.param, locale="fr-FR"
    )
    yield made
    made.close()


@pytest.fixture
def officer(chromium: Browser, desk_site: DeskSite) -> Iterator[Page]:
    context = chromium.new_context(base_url=desk_site.address, locale="fr-FR")
    yield sign_in(context.new_page(), desk_site, OFFICER)
    context.close()


def test_a_need_is_stated_in_three_screens_and_followed(phone: BrowserContext, officer: Page) -> None:
    page = phone.new_page()
    officer.goto("/bureau/dossiers?type=firm")
    officer.locator("main .entries a").first.click()
    name, commune = officer.get_by_role("heading", level=1).inner_text(), commune_of(officer)
    page.goto("/")
    page.get_by_role("link", name="Dire un besoin").first.click()
    screens = [page.get_by_role("heading", level=1).inner_text()]
    page.get_by_label("Votre besoin").fill(WORDS)
    page.get_by_role("button", name="Continuer").click()
    screens.append(page.get_by_role("heading", level=1).inner_text())
    page.get_by_label("Nom de l’entreprise").fill(name)
    page.get_by_label("Commune").fill(commune)
    page.get_by_role("button", name="Continuer").click()
    screens.append(page.get_by_role("heading", level=1).inner_text())
    assert len(set(screens)) == 3
    expect(page.locator("main")).to_contain_text(re.compile(r"Camille I\. répond sous 3\sjours ouvrés"))
    expect(page.get_by_role("navigation", name="Rubriques")).to_have_count(0)
    page.get_by_label("Courriel").fill("alix@example.org")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("confirmez votre adresse")
    page.goto(letter_link(officer, "Confirmez votre besoin"))
    page.get_by_role("button", name="Confirmer mon besoin").click()
    expect(page.locator(".steps .reached")).to_have_count(1)
    officer.goto("/bureau")
    officer.locator(".queue a", has_text="Un besoin dit sur le site").filter(has_text="plain-pied").first.click()
    page.reload()
    expect(page.locator(".steps .reached")).to_have_count(2)
    officer.get_by_label("Ce que vous proposez").fill("Deux ateliers à visiter.")
    officer.get_by_role("button", name="Envoyer").click()
    page.reload()
    expect(page.locator(".steps .reached")).to_have_count(3)
    expect(page.locator("main")).to_contain_text("Deux ateliers à visiter.")
    page.get_by_text("Retirer mon besoin").first.click()
    page.get_by_role("button", name="Retirer mon besoin").click()
    expect(page.locator("main")).not_to_contain_text("plain-pied")


def commune_of(page: Page) -> str:
    """Return the commune of the dossier that is shown."""
    return page.locator(".facts dt", has_text="Commune").locator("xpath=following-sibling::dd[1]").inner_text().strip()


def test_an_agreement_is_asked_above_the_fold_with_who_what_how_far_and_why(
    chromium: Browser, desk_site: DeskSite, officer: Page
) -> None:
    context = chromium.new_context(base_url=desk_site.address, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    officer.goto("/bureau/courriels")
    letters = officer.get_by_role("link", name="Mise en relation proposée").evaluate_all("all => all.map(a => a.href)")
    for letter in letters:
        officer.goto(letter)
        found = re.search(r"http\S+/lien/\S+", officer.locator("main").inner_text())
        if found is None:
            continue
        page.goto(found.group())
        if page.get_by_role("button", name="Accepter").count():
            break
    accept = page.get_by_role("button", name="Accepter").bounding_box()
    assert accept is not None and accept["y"] + accept["height"] <= 600
    terms = page.locator(".facts dt").all_inner_texts()
    assert terms in (["Qui", "Quoi", "Distance", "Pourquoi"], ["Qui", "Distance", "Pourquoi"])
    expect(page.get_by_role("navigation", name="Rubriques")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Camille Imaginaire")
    expect(page.locator("main a[href^='tel:']")).to_have_count(1)
    context.close()


def test_a_visit_is_prepared_in_two_clicks_from_the_week(officer: Page) -> None:
    officer.goto("/bureau")
    officer.locator(".queue li", has=officer.locator("summary")).first.locator(".what a").click()
    officer.get_by_role("link", name="Fiche de visite").first.click()
    expect(officer.locator(".visit")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), share(FORMS, 3))
def test_axe_finds_no_violation_on_the_pages_of_people(
    chromium: Browser, desk_site: DeskSite, axe: str, scheme: str, width: int
) -> None:
    context = chromium.new_context(
        base_url=desk_site.address,
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": 740},
        bypass_csp=True,
    )
    page, found = context.new_page(), []

    def look(at: str) -> None:
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{at} scrolls sideways")
        page.evaluate(axe)
        tags = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}"
        result = page.evaluate(f"axe.run(document, {tags})")
        found.extend(f"{at}: {one['id']} {one['nodes'][0]['target']}" for one in result["violations"])

    page.goto("/besoin")
    page.get_by_role("button", name="Continuer").evaluate("button => button.form.noValidate = true")
    page.get_by_role("button", name="Continuer").click()
    look("the words, refused")
    page.get_by_label("Votre besoin").fill(WORDS)
    page.get_by_role("button", name="Continuer").click()
    look("the firm")
    page.get_by_label("Commune").fill("Les Herbiers")
    page.get_by_label("Pas encore d’entreprise").check()
    page.get_by_role("button", name="Continuer").click()
    look("how to reach")
    sign_in(page, desk_site, OFFICER)
    for path in ("/bureau/mes-communes", "/bureau/besoins", "/bureau"):
        page.goto(path)
        look(path)
    page.goto("/bureau/besoins")
    page.locator("main .entries a").first.click()
    look("a need")
    assert found == []
    context.close()
