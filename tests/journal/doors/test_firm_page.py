"""One page for a firm: what everybody reads, and what its officer reads beside it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import small_stock
from tests.journal.cast import SIREN_HERE
from tests.journal.doors.office import Office
from tests.not_empty import not_empty
from vigie.domain.access import Scope
from vigie.services.connect.method import method
from vigie.store.journal.followup import Contact, Dossier, Exchange, Reminder
from vigie.store.journal.introductions import Call
from vigie.store.journal.people import Organisation
from vigie.store.journal.records import Audit

RESERVED = "Mot du dossier que nul autre ne lit"
FOLLOWED = small_stock.siren(31)
SITE = small_stock.siret(31)
PAGES = (f"/entreprise/{FOLLOWED}", f"/etablissement/{SITE}")


@pytest.fixture(scope="module")
def dossier(office: Office) -> str:
    """A dossier whose every part holds words that nobody else may read."""
    officer = office.cast.officer
    with office.desk.journal.writing(officer) as unit:
        unit.act("dossier.opened")
        today = unit.now.date()
        held = unit.add(Dossier(kind="firm", title=f"Titre {RESERVED}", siren=FOLLOWED, owner_id=officer.person))
        unit.flush()
        unit.add(Contact(dossier_id=held.id, name=f"Alix {RESERVED}", phone="0251000000", email="alix@example.org"))
        unit.add(Exchange(dossier_id=held.id, kind="visit", happened_on=today, body=f"Vu : {RESERVED}"))
        unit.add(Reminder(dossier_id=held.id, due_on=today, reason=f"Rappeler : {RESERVED}", owner_id=officer.person))
        return str(held.id)


def _once(page: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', page)
    return found[1] if found else ""


@pytest.mark.parametrize("page", PAGES)
def test_the_firm_and_its_site_open_the_same_page(office: Office, page: str) -> None:
    shown = office.page().get(page)
    assert shown.status_code == 200
    assert "<h1>Atelier Imaginaire 31" in shown.text and "ATELIER IMAGINAIRE 31" in shown.text  # usual case, record
    parts = [shown.text.index(f'id="{part}"') for part in ("evenements", "etablissements", "fiche", "vous")]
    assert parts == sorted(parts)
    assert shown.text.index("Ne plus figurer") > parts[-1]


def test_old_addresses_lead_to_the_page(office: Office) -> None:
    browser = office.page(follow=False)
    spaced = f"{SITE[:3]}%20{SITE[3:6]}%20{SITE[6:9]}%20{SITE[9:]}"
    for address, target in (
        (f"/entreprise/{SITE}", f"/entreprise/{FOLLOWED}"), (f"/etablissement/{spaced}", f"/etablissement/{SITE}"),
    ):  # fmt: skip
        answer = browser.get(address)
        assert (answer.status_code, answer.headers["location"]) == (308, target)
    assert browser.get(f"/etablissement/{SITE}/evenements").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_the_officer_reads_the_dossier_beside_the_firm(office: Office, dossier: str, page: str) -> None:
    shown = office.page("officer").get(page).text
    assert "Mon dossier" in shown and f"Rappeler : {RESERVED}" in shown.replace("\u00a0", " ").replace("\u202f", " ")
    assert f"Alix {RESERVED}" in shown and "02\u00a051\u00a000\u00a000\u00a000" in shown
    assert f'href="/bureau/dossiers/{dossier}"' in shown
    office.desk.journal.gather()
    with office.desk.journal.reading(office.cast.admin) as reader:
        traced = reader.all(select(Audit.kind).where(Audit.subject == dossier))
    assert "dossier.read" in traced


@pytest.mark.parametrize(
    "part",
    ["anyone", "inhabitant", "head", "head_partner", "analyst", "elected", "partner", "officer_away", "admin_away",
     "head_away", "super_admin"],
)  # fmt: skip
def test_nothing_of_the_dossier_is_shown_to_anybody_else(office: Office, dossier: str, part: str) -> None:
    for page in PAGES:
        shown = office.page(part).get(page)
        assert shown.status_code == 200
        assert RESERVED not in shown.text and dossier not in shown.text and "alix@" not in shown.text
    sheet = office.page(part, follow=False).get(f"/bureau/entreprise/{FOLLOWED}/visite")
    assert RESERVED not in sheet.text and dossier not in sheet.text


def test_an_exchange_and_the_next_step_are_noted_in_one_form(office: Office, dossier: str) -> None:
    browser, here = office.page("officer"), PAGES[0]
    page = browser.get(here)
    fields = {"body": "Un four à essayer", "next_step": "Proposer une date", "due_on": "2026-12-15", "kind": "visit"}
    typed = {**fields, "retour": here, "once": _once(page.text)}
    done = browser.post(f"/bureau/dossiers/{dossier}/etape", data=typed)
    assert done.url.path == here and "C’est noté" in done.text and "Un four à essayer" in done.text
    browser.post(f"/bureau/dossiers/{dossier}/etape", data=typed)  # sent again: noted once
    with office.desk.journal.reading(office.cast.officer) as reader:
        told = reader.all(select(Exchange).where(Exchange.dossier_id == dossier, Exchange.kind == "visit"))
        steps = reader.all(select(Reminder).where(Reminder.dossier_id == dossier))
        today = reader.today
    assert [one.body for one in told].count("Un four à essayer") == 1
    assert [str(one.due_on) for one in steps if one.reason == "Proposer une date"] == ["2026-12-15"]
    assert today in {one.happened_on for one in told}


def test_a_step_without_a_day_is_for_next_week_and_a_day_without_a_step_is_refused(
    office: Office, dossier: str
) -> None:
    api = office.api("officer")
    made = api.post(f"/api/v1/desk/dossiers/{dossier}/steps", json={"body": "Appel", "next_step": "Relancer"})
    assert made.status_code == 201, made.text
    with office.desk.journal.reading(office.cast.officer) as reader:
        row = next(iter(reader.all(select(Reminder).where(Reminder.reason == "Relancer"))))
        assert row.due_on == reader.today + timedelta(days=7)
    alone = api.post(f"/api/v1/desk/dossiers/{dossier}/steps", json={"body": "Appel", "due_on": "2026-12-20"})
    assert alone.status_code == 400 and "à faire ce jour-là" in alone.text


def test_a_firm_without_a_dossier_offers_to_open_one(office: Office) -> None:
    other = f"/entreprise/{small_stock.siren(33)}"
    assert "Ouvrir un dossier" in office.page("officer").get(other).text
    assert 'id="dossier"' not in office.page("head").get(other).text


def test_the_visit_sheet_follows_the_order_of_a_preparation(office: Office, dossier: str) -> None:
    sheet = office.page("officer").get(f"/bureau/entreprise/{FOLLOWED}/visite").text
    titles = re.findall(r"<section[^>]*><h2>([^<]+)</h2>", sheet)
    assert [title.replace("\u00a0", " ") for title in titles] == [
        "Ce qu’elle fait vraiment", "À qui parler", "Dernier échange, et ce qui fut promis",
        "Ce qu’elle cherche et propose", "À lui demander", "Ce qui a changé", "Qui elle pourrait rencontrer", "Y aller",
    ]  # fmt: skip
    assert f"Alix {RESERVED}" in sheet and dossier


def test_the_visit_sheet_asks_only_what_the_firm_has_not_told(office: Office, dossier: str) -> None:
    here = f"/bureau/entreprise/{FOLLOWED}/visite"
    before = office.page("officer").get(here).text
    asked = before.split("À lui demander</h2>")[1].split("</section>")[0]
    assert "Que cherche-t-elle" in asked and "Ses étapes" in asked and dossier
    entry = {"field": "needs", "text": "Un atelier de traitement", "visibility": "officer"}
    made = office.api("officer").post(f"/api/v1/desk/firms/{FOLLOWED}/declarations", json=entry)
    assert made.status_code == 201, made.text
    after = office.page("officer").get(here).text
    assert "Un atelier de traitement" in after and "Que cherche-t-elle" not in after
    assert "Ses étapes" in after.split("À lui demander</h2>")[1]


def test_the_open_calls_of_a_firm_are_on_its_page_and_those_of_others_are_not(office: Office) -> None:
    head = office.cast.head
    with office.desk.journal.writing(head) as unit:
        unit.act("call.published")
        day, common = unit.now.date(), {"kind": "need", "visibility": "public", "author_id": head.person}
        public = unit.add(Call(title="Un four pour essais", text="Texte", siren=SIREN_HERE, opens_on=day, **common))
        public.vouched_as = "host"
        late = Call(title="Un appel fini", text="Texte", siren=SIREN_HERE, opens_on=day, **common)
        late.closes_on, late.vouched_as = day - timedelta(days=1), "host"
        unit.add(late)
    shown = office.page().get(f"/entreprise/{SIREN_HERE}").text
    assert "Un four pour essais" in shown and "Un appel fini" not in shown
    assert "Un four pour essais" not in office.page().get(PAGES[0]).text


@pytest.fixture
def narrower(office: Office) -> Iterator[None]:
    """Give the organisation one commune for a while."""
    before = _moved(office, "commune:85109")
    yield
    _moved(office, before)


def _moved(office: Office, territory: str) -> str:
    with office.desk.journal.writing(office.cast.admin) as unit:
        unit.act("organisation.edited")
        row = unit.get(Organisation, office.cast.admin.organisation)
        before, row.territory = row.territory, territory
    return before


@pytest.mark.usefixtures("narrower")
def test_whoever_heads_the_firm_is_told_who_answers_there(office: Office) -> None:
    assert "Communauté d’essai" in office.page().get(PAGES[0]).text
    assert office.desk.covering.contact(()) is None is office.desk.covering.contact(("75056",))
    assert Scope().person == ""


def test_an_officer_reads_who_could_work_with_a_firm(office: Office) -> None:
    browser = office.page("officer")
    address = f"/bureau/entreprise/{FOLLOWED}/partenaires"
    assert f'href="{address}"' in browser.get(PAGES[0]).text
    shown = browser.get(f"{address}?sorte=mutualisation")
    assert shown.status_code == 200
    assert "Partenaires possibles" in shown.text and 'aria-current="page">Mutualiser entre pairs' in shown.text
    told = office.api("officer").get(f"/api/v1/desk/firms/{FOLLOWED}/partners").json()
    assert told["siret"] == SITE
    assert told["notes"]
    assert browser.get(f"{address}?sorte=amitie").status_code == 422


@pytest.mark.parametrize("part", ["anyone", "inhabitant", "head_away"])
def test_nobody_else_reads_who_could_work_with_a_firm(office: Office, part: str) -> None:
    page = office.page(part, follow=False).get(f"/bureau/entreprise/{FOLLOWED}/partenaires")
    assert page.status_code != 200
    assert office.api(part).get(f"/api/v1/desk/firms/{FOLLOWED}/partners").status_code in (401, 403, 404)


def test_the_page_of_methods_shows_every_feature_in_its_own_words(office: Office) -> None:
    shown = office.page().get("/methode/partenaires")
    assert shown.status_code == 200
    told = method()
    features = (*told.features, *told.of_projects, *told.of_contracts)
    assert len(features) == 18
    text = shown.text.replace("\u202f", " ").replace("\u00a0", " ")
    for feature in not_empty(features):
        assert feature.docstring.split(" : ")[0][:30] in html.unescape(text), feature.label
    assert text.count("<tr>") == len(told.kinds) + 1
