"""Flows of matter that firms declare: in bands and closed words, read by whom they choose, one click from a meeting."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journal.cast import SIREN_HERE, SIREN_PARTNER
from tests.journal.doors.office import Office

API = "/api/v1/desk"
WOOD = {"way": "gives", "band": "10-100", "visibility": "network", "waste": "03 01 05"}


def declare(office: Office, who: str = "head", siren: str = SIREN_HERE, **changes: Any) -> Any:
    return office.api(who).post(f"{API}/firms/{siren}/flows", json=WOOD | changes)


def matches(office: Office, who: str = "officer", siren: str = SIREN_HERE) -> list[dict[str, Any]]:
    answer = office.api(who).get(f"{API}/firms/{siren}/matter")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


def test_a_flow_is_said_in_a_sentence_and_read_like_what_a_firm_says(office: Office) -> None:
    made = declare(office)
    assert made.status_code == 201, made.text
    told = made.json()
    assert told["field"] == "flows" and told["visibility"] == "network"
    assert "03 01 05" in told["text"] and "de 10 à 100 t par an" in told["text"]
    assert told["text"] in str(office.api("officer").get(f"{API}/firms/{SIREN_HERE}/declarations").json())
    assert told["text"] not in office.page("anyone").get(f"/entreprise/{SIREN_HERE}").text
    refused = office.api("head").put(
        f"{API}/firms/{SIREN_HERE}/declarations/{told['id']}",
        json={"field": "flows", "text": "Autre chose", "visibility": "network"},
    )
    assert refused.status_code == 409
    gone = office.api("head").delete(f"{API}/firms/{SIREN_HERE}/declarations/{told['id']}")
    assert gone.status_code in (200, 204)
    assert told["text"] not in str(office.api("officer").get(f"{API}/firms/{SIREN_HERE}/declarations").json())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"waste": ""}, "l’un des deux"),
        ({"substance": "chaleur"}, "l’un des deux"),
        ({"waste": "030105170201"}, "colle 2 codes"),
        ({"waste": "17 02 01*"}, "porte l’étoile"),
        ({"band": "42 tonnes"}, ""),
        ({"way": ""}, ""),
    ],
)
def test_what_is_no_flow_is_refused_in_a_sentence(office: Office, changes: dict[str, Any], told: str) -> None:
    answer = declare(office, **changes)
    assert answer.status_code in (400, 422) and told in answer.text


def test_who_gives_and_who_seeks_find_one_another_and_meet_in_one_click(office: Office) -> None:
    assert declare(office, substance="chaleur", waste="").status_code == 201
    assert declare(office, "officer", SIREN_PARTNER, way="takes", substance="chaleur", waste="").status_code == 201
    found = [row for row in matches(office) if row["matter"] == "Chaleur"]
    assert [(row["siret"][:9], row["way"]) for row in found] == [(SIREN_PARTNER, "prendre")]
    assert found[0]["quantity"].replace("\u00a0", " ") == "de 10 à 100 MWh par an"
    page = office.page("officer").get(f"/bureau/entreprise/{SIREN_HERE}/matiere").text
    assert f"/bureau/mises-en-relation/nouvelle?siren_a={SIREN_HERE}&amp;siren_b={SIREN_PARTNER}" in page
    own = office.page("head").get(f"/bureau/entreprise/{SIREN_HERE}/matiere").text
    assert f"siren={SIREN_PARTNER}" in own and "Demander à la rencontrer" in own


def test_what_the_network_reads_is_not_public_nor_another_organisations(office: Office) -> None:
    assert declare(office, substance="eau", waste="").status_code == 201
    assert declare(office, "officer", SIREN_PARTNER, way="takes", substance="eau", waste="").status_code == 201
    assert any(row["matter"] == "Eau" for row in matches(office))
    assert "Eau" not in office.api("anyone").get(f"/api/v1/firms/{SIREN_HERE}/symbiosis").text
    assert office.api("head").get(f"{API}/firms/{SIREN_PARTNER}/matter").status_code == 404
    for part in ("anyone", "inhabitant", "elected"):
        assert office.api(part).get(f"{API}/firms/{SIREN_HERE}/matter").status_code in (401, 403, 404)
    form = office.page("head").get(f"/bureau/entreprise/{SIREN_HERE}/flux")
    assert form.status_code == 200 and "Une tranche suffit" in form.text


def test_what_firms_said_this_week_makes_an_exchange_to_propose_on_monday(office: Office) -> None:
    assert declare(office, waste="15 01 03").status_code == 201
    assert declare(office, "officer", SIREN_PARTNER, way="takes", waste="15 01 03").status_code == 201
    week = office.api("officer").get(f"{API}/monday").json()["exchanges"]
    assert {(one["giver_siren"], one["taker_siren"]) for one in week} == {(SIREN_HERE, SIREN_PARTNER)}
    page = office.page("officer").get("/bureau").text
    assert "Échanges de matière à proposer" in page and "Les deux entreprises le disent" in page
    assert f"/bureau/mises-en-relation/nouvelle?siren_a={SIREN_HERE}&amp;siren_b={SIREN_PARTNER}" in page
    assert office.api("officer_away").get(f"{API}/monday").json()["exchanges"] == []


def test_a_territory_is_told_with_what_firms_say_to_whoever_reads_totals(office: Office) -> None:
    assert declare(office, waste="20 01 40").status_code == 201
    lacking = {who: office.api(who).get(f"{API}/matter").json()["loops"]["rows"] for who in ("officer", "elected")}
    told = {
        who: [row["amount"] for row in rows if row["matter"].startswith("20 01 40")] for who, rows in lacking.items()
    }
    assert [one.replace("\u00a0", " ") for one in told["officer"]] == ["de 10 à 100 t par an"] and not told["elected"]
    page = office.page("officer").get("/bureau/matiere").text
    assert "20 01 40" in page and "20 01 40" not in office.page("elected").get("/bureau/matiere").text
    for who in ("head", "inhabitant", "anyone"):
        assert office.page(who).get("/bureau/matiere", follow_redirects=False).status_code in (303, 404)


def test_a_need_leads_its_reader_to_what_they_may_do(office: Office) -> None:
    assert declare(office, "officer", SIREN_PARTNER, way="takes", waste="12 01 01").status_code == 201
    asked = {"text": "Que faire de mes chutes d’acier ?", "siren": SIREN_HERE}
    named = {who: _named(office, who, asked) for who in ("officer", "head", "anyone")}
    # A flow that the network reads is not said to visitors.
    assert named == {"officer": [SIREN_PARTNER], "head": [SIREN_PARTNER], "anyone": []}
    forms = {"firm": "", "none": "", "commune": "Les Herbiers", "readers": "contact", **asked}
    for who, act in (("officer", "Préparer une mise en relation"), ("head", "Demander à la rencontrer")):
        assert act in office.page(who).post("/besoin/joindre", data=forms).text


def _named(office: Office, who: str, asked: dict[str, str]) -> list[str]:
    answer = office.api(who).post(f"{API}/needs/answers", json=asked)
    assert answer.status_code == 200, answer.text
    told = answer.json()["exchanges"]
    return [one["siret"][:9] for one in told["sites"]] if told else []
