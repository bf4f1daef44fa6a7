"""What is printed, in black and white: a portrait or sites on two pages, a visit on one, stories, a workshop."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tests.browser.conftest import DeskSite, serving
from tests.browser.test_desk_journeys import OFFICER, sign_in
from tests.made_outlines import grid, write_outlines
from tests.not_empty import not_empty
from tests.refreshing import load_underived
from tests.shares import share
from tests.small_stock import establishment, siret, unit, write_stock
from vigie import bootstrap
from vigie.services.refresh import RefreshRequest
from vigie.services.simulate import SimulationRequest
from vigie.settings import Settings
from vigie.sources import cog

pytestmark = pytest.mark.browser

COLOURED = """() => [...document.querySelectorAll('body *')].flatMap(one => {
  const shape = one.getBoundingClientRect(), style = getComputedStyle(one);
  if (!shape.width || !shape.height) return [];
  return ['color', 'backgroundColor', 'fill', 'stroke', 'borderTopColor'].flatMap(name => {
    if (!style[name].startsWith('rgb')) return [];
    const [red, green, blue, seen = 1] = (style[name].match(/[\\d.]+/g) || []).map(Number);
    return seen && (red !== green || green !== blue) ? [`${one.tagName}.${one.className} ${name} ${style[name]}`] : [];
  });
})"""
"""Every element that is drawn with a colour, white, greys and black left out."""
FAINT = """() => [...document.querySelectorAll('main :is(p, li, td, th, dd, dt, h2)')].filter(one => {
  const [red] = getComputedStyle(one).color.match(/[\\d.]+/g).map(Number);
  return one.getBoundingClientRect().height && red > 0x59;
}).map(one => one.textContent.slice(0, 40))"""
"""Texts lighter than 7 to 1 on white."""
SHEET = {"width": 695, "height": 1032}
"""An A4 page without its margins, in CSS pixels."""
CUT = """() => [...document.querySelectorAll('main *')].filter(one => {
  const shape = one.getBoundingClientRect();
  return shape.width && shape.right > document.documentElement.clientWidth + 2;
}).map(one => `${one.tagName} ${one.textContent.slice(0, 40)}`)"""
"""What goes beyond the right edge of the sheet."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server on a whole département, imaginary, with outlines."""
    work = tmp_path_factory.mktemp("whole")
    settings = Settings(data_dir=work / "data", contact="contact@example.org", publisher="Collectivité d’essai")
    draw(settings.data_dir / "outlines")
    request = SimulationRequest(territory="85", out=work / "files", establishments=20_000, months=2)
    bootstrap.simulate(settings, request)
    for month in not_empty(sorted(path for path in (work / "files").iterdir() if path.name[:2] == "20")):
        bootstrap.refresh(settings, RefreshRequest((month,)))
    with socket.create_server(("127.0.0.1", 0)) as listening, serving(settings, listening) as address:
        yield address


def draw(folder: Path) -> None:
    """Write imaginary outlines of the communes of Vendée and of its intercommunalities, cell after cell."""
    rows = cog.memberships([cog.latest_vintage()]).to_pylist()
    held = {row["commune"] for row in rows if (row["kind"], row["code"]) == ("departement", "85")}
    group = {row["commune"]: row["code"] for row in rows if row["kind"] == "epci" and row["commune"] in held}
    cells = dict(zip(sorted(held, key=lambda one: (group.get(one, ""), one)), grid(-2.0, 46.4, 16, 17), strict=False))
    parts = {
        ("epci", code): shapely.union_all([cells[one] for one in held if group.get(one) == code])
        for code in set(group.values())
    }
    write_outlines(folder, cells, parts | {("departement", "85"): shapely.union_all(list(cells.values()))})


def printed(page: Page) -> list[str]:
    """Return the text of each page of what is printed."""
    return [one.extract_text() for one in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]


PORTRAITS = ["/territoire/departement/85", "/territoire/epci/248500621", "/territoire/epci/200073260",
             "/territoire/commune/85191", "/territoire/commune/85109"]  # fmt: skip


@pytest.mark.parametrize(("scheme", "path"), share(list(product(("light", "dark"), PORTRAITS)), 2))
def test_a_portrait_prints_on_two_pages_in_black_and_white(
    chromium: Browser, whole: str, path: str, scheme: str
) -> None:
    context = chromium.new_context(base_url=whole, locale="fr-FR", color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(path)
    first, second = printed(page)
    assert re.search(r"En \d chiffres", first) and "Ce qu" in first
    assert "a changé" in " ".join(second.split()) and "Sources" in second
    page.emulate_media(media="print")
    assert page.evaluate(COLOURED) == []
    assert page.evaluate(FAINT) == []
    context.close()


@pytest.fixture(scope="module")
def inventoried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server on thirty brownfields around one establishment."""
    work = tmp_path_factory.mktemp("sites")
    place = {"coordonneeLambertAbscisseEtablissement": "364000", "coordonneeLambertOrdonneeEtablissement": "6629000"}
    stock = write_stock(work / "stock", [establishment(0, **place)], [unit(0)])
    lines = [
        f"{rank},Ancien atelier de la longue rue des essais {rank},friche sans projet,85191,{1000 + 10 * rank},"
        f"POINT (-1.{400 + rank} 46.68)"
        for rank in range(30)
    ]
    head = "site_id,site_nom,site_statut,comm_insee,unite_fonciere_surface,geompoint"
    (work / "friches-standard.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    load_underived(work / "data", stock, work / "friches-standard.csv")
    settings = Settings(data_dir=work / "data", contact="contact@example.org", publisher="Collectivité d’essai")
    with socket.create_server(("127.0.0.1", 0)) as listening, serving(settings, listening) as address:
        yield address


def test_the_sites_for_a_need_print_on_two_pages_with_what_was_asked(chromium: Browser, inventoried: str) -> None:
    context = chromium.new_context(base_url=inventoried, locale="fr-FR", color_scheme="dark", reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"/sites?pres={siret(0)}&km=60&au-moins=500")
    assert page.locator(".ranked li").count() == 20
    first, *rest = printed(page)
    last = " ".join([first, *rest][-1].replace("ʼ", "’").split())
    assert len(rest) <= 1 and "Surface au moins" in first and "sur 100" in first
    assert "Sources" in last and "L’accord est la moyenne" in last
    page.emulate_media(media="print")
    assert page.evaluate(COLOURED) == []
    assert page.evaluate(FAINT) == []
    context.close()


def test_the_sheet_of_a_visit_prints_on_one_page_in_black_and_white(chromium: Browser, desk_site: DeskSite) -> None:
    context = chromium.new_context(base_url=desk_site.address, locale="fr-FR", reduced_motion="reduce")
    page = sign_in(context.new_page(), desk_site, OFFICER)
    page.goto("/bureau/dossiers?type=firm")
    dossiers = page.locator("main .entries a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    for dossier in not_empty(dossiers[:6]):
        page.goto(dossier)
        firm = re.search(r"/entreprise/\d{9}", page.content())
        assert firm is not None
        page.goto(f"/bureau{firm[0]}/visite")
        (sheet,) = printed(page)
        assert len(sheet) > 400
    page.emulate_media(media="print")
    assert page.evaluate(COLOURED) == []
    assert page.evaluate(FAINT) == []
    context.close()


def test_a_story_and_a_workshop_print_whole_in_black_and_white(chromium: Browser, desk_site: DeskSite) -> None:
    context = chromium.new_context(
        base_url=desk_site.address, locale="fr-FR", reduced_motion="reduce", viewport=SHEET
    )  # fmt: skip
    page = context.new_page()
    page.goto("/projet")
    project = page.url
    page.goto("/ateliers")
    workshop = page.locator("main .entries a").first.get_attribute("href")
    page.emulate_media(media="print")
    for address, most, said in (
        (f"{project}/recit", 4, "le dernier acte est du"),
        (f"{workshop}/cartes", 2, "Facteur 1"),
        (f"{workshop}/resultat", 3, "les réponses sont effacées"),
    ):
        page.goto(address)
        sheets = printed(page)
        assert len(sheets) <= most
        assert said in " ".join(" ".join(sheets).split())
        assert page.evaluate(CUT) == []
        assert page.evaluate(COLOURED) == []
        assert page.evaluate(FAINT) == []
    context.close()
