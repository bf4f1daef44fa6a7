"""The page that asks for an agreement: who, what, how far, why; its author's telephone, if they agreed to be named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.journal.cast import SIREN_HERE, SIREN_PARTNER, Cast
from tests.journal.parties import A_MAIL, Names, link, proposal
from vigie.interfaces.web.desk.links import link_page
from vigie.services.desk import Desk
from vigie.services.desk import desk as make_desk
from vigie.services.introductions.letters import ONE_RULE
from vigie.services.keys import Keys
from vigie.services.needs.answerers import OWN, OwnCoverage
from vigie.services.register import FirmSight, NoRegister
from vigie.settings import Settings
from vigie.store.journal.sql import SqlJournal

SIGHTS = {
    SIREN_HERE: FirmSight("Forge", "Les Herbiers", (46.87, -1.01)),
    SIREN_PARTNER: FirmSight("Sciage du bois", "Les Epesses", (46.88, -0.90)),
}


class Sights(NoRegister):
    """Two firms of which a party may read something."""

    def sight(self, siren: str) -> FirmSight | None:
        return SIGHTS.get(siren)


@pytest.fixture
def desk(journal: SqlJournal, keys: Keys, settings: Settings) -> Iterator[Desk]:
    yield make_desk(journal, keys, settings, Sights())


def test_a_party_reads_who_what_how_far_and_why(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    desk.introductions.proposing.propose(cast.officer, proposal(), Names())
    token = link(journal, cast.officer, A_MAIL, "proposée")
    told = desk.introductions.by_link.look(token)
    assert (told.other_activity, told.other_commune, told.phone) == ("Sciage du bois", "Les Epesses", "")
    assert told.distance_km == pytest.approx(8.4, abs=0.2)
    page = link_page(told)
    facts = {fact.label: fact.value.replace("\u00a0", " ") for fact in page.facts}
    assert list(facts) == ["Qui", "Quoi", "Distance", "Pourquoi"]
    assert (facts["Quoi"], facts["Distance"]) == ("Sciage du bois, aux Epesses", "8 km à vol d’oiseau")
    assert page.bare and ONE_RULE in page.notes
    desk.acts.run(cast.officer, OWN, "", OwnCoverage(phone="02 61 91 00 01", public=True))
    assert desk.introductions.by_link.look(token).phone == "02 61 91 00 01"


def test_what_is_not_known_is_said_and_a_long_reason_is_folded(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    desk.introductions.proposing.propose(cast.officer, proposal("Une raison. " * 40), Names())
    told = desk.introductions.by_link.look(link(journal, cast.officer, A_MAIL, "proposée"))
    page = link_page(replace(told, distance_km=None))
    facts = {fact.label: fact.value for fact in page.facts}
    assert facts["Distance"] == "non connue"
    assert len(facts["Pourquoi"]) <= 181 and page.quotation
    assert "moins d’un kilomètre" in {fact.value for fact in link_page(replace(told, distance_km=0.4)).facts}
