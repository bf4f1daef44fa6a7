"""The doors of introductions, links and calls: whole journeys, without JavaScript."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from tests.journal.cast import SIREN_AWAY, SIREN_HERE, SIREN_PARTNER
from tests.journal.doors.office import Office
from tests.journal.doors.office import TestClient as Browser
from tests.not_empty import not_empty
from vigie.store.journal.introductions import ConsentKey
from vigie.store.journal.records import Letter

BOARD = "/bureau/mises-en-relation"
API = "/api/v1/desk"


def form_key(page: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found
    return found[1]


def last_letter(office: Office, recipient: str) -> Letter:
    with office.desk.journal.reading(office.cast.officer) as reader:
        letters = reader.all(select(Letter).where(Letter.recipient == recipient).order_by(Letter.created_at.desc()))
    return letters[0]


def link_of(letter: Letter) -> str:
    found = re.search(r"(/lien/[\w-]+)", letter.body or "")
    assert found
    return found[1]


def propose(office: Office, second: str, **more: str) -> str:
    """Prepare an introduction as the officer does from a firm's page, and return its address."""
    browser = office.page("officer", follow=False)
    shown = browser.get(f"{BOARD}/nouvelle?siren_a={SIREN_HERE}&avec={second}")
    assert shown.status_code == 200
    assert f'value="{second}" checked' in shown.text
    fields = {
        "siren_a": SIREN_HERE, "siren_b": second, "once": form_key(shown.text), "reason": "Un besoin & une offre",
        "contact_email_b": f"b-{second}@example.org", **more,
    }  # fmt: skip
    sent = browser.post(BOARD, data=fields)
    assert sent.status_code == 303, sent.text
    assert browser.post(BOARD, data=fields).headers["location"] == sent.headers["location"]
    return sent.headers["location"].partition("?")[0]


def abandon(office: Office, address: str) -> None:
    office.page("officer").post(f"{address}/abandon", data={})


def test_nothing_is_chosen_among_several_firms(office: Office) -> None:
    """A letter would leave to the wrong one."""
    shown = office.page("officer").get(f"{BOARD}/nouvelle?siren_a={SIREN_HERE}&avec=les herbiers").text
    radios = re.findall(r'<input type="radio" name="siren_b"[^>]*>', shown)
    assert len(radios) > 3 and not any(" checked" in radio for radio in radios)
    assert radios and all(" required" in radio for radio in radios)


def test_an_introduction_from_the_search_to_the_two_answers(office: Office) -> None:
    address = propose(office, SIREN_PARTNER)
    body = office.page("officer").get(f"{address}?fait=proposee").text
    assert "La proposition est partie" in body
    assert f"b-{SIREN_PARTNER}@example.org" in body
    link = link_of(last_letter(office, f"b-{SIREN_PARTNER}@example.org"))
    anybody = office.page(follow=False)
    for _ in range(2):
        shown = anybody.get(link)
        assert (shown.status_code, shown.headers["cache-control"]) == (200, "no-store")
        assert "Un besoin &amp; une offre" in shown.text
        assert "6-1-e" in shown.text
        assert "head@example.org" not in shown.text
        assert "<script src" in shown.text and "onclick" not in shown.text
    assert anybody.head(link).status_code in (200, 405)
    sent = anybody.post(link, data={"decision": "accepter"})
    assert (sent.status_code, sent.headers["location"]) == (303, link)
    assert "Vous avez accepté" in anybody.get(link).text
    assert anybody.post(link, data={"decision": "refuser"}).status_code == 409
    head = office.page("head", follow=False)
    assert f"b-{SIREN_PARTNER}@example.org" not in head.get(address).text
    assert head.post(f"{address}/reponse", data={"decision": "accepter"}).status_code == 303
    assert f"b-{SIREN_PARTNER}@example.org" in head.get(address).text
    abandon(office, address)


def test_a_foreign_site_cannot_answer_for_somebody(office: Office) -> None:
    address = propose(office, SIREN_AWAY)
    link = link_of(last_letter(office, f"b-{SIREN_AWAY}@example.org"))
    for headers in ({"origin": "https://ailleurs.example"}, {"sec-fetch-site": "cross-site"}):
        assert office.page().post(link, data={"decision": "accepter"}, headers=headers).status_code == 403
    assert "Accepter" in office.page().get(link).text
    abandon(office, address)


def test_what_is_missing_is_said_beside_its_field_and_kept(office: Office) -> None:
    browser = office.page("officer")
    fields = {
        "siren_a": SIREN_HERE, "siren_b": SIREN_AWAY, "avec": SIREN_AWAY, "reason": "Appelez le 06 11 22 33 44",
        "contact_email_b": "b@example.org", "label_b": "Une voisine",
    }  # fmt: skip
    refused = browser.post(BOARD, data=fields)
    assert refused.status_code == 422
    assert 'id="reason-faute"' in refused.text
    assert "Appelez le 06 11 22 33 44</textarea>" in refused.text
    assert 'value="Une voisine"' in refused.text
    missing = browser.post(BOARD, data=fields | {"reason": "Oui", "contact_email_b": "non"})
    assert 'id="contact_email_b-faute"' in missing.text


def test_steps_on_the_page_and_a_step_too_early(office: Office) -> None:
    address = propose(office, SIREN_AWAY)
    officer = office.page("officer")
    early = officer.post(f"{address}/rencontre", data={"met_on": "2026-11-20"})
    assert early.status_code == 409
    assert "en attente des accords" in early.text
    office.page().post(link_of(last_letter(office, f"b-{SIREN_AWAY}@example.org")), data={"decision": "accepter"})
    office.page("head").post(f"{address}/reponse", data={"decision": "accepter"})
    assert officer.post(f"{address}/rencontre", data={"met_on": "jamais"}).status_code == 422
    assert "La rencontre est notée" in officer.post(f"{address}/rencontre", data={"met_on": "2026-01-05"}).text
    wrong = officer.post(f"{address}/issue", data={"outcome": "order", "amount": "cent"})
    assert 'id="amount-faute"' in wrong.text
    done = officer.post(f"{address}/issue", data={"outcome": "order", "amount": "12 000", "jobs": "1"})
    assert "commande" in done.text
    rating = link_of(last_letter(office, "head@example.org"))
    assert office.page().post(rating, data={"decision": "noter"}).status_code == 422
    assert "la note de 4 sur 5" in office.page().post(rating, data={"decision": "noter", "satisfaction": "4"}).text
    ties = officer.get(f"{BOARD}?siren={SIREN_HERE}").text
    assert "Liens de cette entreprise" in ties


def test_who_reads_the_board(office: Office) -> None:
    address = propose(office, SIREN_PARTNER)
    label = re.search(r"<h1>(.*?)</h1>", office.page("officer").get(address).text)
    assert label
    for part, awaited in (("officer", "attend les deux accords"), ("head", "attend votre accord"), ("admin", "attend")):
        body = office.page(part).get(BOARD).text
        assert address in body and awaited in body, part
        assert "(0)" not in body, "a state that holds nothing is no choice"
    for part in ("analyst", "elected"):
        body = office.page(part).get(BOARD).text
        assert "Ce que les entreprises déclarent" in body
        assert address not in body
    assert address not in office.page("admin_away").get(BOARD).text
    for part in ("anyone", "analyst", "admin_away", "head_away", "inhabitant", "super_admin"):
        assert office.page(part, follow=False).get(address).status_code == (303 if part == "anyone" else 404)
        assert office.api(part).get(f"{API}/introductions/{address.rpartition('/')[2]}").status_code == 404
    assert office.api("reading_token").get(f"{API}/introductions").status_code == 404
    assert office.api("reading_token").get(f"{API}/introductions/aggregates").status_code == 200
    abandon(office, address)


def test_the_same_journey_by_the_api(office: Office) -> None:
    officer = office.api("officer")
    body = {
        "first": {"siren": SIREN_HERE},
        "second": {"siren": SIREN_PARTNER, "contact_email": "b@example.org"},
        "reason": "Essai",
    }
    once = {"Idempotency-Key": "api-1"}
    made = officer.post(f"{API}/introductions", json=body, headers=once)
    assert made.status_code == 201
    assert officer.post(f"{API}/introductions", json=body, headers=once).json()["id"] == made.json()["id"]
    path = f"{API}/introductions/{made.json()['id']}"
    token = link_of(last_letter(office, "b@example.org")).rpartition("/")[2]
    anybody = office.api()
    for _ in range(2):
        assert anybody.get(f"{API}/links/{token}").json()["standing"] == "open"
    assert anybody.post(f"{API}/links/{token}", json={"decision": "accept"}).json()["consent"] == "accepted"
    assert anybody.post(f"{API}/links/{token}", json={"decision": "refuse"}).status_code == 409
    assert anybody.get(f"{API}/links/inconnu").status_code == 404
    assert office.api("head").post(f"{path}/answer", json={"decision": "refuse"}).json()["state"] == "declined"
    assert officer.post(f"{path}/meeting", json={"met_on": "2026-01-01"}).status_code == 409
    assert officer.post(f"{path}/outcome", json={"outcome": "mariage"}).status_code == 400
    assert officer.post(f"{API}/introductions", json=body | {"surplus": 1}).status_code == 400
    listed = officer.get(f"{API}/introductions?state=declined").json()
    assert made.json()["id"] in [one["id"] for one in listed["introductions"]]


def publish(office: Office, part: str, **more: str) -> str:
    browser = office.page(part, follow=False)
    key = form_key(browser.get("/bureau/appels/nouveau").text)
    fields = {"kind": "need", "title": f"Tôles pour {part}", "text": "Une série.", "once": key, **more}
    sent = browser.post("/bureau/appels/nouveau", data=fields)
    assert sent.status_code == 303, sent.text
    return sent.headers["location"].partition("?")[0]


def answer(browser: Browser, call: str, **fields: str) -> object:
    shown = browser.get(call).text
    return browser.post(f"{call}/reponses", data={"once": form_key(shown), "body": "Je peux.", **fields})


def test_a_call_is_answered_without_account_then_becomes_an_introduction(office: Office) -> None:
    call = publish(office, "head")
    assert call in office.page().get("/appels").text
    anybody = office.page()
    opening = re.search(r'<p class="lead">(.*?)</p>', anybody.get(call).text)
    assert opening and re.fullmatch(
        r"Besoin publié par .+\u00a0: réponses (ouvertes|jusqu’au .+)\.", unescape(opening[1])
    )
    assert answer(anybody, call, name="", email="x").status_code == 422  # type: ignore[attr-defined]
    said = answer(anybody, call, name="Alix Passant", email="alix@example.org")
    assert "ouvrez-le pour confirmer" in said.text  # type: ignore[attr-defined]
    assert "alix@example.org" not in office.page("head").get(call).text
    link = link_of(last_letter(office, "alix@example.org"))
    assert "Je peux." in anybody.get(link).text
    assert "Votre réponse est transmise" in anybody.post(link, data={"decision": "confirmer"}).text
    officer = office.page("officer")
    assert "alix@example.org" in office.page("officer").get(call).text
    author = office.page("head").get(call).text
    assert "Je peux." in author and "Alix Passant" not in author, "its words only, before two agreements"
    assert unescape(office.page().get(call).text).count("jusqu’à vos deux accords") == 2
    for part in ("head", "anyone", "head_partner", "elected", "admin_away"):
        assert "alix@example.org" not in office.page(part).get(call).text
    button = re.search(r'action="(/bureau/appels/[^"]+/reponses/[^"]+)"', officer.get(call).text)
    assert button
    made = officer.post(button[1], data={})
    assert "La proposition est partie" in made.text
    assert str(made.url).startswith(f"http://vigie.test{BOARD}/")
    assert office.page("head", follow=False).post(button[1], data={}).status_code == 404
    abandon(office, str(made.url).removeprefix("http://vigie.test").partition("?")[0])


def test_a_sourcing_says_what_it_is(office: Office) -> None:
    call = publish(office, "officer", public_buyer="oui", closes_on="2027-06-30")
    body = unescape(office.page().get(call).text)
    assert "R2111-1" in body
    assert "Journal public" in body
    refused = office.page("head").post(
        "/bureau/appels/nouveau", data={"kind": "need", "title": "x", "text": "y", "public_buyer": "oui"}
    )
    assert refused.status_code == 422
    assert 'id="public_buyer-faute"' not in refused.text or "acheteur public" in refused.text


def test_a_network_call_stays_in_the_network(office: Office) -> None:
    call = publish(office, "officer", visibility="network", title="Réservé")
    for part in ("head", "admin"):
        assert office.page(part).get(call).status_code == 200
    for part in ("anyone", "inhabitant", "analyst", "officer_away"):
        assert office.page(part).get(call).status_code == 404
        assert "Réservé" not in office.page(part).get("/appels").text
        assert office.api(part).get(f"{API}/calls/{call.rpartition('/')[2]}").status_code == 404


def test_a_call_by_the_api(office: Office) -> None:
    body = {"kind": "offer", "title": "Un pont roulant", "text": "Libre le vendredi.", "visibility": "public"}
    made = office.api("head").post(f"{API}/calls", json=body)
    assert made.status_code == 201
    path = f"{API}/calls/{made.json()['id']}"
    assert office.api().get(path).json()["title"] == "Un pont roulant"
    assert office.api("head_partner").post(f"{path}/answers", json={"body": "Oui"}).json()["confirmed"]
    assert office.api("head_partner").get(f"{path}/answers").status_code == 404
    [told] = office.api("officer").get(f"{path}/answers").json()["answers"]
    assert office.api("officer").post(f"{path}/answers/{told['id']}/introduction").status_code == 201
    assert office.api("head").post(f"{path}/closing").json()["state"] == "closed"
    assert office.api("head").delete(path).status_code == 204
    assert office.api().get(path).status_code == 404


@pytest.mark.parametrize("address", ["/lien/inconnu", "/lien/" + "x" * 300])
def test_an_unknown_link_is_a_quiet_404(office: Office, address: str) -> None:
    shown = office.page().get(address)
    assert shown.status_code == 404
    assert "Ce lien n’existe pas" in shown.text


def test_where_to_go_from_a_page_that_is_not_there(office: Office) -> None:
    ways = {"/lien/opposition/abc": "/opposition", "/connexion/oubli/abc": "/connexion/oubli", "/bureau/zzz": "/bureau"}
    for path, way in not_empty(ways.items()):
        answer = office.page("officer").get(path)
        main = answer.text.partition("<main")[2].partition("</main>")[0]
        assert (answer.status_code, f'href="{way}"' in main) == (404, True), path


def test_reading_pages_wrote_no_use_of_links_and_no_secret_in_the_log(office: Office) -> None:
    address = propose(office, SIREN_AWAY)
    link = link_of(last_letter(office, f"b-{SIREN_AWAY}@example.org"))
    office.page().get(link)
    with office.desk.journal.reading(office.cast.officer) as reader:
        hashed = office.desk.keys.hash_token(link.rpartition("/")[2])
        key = reader.one(select(ConsentKey).where(ConsentKey.key_hash == hashed))
    assert key is not None and key.used_at is None
    ours = [line for line in office.log if line.startswith("vigie")]
    assert ours
    assert not any(link.rpartition("/")[2] in line or "@example.org" in line for line in not_empty(ours))
    abandon(office, address)


def test_a_sourcing_is_corrected_in_full_view(office: Office) -> None:
    call = publish(office, "officer", title="Tôles", public_buyer="oui", closes_on="2027-06-30")
    assert "Corriger ou prolonger" not in office.page("head").get(call).text
    officer, edit = office.page("officer"), f"/bureau{call}/corriger"
    shown = officer.get(edit).text
    assert 'value="Tôles"' in shown and 'value="2027-06-30"' in shown
    fields = {"kind": "need", "title": "Tôles", "text": "Un texte tout neuf.", "closes_on": "2027-07-31"}
    refused = officer.post(edit, data=fields | {"closes_on": ""})
    assert refused.status_code == 422
    assert 'id="closes_on-faute"' in refused.text and "Un texte tout neuf.</textarea>" in refused.text
    assert "L’appel est à jour" in officer.post(edit, data=fields).text
    told = office.api().get(f"{API}/calls/{call.rpartition('/')[2]}").json()
    [correction] = told["corrections"]
    assert correction["changed"] == ["text", "closes_on"]
    seen = unescape(office.page().get(call).text)
    assert "Un texte tout neuf." in seen and correction["former"]["text"] in seen
    assert "Dernier jour : 30 juin 2027" in seen.replace("\u00a0", " ")
    officer.post(f"/bureau{call}/clore", data={})
    assert officer.get(edit).status_code == 404
    assert office.api("officer").put(f"{API}{call.replace('/appels', '/calls')}", json=fields).status_code == 409
