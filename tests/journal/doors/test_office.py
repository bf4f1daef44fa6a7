"""The fixture itself: each part is who it says, on both doors."""

from __future__ import annotations

import pytest

from tests.journal.cast import SIREN_HERE
from tests.journal.doors.office import Office


def test_the_firms_of_the_cast_are_in_the_directory(office: Office) -> None:
    assert office.page().get(f"/entreprise/{SIREN_HERE}").status_code == 200


@pytest.mark.parametrize("part", ["anyone", "head", "officer", "super_admin", "admin_away"])
def test_each_part_is_recognised_by_the_pages(office: Office, part: str) -> None:
    body = office.page(part).get("/").text
    assert ('<nav class="desk"' in body) == (part != "anyone")


def test_a_secret_that_is_not_known_is_refused_by_the_api(office: Office) -> None:
    program = office.api("officer")
    program.headers["Authorization"] = "Bearer autre"
    assert program.get("/api/v1/desk/").status_code in (401, 404)
