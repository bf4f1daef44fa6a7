"""Two officers at one form or one address of the API: the second saving shows both texts and loses neither."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from tests.journal.cast import SIREN_HERE
from tests.journal.doors.office import Office
from tests.journal.doors.test_sending_forms import Forms, hidden

API = "/api/v1/desk"


def make_dossier(office: Office) -> str:
    entry = {"kind": "holder", "title": "Un atelier", "summary": "Au départ"}
    return str(office.api("officer").post(f"{API}/dossiers", json=entry).json()["id"])


def a_dossier(office: Office) -> tuple[str, str, dict[str, str]]:
    typed = {"kind": "holder", "title": "Un atelier", "summary": "Au départ"}
    return f"/bureau/dossiers/{make_dossier(office)}/modifier", "summary", typed


def a_contact(office: Office) -> tuple[str, str, dict[str, str]]:
    typed = {"name": "Zoé Atelier", "function": "gérante"}
    made = office.api("officer").post(f"{API}/dossiers/{make_dossier(office)}/contacts", json=typed).json()
    return f"/bureau/contacts/{made['id']}/modifier", "function", typed


def an_exchange(office: Office) -> tuple[str, str, dict[str, str]]:
    typed = {"kind": "visit", "body": "Une visite", "happened_on": "2026-11-20", "direction": "together"}
    made = office.api("officer").post(f"{API}/dossiers/{make_dossier(office)}/exchanges", json=typed).json()
    return f"/bureau/echanges/{made['id']}/modifier", "body", typed | {"contact": ""}


def a_call(office: Office) -> tuple[str, str, dict[str, str]]:
    typed = {"kind": "need", "title": "Des tôles", "text": "Une série de tôles.", "visibility": "public"}
    made = office.api("officer").post(f"{API}/calls", json=typed).json()
    return f"/bureau/appels/{made['id']}/corriger", "text", typed | {"closes_on": ""}


def a_declaration(office: Office) -> tuple[str, str, dict[str, str]]:
    body = {"field": "needs", "text": "Un local", "visibility": "network"}
    made = office.api("officer").post(f"{API}/firms/{SIREN_HERE}/declarations", json=body).json()
    return (
        f"/bureau/entreprise/{SIREN_HERE}/declarations/{made['id']}",
        "texte",
        {"rubrique": "needs", "texte": "Un local", "lecteurs": "network"},
    )


@pytest.mark.parametrize("thing", [a_dossier, a_contact, an_exchange, a_call, a_declaration])
def test_saving_over_somebody_else_shows_both_and_either_can_be_kept(
    office: Office, thing: Callable[[Office], tuple[str, str, dict[str, str]]]
) -> None:
    address, field, typed = thing(office)
    first, second = office.page("officer", follow=False), office.page("admin", follow=False)
    shown = [hidden(browser.get(address).text, address) for browser in (first, second)]
    assert all(form["version"] for form in shown) and len(shown) == 2
    mine, theirs = "Texte du second, avec <signes>", "Texte du premier"
    saved = first.post(address, data=typed | shown[0] | {field: theirs})
    assert saved.status_code == 303, saved.text
    refused = second.post(address, data=typed | shown[1] | {field: mine})
    assert refused.status_code == 409
    page = unescape(refused.text)
    assert theirs in page and mine in page
    assert "Enregistré par" in page
    forms = [fields for action, fields in Forms(refused.text).posted if action == address]
    assert len(forms) == 2
    assert forms[1][field] == theirs
    merged = second.post(address, data=forms[0] | {field: f"{theirs} {mine}"})
    assert merged.status_code == 303, merged.text
    assert f"{theirs} {mine}" in unescape(first.get(address).text)


def test_a_refused_field_keeps_the_version_that_was_shown(office: Office) -> None:
    address, _, typed = a_dossier(office)
    browser = office.page("officer", follow=False)
    shown = hidden(browser.get(address).text, address)
    wrong = browser.post(address, data=typed | shown | {"siren": "12"})
    assert wrong.status_code == 422
    assert hidden(wrong.text, address)["version"] == shown["version"]


def test_the_api_refuses_another_version_with_both(office: Office) -> None:
    api, identifier = office.api("officer"), make_dossier(office)
    address = f"{API}/dossiers/{identifier}"
    read = api.get(address)
    tag, entry = read.headers["etag"], {"kind": "holder", "title": "Un atelier"}
    assert tag == f'"{read.json()["version"]}"'
    saved = api.put(address, json=entry | {"summary": "Le premier"}, headers={"If-Match": tag})
    assert saved.status_code == 200
    assert saved.headers["etag"] != tag
    refused = api.put(address, json=entry | {"summary": "Le second"}, headers={"If-Match": tag})
    assert refused.status_code == 412
    told: dict[str, Any] = refused.json()
    assert told["fields"] == [{"field": "summary", "saved": "Le premier", "sent": "Le second"}]
    assert told["version"] == saved.json()["version"]
    again = api.put(address, json=entry | {"summary": "Le second"}, headers={"If-Match": f'"{told["version"]}"'})
    assert again.json()["summary"] == "Le second"
