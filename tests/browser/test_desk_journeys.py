"""Journeys at the desk of the demonstration: the officer, the head of a firm on a phone, whoever objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

from tests.browser.conftest import DeskSite
from tests.not_empty import not_empty
from tests.shares import PROOF, share

pytestmark = pytest.mark.browser

OFFICER = "développeur économique"
PHONE = {"width": 360, "height": 740}
PUBLIC = ("/besoin", "/connexion", "/connexion/oubli", "/inscription", "/opposition", "/moderation", "/appels")
CHILD = re.compile(r"/(bureau|appels|entreprise)/[\w/-]*(\d{9}|[a-z0-9]{20})(/modifier)?")


@pytest.fixture(params=[True, False], ids=["avec JavaScript", "sans JavaScript"])
def context(request: pytest.FixtureRequest, chromium: Browser, desk_site: DeskSite) -> Iterator[BrowserContext]:
    made = chromium.new_context(base_url=desk_site.address, java_script_enabled=request.param, locale="fr-FR")
    yield made
    made.close()


@pytest.fixture
def officer(context: BrowserContext, desk_site: DeskSite) -> Page:
    return sign_in(context.new_page(), desk_site, OFFICER)


def sign_in(page: Page, site: DeskSite, role: str) -> Page:
    page.goto("/connexion")
    page.get_by_label("Adresse électronique").fill(site.accounts[role].email)
    page.get_by_label("Mot de passe").fill(site.accounts[role].password)
    page.get_by_role("button", name="Se connecter").click()
    expect(page).to_have_url(re.compile(r"/bureau$"))
    return page


def links(page: Page, within: str = "main") -> list[str]:
    found: list[str | None] = page.locator(f"{within} a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return list(dict.fromkeys(href for href in found if href))


def letter_link(page: Page, subject: str) -> str:
    """Read, as the officer does when no mail server is set, the link of the last letter with a subject."""
    page.goto("/bureau/courriels")
    page.get_by_role("link", name=subject).first.click()
    found = re.search(r"http\S+/lien/\S+", page.locator("main").inner_text())
    assert found is not None, "this letter has no link"
    return found.group()


def an_unmet_pair(page: Page) -> tuple[str, str]:
    """Return the page of a firm that is followed, and the name of another that it was never introduced to."""
    page.goto("/bureau/dossiers?type=firm")
    names = page.locator("main .entries h2 a, main .entries h3 a").all_inner_texts()
    page.goto("/bureau/mises-en-relation")
    met = page.locator("main").inner_text()
    alone = [name for name in names if name not in met]
    taken = [name for name in names if name in met]
    chosen = (alone + taken)[:2]
    page.goto("/bureau/dossiers?type=firm")
    page.get_by_role("link", name=chosen[0], exact=True).first.click()
    firm = next(href for href in links(page) if href.startswith("/entreprise/"))
    return firm, chosen[1]


def test_an_officer_proposes_from_a_firm_and_both_heads_accept_from_their_letters(
    officer: Page, chromium: Browser, desk_site: DeskSite
) -> None:
    firm, other = an_unmet_pair(officer)
    officer.goto(firm)
    clicks = 0
    officer.get_by_label("Mettre en relation avec").fill(other)
    officer.get_by_role("button", name="Préparer").click()
    clicks += 1
    found = officer.locator("input[name=siren_b]")
    if not found.locator("xpath=self::*[@checked]").count():
        found.first.check()  # several answer to this name: none is chosen beforehand
        clicks += 1
    officer.get_by_label("Pourquoi gagneraient-elles").fill("Leurs ateliers sont voisins, leurs machines différentes.")
    officer.get_by_role("button", name="Envoyer les deux demandes").click()
    clicks += 1
    assert clicks <= 3
    expect(officer.locator("main")).to_contain_text("en attente des accords")
    proposed = officer.url
    officer.goto("/bureau/courriels")
    letters = officer.locator("main a", has_text="Mise en relation proposée avec").evaluate_all(
        "all => all.slice(0, 2).map(a => a.getAttribute('href'))"
    )
    for letter in not_empty(letters):
        officer.goto(letter)
        found = re.search(r"http\S+/lien/\S+", officer.locator("main").inner_text())
        assert found is not None
        accept_on_a_phone(chromium, desk_site, found.group())
    officer.goto(proposed)
    expect(officer.locator("main")).to_contain_text("oordonnées échangées")


def accept_on_a_phone(chromium: Browser, site: DeskSite, link: str) -> None:
    """Open a link without account, twice, and say yes in one click."""
    context = chromium.new_context(base_url=site.address, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(link)
    page.goto(link)
    accept = page.get_by_role("button", name=re.compile("accepte", re.IGNORECASE))
    box = accept.bounding_box()
    assert box is not None
    assert box["height"] >= 44, "too small for a thumb"
    accept.click()
    expect(page.locator("main")).to_contain_text(re.compile("accepté|accord", re.IGNORECASE))
    page.goto(link)
    expect(page.get_by_role("button", name=re.compile("accepte", re.IGNORECASE))).to_have_count(0)
    context.close()


def test_the_menu_stays_under_the_thumb_on_a_phone(chromium: Browser, desk_site: DeskSite, axe: str) -> None:
    """One button at the foot of the screen opens every entry, by touch or keyboard, without any script of ours."""
    context = chromium.new_context(base_url=desk_site.address, viewport=PHONE, bypass_csp=True)
    page = sign_in(context.new_page(), desk_site, OFFICER)
    page.goto("/bureau/dossiers")
    expect(page.get_by_role("link", name="Ma semaine")).to_have_count(0)
    button = page.get_by_role("button", name="Menu")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44 and box["y"] + box["height"] <= PHONE["height"], "out of the thumb’s reach"
    button.focus()
    page.keyboard.press("Enter")
    for entry in not_empty(page.locator("#menu li a").all()):
        entry.scroll_into_view_if_needed()
        expect(entry).to_be_in_viewport()
        found = entry.bounding_box()
        assert found is not None
        assert found["height"] >= 44, "too small for a thumb"
    page.evaluate(axe)
    assert page.evaluate("axe.run('#menu').then(found => found.violations.map(one => one.id))") == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Ma semaine")).to_have_count(0)
    button.click()
    page.get_by_role("link", name="Mon compte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
    context.close()


def test_a_result_is_noted_in_two_clicks(officer: Page) -> None:
    officer.goto("/bureau?tout=oui")
    rows = officer.locator(".queue summary", has_text="Fait")
    before = rows.count()
    rows.first.click()
    officer.get_by_label("Résultat").first.fill("Rappelé : rendez-vous pris.")
    officer.get_by_role("button", name="Enregistrer").first.click()
    expect(officer.locator(".queue summary", has_text="Fait")).to_have_count(before - 1)


def test_anybody_objects_in_three_clicks_and_the_firm_is_nowhere(
    context: BrowserContext, chromium: Browser, desk_site: DeskSite
) -> None:
    page = context.new_page()
    page.goto("/annuaire?naf=G&tri=taille")
    page.locator(".entries h3 a").first.click()
    siret = re.search(r"\d{14}", page.url)
    assert siret is not None
    page.goto(f"/entreprise/{siret.group()[:9]}")
    page.get_by_role("link", name="Ne plus figurer").first.click()
    page.get_by_label("Votre adresse électronique").fill("dirigeante@example.org")
    page.get_by_role("button", name="Recevoir le lien").click()
    reading = chromium.new_context(base_url=desk_site.address)
    link = letter_link(sign_in(reading.new_page(), desk_site, "administrateur"), "confirmez votre opposition")
    reading.close()
    page.goto(link)
    page.get_by_role("button", name="Ne plus montrer l’entreprise").click()
    assert page.goto(f"/etablissement/{siret.group()}").status in (404, 451)  # type: ignore[union-attr]
    page.goto(f"/annuaire?q={siret.group()}&etat=tous")
    expect(page.locator(".entries h3 a")).to_have_count(0)


def test_the_head_of_a_firm_answers_from_their_account(context: BrowserContext, desk_site: DeskSite) -> None:
    page = sign_in(context.new_page(), desk_site, "dirigeant d’entreprise")
    page.get_by_role("link", name="Mon entreprise").first.click()
    expect(page.locator("main")).to_contain_text("ce que fait votre entreprise")
    page.goto("/bureau/mises-en-relation")
    expect(page.locator("main .entries li").first).to_be_visible()
    assert page.goto("/bureau/membres").status == 404  # type: ignore[union-attr]


def test_elected_people_see_totals_and_no_case(context: BrowserContext, desk_site: DeskSite) -> None:
    page = sign_in(context.new_page(), desk_site, "élu")
    page.goto("/bureau/mises-en-relation")
    expect(page.locator("main")).not_to_contain_text("(imaginaire)")
    assert page.goto("/bureau/dossiers").status == 404  # type: ignore[union-attr]


def pages_of(page: Page) -> list[str]:
    """Return the pages that a person reaches from the menu, and one of each sort below them."""
    page.goto("/bureau")
    menu = [href for href in links(page, "#menu") if href.startswith("/bureau")]
    found, sorts = ["/bureau", *menu], set[str]()
    for address in menu:
        page.goto(address)
        for href in links(page):
            sort = sort_of(href)
            if sort not in sorts and (CHILD.fullmatch(href) or href.endswith(("/nouveau", "/nouvelle", "/totaux"))):
                sorts.add(sort)
                found.append(href)
    return list(dict.fromkeys(found))


def sort_of(address: str) -> str:
    """Return what addresses of one sort have in common: identifiers left out."""
    return re.sub(r"\d{9,14}|[a-z0-9]{20}", "…", address.partition("?")[0])


EVERY = [("light", 360), ("dark", 1280), ("light", 1280), ("dark", 360)]
FORMS = EVERY if PROOF else EVERY[:2]


@dataclass(frozen=True)
class Reached:
    """The pages that each role reaches, `None` being nobody, one after the other, and their sessions."""

    pages: list[tuple[str | None, str]]
    sessions: dict[str | None, StorageState]


@pytest.fixture(scope="module")
def reached(chromium: Browser, desk_site: DeskSite) -> Reached:
    """Each sort of page once, as the first role that reaches it sees it; for the proof, all that each role reaches."""
    found, sessions, seen = list[tuple[str | None, str]](), dict[str | None, StorageState](), set[str]()
    for role in (None, *desk_site.accounts):
        context = chromium.new_context(base_url=desk_site.address, java_script_enabled=False)
        page = context.new_page()
        for path in not_empty(pages_of(sign_in(page, desk_site, role)) if role else PUBLIC):
            if PROOF or sort_of(path) not in seen:
                seen.add(sort_of(path))
                found.append((role, path))
        sessions[role] = context.storage_state()
        context.close()
    return Reached(found, sessions)


@pytest.mark.parametrize(("scheme", "width"), FORMS)
def test_axe_finds_no_violation_at_the_desk(
    chromium: Browser, desk_site: DeskSite, axe: str, reached: Reached, scheme: str, width: int
) -> None:
    """Half of the pages in one form and half in the other; for the proof, all of them in each."""
    found: list[str] = []
    looked_at = share(reached.pages, len(FORMS), FORMS.index((scheme, width)))
    for role, pages in not_empty(groupby(looked_at, key=lambda one: one[0])):
        context = chromium.new_context(
            base_url=desk_site.address,
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": width, "height": 740},
            bypass_csp=True,
            storage_state=reached.sessions[role],
        )
        page = context.new_page()
        for _, path in not_empty(pages):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, f"{role} : {path}"
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{role} : {path} scrolls sideways")
            page.evaluate(axe)
            result = page.evaluate(
                "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
            )
            found += [f"{role} : {path} : {one['id']} {one['nodes'][0]['target']}" for one in result["violations"]]
        context.close()
    assert found == []


def test_a_gap_of_coverage_is_found_in_two_clicks(officer: Page) -> None:
    officer.goto("/bureau")
    officer.locator("nav.desk button").click()
    officer.locator("#menu").get_by_role("link", name="Sans interlocuteur").click()
    expect(officer.get_by_role("heading", level=1)).to_have_text("Ce que personne ne couvre")
    expect(officer.get_by_role("row", name="Exporter")).to_contain_text("toutes")


def test_a_visit_is_prepared_in_two_clicks(officer: Page) -> None:
    firm, _ = an_unmet_pair(officer)
    officer.goto(firm)
    expect(officer.locator(".dossier-column")).to_contain_text("Suivi par")
    officer.get_by_role("link", name="Fiche de visite").click()
    expect(officer.locator(".visit h2")).to_have_count(8)


def test_an_exchange_and_its_next_step_are_noted_beside_the_firm(officer: Page) -> None:
    firm, _ = an_unmet_pair(officer)
    officer.goto(firm)
    notes = officer.locator(".dossier-column details")
    if notes.get_attribute("open") is None:
        notes.locator("summary").click()
    officer.get_by_label("Ce qui s’est dit").fill("Cherche un four pour ses essais.")
    officer.get_by_label("Prochaine étape").fill("Demander au lycée")
    officer.get_by_role("button", name="Noter un appel").click()
    assert officer.url.split("?")[0].endswith(firm)
    column = officer.locator(".dossier-column")
    expect(column).to_contain_text("Cherche un four pour ses essais.")
