"""Who advises firms: written by officers, named only with their agreement, routed by filters, missing ones told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from tests.journal.cast import HERE, SIREN_HERE
from tests.journal.doors.office import Office
from tests.not_empty import not_empty
from vigie.domain.access import Role, Scope
from vigie.domain.advising import AdviceSubject
from vigie.store.journal.records import Letter

API = "/api/v1/desk"
FULL = {"service": "Pôle entreprises", "subjects": "financement energie", "days": 3, "name": "Zoé Essai",
        "email": "zoe.essai@example.org", "phone": "0102030405", "public": True}  # fmt: skip


@pytest.fixture(autouse=True)
def nobody(office: Office) -> None:
    """Withdraw what another test left."""
    api = office.api("officer")
    for one in api.get(f"{API}/advisers").json()["advisers"]:
        api.delete(f"{API}/advisers/{one['id']}")


def add(office: Office, **changes: Any) -> dict[str, Any]:
    answer = office.api("officer").post(f"{API}/advisers", json=FULL | changes)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def asked(office: Office, subject: str = "financement", **about: str) -> list[dict[str, Any]]:
    answer = office.api("anyone").get(f"{API}/advising", params={"subject": subject, **(about or {"firm": SIREN_HERE})})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["advisers"]
    return found


def test_a_person_is_named_only_if_they_agreed(office: Office) -> None:
    add(office)
    add(office, service="Chambre d’essai", name="Nom Gardé", public=False, email="garde@example.org")
    named, kept = asked(office)
    assert (named["name"], named["days"], named["email"]) == ("Zoé Essai", 3, "zoe.essai@example.org")
    assert (kept["service"], kept["name"], kept["email"], kept["phone"]) == ("Chambre d’essai", "", "", "")
    page = office.page("anyone").get("/interlocuteurs", params={"sujet": "financement", "entreprise": SIREN_HERE})
    assert "Zoé Essai" in page.text and "Nom Gardé" not in page.text and "garde@example.org" not in page.text
    assert "sous 3" in page.text and f"/besoin?siren={SIREN_HERE}" in page.text


def test_a_request_is_tied_to_the_adviser_chosen(office: Office) -> None:
    kept = add(office, service="Pôle choisi", name="Nom Gardé", email="garde@example.org", public=False, days=4)
    page = office.page("anyone")
    found = page.get("/interlocuteurs", params={"sujet": "financement", "entreprise": SIREN_HERE}).text
    assert f"/besoin?conseiller={kept['id']}&amp;siren={SIREN_HERE}" in found and "Lui adresser ma demande" in found
    first = page.get(f"/besoin?conseiller={kept['id']}&siren={SIREN_HERE}").text
    assert f'name="adviser" value="{kept["id"]}"' in first
    typed = {"text": "Financer une presse plieuse", "adviser": kept["id"], "none": "oui", "commune": "85109"}
    assert f'value="{kept["id"]}"' in page.post("/besoin/entreprise", data=typed).text
    last = page.post("/besoin/joindre", data=typed).text.replace("\u00a0", " ")
    assert "Pôle choisi répond sous 4 jours ouvrés" in last and f'value="{kept["id"]}"' in last
    receipt = page.post("/besoin", data=typed | {"email": "demande@example.org"})
    assert receipt.status_code == 200 and "Nom Gardé" not in receipt.text
    followed = confirmed(office, "demande@example.org")
    assert "Pôle choisi" in followed and "Nom Gardé" not in followed
    api = office.api("officer")
    need = next(one for one in api.get(f"{API}/needs").json()["needs"] if "presse" in one["text"])
    assert api.get(f"{API}/needs/{need['id']}").json()["adviser"] == "Pôle choisi"
    assert "Dit à" in office.page("officer").get(f"/bureau/besoins/{need['id']}").text
    reminders = api.get(f"{API}/dossiers/{need['dossier']}").text
    assert "répondre au besoin dit sur le site à « Pôle choisi »" in reminders
    with office.desk.journal.reading(Scope(Role.ADMIN, HERE, via="command")) as reader:
        sent = reader.all(select(Letter).where(Letter.recipient == "garde@example.org"))
    assert any("a dit un besoin à « Pôle choisi »" in (one.body or "") for one in not_empty(list(sent)))


def test_an_adviser_who_does_not_answer_there_is_told(office: Office) -> None:
    away = add(office, communes="85017")
    typed = {"text": "Financer une presse", "adviser": away["id"], "none": "oui", "commune": "85109"}
    answer = office.page("anyone").post("/besoin/joindre", data=typed)
    assert answer.status_code == 422 and "ne répond pas, ou plus, pour" in answer.text
    said = {"text": "Financer une presse", "email": "a@example.org", "commune": "85109", "adviser": "inconnu"}
    refused = office.api("anyone").post(f"{API}/needs", json=said)
    assert refused.status_code in (400, 422) and "interlocuteur choisi" in refused.text


def confirmed(office: Office, address: str) -> str:
    """Confirm the last need of an address by the link of its letter, and return the page that follows it."""
    with office.desk.journal.reading(Scope(Role.ADMIN, HERE, via="command")) as reader:
        letters = reader.all(select(Letter).where(Letter.recipient == address).order_by(Letter.created_at.desc()))
    found = re.search(r"/lien/besoin/[\w-]+", letters[0].body or "")
    assert found is not None
    return office.page("anyone").post(found[0], data={"decision": "confirmer"}).text


def test_filters_refuse_what_is_not_known(office: Office) -> None:
    made = add(office, naf="25", communes="85109")
    assert [one["service"] for one in asked(office)] == [made["service"]]
    # A commune alone says nothing of the activity: the filter refuses, for a person's time is spent.
    assert asked(office, commune="85109") == []
    page = office.page("anyone").get("/interlocuteurs", params={"sujet": "financement", "commune": "85109"})
    assert "1 service reçoit selon la taille" in page.text.replace("\u00a0", " ")
    add(office, service="Sans filtre")
    assert [one["service"] for one in asked(office, commune="85109")] == ["Sans filtre"]
    assert asked(office, "export") == []


def test_what_nobody_covers_is_told_to_officers_and_elected_people(office: Office) -> None:
    add(office, communes="Les Herbiers")
    for part in ("officer", "elected"):
        page = office.page(part).get("/interlocuteurs/lacunes")
        assert page.status_code == 200
        for subject in not_empty(list(AdviceSubject)):
            assert subject.label in page.text.replace("\u202f", " ").replace("&#39;", "’")
        assert "toutes" in page.text
        one = office.page(part).get("/interlocuteurs/lacunes?sujet=export").text
        assert "Sans interlocuteur" in one and "/interlocuteurs?sujet=export&amp;commune=" in one
        told = office.api(part).get("/api/v1/desk/advisers/gaps").json()
        assert told["communes"] and {gap["subject"] for gap in told["gaps"]} == set(AdviceSubject)
    for part in ("anyone", "head", "inhabitant"):
        assert office.page(part).get("/interlocuteurs/lacunes", follow_redirects=False).status_code in (303, 404)


def test_the_list_is_kept_by_officers_and_each_entry_corrected_or_withdrawn(office: Office) -> None:
    made = add(office)
    officer = office.page("officer")
    assert "Pôle entreprises" in officer.get("/bureau/interlocuteurs").text
    form = officer.get(f"/bureau/interlocuteurs/{made['id']}/modifier")
    assert "Zoé Essai" in form.text and "Retirer cet interlocuteur" in form.text
    api = office.api("officer")
    changed = api.put(f"{API}/advisers/{made['id']}", json=FULL | {"service": "Pôle neuf"})
    assert changed.json()["service"] == "Pôle neuf"
    assert api.delete(f"{API}/advisers/{made['id']}").status_code in (200, 204)
    assert api.get(f"{API}/advisers").json()["advisers"] == [] and asked(office) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subjects": "cuisine"}, "n’est pas un sujet"),
        ({"subjects": " "}, "« subjects »"),
        ({"service": ""}, "« service »"),
        ({"communes": "Nulle-Part-sur-Rien"}, "Aucune commune"),
        ({"least_staff": 50, "most_staff": 10}, "sous le minimum"),
        ({"naf": "99.99Z"}, "NAF"),
        ({"forms": "SARL"}, "catégorie juridique"),
        ({"days": 99}, "au plus 20"),
    ],
)
def test_what_cannot_be_kept_is_said(office: Office, changes: dict[str, Any], words: str) -> None:
    answer = office.api("officer").post(f"{API}/advisers", json=FULL | changes)
    assert answer.status_code == 400
    assert words in answer.text.replace("\u202f", " ").replace("\u00a0", " ")


def test_what_is_not_understood_is_said_beside_its_field(office: Office) -> None:
    page = office.page("anyone").get("/interlocuteurs", params={"sujet": "cuisine", "commune": "85109"})
    assert page.status_code == 422 and "n’est pas un sujet" in page.text
    page = office.page("anyone").get("/interlocuteurs", params={"sujet": "export", "commune": "Nulle-Part-sur-Rien"})
    assert page.status_code == 422 and "Aucune commune" in page.text
    page = office.page("anyone").get("/interlocuteurs", params={"sujet": "export", "commune": "85109"})
    assert page.status_code == 200 and "Personne ne dit encore" in page.text
    assert office.page("anyone").get("/interlocuteurs").status_code == 200
