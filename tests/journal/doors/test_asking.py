"""The doors of requests: a head asks on a firm's page, an officer proposes or says why not."""

from __future__ import annotations

import re
from html import unescape

from tests.journal.cast import SIREN_AWAY, SIREN_HERE, SIREN_PARTNER
from tests.journal.doors.office import Office
from tests.journal.doors.test_introducing import API, BOARD, abandon, form_key, last_letter, publish

WHY = "Partager une livraison par semaine."


def ask(office: Office, siren: str, reason: str = WHY) -> str:
    """Ask as the head does from a firm's page, and return the address of the request."""
    head = office.page("head", follow=False)
    link = re.search(rf'href="({BOARD}/demander\?siren={siren})"', head.get(f"/entreprise/{siren}").text)
    assert link
    form = head.get(link[1]).text
    fields = {"siren": siren, "reason": reason, "once": form_key(form)}
    sent = head.post(f"{BOARD}/demandes", data=fields)
    assert sent.status_code == 303, sent.text
    assert head.post(f"{BOARD}/demandes", data=fields).headers["location"] == sent.headers["location"]
    return sent.headers["location"].partition("?")[0]


def test_a_head_asks_and_an_officer_proposes_in_one_submission(office: Office) -> None:
    request = ask(office, SIREN_AWAY)
    head, officer = office.page("head"), office.page("officer")
    assert "l’entreprise n’en sait rien" in head.get(f"{request}?fait=demandee").text
    for page in (BOARD, "/bureau/lundi", "/bureau/relances"):
        assert request in officer.get(page).text, page
    assert request in head.get(BOARD).text
    assert request not in office.page("head_partner").get(BOARD).text
    shown = officer.get(request).text
    assert WHY in shown and "head@example.org" in shown
    prepared = re.search(r'href="([^"]+/nouvelle\?demande=[^"]+)"', shown)
    assert prepared
    form = officer.get(prepared[1]).text
    assert f'value="{SIREN_AWAY}" checked' in form and f"{WHY}</textarea>" in form
    asked = {"demande": request.rpartition("/")[2], "reason": WHY, "siren_b": SIREN_PARTNER, "once": form_key(form)}
    assert officer.post(BOARD, data=asked).status_code == 422, "nobody is known to write to"
    made = officer.post(BOARD, data=asked | {"contact_email_b": "b@example.org"})
    assert "La proposition est partie" in made.text
    assert SIREN_PARTNER not in made.text, "whom a head asked for is not changed on the way"
    introduction = str(made.url).removeprefix("http://vigie.test").partition("?")[0]
    assert introduction in head.get(request).text
    assert request not in officer.get("/bureau/relances").text
    abandon(office, introduction)


def test_an_officer_says_why_not(office: Office) -> None:
    request = ask(office, SIREN_AWAY)
    officer = office.page("officer")
    missing = officer.post(f"{request}/decliner", data={"answer": " "})
    assert missing.status_code == 422 and 'id="answer-faute"' in missing.text
    assert "La réponse est partie" in officer.post(f"{request}/decliner", data={"answer": "Elle déménage."}).text
    assert "Elle déménage." in (last_letter(office, "head@example.org").body or "")
    assert "Elle déménage." in office.page("head").get(request).text
    assert officer.post(f"{request}/decliner", data={"answer": "Encore."}).status_code == 409
    assert office.page("head").post(f"{request}/retirer", data={}).status_code == 409


def test_who_is_offered_to_ask_and_what_is_wrong_is_said(office: Office) -> None:
    for part, siren in (
        ("head", SIREN_HERE),
        ("officer", SIREN_PARTNER),
        ("inhabitant", SIREN_PARTNER),
        ("anyone", SIREN_PARTNER),
    ):
        assert "/demander?" not in office.page(part).get(f"/entreprise/{siren}").text
    head = office.page("head")
    assert head.get(f"{BOARD}/demander?siren={SIREN_HERE}").status_code == 409
    unknown = head.get(f"{BOARD}/demander?siren=784671695")
    assert unknown.status_code == head.get("/entreprise/784671695").status_code == 404
    wrong = head.post(f"{BOARD}/demandes", data={"siren": SIREN_AWAY, "reason": "Appelez le 06 11 22 33 44"})
    assert wrong.status_code == 422
    assert 'id="reason-faute"' in wrong.text and "06 11 22 33 44</textarea>" in wrong.text


def test_a_call_leads_to_a_request(office: Office) -> None:
    call = publish(office, "head_partner")
    shown = unescape(office.page("head").get(call).text)
    assert f"{BOARD}/demander?siren={SIREN_PARTNER}&appel={call.rpartition('/')[2]}" in shown
    for part in ("head_partner", "officer", "anyone"):
        assert "/demander?" not in office.page(part).get(call).text
    address = f"{BOARD}/demander?siren={SIREN_PARTNER}&appel={call.rpartition('/')[2]}"
    assert f'name="appel" value="{call.rpartition("/")[2]}"' in office.page("head").get(address).text


def test_the_same_by_the_api(office: Office) -> None:
    head, officer = office.api("head"), office.api("officer")
    made = head.post(f"{API}/introductions/requests", json={"siren": SIREN_AWAY, "reason": WHY})
    assert made.status_code == 201, made.text
    path = f"{API}/introductions/requests/{made.json()['id']}"
    assert office.api("head_partner").get(path).status_code == 404
    assert made.json()["id"] in officer.get(f"{API}/introductions/requests?state=waiting").text
    assert made.json()["id"] not in office.api("head_partner").get(f"{API}/introductions/requests").text
    body = {"reason": "Une livraison à deux.", "second": {"contact_email": "b@example.org"}}
    proposed = officer.post(f"{path}/proposal", json=body)
    assert proposed.status_code == 201, proposed.text
    told = proposed.json()
    assert [side["asked"] for side in told["sides"]] == [True, False]
    assert told["sides"][1]["contact_email"] == "b@example.org"
    assert head.get(path).json()["introduction_id"] == told["id"]
    assert head.delete(path).status_code == 409
    assert officer.post(f"{path}/refusal", json={"answer": "Non."}).status_code == 409
    officer.post(f"{API}/introductions/{told['id']}/abandonment")
