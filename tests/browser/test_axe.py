"""What axe finds on public pages: a few here, for the proof every sort of page in both themes at three widths."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_journeys import SAMPLE
from tests.not_empty import not_empty
from tests.shares import PROOF, share

pytestmark = pytest.mark.browser

SCREENS = [(scheme, width) for scheme in ("light", "dark") for width in (360, 768, 1280)]
FEW = [("dark", 360), ("light", 1280)]
ASKED = ["/annuaire?q=usinage+les+herbiers", "/annuaire?q=zzzz", "/annuaire?naf=C&page=2", "/besoin", "/connexion",
         "/inscription", "/opposition", "/moderation", "/evenements?type=fermeture"]  # fmt: skip
"""Pages that no link of the sample leads to as they are here."""
RULES = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
FILES = re.compile(
    r"\.(atom|csv|geojson|ics|json|ods|parquet|pdf|svg|txt|xlsx|xml|zip)\b|^/(api|static|theme|download)"
)


def sort_of(address: str) -> str:
    """Return what addresses of one sort have in common: codes and what is asked left out."""
    path, _, query = address.partition("?")
    named = sorted(pair.partition("=")[0] for pair in query.split("&") if pair)
    return re.sub(r"\d{2,14}|(?<=/source/)[\w:-]+|(?<=/indicateur/)\w+|(?<=/constat/)\w+", "…", path) + "&".join(named)


def every_sort(page: Page) -> list[str]:
    """Return the pages of the sample, those asked, and one of each sort that they lead to."""
    found = list(dict.fromkeys([*SAMPLE, *ASKED]))
    sorts = {sort_of(address) for address in found}
    for address in tuple(found):
        page.goto(address)
        for link in page.locator("a[href^='/']").evaluate_all("all => all.map(a => a.getAttribute('href'))"):
            href = link.partition("#")[0]
            if href and not FILES.search(href) and sort_of(href) not in sorts:
                sorts.add(sort_of(href))
                found.append(href)
    return found


@pytest.mark.parametrize(("scheme", "width"), SCREENS if PROOF else FEW)
def test_axe_finds_no_violation(
    chromium: Browser, site: str, axe: str, scheme: str, width: int, record_property: Callable[[str, object], None]
) -> None:
    context = chromium.new_context(
        base_url=site,
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": 800},
        bypass_csp=True,
        reduced_motion="reduce",
    )
    page = context.new_page()
    pages = list(not_empty(every_sort(page) if PROOF else share(SAMPLE[:12], len(FEW), FEW.index((scheme, width)))))
    found = []
    for path in pages:
        page.goto(path)
        page.evaluate(axe)
        found += [f"{path} : {one['id']} {one['nodes'][0]['target']}" for one in page.evaluate(RULES)["violations"]]
    context.close()
    record_property("pages", len(pages))
    assert found == []
