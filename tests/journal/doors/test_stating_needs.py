"""The doors of needs: three screens without account, the link of the letter, the officer's pages, the API."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests import small_stock
from tests.journal.cast import SIREN_HERE
from tests.journal.doors.office import Office
from tests.journal.doors.test_introducing import form_key, last_letter
from tests.not_empty import not_empty

API = "/api/v1/desk"
WORDS = "Nous cherchons un atelier plus grand, de plain-pied."
PLACE = {"text": WORDS, "commune": "Les Herbiers", "readers": "contact"}
REACH = {**PLACE, "email": "alix@example.org"}


def confirm(office: Office, address: str) -> str:
    """Confirm a need by the link of its letter, and return that link."""
    found = re.search(r"/lien/besoin/\S+", last_letter(office, address).body or "")
    assert found
    page = office.page()
    shown = page.get(found[0])
    assert "Confirmer mon besoin" in shown.text
    assert "Où en est" in page.post(found[0], data={"decision": "confirmer", "once": form_key(shown.text)}).text
    return found[0]


def test_a_need_is_stated_in_three_screens_without_account_nor_number(office: Office) -> None:
    page = office.page()
    words = page.get("/besoin").text
    assert "écran 1 sur 3" in words and 'class="bare"' in words and "Rubriques" not in words
    place = page.post("/besoin/entreprise", data={"text": WORDS, "once": form_key(words)})
    assert "écran 2 sur 3" in place.text and WORDS in unescape(place.text) and place.url.query == b""
    name = small_stock.unit(3)["denominationUniteLegale"]
    reach = page.post("/besoin/joindre", data={**PLACE, "firm": name, "once": form_key(place.text)})
    assert "écran 3 sur 3" in reach.text, reach.text
    assert f'name="siren" value="{small_stock.siren(3)}"' in reach.text
    assert "L’accueil de Communauté d’essai vous répond" in unescape(reach.text)
    held = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', reach.text))
    sent = page.post("/besoin", data={**held, "text": WORDS, "email": "trois@example.org"})
    assert "confirmez votre adresse" in sent.text
    link = confirm(office, "trois@example.org")
    officer = office.page("officer")
    listed = officer.get("/bureau/besoins").text
    assert WORDS in unescape(listed)
    need = re.search(r'href="(/bureau/besoins/\w{20})"', listed)
    assert need and WORDS in unescape(officer.get("/bureau").text)
    assert "pas encore" in page.get(link).text
    shown = officer.get(need[1])
    assert "trois@example.org" in shown.text
    assert page.get(link).text.count('class="reached"') == 2, "it was read"
    answered = officer.post(f"{need[1]}/proposer", data={"proposal": "Deux ateliers.", "once": form_key(shown.text)})
    assert "La proposition est envoyée" in answered.text
    assert "Deux ateliers." in page.get(link).text
    dossier = re.search(r'href="(/bureau/dossiers/\w{20})"', answered.text)
    assert dossier and need[1] in officer.get(dossier[1]).text


def test_several_firms_of_a_name_are_offered_and_one_may_have_none(office: Office) -> None:
    page = office.page()
    several = page.post("/besoin/joindre", data={**PLACE, "firm": "atelier imaginaire"})
    assert several.status_code == 422 and "Plusieurs entreprises" in several.text, several.text
    none = page.post("/besoin/joindre", data={**PLACE, "none": "oui"})
    assert "écran 3 sur 3" in none.text and 'name="siren" value=""' in none.text
    left = page.post("/besoin/joindre", data={**PLACE, "firm": "atelier imaginaire", "siren": "aucune"})
    assert "écran 3 sur 3" in left.text


@pytest.mark.parametrize(
    ("changed", "screen", "says"),
    [
        ({"text": ""}, 1, "quelques mots"),
        ({"text": "x" * 5000}, 1, "caractères"),
        ({"text": "1200 euros"}, 1, "sans prix"),
        ({"text": "www.a.example et www.b.example"}, 1, "liens"),
        ({"commune": ""}, 2, "quelle commune"),
        ({"commune": "Nulle-Part-sur-Rien"}, 2, "Aucune commune"),
        ({"commune": "75056"}, 2, "Personne ne répond encore"),
        ({"siren": "12"}, 2, "n’est ni un SIREN"),
        ({"readers": "public", "text": "Vendre à un meilleur prix"}, 2, "règles de concurrence"),
        ({"email": ""}, 3, "adresse"),
        ({"email": "alix"}, 3, "adresse"),
    ],
)
def test_what_is_refused_is_told_on_its_screen_with_what_was_typed(
    office: Office, changed: dict[str, str], screen: int, says: str
) -> None:
    answer = office.page().post("/besoin", data={**REACH, **changed})
    assert answer.status_code == 422
    assert f"écran {screen} sur 3" in answer.text, answer.text
    assert says in unescape(answer.text).replace("\u202f", " ")
    kept = (REACH | changed)["text"]
    assert not kept or kept in unescape(answer.text)


def test_nobody_is_asked_for_a_step_out_of_order(office: Office) -> None:
    page = office.page(follow=False)
    for path in not_empty(("/besoin/entreprise", "/besoin/joindre")):
        assert page.get(path).headers["location"] == "/besoin"
        assert "écran 1 sur 3" in page.post(path, data={}).text


def test_the_page_of_a_firm_leads_to_a_need_of_that_firm_and_says_who_answers(office: Office) -> None:
    officer = office.page("officer")
    form = officer.get("/bureau/mes-communes").text
    own = {"communes": "Les Herbiers", "days": "3", "phone": "02 51 00 00 01", "public": "oui"}
    said = officer.post("/bureau/mes-communes", data={**own, "once": form_key(form)})
    assert "savent qui leur répond" in said.text and 'value="3"' in said.text
    firm = office.page().get(f"/entreprise/{SIREN_HERE}").text
    told = unescape(firm).replace("\u00a0", " ").replace("\u202f", " ")
    assert "Votre contact : Personne O., Communauté d’essai, répond sous 3 jours ouvrés." in told
    assert "Personne officer" not in firm and f"/besoin?siren={SIREN_HERE}" in firm
    words = office.page().get(f"/besoin?siren={SIREN_HERE}").text
    assert f'name="siren" value="{SIREN_HERE}"' in words
    place = office.page().post("/besoin/entreprise", data={"text": WORDS, "siren": SIREN_HERE})
    assert 'value="Les Herbiers"' in place.text
    contact = office.api().get(f"{API}/contact/85109").json()
    assert contact == {
        "organisation": "Communauté d’essai", "name": "Personne O.", "phone": "02 51 00 00 01", "days": 3,
    }  # fmt: skip
    office.page("officer").post("/bureau/mes-communes", data={**own, "public": ""})
    assert "Personne O." not in office.page().get(f"/entreprise/{SIREN_HERE}").text
    bad = office.page("officer").post("/bureau/mes-communes", data={**own, "communes": "Nulle-Part-sur-Rien"})
    assert bad.status_code == 422 and "Aucune commune" in unescape(bad.text)


def test_an_administrator_says_who_answers_where(office: Office) -> None:
    admin = office.page("admin")
    members = admin.get("/bureau/membres").text
    assert "Qui répond pour quelles communes" in members
    page = admin.get("/bureau/membres/accueil/communes")
    assert "L’accueil de l’organisation" in unescape(page.text) and 'name="communes"' not in page.text
    sent = {"days": "5", "phone": "02 51 00 00 00", "once": form_key(page.text)}
    done = admin.post("/bureau/membres/accueil/communes", data=sent)
    assert "Répond sous 5" in unescape(done.text).replace("\u00a0", " ")
    told = office.api("admin").put(f"{API}/members/accueil/coverage", json={"days": 4}).json()
    assert (told["days"], told["phone"]) == (4, "")


def test_programs_state_and_follow_a_need(office: Office) -> None:
    program = office.api()
    words = "Un quai de chargement."
    stated = program.post(f"{API}/needs", json={"text": words, "email": "api@example.org", "commune": "85109"})
    assert stated.status_code == 201 and stated.json()["organisation"] == "Communauté d’essai"
    found = re.search(r"/lien/besoin/(\S+)", last_letter(office, "api@example.org").body or "")
    assert found
    path = f"{API}/links/need/{found[1]}"
    assert program.get(path).json()["standing"] == "unconfirmed"
    assert program.post(path, json={"decision": "confirm"}).json()["standing"] == "followed"
    needs = office.api("officer").get(f"{API}/needs").json()["needs"]
    (mine,) = [one for one in needs if one["text"] == words]
    read = office.api("officer").get(f"{API}/needs/{mine['id']}").json()
    assert read["email"] == "api@example.org"
    assert [step["word"] for step in read["steps"] if step["on"]] == ["received", "seen"]
    assert program.post(path, json={"decision": "withdraw"}).json()["text"] == ""
    refused = program.post(f"{API}/needs", json={"text": "12 €", "email": "a@example.org", "commune": "85109"})
    assert refused.status_code == 400 and "sans prix" in refused.json()["erreur"]
