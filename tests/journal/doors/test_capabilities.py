"""Capabilities: proposed from what a firm says, confirmed in one gesture, each with its readers; a head's partners."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.journal.cast import SIREN_HERE, SIREN_PARTNER
from tests.journal.doors.office import Office
from tests.journal.doors.test_introducing import form_key

DECLARATIONS = f"/api/v1/desk/firms/{SIREN_HERE}/declarations"
CAPABILITIES = f"/api/v1/desk/firms/{SIREN_HERE}/capabilities"
MINE = "/bureau/mon-entreprise"


@pytest.fixture(scope="module", autouse=True)
def said(office: Office) -> None:
    """The head says what the firm makes, and what it seeks."""
    for field, text in (("makes", "Nous soudons l’inox au TIG"), ("needs", "un sous-traitant en broderie")):
        told = {"field": field, "text": text, "visibility": "network"}
        assert office.api("head").post(DECLARATIONS, json=told).status_code == 201


def _confirmed(office: Office, part: str) -> list[str]:
    entries = office.api(part).get(DECLARATIONS).json()["entries"]
    return [one["text"] for one in entries if one["field"] == "capabilities"]


def test_words_propose_capabilities_and_what_is_needed_does_not(office: Office) -> None:
    page = unescape(office.page("head").get(MINE).text)
    assert 'value="soudage-tig"' in page and 'value="acier-inoxydable"' in page
    assert 'value="broderie"' not in page, "what a firm needs is what others can do"


def test_one_gesture_confirms_them_all_and_they_are_proposed_no_more(office: Office) -> None:
    head = office.page("head")
    page = head.get(MINE).text
    every = re.search(r'name="savoirs" value="([^"]* [^"]*)"', page)
    assert every
    sent = {"savoirs": every[1], "lecteurs": "network", "once": form_key(page)}
    shown = unescape(head.post(f"/bureau/entreprise/{SIREN_HERE}/savoir-faire", data=sent).text)
    assert "Les savoir-faire sont confirmés" in shown
    assert 'value="soudage-tig"' not in shown
    assert {"soudage TIG", "acier inoxydable"} <= set(_confirmed(office, "head"))
    assert "soudage TIG" in unescape(office.page("officer").get(f"/bureau/entreprise/{SIREN_HERE}/visite").text)


def test_readers_are_those_chosen(office: Office) -> None:
    told = {"codes": "fraisage", "visibility": "officer"}
    answer = office.api("head").post(CAPABILITIES, json=told)
    assert answer.status_code == 201, answer.text
    assert "fraisage" in _confirmed(office, "head")
    assert "fraisage" not in _confirmed(office, "anyone") + _confirmed(office, "head_away")


@pytest.mark.parametrize(("codes", "says"), [("licorne", "vocabulaire"), ("soudage-tig", "déjà confirmés")])
def test_what_cannot_be_confirmed_is_one_sentence(office: Office, codes: str, says: str) -> None:
    answer = office.api("head").post(CAPABILITIES, json={"codes": codes, "visibility": "network"})
    assert answer.status_code == 400 and says in answer.json()["erreur"], answer.text


def test_a_confirmed_capability_is_withdrawn_and_not_rewritten(office: Office) -> None:
    head = office.api("head")
    (row,) = [one for one in head.get(DECLARATIONS).json()["entries"] if one["text"] == "acier inoxydable"]
    there = f"{DECLARATIONS}/{row['id']}"
    told = {"field": "makes", "text": "autre chose", "visibility": "network"}
    assert head.put(there, json=told).status_code == 409
    assert head.delete(there).status_code in {200, 204}
    assert "acier inoxydable" not in _confirmed(office, "head")


def test_nobody_confirms_for_another_firm(office: Office) -> None:
    told = {"codes": "fraisage", "visibility": "network"}
    other = CAPABILITIES.replace(SIREN_HERE, SIREN_PARTNER)
    assert office.api("head").post(other, json=told).status_code == 404
    assert office.api().post(CAPABILITIES, json=told).status_code in {401, 404}


def test_a_head_reads_who_could_work_with_their_firm_and_no_other(office: Office) -> None:
    page = office.page("head").get(f"{MINE}/partenaires")
    assert page.status_code == 200 and "Partenaires possibles" in page.text
    assert "/bureau/mises-en-relation/nouvelle" not in page.text, "a head asks, an officer prepares"
    told = office.api("head")
    assert told.get(f"/api/v1/desk/firms/{SIREN_HERE}/partners").status_code == 200
    assert told.get(f"/api/v1/desk/firms/{SIREN_PARTNER}/partners").status_code == 404
