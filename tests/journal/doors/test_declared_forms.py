"""Forms and addresses made from declarations: every fault at once, one's place on the page, acts beside another."""

from __future__ import annotations

import pytest

from tests.journal.doors.office import Office
from vigie.domain.zones import today_in_paris

API = "/api/v1/desk"
TODAY = today_in_paris().isoformat()


@pytest.fixture
def dossier(office: Office) -> str:
    entry = {"kind": "holder", "title": "Un atelier à reprendre"}
    return str(office.api("officer").post(f"{API}/dossiers", json=entry).json()["id"])


@pytest.fixture
def contact(office: Office, dossier: str) -> str:
    made = office.api("officer").post(f"{API}/dossiers/{dossier}/contacts", json={"name": "Zoé Atelier"})
    return str(made.json()["id"])


def test_every_field_at_fault_is_told_at_once_in_the_page_that_holds_the_form(office: Office, dossier: str) -> None:
    typed = {"name": " ", "email": "pas une adresse", "source": "x" * 101}
    page = office.page("officer").post(f"/bureau/dossiers/{dossier}/contacts", data=typed)
    assert page.status_code == 422
    for sentence in (
        "Écrivez un nom.",
        "il lui manque l’@",
        "Ce texte compte 101 caractères",
        'value="pas une adresse"',
    ):
        assert sentence in page.text, sentence
    assert "Consigner un échange" in page.text, "the rest of the dossier is still there"


def test_a_program_is_told_the_same(office: Office, dossier: str) -> None:
    wrong = office.api("officer").post(f"{API}/dossiers/{dossier}/contacts", json={"name": "A", "email": "non", "x": 1})
    assert wrong.status_code == 400 and set(wrong.json()) == {"erreur"}
    unreadable = office.api("officer").post(
        f"{API}/dossiers/{dossier}/exchanges", json={"kind": ["visit"], "body": "B"}
    )
    assert unreadable.status_code == 400


def test_a_button_leads_back_to_the_place_where_it_was_pressed(office: Office, dossier: str) -> None:
    body = {"due_on": TODAY, "reason": "Rappeler", "dossier": dossier}
    reminder = office.api("officer").post(f"{API}/reminders", json=body).json()["id"]
    browser = office.page("officer", follow=False)
    pressed = browser.post(f"/bureau/rappels/{reminder}/fait", data={"retour": f"/bureau/dossiers/{dossier}#rappels"})
    assert pressed.headers["location"] == f"/bureau/dossiers/{dossier}?acte=reminder.done#rappels"
    elsewhere = browser.post(
        f"/bureau/dossiers/{dossier}/etiquettes", data={"label": "bois", "retour": "//ailleurs.example"}
    )
    assert elsewhere.headers["location"].startswith("/?acte=")


def test_what_is_wrong_with_an_act_at_the_foot_of_a_page_is_told_there(office: Office, contact: str) -> None:
    address = f"/bureau/conservation/contacts/{contact}/effacement"
    page = office.page("officer").post(address, data={"confirmation": "effacer"})
    assert page.status_code == 422
    assert "Écrivez EFFACER pour confirmer" in page.text and 'value="effacer"' in page.text
    assert 'value="Zoé Atelier"' in page.text, "the contact is still there"


def test_a_program_notes_that_somebody_was_informed(office: Office, contact: str) -> None:
    told = office.api("officer").post(f"{API}/contacts/{contact}/information", json={"on": TODAY})
    assert told.status_code == 200 and told.json()["informed_on"] == TODAY
    assert office.api("officer").post(f"{API}/contacts/{contact}/information").json()["informed_on"] == TODAY
    for part in ("head", "partner", "officer_away", "anyone"):
        assert office.api(part).post(f"{API}/contacts/{contact}/information").status_code == 404


def test_the_form_of_an_exchange_asks_whether_an_answer_is_awaited_only_when_it_is_new(
    office: Office, dossier: str
) -> None:
    sent = {"kind": "call", "body": "Un appel"}
    exchange = office.api("officer").post(f"{API}/dossiers/{dossier}/exchanges", json=sent).json()["id"]
    browser = office.page("officer")
    assert 'name="waiting"' in browser.get(f"/bureau/dossiers/{dossier}").text
    assert 'name="waiting"' not in browser.get(f"/bureau/echanges/{exchange}/modifier").text


def test_an_address_that_a_route_spells_out_is_that_route_s(office: Office) -> None:
    filled = office.api("officer").post(f"{API}/portfolios/first/members", json={"territory": "85109"})
    assert filled.status_code == 201 and filled.json()["id"] != "first"
