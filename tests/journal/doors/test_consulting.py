"""The doors of consultations: voting without account or script, ideas, the result, the pages of officers, the API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest

from tests.journal.doors.office import Office
from tests.journal.doors.rows import write
from tests.journal.doors.test_introducing import form_key
from tests.not_empty import not_empty
from vigie.interfaces.web.desk.consulting import SECRET_COOKIE

API = "/api/v1/desk/consultations"


@pytest.fixture
def rows(office: Office) -> Mapping[str, str]:
    return write(office)


def test_a_vote_is_given_found_again_and_taken_back_without_account(office: Office, rows: Mapping[str, str]) -> None:
    place = f"/consultation/{rows['consultation']}"
    page = office.page()
    first = page.get(place).text
    assert "Que faire des ateliers" in first and "Un débat" in first and "restent inconnus" in first
    shown = page.get(f"{place}/avis")
    cookie = shown.headers["set-cookie"]
    assert f"Path={place}" in cookie and "HttpOnly" in cookie
    assert shown.headers["cache-control"] == "no-store"
    assert [word for word in ("agree", "disagree", "pass") if f'value="{word}"' in shown.text] == [
        "agree", "disagree", "pass",
    ]  # fmt: skip
    voted = page.post(
        f"{place}/avis", data={"proposition": rows["voted"], "vote": "agree", "once": form_key(shown.text)}
    )
    assert "merci" in voted.text and "1 sur 1" in voted.text.replace("\u00a0", " ")
    own = page.get(f"{place}/mes-avis").text
    code = re.search(r"<code>(\S+)</code>", own)
    assert code and "D’accord" in own
    elsewhere = office.page()
    wrong = elsewhere.post(f"{place}/mes-avis", data={"geste": "reprendre", "code": "un autre"})
    assert wrong.status_code == 422 and "aucun participant" in wrong.text
    assert "D’accord" in elsewhere.post(f"{place}/mes-avis", data={"geste": "reprendre", "code": code[1]}).text
    page.post(f"{place}/mes-avis", data={"geste": "retirer", "proposition": rows["voted"]})
    assert "Pas encore voté" in elsewhere.get(f"{place}/mes-avis").text


def test_two_presses_on_the_first_vote_are_one_participant(office: Office, rows: Mapping[str, str]) -> None:
    place = f"/consultation/{rows['consultation']}"
    page = office.page()
    page.get(f"{place}/avis")
    secret = page.cookies[SECRET_COOKIE]
    for said in ("agree", "disagree"):
        page.post(f"{place}/avis", data={"proposition": rows["voted"], "vote": said})
        assert page.cookies[SECRET_COOKIE] == secret


def test_an_account_changes_nothing_in_a_vote(office: Office, rows: Mapping[str, str]) -> None:
    place = f"/consultation/{rows['consultation']}"
    signed = office.page("inhabitant")
    signed.post(f"{place}/avis", data={"proposition": rows["voted"], "vote": "agree"})
    assert "D’accord" in signed.get(f"{place}/mes-avis").text
    again = office.page("inhabitant")
    assert "Aucun vote" in again.get(f"{place}/mes-avis").text, "the account does not lead to its votes"


def test_an_idea_is_followed_by_its_own_address(office: Office, rows: Mapping[str, str]) -> None:
    place = f"/consultation/{rows['consultation']}"
    page = office.page()
    refused = page.post(f"{place}/idee", data={"text": "Mme Essai doit quitter ces lieux."})
    assert refused.status_code == 422 and "nomme quelqu’un" in refused.text
    taken = page.post(f"{place}/idee", data={"text": "Les halles doivent ouvrir aux artisans le samedi."})
    assert "Reçue, à lire" in taken.text and "/lien/idee/" in str(taken.url)
    officer = office.page("officer")
    desk = officer.get(f"/bureau/consultations/{rows['consultation']}").text
    assert "Les halles doivent ouvrir" in desk
    (decide,) = [
        href
        for href in not_empty(re.findall(r'href="(/bureau/propositions/\w+/decision)"', desk))
        if "Les halles" in officer.get(href).text
    ]
    done = officer.post(decide, data={"decision": "refuse", "rule": "off_topic"})
    assert "La décision est enregistrée" in done.text
    followed = page.get(str(taken.url)).text
    assert "Non retenue" in followed and "Hors sujet" in followed
    assert "Retirée par qui" in page.post(str(taken.url)).text


def test_the_officers_prepare_and_open_one_by_forms(office: Office) -> None:
    officer, today = office.page("officer"), office.desk.journal.now().date()
    said = {
        "question": "Quelle place pour le train ?", "becomes": "Une délibération.", "territory": "85109",
        "opens_on": today.isoformat(), "closes_on": (today + timedelta(days=20)).isoformat(),
        "becomes_on": (today + timedelta(days=60)).isoformat(), "college": "all", "shares_with": "",
    }  # fmt: skip
    wrong = officer.post("/bureau/consultations/nouvelle", data={**said, "closes_on": "2020-01-01"})
    assert wrong.status_code == 422 and "finirait avant de commencer" in wrong.text
    made = officer.post("/bureau/consultations/nouvelle", data=said)
    assert "La consultation est préparée" in made.text
    place = str(made.url).partition("?")[0]
    early = officer.post(f"{place}/ouvrir")
    assert early.status_code == 409 and "propositions au moins" in early.text
    texts = "\n".join(
        f"Le train doit passer par la gare de {name}." for name in ("Cholet", "Luçon", "Vertou", "Clisson")
    )
    officer.post(f"{place}/propositions", data={"texts": f"{texts}\nLe car suffit pour tous les trajets."})
    assert "La consultation est ouverte" in officer.post(f"{place}/ouvrir").text
    hall = officer.post(f"{place}/salle", data={"people": "30", "hours": "2"})
    assert "30 places libres" in hall.text.replace("\u00a0", " ").replace("\u202f", " ")
    public = office.page().get("/consultations").text
    assert "Quelle place pour le train" in public.replace("\u00a0", " ")


def test_a_program_votes_with_the_secret_it_was_given(office: Office, rows: Mapping[str, str]) -> None:
    program, place = office.api(), f"{API}/{rows['consultation']}"
    assert rows["consultation"] in [one["id"] for one in program.get(API).json()["consultations"]]
    taken = program.post(f"{place}/votes", json={"statement": rows["voted"], "vote": "agree"}).json()
    secret = {"X-Participant": taken["secret"]}
    assert program.get(f"{place}/paper", headers=secret).json()["voted"] == 1
    assert "1 vote" in program.get(f"{place}/result", headers=secret).json()["my_sentence"].replace("\u00a0", " ")
    assert program.get(f"{place}/result").json()["my_votes"] == 0
    refused = program.post(f"{place}/votes", json={"statement": rows["voted"], "vote": "peut-être"})
    assert refused.status_code == 400
    assert program.delete(f"{place}/votes", headers=secret).status_code == 204
    assert program.get(f"{place}/paper", headers=secret).json()["voted"] == 0


def test_a_crowd_behind_one_address_is_told_what_to_do(office: Office, rows: Mapping[str, str]) -> None:
    place = f"/consultation/{rows['consultation']}/avis"
    for _ in range(10):
        assert office.page().post(place, data={"proposition": rows["voted"], "vote": "agree"}).status_code == 200
    kept_out = office.page().post(place, data={"proposition": rows["voted"], "vote": "agree"})
    assert kept_out.status_code == 429 and "code de salle" in kept_out.text
    wrong = office.page().post(place, data={"proposition": rows["voted"], "vote": "agree", "salle": "abcdefgh"})
    assert wrong.status_code == 422 and "n’est pas ouvert" in wrong.text


def test_the_result_is_taken_away_as_a_table_without_any_vote(office: Office, rows: Mapping[str, str]) -> None:
    told = office.page().get(f"/consultation/{rows['consultation']}/resultat.csv")
    assert told.text.startswith("Proposition,Votes,Ensemble") and "moins de dix votes" in told.text
    assert office.page().get(f"/consultation/{rows['consultation']}/resultat.exe").status_code == 404


def test_the_page_of_a_territory_leads_to_what_is_said_there(office: Office, rows: Mapping[str, str]) -> None:
    page = office.page()
    assert 'href="/consultations?territoire=commune:85109"' in page.get("/territoire/commune/85109").text
    here = page.get("/consultations?territoire=commune:85109").text
    assert f"/consultation/{rows['consultation']}" in here and "Les Herbiers" in here
    assert f"/consultation/{rows['consultation']}" not in page.get("/consultations?territoire=commune:85017").text
