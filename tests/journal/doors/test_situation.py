"""The situation of a firm: said as it goes by its head or its officer, read by whom they choose, used by proposals."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests import small_stock
from tests.journal.cast import SIREN_AWAY, SIREN_HERE, SIREN_PARTNER
from tests.journal.doors.office import HERBIERS, Office
from tests.not_empty import not_empty
from tests.refreshing import load
from vigie.domain.situation import QUESTIONS, SECTIONS
from vigie.interfaces.cli.main import main

API = "/api/v1/desk"
SITUATION = f"{API}/firms/{SIREN_HERE}/situation"
PAGE = f"/bureau/entreprise/{SIREN_HERE}/situation"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three firms of the cast and nine neighbours, all placed: machining, special machines, kitchen furniture."""
    work = tmp_path_factory.mktemp("situation")
    place = {"codeCommuneEtablissement": HERBIERS, "coordonneeLambertAbscisseEtablissement": "361100",
             "coordonneeLambertOrdonneeEtablissement": "6627800"}  # fmt: skip
    held = [small_stock.establishment(number, **place) for number in range(1, 10)]
    units = [small_stock.unit(number) for number in range(1, 10)]
    for rank, (siren, naf) in enumerate([(SIREN_HERE, "25.62B"), (SIREN_PARTNER, "28.99B"), (SIREN_AWAY, "31.02Z")]):
        siret = small_stock.siret_of(siren)
        own = {"siren": siren, "siret": siret, "nic": siret[9:], "activitePrincipaleEtablissement": naf}
        held.append(small_stock.establishment(100 + rank, **own, **place))
        units.append(small_stock.unit(100 + rank, siren=siren, nicSiegeUniteLegale=siret[9:]))
    load(work / "data", small_stock.write_stock(work / "stock", held, units))
    return work / "data"


def say(office: Office, who: str, *answers: str, siren: str = SIREN_HERE, visibility: str = "network") -> Any:
    body = {"answers": list(answers), "visibility": visibility}
    return office.api(who).put(f"{API}/firms/{siren}/situation", json=body)


def read(office: Office, who: str = "officer", siren: str = SIREN_HERE) -> dict[str, str]:
    answer = office.api(who).get(f"{API}/firms/{siren}/situation")
    assert answer.status_code == 200, answer.text
    return {one["question"]: one["told"]["answer"] for one in answer.json()["questions"] if one["told"]}


def partners(office: Office, who: str, siren: str = SIREN_HERE) -> dict[str, Any]:
    answer = office.api(who).get(f"{API}/firms/{siren}/partners?top=50")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_answers_are_kept_one_by_one_each_with_its_readers(office: Office) -> None:
    answer = say(office, "head", "design=missing", "fabrication=held:public", "maturity_machines=2:officer")
    assert answer.status_code == 200, answer.text
    assert read(office) == {"design": "missing", "fabrication": "held", "maturity_machines": "2"}
    assert read(office, "head_partner") == {"design": "missing", "fabrication": "held"}
    assert read(office, "anyone") == read(office, "head_away") == {"fabrication": "held"}
    assert "Fabrication\u00a0: tenue par elle" in office.page().get(f"/entreprise/{SIREN_HERE}").text
    say(office, "head", "service=none")
    assert set(read(office)) == {"design", "fabrication", "maturity_machines", "service"}, "the others stay"


def test_an_answer_replaces_the_former_and_an_empty_one_withdraws_it(office: Office) -> None:
    say(office, "head", "control=held")
    before = office.api("officer").get(f"{API}/firms/{SIREN_HERE}/declarations").json()["entries"]
    say(office, "head", "control=missing")
    after = office.api("officer").get(f"{API}/firms/{SIREN_HERE}/declarations").json()["entries"]
    assert len(before) == len(after) and read(office)["control"] == "missing"
    say(office, "head", "control=")
    assert "control" not in read(office)
    assert "Contrôle" not in office.api("officer").get(f"{API}/firms/{SIREN_HERE}/declarations").text


def test_the_officer_answers_during_a_visit_and_the_head_has_the_last_word(office: Office) -> None:
    assert say(office, "officer", "delivery=held", siren=SIREN_PARTNER).status_code == 200
    assert read(office, siren=SIREN_PARTNER)["delivery"] == "held"
    assert say(office, "head_partner", "delivery=missing", siren=SIREN_PARTNER).status_code == 200
    assert read(office, siren=SIREN_PARTNER)["delivery"] == "missing"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("licorne=held", "aucune question"),
        ("design", "aucune question"),
        ("design=peut-être", "held, entrusted"),
        ("design=held:tous", "n’est pas un lecteur"),
        ("maturity_machines=4", "0, 1, 2, 3"),
    ],
)
def test_what_is_no_answer_is_refused_in_a_sentence_and_nothing_is_kept(office: Office, answer: str, says: str) -> None:
    refused = say(office, "head", "assembly=held", answer)
    assert refused.status_code == 400 and says in refused.json()["erreur"], refused.text
    assert "assembly" not in read(office)


def test_nobody_answers_for_another_firm(office: Office) -> None:
    assert say(office, "head", "design=held", siren=SIREN_PARTNER).status_code == 404
    assert say(office, "anyone", "design=held").status_code in (401, 404)
    assert office.page("head").get(f"/bureau/entreprise/{SIREN_PARTNER}/situation").status_code == 404


def test_a_chosen_answer_is_not_rewritten_as_words(office: Office) -> None:
    say(office, "head", "design=missing")
    head = office.api("head")
    (row,) = [one for one in head.get(f"{API}/firms/{SIREN_HERE}/declarations").json()["entries"]
              if one["topic"] == "design"]  # fmt: skip
    told = {"field": "chain", "text": "autre chose", "visibility": "network"}
    assert head.put(f"{API}/firms/{SIREN_HERE}/declarations/{row['id']}", json=told).status_code == 409


def test_the_page_asks_three_questions_then_sections_and_saves_each_as_it_goes(office: Office) -> None:
    browser = office.page("head")
    page = browser.get(PAGE)
    assert page.status_code == 200 and "Que fabrique-t-elle" in page.text
    for section in SECTIONS:
        assert f'id="{section.anchor}"' in page.text
    for one in not_empty(QUESTIONS.values()):
        assert f'name="r-{one.word}"' in page.text and f'name="l-{one.word}"' in page.text
    once = re.search(r'name="once" value="([^"]+)"', page.text)
    typed = {"section": "projects", "r-project_machine": "engaged", "l-project_machine": "network",
             "r-project_export": "", "l-project_export": "network", "once": once.group(1) if once else ""}  # fmt: skip
    saved = browser.post(PAGE, data=typed)
    assert saved.status_code == 200 and "C’est enregistré" in saved.text and saved.url.fragment == "maturity"
    assert read(office)["project_machine"] == "engaged" and "project_export" not in read(office)
    first = {"rubrique": "makes", "texte": "Des pièces tournées", "lecteurs": "network", "retour": f"{PAGE}#trois"}
    told = browser.post(f"/bureau/entreprise/{SIREN_HERE}/declarations", data=first)
    assert told.url.path == PAGE and "Des pièces tournées" in told.text and "Que fabrique-t-elle" in told.text
    odd = browser.post(PAGE, data={"section": "chain", "r-design": "licorne", "l-design": "network"})
    assert odd.status_code in (400, 422) and "licorne" in odd.text


def test_a_page_left_open_undoes_nothing_that_was_answered_since(office: Office) -> None:
    """The officer and the head have the page open: what the first says stays when the second saves the same section."""
    shown = office.page("head").get(PAGE).text
    left = dict(re.findall(r'name="(s-[a-z_]+)" value="([^"]*)"', shown))
    assert say(office, "head", "delivery=held").status_code == 200
    typed = {"section": "chain", **left, "r-delivery": "", "l-delivery": "network", "r-assembly": "none",
             "l-assembly": "network"}  # fmt: skip
    saved = office.page("head").post(PAGE, data=typed)
    assert saved.status_code == 200 and "C’est enregistré" in saved.text
    assert read(office)["delivery"] == "held" and read(office)["assembly"] == "none"
    crossed = office.page("head").post(PAGE, data=typed | {"r-delivery": "missing", "r-assembly": "held"})
    assert crossed.status_code == 409 and "entre-temps" in crossed.text
    assert read(office)["delivery"] == "held" and read(office)["assembly"] == "none", "nothing of it is kept"
    say(office, "head", "delivery=", "assembly=")


def test_the_visit_sheet_tells_what_is_known_and_what_is_left(office: Office) -> None:
    say(office, "head", "design=missing", "model_offer=order")
    sheet = office.page("officer").get(f"/bureau/entreprise/{SIREN_HERE}/visite").text.replace("\u00a0", " ")
    assert "Lui manque : conception" in sheet and "Vend du travail à façon" in sheet
    asked = sheet.split("À lui demander</h2>")[1].split("</section>")[0]
    assert "Ses étapes, encore" in asked and "conception," not in asked.split("Industrie")[0]
    assert "Industrie 4.0" in asked and PAGE in asked


def test_links_that_complete_one_another_count_in_proposals_with_their_evidence(office: Office) -> None:
    say(office, "head", "design=missing", "fabrication=held", "maturity_machines=0")
    say(office, "officer", "design=held", "fabrication=missing", "maturity_machines=3", siren=SIREN_PARTNER)
    need = {"field": "needs", "text": "Un atelier de traitement thermique", "visibility": "network"}
    assert office.api("head").post(f"{API}/firms/{SIREN_HERE}/declarations", json=need).status_code == 201
    able = {"codes": "traitement-thermique", "visibility": "network"}
    assert office.api("officer").post(f"{API}/firms/{SIREN_PARTNER}/capabilities", json=able).status_code == 201
    found = {one["siren"]: one for one in partners(office, "officer")["proposals"]}
    told = {one["name"]: one for one in found[SIREN_PARTNER]["score"]["features"]}
    assert "conception" in told["chain_links"]["evidence"] and "fabrication" in told["chain_links"]["evidence"]
    assert told["chain_links"]["value"] == pytest.approx(2 / 3)
    assert "traitement thermique" in told["needs_met"]["evidence"]
    assert "machines" in told["maturity_step"]["evidence"]
    assert found[SIREN_PARTNER]["kind"] in ("design-fabrication", "approvisionnement-local")
    assert "traitement thermique" in found[SIREN_PARTNER]["sentence"]
    assert partners(office, "officer")["proposals"][0]["siren"] == SIREN_PARTNER
    others = [one for siren, one in found.items() if siren != SIREN_PARTNER]
    for one in not_empty(others):
        values = {feature["name"]: feature["value"] for feature in one["score"]["features"]}
        assert values["needs_met"] is None and values.get("chain_links") is None, (
            "who says nothing is neither helped nor harmed"
        )


def test_what_one_organisation_entered_changes_nothing_that_another_reads(office: Office) -> None:
    """All that is not public, of the firm itself and of whom it could meet, said in every field that proposals read."""
    before = {who: partners(office, who, SIREN_PARTNER) for who in ("officer_away", "admin_away")}
    situation = office.api("officer_away").get(SITUATION).json()
    for visibility in ("network", "introduced", "officer"):
        for siren in (SIREN_HERE, SIREN_PARTNER, SIREN_AWAY):
            answers = [f"{word}={next(iter(one.choices))}" for word, one in QUESTIONS.items()]
            assert say(office, "officer", *answers, siren=siren, visibility=visibility).status_code == 200
            entry = {"field": "needs", "text": f"Du fraisage pour {siren}", "visibility": visibility}
            made = office.api("officer").post(f"{API}/firms/{siren}/declarations", json=entry)
            assert made.status_code == 201, made.text
        able = {"codes": {"network": "fraisage", "introduced": "tournage", "officer": "usinage"}[visibility]}
        sent = able | {"visibility": visibility}
        assert office.api("officer").post(f"{API}/firms/{SIREN_HERE}/capabilities", json=sent).status_code == 201
        assert {who: partners(office, who, SIREN_PARTNER) for who in before} == before, visibility
        assert office.api("officer_away").get(SITUATION).json() == situation
    assert partners(office, "officer", SIREN_PARTNER)["proposals"] != before["officer_away"]["proposals"]


def test_the_command_prints_what_is_public_and_what_is_left(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("SECRET", office.settings.secret), ("THREADS", "2"), ("MEMORY_MIB", "1024")):
        monkeypatch.setenv(f"VIGIE_{name}", value)
    say(office, "head", "fabrication=held:public", "design=missing")
    where = ["--data-dir", str(office.settings.data_dir)]
    assert main(["connect", "situation", SIREN_HERE, "--json", *where]) == 0
    told = json.loads(capsys.readouterr().out)
    answered = {one["question"]: one["told"]["answer"] for one in told["questions"] if one["told"]}
    assert answered == {"fabrication": "held"} and told["summary"]["known"] == ["Tient : fabrication"]
    assert main(["connect", "situation", SIREN_HERE, *where]) == 0
    assert "Que cherche-t-elle" in capsys.readouterr().out
    assert main(["connect", "situation", "12", *where]) == 1
