"""The pages and the API of what firms say, and of their objections, as people and programs meet them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tests.journal.cast import SIREN_AWAY, SIREN_HERE
from tests.journal.doors.office import ADDRESS, Office, TestClient
from tests.journal.firms import declare, take_words_back
from vigie.domain.access import Scope
from vigie.services.firms.declarations import DeclarationDraft
from vigie.store.journal.people import Organisation
from vigie.store.journal.records import Letter

HERE = f"/bureau/entreprise/{SIREN_HERE}"
API = f"/api/v1/desk/firms/{SIREN_HERE}/declarations"
WORDS = {"field": "makes", "text": "Des petites pièces tournées", "visibility": "public"}


@pytest.fixture(autouse=True)
def clean(office: Office) -> Iterator[None]:
    """Leave the firm as it was found."""
    yield
    head = office.cast.head
    for entry in office.desk.declarations.read(head, SIREN_HERE).entries:
        if entry.own:
            take_words_back(office.desk, head, SIREN_HERE, entry.id)
    office.desk.objections.withdraw_own(head, SIREN_HERE)


def letters(office: Office, subject: str) -> list[str]:
    with office.desk.journal.reading(Scope()) as reader:
        organisations = ["", *reader.all(select(Organisation.id))]
    found: list[str] = []
    for one in organisations:
        with office.desk.journal.reading(Scope(organisation=one)) as reader:
            found += [str(body) for body in reader.all(select(Letter.body).where(Letter.subject.contains(subject)))]
    return found


def test_the_head_says_something_and_everybody_reads_it(office: Office) -> None:
    head = office.page("head")
    page = head.get("/bureau/mon-entreprise")
    assert page.status_code == 200
    once = re.search(r'name="once" value="([^"]+)"', page.text)
    assert once is not None
    sent = {"rubrique": "needs", "texte": "Un local <près> d’ici", "lecteurs": "public", "once": once[1]}
    for _ in range(2):
        answer = office.page("head", follow=False).post(f"{HERE}/declarations", data=sent)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/bureau/mon-entreprise?acte=declaration.added"
    before = office.page().get(f"/entreprise/{SIREN_HERE}")
    assert before.text.count("Un local &lt;près&gt; d’ici") == 1
    assert "Dit par l’entreprise le" in before.text
    declare(office.desk, office.cast.officer, SIREN_HERE, _draft("Un essai"))
    after = office.page().get(f"/entreprise/{SIREN_HERE}", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert "Écrit en son nom par Communauté d’essai" in after.text


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(office: Office) -> None:
    typed = {"rubrique": "offers", "texte": "Nos prix sont bas", "lecteurs": "network"}
    answer = office.page("head").post(f"{HERE}/declarations", data=typed)
    assert answer.status_code == 422
    assert "Nos prix sont bas</textarea>" in answer.text
    assert "règles de concurrence" in answer.text
    assert 'name="confirme"' in answer.text
    passed = office.page("head", follow=False).post(f"{HERE}/declarations", data={**typed, "confirme": "oui"})
    assert passed.status_code == 303


def test_an_entry_is_changed_and_withdrawn_on_its_page(office: Office) -> None:
    made = declare(office.desk, office.cast.head, SIREN_HERE, _draft("Avant"))
    here = f"{HERE}/declarations/{made.id}"
    head = office.page("head", follow=False)
    assert "Avant</textarea>" in head.get(here).text
    sent = {"rubrique": "chain", "texte": "Après", "lecteurs": "officer"}
    assert head.post(here, data=sent).status_code == 303
    assert "Après" not in office.page().get(f"/entreprise/{SIREN_HERE}").text
    assert head.post(f"{here}/retrait", data={}).status_code == 303
    assert head.get(here).status_code == 404


@pytest.mark.parametrize("part", ["head_partner", "inhabitant", "analyst", "elected", "partner", "super_admin"])
def test_the_pages_of_a_firm_do_not_exist_for_others(office: Office, part: str) -> None:
    other = office.page(part, follow=False)
    assert other.get(HERE).status_code == 404
    assert other.post(f"{HERE}/declarations", data={"texte": "Non"}).status_code == 404
    assert other.post(f"/opposition/{SIREN_HERE}/retrait").status_code == 404


def test_programs_write_change_and_withdraw(office: Office) -> None:
    head = office.api("head")
    made = head.post(API, json=WORDS, headers={"Idempotency-Key": "cle-1"})
    again = head.post(API, json=WORDS, headers={"Idempotency-Key": "cle-1"})
    assert (made.status_code, again.json()["id"]) == (201, made.json()["id"])
    entry = f"{API}/{made.json()['id']}"
    assert head.put(entry, json={**WORDS, "visibility": "network"}).json()["visibility"] == "network"
    assert office.api().get(API).json()["entries"] == []
    assert [one["text"] for one in office.api("head_partner").get(API).json()["entries"]] == [WORDS["text"]]
    assert office.api("reading_token").post(API, json=WORDS).status_code == 404
    assert office.api().post(API, json=WORDS).status_code == 404
    assert head.post(API, json={**WORDS, "text": "12 € pièce"}).status_code == 400
    assert head.post(API, json={**WORDS, "price": 1}).status_code == 400
    assert head.delete(entry).status_code == 204
    assert head.delete(entry).status_code == 404


def test_the_head_objects_in_two_clicks_and_comes_back(office: Office) -> None:
    head = office.page("head")
    assert f'href="/opposition/{SIREN_HERE}"' in head.get(f"/entreprise/{SIREN_HERE}").text
    assert "Ne plus montrer mon entreprise" in head.get(f"/opposition/{SIREN_HERE}").text
    assert "Retirer mon opposition" in head.post(f"/opposition/{SIREN_HERE}", data={}).text
    gone = office.page().get(f"/entreprise/{SIREN_HERE}")
    assert gone.status_code == 404
    assert "s’est opposée" in gone.text
    assert head.get("/bureau/mon-entreprise").status_code == 200
    assert head.post(f"/opposition/{SIREN_HERE}/retrait", data={}).status_code == 200
    assert office.page().get(f"/entreprise/{SIREN_HERE}").status_code == 200


def test_somebody_without_account_objects_by_a_link_in_three_clicks(office: Office) -> None:
    anyone = office.page()
    wrong = anyone.post(f"/opposition/{SIREN_AWAY}", data={"courriel": "pas une adresse"})
    assert wrong.status_code == 422
    assert 'value="pas une adresse"' in wrong.text
    sent = anyone.post(f"/opposition/{SIREN_AWAY}", data={"courriel": "somebody@example.org"})
    assert "Un courriel vient de partir" in sent.text
    (body,) = letters(office, "opposition")
    found = re.search(r"(/lien/opposition/[\w-]+)", body)
    assert found is not None
    for _ in range(3):
        assert anyone.get(found[1]).status_code == 200
    assert anyone.get(f"/entreprise/{SIREN_AWAY}").status_code == 200
    assert "n’est plus montrée" in anyone.post(found[1]).text
    assert anyone.get(f"/entreprise/{SIREN_AWAY}").status_code == 404
    assert anyone.post(found[1]).status_code == 404
    assert not [line for line in office.log if found[1].rpartition("/")[2] in line and "httpx" not in line]
    listed = office.page("officer").get("/bureau/oppositions").text
    identifier = re.search(r"/bureau/oppositions/(\w+)/retirer", listed)
    assert identifier is not None
    done = office.page("officer").post(f"/bureau/oppositions/{identifier[1]}/retirer")
    assert "l’hébergeur met fin aux demandes abusives" in done.text
    assert anyone.get(f"/entreprise/{SIREN_AWAY}").status_code == 404
    assert "Signalée comme abusive" in office.page("super_admin").get("/bureau/oppositions").text
    office.page("super_admin").post(f"/bureau/oppositions/{identifier[1]}/retirer")
    assert anyone.get(f"/entreprise/{SIREN_AWAY}").status_code == 200


def test_programs_object_review_and_take_back(office: Office) -> None:
    here = f"/api/v1/desk/firms/{SIREN_HERE}/objection"
    made = office.api("head").post(here, json={})
    assert (made.status_code, made.json()["state"]) == (201, "in_force")
    (review,) = office.api("officer").get("/api/v1/desk/objections").json()["results"]
    assert review["siren"] == SIREN_HERE
    assert office.api("officer").post(f"/api/v1/desk/objections/{review['id']}/rejection").status_code == 409
    assert office.api("officer").post(f"/api/v1/desk/objections/{review['id']}/approval").status_code == 204
    assert office.api().get("/api/v1/desk/objections").status_code == 404
    assert office.api("officer").delete(here).status_code == 404
    assert office.api("head").delete(here).json()["objected"] is False
    assert office.api().post("/api/v1/desk/links/objection/inconnu").status_code == 404


def test_a_number_leads_to_its_firm(office: Office) -> None:
    anyone = office.page(follow=False)
    assert anyone.get("/opposition").status_code == 200
    assert anyone.get("/opposition?numero=abc").status_code == 422
    answer = anyone.get(f"/opposition?numero={SIREN_HERE}00018")
    assert answer.headers["location"] == f"/opposition/{SIREN_HERE}"


def _draft(text: str) -> DeclarationDraft:
    return DeclarationDraft("offers", text, "public")


def test_strangers_who_chose_the_same_key_are_told_apart(office: Office) -> None:
    before = len(letters(office, "opposition"))
    for host in ("192.0.2.1", "192.0.2.2", "192.0.2.2"):
        program = TestClient(office.app, ADDRESS, client=(host, 1))
        asked = program.post(
            f"/api/v1/desk/firms/{SIREN_AWAY}/objection", json={"email": f"a{host}@example.org"},
            headers={"Idempotency-Key": "1"},
        )  # fmt: skip
        assert asked.json()["state"] == "link_sent"
    assert len(letters(office, "opposition")) == before + 2, "one each"
