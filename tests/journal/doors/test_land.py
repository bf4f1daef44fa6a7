"""The inventory of land of an organisation: one form, vacancy told, owners read by its officers alone and erasable."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journal.cast import HALL
from tests.journal.doors.office import Office

API = "/api/v1/desk"
OWNED = {"owner": "Ombeline Propriétaire", "owner_email": "ombeline@example.org", "occupants": "Atelier Sans Nom"}


@pytest.fixture(autouse=True)
def nothing_left(office: Office) -> None:
    """Withdraw what another test left."""
    api = office.api("officer")
    for one in api.get(f"{API}/land").json()["land"]:
        api.delete(f"{API}/land/{one['id']}")


def add(office: Office, **changes: Any) -> dict[str, Any]:
    answer = office.api("officer").post(f"{API}/land", json=HALL | changes)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_unit_is_written_corrected_and_withdrawn(office: Office) -> None:
    made = add(office, area=800, tenure="location", seen_on="2020-01-15", **OWNED)
    assert made["owner"] == OWNED["owner"] and made["old"] is True
    page = office.page("officer")
    listed = page.get("/bureau/locaux").text
    assert "Halle" in listed and "800" in listed and OWNED["owner"] in listed
    form = page.get(f"/bureau/locaux/{made['id']}/modifier").text
    assert OWNED["occupants"] in form and "Lu par vos développeurs économiques seulement" in form
    changed = office.api("officer").put(f"{API}/land/{made['id']}", json=HALL | {"occupation": "occupe"})
    assert changed.status_code == 200 and changed.json()["owner"] == ""
    assert office.api("officer").delete(f"{API}/land/{made['id']}").status_code in (200, 204)
    assert office.api("officer").get(f"{API}/land").json()["land"] == []


def test_vacancy_is_told_of_what_is_known(office: Office) -> None:
    for occupation in ("vacant", "occupe", "occupe", "non-connu"):
        add(office, occupation=occupation)
    told = office.page("officer").get("/bureau/locaux").text.replace("\u00a0", " ")
    assert "4 terrains ou locaux" in told and "1 vacant sur 3 connus" in told
    assert "4 relevés sont à refaire" in told and "L318-8-2" in told


def test_owners_are_in_no_answer_of_anybody_else(office: Office) -> None:
    made = add(office, **OWNED)
    for part in ("anyone", "head", "elected", "inhabitant"):
        for address in (f"{API}/land", "/bureau/locaux", f"/bureau/locaux/{made['id']}/modifier", "/sites"):
            answer = office.api(part).get(address) if address.startswith(API) else office.page(part).get(address)
            assert OWNED["owner"] not in answer.text and OWNED["occupants"] not in answer.text


@pytest.mark.parametrize(
    "changes",
    [{"title": ""}, {"kind": "château"}, {"commune": "Nulle-Part-sur-Rien"}, {"area": 0}, {"seen_on": "2999-01-01"},
     {"occupation": ""}, {"owner_email": "pas une adresse"}],
)  # fmt: skip
def test_what_is_no_unit_is_refused(office: Office, changes: dict[str, Any]) -> None:
    answer = office.api("officer").post(f"{API}/land", json=HALL | changes)
    assert answer.status_code in (400, 422), answer.text
    assert office.api("officer").get(f"{API}/land").json()["land"] == []
