"""A need is answered at once: activities and counts to anybody, firms to officers; its words are kept nowhere."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests import small_stock
from tests.journal.cast import SIREN_AWAY, SIREN_HERE, SIREN_PARTNER
from tests.journal.doors.office import Office
from tests.journal.doors.test_introducing import form_key
from tests.not_empty import not_empty
from tests.refreshing import load_underived
from vigie.domain.advising import AdviceSubject
from vigie.services.advising.keeping import ADDED, AdviserEntry
from vigie.services.advising.subjects import subjects_of
from vigie.services.calls.publishing import PUBLISHED, CallDraft

API = "/api/v1/desk/needs/answers"
SENTINEL = "zqxwoven"
WELDING = f"Souder des châssis en petite série {SENTINEL}"
HERE = "85109"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight employers of Les Herbiers that make metal structures, and the firms of the cast."""
    folder = tmp_path_factory.mktemp("needing")
    sirens = [*map(small_stock.siren, range(1, 9)), SIREN_HERE, SIREN_PARTNER, SIREN_AWAY]
    own = {"codeCommuneEtablissement": HERE, "caractereEmployeurEtablissement": "O",
           "trancheEffectifsEtablissement": "11", "activitePrincipaleEtablissement": "25.11Z"}  # fmt: skip
    held, units = [], []
    for number, siren in enumerate(sirens, start=1):
        siret = small_stock.siret_of(siren)
        held.append(small_stock.establishment(number, siren=siren, siret=siret, nic=siret[9:]) | own)
        units.append(small_stock.unit(number, siren=siren, nicSiegeUniteLegale=siret[9:]))
    load_underived(folder / "data", small_stock.write_stock(folder / "stock", held, units, kind="csv"))
    return folder / "data"


@pytest.fixture(scope="module", autouse=True)
def published(office: Office) -> None:
    """An open call for everybody, another for the network, a service that advises on premises."""
    officer = office.cast.officer
    for title, visibility in (("Four de trempe à partager", "public"), ("Presse de trempe du réseau", "network")):
        office.desk.acts.run(officer, PUBLISHED, "", CallDraft("need", title, "Petites séries.", visibility))
    entry = AdviserEntry("Espace imaginaire des locaux", "local", days=4, name="Ombeline Cachée", public=False)
    office.desk.acts.run(officer, ADDED, "", entry)


def _asked(office: Office, text: str, part: str = "anyone") -> dict[str, Any]:
    answer = office.api(part).post(API, json={"text": text, "commune": HERE})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_visitor_reads_activities_and_counts_and_an_officer_firms(office: Office) -> None:
    visitor = _asked(office, WELDING)
    (activity,) = visitor["activities"]
    assert activity["naf"] == "25.11Z" and "soudage" in activity["covers"]
    assert activity["establishments"] is None or activity["establishments"] >= 3
    assert visitor["firms"] == [] and visitor["team"] == []
    officer = _asked(office, WELDING, "officer")
    assert officer["activities"] == visitor["activities"]
    for firm in not_empty(officer["firms"]):
        assert firm["name"] not in json.dumps(visitor, ensure_ascii=False)


def test_open_calls_that_speak_of_it_are_told_to_those_who_may_read_them(office: Office) -> None:
    assert [one["title"] for one in _asked(office, "tremper des axes, four de trempe")["calls"]] == [
        "Four de trempe à partager"
    ]
    inside = {one["title"] for one in _asked(office, "four ou presse de trempe", "officer")["calls"]}
    assert inside == {"Four de trempe à partager", "Presse de trempe du réseau"}
    assert _asked(office, "broderie de logos")["calls"] == []
    assert _asked(office, "un atelier pour de petites séries de pièces")["calls"] == []


def test_the_subject_leads_to_who_advises_and_nobody_is_named_who_did_not_agree(office: Office) -> None:
    told = _asked(office, "Nous cherchons un local plus grand")
    assert told["subjects"] == ["local"]
    (adviser,) = told["advisers"]
    assert adviser["service"] == "Espace imaginaire des locaux" and adviser["name"] == ""
    assert told["activities"] == [], "names of firms that share a word of it would mislead"


def test_the_third_screen_answers_before_anything_is_kept(office: Office) -> None:
    page = office.page()
    words = page.get("/besoin").text
    said = {"text": WELDING, "commune": "Les Herbiers", "readers": "contact", "none": "oui", "once": form_key(words)}
    shown = page.post("/besoin/joindre", data=said)
    text = unescape(shown.text)
    assert "écran 3 sur 3" in text and "Sans attendre, autour" in text and "structures métalliques" in text
    assert "/annuaire?naf=25.11Z" in text
    assert SENTINEL not in str(shown.url)
    assert not [line for line in office.log if SENTINEL in line]
    listed = office.page("officer").get("/bureau/besoins").text
    assert SENTINEL not in listed, "the words are kept nowhere before they are sent"


def test_what_is_no_need_or_no_place_is_one_sentence(office: Office) -> None:
    for body, words in (
        ({"text": "  ", "commune": HERE}, "quelques mots"),
        ({"text": "1200 euros", "commune": HERE}, "sans prix"),
        ({"text": "x " * 3000, "commune": HERE}, "caractères"),
        ({"text": "souder", "commune": "99999"}, "commune"),
        ({"text": "souder"}, "commune"),
    ):
        answer = office.api().post(API, json=body)
        assert answer.status_code == 400 and words in answer.json()["erreur"], answer.text


def test_a_price_is_answered_by_no_firm_and_the_reason_is_said(office: Office) -> None:
    told = _asked(office, "Souder un local pour 40 euros de l’heure", "officer")
    assert told["firms"] == [] and told["activities"] == []


def test_a_place_where_nobody_answers_is_answered_all_the_same(office: Office) -> None:
    said = {"text": WELDING, "commune": "Nantes", "readers": "contact", "none": "oui"}
    shown = office.page().post("/besoin/joindre", data=said)
    text = unescape(shown.text)
    assert shown.status_code == 422 and "Personne ne répond encore ici pour Nantes" in text and 'id="reponse"' in text
    assert office.api().post(API, json={"text": WELDING, "commune": "44109"}).json()["commune"] == "44109"


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("recruter deux soudeurs", (AdviceSubject.HIRING,)),
        ("financer un atelier", (AdviceSubject.FUNDING, AdviceSubject.PREMISES)),
        ("un local de 300 m²", (AdviceSubject.PREMISES,)),
        ("réduire notre facture d’électricité", (AdviceSubject.ENERGY,)),
        ("mettre en forme des tôles", ()),
        ("un atelier qui sache courber du chêne", ()),
        ("trois sujets : exporter, innover, recruter", (AdviceSubject.EXPORT, AdviceSubject.INNOVATION)),
    ],
)
def test_subjects_are_read_from_words(text: str, subjects: tuple[AdviceSubject, ...]) -> None:
    assert subjects_of(text) == subjects
