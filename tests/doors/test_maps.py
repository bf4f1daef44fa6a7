"""Maps of the pages are put together from paths made beside the outlines."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

import pytest
import shapely

from tests.doors.served import COMMUNE, EPCI, Served, TestClient
from tests.made_outlines import grid, write_outlines
from tests.not_empty import not_empty
from vigie.domain.territory import TerritoryKind
from vigie.interfaces.server import application
from vigie.services.outlines import Outlines
from vigie.settings import Settings
from vigie.sources import cog
from vigie.sources.contours_paths import ensure

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Mapped:
    """A reader of the pages, and the outlines that they draw."""

    client: TestClient
    outlines: Outlines
    communes: tuple[str, ...]


@pytest.fixture(scope="module")
def mapped(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapped]:
    """The same data with imaginary outlines."""
    data = tmp_path_factory.mktemp("mapped") / "data"
    shutil.copytree(served.data_dir, data)
    members = cog.memberships([cog.latest_vintage()]).to_pylist()
    codes = sorted(row["commune"] for row in members if f"{row['kind']}:{row['code']}" == EPCI)
    communes = dict(zip(codes, grid(-1.2, 46.7, len(codes), 1), strict=True))
    write_outlines(data / "outlines", communes, {("epci", EPCI[5:]): shapely.union_all(list(communes.values()))})
    ensure(data / "outlines")
    with TestClient(application(Settings(data_dir=data)), base_url="http://vigie.test") as client:
        yield Mapped(client, Outlines(data / "outlines"), tuple(codes))


def drawing(page: str) -> ElementTree.Element:
    begins = page.index('<svg class="map"')
    return ElementTree.fromstring(page[begins : page.index("</svg>", begins) + 6])


def paths(root: ElementTree.Element) -> set[str]:
    return {node.get("d", "") for node in root.iter(f"{SVG}path")}


def test_a_portrait_draws_the_paths_of_its_communes_as_they_were_made(mapped: Mapped) -> None:
    kind, code = EPCI.split(":")
    root = drawing(mapped.client.get(f"/territoire/{kind}/{code}").text)
    sheet = mapped.outlines.communes(mapped.communes)
    assert len(sheet.steps) == len(mapped.communes) > 3
    assert set(sheet.steps.values()) <= paths(root)
    [group] = [node for node in root.iter(f"{SVG}g") if node.get("transform")]
    assert len(list(group.iter(f"{SVG}a"))) == len(mapped.communes), "each commune leads to its portrait"


def test_the_page_of_a_commune_draws_it_alone(mapped: Mapped) -> None:
    root = drawing(mapped.client.get(f"/territoire/commune/{COMMUNE}").text)
    assert paths(root) == set(mapped.outlines.communes([COMMUNE]).steps.values())
    assert list(root.iter(f"{SVG}circle")), "its establishments"


def test_the_first_page_leads_to_the_territories_it_draws(mapped: Mapped) -> None:
    kind, code = EPCI.split(":")
    root = drawing(mapped.client.get("/").text)
    assert set(mapped.outlines.sheets(TerritoryKind(kind), [code])[0].steps.values()) <= paths(root)
    assert f"/territoire/{kind}/{code}" in {node.get("href") for node in root.iter(f"{SVG}a")}


def test_without_paths_a_commune_still_shows_its_points(served: Served) -> None:
    root = drawing(served.client.get(f"/territoire/commune/{COMMUNE}").text)
    assert paths(root) == set() and list(root.iter(f"{SVG}circle"))


@pytest.mark.parametrize("variable", ["employeurs", "solde"])
def test_a_map_shows_the_variable_of_its_address_and_the_table_beside_says_the_same(
    mapped: Mapped, variable: str
) -> None:
    kind, code = EPCI.split(":")
    page = mapped.client.get(f"/territoire/{kind}/{code}?montrer={variable}").text
    root = drawing(page)
    said = {node.get("href"): node.get("aria-label", "") for node in root.iter(f"{SVG}a")}
    told = mapped.client.get(f"/api/v1/territories/{EPCI}/map?variable={variable}").json()
    assert told["variable"] == variable and len(told["parts"]) == len(said) > 3
    table = page[page.index('id="apres-parts"') :]
    for part in not_empty(told["parts"]):
        address = f"/territoire/commune/{part['territory']['code']}"
        row = table[table.index(f'<a href="{address}"') :]
        value = re.search(r'class="number">([^<]*)<', row)
        assert value is not None and said[address].endswith(value[1].strip())
    assert f'<option value="{variable}" selected' in page
    file = mapped.client.get(f"/territoire/{kind}/{code}/carte.csv?montrer={variable}").text
    assert file.count("\n") == len(said) + 1


def test_a_variable_that_does_not_exist_is_told_with_those_that_do(mapped: Mapped) -> None:
    kind, code = EPCI.split(":")
    answer = mapped.client.get(f"/territoire/{kind}/{code}?montrer=krugman")
    assert answer.status_code == 422 and "employeurs" in answer.text


def test_a_portrait_leads_to_all_its_figures(mapped: Mapped) -> None:
    kind, code = EPCI.split(":")
    page = mapped.client.get(f"/territoire/{kind}/{code}").text
    assert f'href="/territoire/{kind}/{code}/chiffres"' in page
    figures = mapped.client.get(f"/territoire/{kind}/{code}/chiffres").text
    for indicator in ("krugman", "variety", "establishments_by_size"):
        assert f"/constat/{indicator}" in figures and f"/constat/{indicator}" not in page
