"""Indicator files that an installation brings: published values, secret or missing, summed only when they may be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.services import small_world
from tests.unit.services.small_world import HERBIERS, PAYS_DES_HERBIERS, ROCHE
from vigie.services.catalogue import Catalogue
from vigie.services.loaded import Loaded
from vigie.services.observe import Observe
from vigie.sources.cards_reader import Card, read_cards

HEADS = ("additive_heads", "published_median")


def card(name: str, *, additive: bool) -> Card:
    return Card(
        id=name, title=f"Titre de {name}", producer="Insee", licence="Licence Ouverte 2.0", citation="Insee, 2020",
        rhythm="annuel", kind="indicateur", layout={"unit": "ménages", "additive": additive, "vintage": "2020"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def observe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observe]:
    values = [
        ("additive_heads", "commune", HERBIERS, "2019", 90.0, "known"),
        ("additive_heads", "commune", HERBIERS, "2020", 100.0, "known"),
        ("additive_heads", "commune", "85017", "2020", 40.0, "known"),
        ("additive_heads", "commune", "85082", "2020", None, "secret"),
        ("published_median", "commune", HERBIERS, "2020", 21.5, "known"),
        ("published_median", "commune", ROCHE, "2020", None, "secret"),
    ]
    path = tmp_path_factory.mktemp("imported") / "warehouse.duckdb"
    warehouse, loaded = small_world.build(path, indicators=values)
    cards = [*read_cards(), card("additive_heads", additive=True), card("published_median", additive=False)]
    vintage = {**loaded.vintage, **{f"indicateur:{name}": "2020" for name in HEADS}}
    yield Observe(warehouse, Loaded("g", False, "", vintage, cards={one.source: one for one in cards}))
    warehouse.close()


def test_a_published_value_is_shown_as_it_is(observe: Observe) -> None:
    found = observe.finding(HERBIERS, "published_median")
    assert (found.value, found.unit, found.label) == (21.5, "ménages", "Titre de published_median")
    assert [source.id for source in found.sources] == ["published_median"]


def test_years_make_a_series(observe: Observe) -> None:
    found = observe.finding(HERBIERS, "additive_heads")
    assert (found.value, found.series) == (100.0, (("2019", 90.0), ("2020", 100.0)))


def test_what_may_be_summed_is_with_its_coverage(observe: Observe) -> None:
    found = observe.finding(PAYS_DES_HERBIERS, "additive_heads")
    assert found.value == 140
    assert found.coverage == pytest.approx(2 / 8)  # of all communes, those that the file leaves out included


def test_what_may_not_be_summed_is_not(observe: Observe) -> None:
    found = observe.finding(PAYS_DES_HERBIERS, "published_median")
    assert found.value is None
    assert "aucune valeur" in str(found.note)


def test_a_secret_value_says_so(observe: Observe) -> None:
    found = observe.finding(ROCHE, "published_median")
    assert found.value is None
    assert "secret" in str(found.note)


def test_every_finding_still_has_a_card(observe: Observe) -> None:
    assert {found.id for found in observe.portrait(HERBIERS).findings} <= set(observe.cards)
    assert observe.evidence(HERBIERS, "published_median").card.question


def test_the_catalogue_lists_them(observe: Observe) -> None:
    cards = [card("additive_heads", additive=True), card("published_median", additive=False)]
    loaded = Loaded("g", False, "", {"indicateur:additive_heads": "2020"}, cards={one.source: one for one in cards})
    assert [one.id for one in Catalogue(cards, loaded).indicators()][-1] == "additive_heads"


def test_a_published_file_stays_real_beside_imaginary_establishments() -> None:
    cards = {one.source: one for one in (card("published_median", additive=False), *read_cards())}
    loaded = Loaded("g", True, "", {"indicateur:published_median": "2020", "sirene_etablissement": None}, cards=cards)
    published, stock = loaded.cite("indicateur:published_median", "sirene_etablissement")
    assert (published.id, published.producer) == ("published_median", "Insee")
    assert "imaginaire" in stock.title
    shown = {source.id: source.simulated for source in Catalogue(cards.values(), loaded).sources()}
    assert not shown["published_median"] and shown["sirene_etablissement"]
