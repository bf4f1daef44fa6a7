"""Capabilities: proposed from what a firm says, confirmed in one gesture, each with its readers; a head's partners."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from tests.journal.cast import SIREN_HERE, SIREN_PARTNER
from tests.journal.doors.office import Office
from tests.journal.doors.test_introducing import form_key
from vigie.domain.declarations import DeclarationSubject, Visibility
from vigie.interfaces.cli.main import main
from vigie.services.connect.okw import facility_of, read_facility
from vigie.services.firms.answers import DeclarationRead, Declarations
from vigie.sources.capabilities import vocabulary

DECLARATIONS = f"/api/v1/desk/firms/{SIREN_HERE}/declarations"
CAPABILITIES = f"/api/v1/desk/firms/{SIREN_HERE}/capabilities"
MINE = "/bureau/mon-entreprise"
NOW = datetime(2026, 11, 28, tzinfo=UTC)


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


def test_a_facility_goes_elsewhere_and_comes_back_without_losing_anything(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, officer = office.page("head"), office.api("officer")
    record = head.get(f"/bureau/entreprise/{SIREN_HERE}/okw.json")
    assert record.status_code == 200 and record.json()["id"] == f"SIREN {SIREN_HERE}"
    kept = set(_confirmed(office, "head"))
    assert kept and kept == {term.label for term in read_facility(record.text).terms}
    sent = {"text": record.text, "visibility": "network"}
    other = officer.post(f"/api/v1/desk/firms/{SIREN_PARTNER}/okw", json=sent)
    assert other.status_code == 201, other.text
    there = officer.get(f"/api/v1/desk/firms/{SIREN_PARTNER}/okw").json()
    lists = ("manufacturing_processes", "typical_materials", "equipment", "typical_batch_size", "certifications")
    assert {key: there[key] for key in lists} == {key: record.json()[key] for key in lists}
    (tmp_path / "fiche.json").write_text(record.text, encoding="utf-8")
    assert main(["connect", "import-okw", str(tmp_path / "fiche.json"), "--json"]) == 0
    assert {one["label"] for one in json.loads(capsys.readouterr().out)["capabilities"]} == kept
    anybody = office.api().get(f"/api/v1/desk/firms/{SIREN_HERE}/okw").json()
    assert [anybody[key] for key in lists] == [[]] * len(lists), "nothing of it is public"


def test_every_term_of_the_vocabulary_survives_the_round_trip() -> None:
    terms = vocabulary()
    assert len(terms) > 400
    entries = tuple(
        DeclarationRead(
            term.code, DeclarationSubject.CAPABILITIES, term.label, Visibility.PUBLIC, "head", "", NOW, NOW, own=False
        )
        for term in terms
    )
    told = Declarations(SIREN_HERE, "Atelier", False, False, False, entries)
    assert {term.code for term in read_facility(json.dumps(facility_of(told))).terms} == {one.code for one in terms}


@pytest.mark.parametrize("text", ["[]", "fiche", '{"manufacturing_processes": ["licorne"]}', "{" * 2_000, "[" * 40_000])
def test_a_record_that_is_none_is_one_sentence(office: Office, text: str) -> None:
    sent = {"text": text, "visibility": "network"}
    answer = office.api("head").post(f"/api/v1/desk/firms/{SIREN_HERE}/okw", json=sent)
    assert answer.status_code == 400 and "fiche" in answer.json()["erreur"], answer.text
