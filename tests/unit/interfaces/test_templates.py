"""Every template, rendered with a full view and an undefined-is-an-error rule, keeps the promises of all pages."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.not_empty import not_empty
from tests.unit.interfaces.imaginary_views import VIEWS
from vigie.domain import french
from vigie.interfaces import pages
from vigie.interfaces.views import Shell

WEB = Path(pages.__file__).parent / "web"
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta"}
TEMPLATES = sorted(path.stem for path in (WEB / "templates").glob("*.html") if path.stem != "base")


@cache
def environment() -> Environment:
    loaded = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    loaded.filters["typeset"] = french.typeset
    loaded.globals["asset"] = "/static/{}".format
    return loaded


def rendered(name: str, **shell: object) -> str:
    frame = Shell(here="/annuaire?q=a&page=2", section="annuaire", vintage="Au 1 octobre 2026.", **shell)  # type: ignore[arg-type]
    return environment().get_template(f"{name}.html").render(view=VIEWS[name], shell=frame)


class Page(HTMLParser):
    """Elements of a page in order, and tags left open or closed twice."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.faults += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"/{tag}")

    def all(self, *tags: str) -> list[tuple[str, dict[str, str | None]]]:
        return [element for element in self.elements if element[0] in tags]


def test_every_template_has_a_view() -> None:
    assert sorted(VIEWS) == TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
def test_structure(name: str) -> None:
    page = Page(rendered(name))
    assert page.faults == []
    assert page.all("html")[0][1]["lang"] == "fr"
    assert [len(page.all(tag)) for tag in ("h1", "main", "title")] == [1, 1, 1 + len(page.all("svg")) - untitled(page)]
    levels = [int(tag[1]) for tag, _ in page.all("h1", "h2", "h3")]
    assert all(after - before <= 1 for before, after in not_empty(pairwise(levels))), levels
    identifiers = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers)), sorted(identifiers)


def untitled(page: Page) -> int:
    """Drawings that carry no title: decorations hidden from readers, and nested drawings."""
    return sum("aria-labelledby" not in attributes for _, attributes in page.all("svg"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_content_security_policy_without_inline(name: str) -> None:
    html = rendered(name)
    for tag, attributes in not_empty(Page(html).elements):
        assert tag != "style"
        assert [key for key in attributes if key == "style" or key.startswith("on")] == [], tag
        for key in ("src", "href", "action"):
            address = attributes.get(key) or "/"
            assert tag == "a" or address.startswith(("/", "#")), address
    assert re.findall(r"<script(?![^>]* src=)", html) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_fields_have_labels(name: str) -> None:
    page = Page(rendered(name))
    labelled = {attributes.get("for") for _, attributes in page.all("label")}
    for _, attributes in not_empty(page.all("input", "select", "textarea")):
        if attributes.get("type") not in ("hidden", "checkbox"):
            assert attributes.get("id") in labelled, attributes
        described = attributes.get("aria-describedby")
        if described:
            assert any(other.get("id") == described for _, other in page.elements), described


@pytest.mark.parametrize("name", TEMPLATES)
def test_text_is_escaped(name: str) -> None:
    assert "<IMAGINAIRE>" not in rendered(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_imaginary_data_are_said_to_be_so(name: str) -> None:
    assert "Établissements imaginaires" in rendered(name, simulated=True)
    assert "Établissements imaginaires" not in rendered(name, simulated=False)


@pytest.mark.parametrize("name", TEMPLATES)
def test_spaces_are_french(name: str) -> None:
    text = re.sub(r"<(style|script|pre|code)\b.*?</\1>|<[^>]+>", " § ", rendered(name), flags=re.S)
    assert re.findall(r".{20}\S[ \u00a0][;!?](?!\w)|.{20}\S [:%€»](?!\w)|« .{20}", text) == []


def test_theme_is_written_only_when_chosen() -> None:
    assert 'data-theme="sombre"' in rendered("help", theme="sombre")
    assert "data-theme" not in rendered("help", theme="systeme")
    assert "retour=/annuaire%3Fq%3Da%26page%3D2" in rendered("help")


def test_a_missing_value_is_explained_not_written() -> None:
    html = rendered("finding")
    assert "Valeur non connue" in html
    assert 'class="value"' not in html


def test_an_empty_answer_says_what_to_do() -> None:
    view = pages.SearchResultsPage("Aucun établissement.", pages.SearchForm("zzz"))
    html = environment().get_template("directory.html").render(view=view, shell=Shell("/annuaire"))
    assert "Retirez un filtre" in html
    assert "entries" not in html


def test_the_host_is_asked_for_its_address_when_it_gave_none() -> None:
    view = pages.InformationPage("", "")
    for name in ("legal", "privacy"):
        html = environment().get_template(f"{name}.html").render(view=view, shell=Shell("/"))
        assert "VIGIE_CONTACT" in html
    for word in ("Finalité", "Durée de conservation", "sous-traitant"):
        assert word in html
