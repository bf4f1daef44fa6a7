"""Every door drops the signs that are not seen from what people enter: forms, the API, spreadsheets; pages isolate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pytest
from fastapi.routing import APIRoute

from tests.journal.doors.office import Office
from vigie.domain.declared import Label
from vigie.interfaces.api.answering import Entering
from vigie.interfaces.api.desk import ROUTERS
from vigie.interfaces.web.environment import environment
from vigie.services.entries import read
from vigie.services.spreadsheets.reading import read_sheet

TITLE = "Bois\u202e de \u200bchêne\x07"


@dataclass(frozen=True, slots=True)
class Said:
    """An entry of one text."""

    title: Annotated[str, Label("Titre")]


def test_every_route_that_people_write_to_reads_its_body_so() -> None:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    assert len(routes) > 50
    assert not [route.path for route in routes if not isinstance(route, Entering)]


def test_the_api_keeps_a_title_without_them(office: Office) -> None:
    client = office.api("officer")
    made = client.post("/api/v1/desk/dossiers", json={"kind": "holder", "title": TITLE})
    assert made.status_code == 201, made.text
    assert client.get(f"/api/v1/desk/dossiers/{made.json()['id']}").json()["title"] == "Bois de chêne"


def test_declared_entries_are_read_without_them() -> None:
    assert read(Said, {"title": TITLE}).title == "Bois de chêne"


def test_cells_are_read_without_them() -> None:
    sheet = read_sheet(f"Nom;Ville\n{TITLE};Metz\nAutre;Nancy\n".encode(), "essai.csv")
    assert [row.cells[0] for row in sheet.rows] == ["Bois de chêne", "Autre"]


@pytest.mark.parametrize(
    "template", ["<h1>{{ title }}</h1>", "<p>{{ title|typeset }}, 3</p>", '<a title="{{ title }}">']
)
def test_every_template_isolates_what_it_shows(template: str) -> None:
    shown = environment().from_string(template).render(title="Appel שלום\u202e")
    assert "\u2068שלום\u2069" in shown and "\u202e" not in shown
