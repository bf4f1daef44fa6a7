"""Words said of records: distances a walker understands, legal categories that a reader knows."""

from __future__ import annotations

from datetime import date

import pytest

from vigie.domain.relations import EventKind
from vigie.interfaces.present import distance_of, place_of
from vigie.interfaces.present_actors import establishment_facts, establishment_sentence, firm_facts, firm_sentence
from vigie.interfaces.present_events import event_line
from vigie.services.know import DirectoryEntry, Firm, LegalUnit
from vigie.services.watch import WatchedEvent


@pytest.mark.parametrize(
    ("kilometres", "said"),
    [
        (None, ""),
        (0.004, "à moins de 10 m"),
        (0.034, "à 30\u00a0m"),
        (0.996, "à 1\u202f000\u00a0m"),
        (12.34, "à 12,3\u00a0km"),
    ],
)
def test_short_distances_are_told_in_metres(kilometres: float | None, said: str) -> None:
    entry = DirectoryEntry("1" * 14, "1" * 9, "X", False, "A", distance_km=kilometres)
    assert distance_of(entry) == said


@pytest.mark.parametrize(
    ("category", "said"),
    [("5499", "société commerciale (code 5499)"), (None, "non connue"), ("0000", "code 0000")],
)
def test_a_legal_category_is_told_in_words(category: str | None, said: str) -> None:
    facts = {fact.label: fact.value for fact in firm_facts(firm(2, legal_category=category))}
    assert facts["Catégorie juridique"] == said


def test_a_firm_says_that_its_closed_establishments_count() -> None:
    assert "compte 2 sites en comptant ceux qui sont fermés" in firm_sentence(firm(2)).replace("\u00a0", " ")
    assert "en comptant" not in firm_sentence(firm(1))


def firm(total: int, legal_category: str | None = None) -> Firm:
    unit = LegalUnit("1" * 9, "ATELIER", legal_category=legal_category)
    return Firm("1" * 9, unit, (), total, 1, 20, 1, False, ())


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("fermeture\u00a0: Luçon", ""),
        ("fermeture", ""),
        ("a quitté Luçon pour Grues", "A quitté Luçon pour Grues."),
    ],
)
def test_an_event_does_not_say_its_kind_and_place_twice(told: str, shown: str) -> None:
    day = date(2026, 11, 23)
    event = WatchedEvent(
        kind=EventKind.CLOSURE, label="fermeture", sentence=told, siret="1" * 14, siren="1" * 9, name="Forge",
        masked=False, commune="85128", commune_name="Luçon", date=day, seen=day, before=None, after=None,
        other_commune=None, other_commune_name=None,
    )  # fmt: skip
    assert event_line(event).sentence == shown


def test_business_mail_and_the_country_are_told_with_the_address() -> None:
    mail = DirectoryEntry(
        "1" * 14, "1" * 9, "X", False, "A", address="12 RUE DU MOULIN", distribution="BP 123", postal_code="85922",
        cedex_code="85922", cedex_label="LA ROCHE-SUR-YON CEDEX 9", commune="85191", commune_name="La Roche-sur-Yon",
    )  # fmt: skip
    assert place_of(mail) == "12 rue du Moulin, BP 123, 85922 LA ROCHE-SUR-YON CEDEX 9"
    abroad = DirectoryEntry(
        "1" * 14, "1" * 9, "X", False, "A", address="1 CALLE MAYOR", commune_name="VALENCIA", country="ESPAGNE"
    )
    assert place_of(abroad) == "1 CALLE MAYOR, VALENCIA, ESPAGNE"
    facts = {fact.label: fact.value for fact in establishment_facts(abroad)}
    assert (facts["Ville"], facts["Pays"]) == ("VALENCIA", "ESPAGNE") and "Commune" not in facts
    assert "(ESPAGNE)" in establishment_sentence(abroad)
