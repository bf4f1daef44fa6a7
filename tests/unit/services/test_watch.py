"""Events: filters hold together, counts cover all kinds, sentences say only what is public."""

from __future__ import annotations

import json

import pytest

from tests.unit.services.small_world import EARLIER, EVENTS, HERBIERS, LEFT, MASKED, MOVED, SEEN
from vigie.domain.relations import EventKind, EventOrder
from vigie.errors import RequestFault
from vigie.services.event_words import event_sentence
from vigie.services.loaded import Loaded
from vigie.services.watch import MONTH, Factories, Watch
from vigie.store.warehouse import Warehouse


@pytest.fixture(scope="module")
def watch(world: tuple[Warehouse, Loaded]) -> Watch:
    return Watch(*world)


def test_everything_loaded_without_a_filter(watch: Watch) -> None:
    found = watch.events()
    assert found.total == 6
    assert found.counts[EventKind.MOVE] == 1
    assert [event.seen for event in found.events] == sorted((event.seen for event in found.events), reverse=True)


def test_a_territory_and_a_day(watch: Watch) -> None:
    assert watch.events(territory="85", since=SEEN).total == 3
    assert [event.kind for event in watch.events(territory="44").events] == [EventKind.MOVE, EventKind.CLOSURE]
    assert watch.events(territory=HERBIERS, kinds=[EventKind.SIZE]).total == 1
    assert watch.events(territory=HERBIERS, kinds=[EventKind.SIZE]).counts[EventKind.CREATION] == 1


def test_a_firm_and_an_establishment(watch: Watch) -> None:
    assert {event.siret for event in watch.events(siren="732 829 320").events} == {MOVED}
    assert watch.events(siret=MASKED).total == 2
    assert [event.siret for event in watch.events(siret=LEFT).events] == [MOVED]
    with pytest.raises(RequestFault, match="SIREN"):
        watch.events(siren="12")


def test_the_firms_of_a_portfolio_are_asked_for_together(watch: Watch) -> None:
    firms = sorted({event.siren for event in watch.events().events})
    assert len(firms) > 1
    for chosen in (firms[:1], firms[:2], firms):
        apart = {(event.siret, event.kind) for siren in chosen for event in watch.events(siren=siren).events}
        assert {(event.siret, event.kind) for event in watch.events(sirens=chosen).events} == apart
    assert watch.events(sirens=["443061841"]).total == 0
    assert [event.siret for event in watch.events(sirens=[LEFT[:9]], kinds=[EventKind.MOVE]).events] == [MOVED]
    with pytest.raises(RequestFault, match="SIREN"):
        watch.events(sirens=["12"])


def test_pages_cut_without_loss(watch: Watch) -> None:
    pages = [watch.events(page=number, per_page=2) for number in (1, 2, 3)]
    assert [len(page.events) for page in pages] == [2, 2, 2]
    assert pages[0].total_pages == 3
    assert len({(event.siret, event.kind) for page in pages for event in page.events}) == 6
    with pytest.raises(RequestFault):
        watch.events(page=0)


def test_what_matters_most_comes_first(watch: Watch) -> None:
    """A site of 20 that moves: 20 × 5 × 2; one of 10 that closes: 10 × 5 × 2; a band that changes: 20 × 2."""
    found = watch.events(order=EventOrder.MATTER).events
    assert [event.kind for event in found[:3]] == [EventKind.MOVE, EventKind.CLOSURE, EventKind.SIZE]
    assert (found[0].size, found[0].activity) == ("20 à 49 salariés", "Mécanique industrielle")
    assert [event.size for event in found if event.kind is EventKind.CREATION] == [None]
    pages = [watch.events(order=EventOrder.MATTER, page=number, per_page=2).events for number in (1, 2, 3)]
    assert [event for page in pages for event in page] == list(found)


def test_nobody_is_told_who_chose_to_be_discreet(watch: Watch) -> None:
    assert any(kind == "diffusion" for kind, *_ in EVENTS)
    for found in (watch.events(), watch.events(siret=MASKED), watch.events(kinds=[EventKind.STATUS])):
        assert EventKind.STATUS not in found.counts
        assert EventKind.STATUS not in {event.kind for event in found.events}


def test_factories_that_opened_and_closed(watch: Watch) -> None:
    assert watch.factories() == Factories(SEEN - MONTH, 0, 0, 1, 1)
    assert watch.factories("44", EARLIER) == Factories(EARLIER, 0, 0, 1, 1)
    assert watch.factories("85", EARLIER) == Factories(EARLIER, 0, 0, 0, 0)


def test_sentences_of_a_move_and_a_change(watch: Watch) -> None:
    by_kind = {event.kind: event for event in watch.events(territory="85").events}
    assert by_kind[EventKind.MOVE].sentence == "a quitté Nantes pour Les Herbiers"
    assert by_kind[EventKind.MOVE].name == "MEUBLES IMAGINAIRES"
    assert "20 à 49 salariés" in by_kind[EventKind.SIZE].sentence
    assert by_kind[EventKind.ACTIVITY].sentence.startswith("activité\u00a0: de 62.01Z (")


def test_a_masked_establishment_stays_masked(watch: Watch) -> None:
    found = watch.events(siret=MASKED).events
    assert found and all(event.masked and event.name is None for event in found)
    assert {event.sentence for event in found if event.kind is EventKind.NAME} == {"changement de nom"}


def test_a_departure_and_a_move_inside_a_commune() -> None:
    row = {"commune": "1", "commune_name": "Nantes", "other_commune": "2", "other_commune_name": "Rezé", "siret": "A"}
    assert event_sentence(EventKind.MOVE, row | {"before": "A", "after": "B"}) == "a quitté Nantes pour Rezé"
    same = row | {"other_commune": "1", "other_commune_name": "Nantes", "before": "B", "after": "A"}
    assert event_sentence(EventKind.MOVE, same) == "a déménagé dans la même commune\u00a0: Nantes"
    unknown = row | {"other_commune": None, "other_commune_name": None}
    assert event_sentence(EventKind.MOVE, unknown | {"before": "A", "after": "B"}) == "a quitté Nantes"
    assert (
        event_sentence(EventKind.MOVE, unknown | {"before": "Z", "after": "A"}) == "a déménagé\u00a0: désormais Nantes"
    )


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_has_a_sentence_even_when_nothing_is_told(kind: EventKind) -> None:
    columns = ("siret", "commune", "commune_name", "other_commune", "other_commune_name", "before", "after")
    assert event_sentence(kind, dict.fromkeys(columns))


def test_a_page_is_json(watch: Watch) -> None:
    assert json.dumps(watch.events().as_dict(), default=str)


def test_what_is_recent_is_read_once_for_a_territory(watch: Watch) -> None:
    told, factories = watch.recent("85", 3)
    assert told == watch.events(territory="85", order=EventOrder.MATTER, per_page=3)
    assert factories == watch.factories("85")
    assert watch.recent("85", 3)[0] is told
