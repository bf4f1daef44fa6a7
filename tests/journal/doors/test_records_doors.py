"""The pages and the API of the records: journal, letters, emergency access, moderation."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.journal.cast import ELSEWHERE, HERE
from tests.journal.doors.office import Office
from vigie.store.journal.introductions import Call
from vigie.store.journal.records import Letter

REASON = "Panne signalée par la collectivité : les dossiers ne s’ouvrent plus."


@pytest.fixture
def reading_here(office: Office) -> Iterator[None]:
    """An emergency access to the first organisation, ended after the test."""
    opened = office.api("super_admin").post(
        "/api/v1/desk/emergency", json={"organisation": HERE, "reason": REASON, "minutes": 15}
    )
    assert opened.status_code == 201
    yield
    office.api("super_admin").delete("/api/v1/desk/emergency/current")


@pytest.fixture
def call(office: Office) -> str:
    with office.desk.journal.writing(office.cast.officer) as unit:
        unit.act("call.published")
        return unit.add(
            Call(
                kind="need", title="Besoin d’essai", text="Texte du besoin", visibility="public",
                author_id=office.cast.officer.person, opens_on=unit.now.date(),
            )
        ).id  # fmt: skip


@pytest.fixture
def letter(office: Office) -> str:
    with office.desk.journal.writing(office.cast.officer) as unit:
        unit.act("letter.written")
        return office.desk.mail.post(unit, recipient="a@example.org", subject="Objet d’essai", body="Corps d’essai")


def test_the_journal_is_read_filtered_and_taken_away(office: Office, letter: str) -> None:
    admin = office.page("admin")
    assert admin.get("/bureau/courriels").status_code == 200
    page = admin.get("/bureau/journal?famille=letters&nature=access")
    assert "liste des courriels lue" in page.text
    assert "Personne admin, administrateur" in page.text
    assert admin.get("/bureau/journal?du=2020-01-01&au=2020-01-02").text.count("Rien ne répond") == 1
    assert admin.get("/bureau/journal?du=hier").status_code == 422
    assert admin.get("/bureau/journal?du=2026-02-01&au=2026-01-01").status_code == 422
    for name, mark in (("journal.csv", "Moment"), ("journal.excel.csv", "\ufeffMoment")):
        file = admin.get(f"/bureau/journal/{name}?famille=letters")
        assert file.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert file.content.decode().startswith(mark)
        assert "letters.read" in file.text
    assert admin.get("/bureau/journal/autre").status_code == 404
    told = office.api("admin").get("/api/v1/desk/journal?famille=letters").json()
    assert told["results"][0]["kind"] == "letters.read"
    exported = office.api("admin").get("/api/v1/desk/journal/export?famille=letters").json()["results"]
    assert len(exported) == told["total_results"]
    assert office.api("admin").get("/api/v1/desk/journal?page=0").status_code == 400


def test_each_reader_has_their_own_journal(office: Office) -> None:
    assert "ce qui concerne votre entreprise" in office.page("head").get("/bureau/journal").text
    assert "toutes les organisations" in office.page("super_admin").get("/bureau/journal").text
    assert office.page("officer").get("/bureau/journal").status_code == 404


def test_letters_wait_where_nothing_sends_them(office: Office, letter: str) -> None:
    officer = office.page("officer")
    listed = officer.get("/bureau/courriels")
    assert "Aucun serveur d’envoi" in listed.text
    assert f'href="/bureau/courriels/{letter}"' in listed.text
    assert "Corps d’essai" in officer.get(f"/bureau/courriels/{letter}").text
    assert office.api("officer").get(f"/api/v1/desk/letters/{letter}").json()["body"] == "Corps d’essai"
    assert letter in {row["id"] for row in office.api("officer").get("/api/v1/desk/letters").json()["results"]}
    assert office.page("officer_away").get(f"/bureau/courriels/{letter}").status_code == 404
    assert office.api("reading_token").get("/api/v1/desk/letters").status_code == 404


def test_letters_that_failed_are_told_on_monday_and_sent_again(office: Office, letter: str) -> None:
    with office.desk.journal.writing(office.cast.officer) as unit:
        kept = unit.get(Letter, letter)
        kept.state, kept.fault, kept.failing_since = "failed", "late", unit.now
    admin = office.page("admin")
    told = 'href="/bureau/courriels?etat=non-partis"'
    assert told in admin.get("/bureau/lundi").text
    assert told not in office.page("officer").get("/bureau/lundi").text
    failed = admin.get("/bureau/courriels?etat=non-partis")
    assert "pendant cinq jours" in failed.text and f'action="/bureau/courriels/{letter}/renvoyer"' in failed.text
    assert admin.get("/bureau/courriels?etat=tous").status_code == 422
    (found,) = office.api("admin").get("/api/v1/desk/letters?etat=non-partis").json()["results"]
    assert (found["id"], found["fault"]) == (letter, "late")
    sent = office.page("officer").post(f"/bureau/courriels/{letter}/renvoyer")
    assert "attend de nouveau son tour" in sent.text
    assert told not in admin.get("/bureau/lundi").text
    assert "Aucun courriel n’est resté" in admin.get("/bureau/courriels?etat=non-partis").text
    assert office.api("admin").post("/api/v1/desk/letters/resend").json() == {"resent": 0}
    again = office.api("officer").post(f"/api/v1/desk/letters/{letter}/resend")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    assert office.api("officer_away").post(f"/api/v1/desk/letters/{letter}/resend").status_code == 404


def test_an_emergency_access_is_opened_seen_and_ended_by_pages(office: Office) -> None:
    host = office.page("super_admin")
    form = host.get("/bureau/acces-urgence").text
    once = re.search(r'name="once" value="([^"]+)"', form)
    assert once
    wrong = host.post("/bureau/acces-urgence", data={"organisation": ELSEWHERE, "motif": "court", "minutes": "15"})
    assert (wrong.status_code, "Dites pourquoi" in wrong.text, "court" in wrong.text) == (422, True, True)
    sent = {"organisation": ELSEWHERE, "motif": REASON, "minutes": "15", "once": once[1]}
    opened = host.post("/bureau/acces-urgence", data=sent)
    assert "Vous lisez « Communauté voisine" in opened.text.replace("\u00a0", " ")
    assert host.post("/bureau/acces-urgence", data=sent).status_code == 200
    try:
        read = host.get("/bureau/dossiers")
        assert read.status_code == host.get("/bureau/membres").status_code == 200
        assert 'href="/bureau/acces-urgence"' in read.text
        seen = office.page("admin_away").get("/bureau/journal").text
        assert "Accès d’urgence ouvert" in seen
        assert REASON in seen.replace("\u00a0:", " :")
        assert "/bureau/dossiers" in seen
    finally:
        ended = host.post("/bureau/acces-urgence/terminer")
    assert "Lire une organisation pour la dépanner" in ended.text
    after = office.page("admin_away").get("/bureau/journal").text
    assert "Accès d’urgence ouvert" not in after
    assert "accès d’urgence terminé" in after


def test_an_emergency_access_writes_nothing(office: Office, reading_here: None, call: str) -> None:
    host = office.api("super_admin")
    decision = {"thing": "call", "id": call, "decision": "hide", "rule": "insult"}
    assert host.post("/api/v1/desk/moderation", json=decision).status_code == 404
    again = {"organisation": ELSEWHERE, "reason": REASON, "minutes": 15}
    assert host.post("/api/v1/desk/emergency", json=again).status_code == 404
    assert host.get("/api/v1/desk/letters").status_code == 404
    assert host.get("/api/v1/desk/journal").json()["view"] == "organisation"
    listed = office.api("admin").get("/api/v1/desk/emergency").json()["results"]
    assert (listed[0]["reason"], listed[0]["open"]) == (REASON, True)
    details = [
        row["detail"] for row in office.api("admin").get("/api/v1/desk/journal?famille=emergency").json()["results"]
    ]
    assert {"/api/v1/desk/letters", "/api/v1/desk/journal", "/api/v1/desk/moderation"} <= set(details)


def test_moderation_is_decided_by_an_admin_and_read_by_all(office: Office, call: str) -> None:
    admin = office.page("admin")
    shown = admin.get("/bureau/moderation").text
    assert "Texte du besoin" in shown
    sent = {"objet": "call", "texte": call, "decision": "hide", "regle": ""}
    wrong = admin.post("/bureau/moderation", data=sent)
    assert (wrong.status_code, "Choisissez une raison" in wrong.text) == (422, True)
    assert "off_topic," not in wrong.text, "a person is told words, not codes"
    assert admin.post("/bureau/moderation", data=sent | {"regle": "insult"}).status_code == 200
    assert admin.post("/bureau/moderation", data=sent | {"regle": "insult"}).status_code == 409
    for part in ("anyone", "inhabitant", "officer_away"):
        public = office.page(part).get("/moderation").text.split("<main")[1]  # above, one's own name
        assert "Injure, menace ou discrimination" in public
        assert "masqué" in public
        assert "Texte du besoin" not in public
        assert "Personne" not in public
    assert "masqué" in office.page().get("/moderation/decisions.csv").text
    restored = {"thing": "call", "id": call, "decision": "restore", "rule": "mistake"}
    assert office.api("admin").post("/api/v1/desk/moderation", json=restored).status_code == 201
    rows = office.api().get("/api/v1/desk/moderation").json()["results"]
    assert [row["decision"] for row in rows[:2]] == ["restore", "hide"]
    assert office.api("admin").get("/api/v1/desk/moderation/texts").status_code == 200
    assert office.api("officer").get("/api/v1/desk/moderation/texts").status_code == 404
    assert office.page("officer").get("/bureau/moderation").status_code == 404
    assert office.page().get("/moderation/autre.csv").status_code == 404


def test_nobody_in_particular_is_sent_to_sign_in(office: Office) -> None:
    for path in ("/bureau/journal", "/bureau/courriels", "/bureau/acces-urgence", "/bureau/moderation"):
        answer = office.page(follow=False).get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/connexion")


def test_a_secret_of_an_address_stays_out_of_the_audit(office: Office, reading_here: None) -> None:
    for path in ("/lien/sentinelle", "/lien/opposition/sentinelle", "/invitation/sentinelle"):
        office.page("super_admin").get(path)
    rows = office.api("admin").get("/api/v1/desk/journal?famille=emergency").json()["results"]
    details = [row["detail"] for row in rows]
    assert "/lien/…" in details and "sentinelle" not in str(details)
