"""The desk of those who follow no dossier: it begins with what is said and decided of their territory."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.journal.doors.office import Office


@pytest.mark.parametrize("part", ["elected", "inhabitant", "analyst"])
def test_what_is_said_of_a_territory_comes_first(office: Office, rows: Mapping[str, str], part: str) -> None:
    page = office.page(part).get("/bureau").text
    asked, decided = f"/consultation/{rows['consultation']}", f"/projet/{rows['vision']}"
    assert "Donner mon avis" in page and f'href="{asked}"' in page
    assert "Un pays qui fabrique" in page and f'href="{decided}/resultats"' in page
    assert page.index(asked) < page.index('id="groupe-1"')


def test_a_head_of_firm_is_greeted_by_their_own_work(office: Office, rows: Mapping[str, str]) -> None:
    assert f"/consultation/{rows['consultation']}" not in office.page("head").get("/bureau").text
