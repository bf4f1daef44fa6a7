"""The table of figures: what a portrait says, for every territory of every level, and why what is unknown is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.not_empty import not_empty
from tests.unit.services import small_world
from tests.unit.services.small_world import HERBIERS, NANTES, PAYS_DES_HERBIERS, ROCHE
from vigie.domain.finding_table import Unknown
from vigie.errors import NotFound, RequestFault, StructureFault
from vigie.services.figures.registered import MEASURES
from vigie.services.figures.rules import LEVELS, aggregation_rules
from vigie.services.indicator_cards import indicator_cards
from vigie.services.indicator_values import IndicatorValue, ValuesAsked, values
from vigie.services.loaded import Loaded
from vigie.services.observe import Observe
from vigie.sources.cards_reader import Card
from vigie.sources.indicator_uses import Aggregation
from vigie.store.engines.duckdb.warehouse import DuckWarehouse

World = tuple[DuckWarehouse, Observe]
Row = Mapping[str, Any]


def card(name: str, **layout: object) -> Card:
    return Card(
        id=name, title=name, producer="Insee", licence="Licence Ouverte 2.0", citation="Insee, 2020",
        rhythm="annuel", kind="indicateur", layout={"unit": "ménages", **layout},
    )  # fmt: skip


CARDS = (
    card("homes", additive=True),
    card("owned", aggregation="sum"),
    card("owners", aggregation="ratio", numerator="owned", denominator="homes", scale=100, unit="%"),
    card("income", aggregation="mean", weight="population", unit="euros"),
    card("median", aggregation="none", unit="euros"),
)
VALUES = [
    ("homes", "commune", HERBIERS, "2020", 100.0, "known"),
    ("homes", "commune", "85017", "2020", 50.0, "known"),
    ("owned", "commune", HERBIERS, "2020", 60.0, "known"),
    ("owned", "commune", "85017", "2020", None, "secret"),
    ("owners", "commune", HERBIERS, "2020", 60.0, "known"),
    ("income", "commune", HERBIERS, "2020", 20_000.0, "known"),
    ("income", "commune", "85017", "2020", 30_000.0, "known"),
    ("median", "commune", HERBIERS, "2020", 21.5, "known"),
    ("median", "epci", PAYS_DES_HERBIERS, "2020", 22.5, "known"),
]


def world(path: Path, **options: Any) -> World:
    cards = {one.source: one for one in CARDS}
    warehouse, loaded = small_world.build(path, indicators=VALUES, cards=cards, **options)
    vintage = {**loaded.vintage, **dict.fromkeys(cards, "2020")}
    known = Loaded("g", simulated=True, created="", vintage=vintage, cards=cards)
    return warehouse, Observe(warehouse, known)


@pytest.fixture(scope="module", params=["employers", "jobs"])
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path = tmp_path_factory.mktemp("figures") / "warehouse.duckdb"
    warehouse, observe = world(path, jobs=request.param == "jobs")
    yield warehouse, observe
    warehouse.close()


def figures(warehouse: DuckWarehouse) -> list[dict[str, Any]]:
    return warehouse.rows(warehouse.table("figure"))


def latest(warehouse: DuckWarehouse) -> dict[tuple[str, str], Row]:
    """Return the present figure of each territory and indicator."""
    found: dict[tuple[str, str], Row] = {}
    for row in sorted(figures(warehouse), key=lambda row: row["vintage"]):
        found[f"{row['kind']}:{row['code']}", row["indicator"]] = row
    return found


def test_every_card_has_its_measure_and_every_measure_its_card() -> None:
    assert set(MEASURES) == set(indicator_cards())
    for one in not_empty(indicator_cards().values()):
        assert one.levels and one.secrecy


def test_a_figure_is_that_of_the_portrait(small: World) -> None:
    warehouse, observe = small
    table, compared = latest(warehouse), 0
    for place in (HERBIERS, ROCHE, NANTES, PAYS_DES_HERBIERS, "85", "44", "region:52", "FR"):
        for found in not_empty(observe.portrait(place).findings):
            row = table.get((str(found.territory), found.id))
            if row is None:
                assert found.value is None, (place, found.id)
                continue
            compared += 1
            assert row["value"] == pytest.approx(found.value), (place, found.id)
            assert row["coverage"] == pytest.approx(found.coverage), (place, found.id)
            bounds = found.interval
            assert (row["low"], row["high"]) == ((bounds.low, bounds.high) if bounds else (None, None))
            assert (row["why"] is None) == (found.value is not None)
    assert compared > 100


def test_a_series_is_that_of_the_portrait(small: World) -> None:
    warehouse, observe = small
    rows = {
        row["vintage"]: row["value"]
        for row in figures(warehouse)
        if (row["indicator"], row["kind"], row["code"]) == ("population", "epci", PAYS_DES_HERBIERS)
    }
    assert rows == dict(observe.finding(PAYS_DES_HERBIERS, "population").series)


def test_what_is_unknown_says_why_and_is_never_zero(small: World) -> None:
    warehouse, _ = small
    unknown = [row for row in figures(warehouse) if row["value"] is None]
    for row in not_empty(unknown):
        assert Unknown(row["why"]).label
    assert not [row for row in figures(warehouse) if row["value"] is not None and row["why"] is not None]


def test_every_level_is_there(small: World) -> None:
    warehouse, _ = small
    present = {row["kind"] for row in figures(warehouse) if row["indicator"] == "establishments"}
    zones = {"ze", "aav"}  # no zoning is loaded here
    assert present == {kind.value for kind in LEVELS} - zones


def test_published_values_pass_to_larger_territories_as_their_cards_say(small: World) -> None:
    table = latest(small[0])
    place = f"epci:{PAYS_DES_HERBIERS}"
    people = {code: table[f"commune:{code}", "population"]["value"] for code in (HERBIERS, "85017")}
    mean = (20_000 * people[HERBIERS] + 30_000 * people["85017"]) / sum(people.values())
    assert table[place, "homes"]["value"] == 150
    assert table[place, "income"]["value"] == pytest.approx(mean)
    assert table[place, "income"]["denominator"] == sum(people.values())
    ratio = table[place, "owners"]
    assert (ratio["value"], ratio["numerator"], ratio["denominator"]) == (60.0, 60.0, 100.0)
    assert table[place, "median"]["value"] == 22.5
    assert ("departement:85", "median") not in table


def test_a_perimeter_drawn_by_hand_is_computed_by_the_same_functions(small: World) -> None:
    warehouse, observe = small
    table, own = latest(warehouse), observe.portrait(PAYS_DES_HERBIERS)
    communes = ",".join(observe._places.perimeter(own.territory).communes or ())
    drawn = observe.portrait(f"perimetre:{communes}")
    for found in not_empty(drawn.findings):
        row = table.get((f"epci:{PAYS_DES_HERBIERS}", found.id))
        if found.id == "median":
            assert found.value is None  # published for the EPCI, never for what is drawn
        elif row is not None:
            assert found.value == pytest.approx(row["value"]), found.id


@pytest.mark.parametrize(
    ("cards", "key", "said"),
    [
        ([card("a", aggregation="mean", weight="nowhere")], "layout.weight", "nowhere"),
        ([card("a", aggregation="mean")], "layout.weight", "manque"),
        ([card("a", aggregation="product")], "layout.aggregation", "product"),
        ([card("a", aggregation="ratio", numerator="a", denominator="population")], "layout.numerator", "lui-même"),
        (
            [
                card("a", aggregation="ratio", numerator="b", denominator="population"),
                card("b", aggregation="ratio", numerator="a", denominator="population"),
            ],
            "layout.numerator", "lui-même",
        ),
        ([card("a", aggregation="ratio", numerator="m", denominator="population"), card("m")], "layout.numerator",
         "ne s’additionne pas"),
        ([card("a"), card("a")], "id", "déjà celui"),
        ([card("a", aggregation="ratio", numerator="population", denominator="population", scale="x")], "layout.scale",
         "nombre"),
    ],
)  # fmt: skip
def test_a_wrong_card_is_refused_with_its_file_and_key(cards: list[Card], key: str, said: str) -> None:
    with pytest.raises(StructureFault) as caught:
        aggregation_rules(cards)
    assert caught.value.file == "a.yml"
    assert caught.value.column == key
    assert said in str(caught.value)


def test_an_additive_card_is_a_sum() -> None:
    assert aggregation_rules(CARDS)["homes"].aggregation is Aggregation.SUM


def answered(small: World, indicator: str, **asked: str) -> list[IndicatorValue]:
    warehouse, observe = small
    data: Any = SimpleNamespace(warehouse=warehouse, loaded=observe._loaded)
    return list(values(data, indicator, ValuesAsked(**asked)).rows)


def test_the_values_of_a_level_are_those_of_portraits(small: World) -> None:
    rows = answered(small, "employers", level="commune", within="85")
    assert len(rows) > 200
    known = [row for row in rows if row.value is not None]
    for row in not_empty(known):
        assert row.value == small[1].finding(row.code, "employers").value
        assert row.rank == 1 + sum(other.value > row.value for other in known if other.value is not None)
    for row in not_empty(row for row in rows if row.value is None):
        assert row.rank is None and row.why
    assert rows == sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.name, row.code))


def test_a_former_vintage_can_be_asked(small: World) -> None:
    first = small[1].finding("85", "population").series[0]
    [row] = [row for row in answered(small, "population", level="departement", vintage=first[0]) if row.code == "85"]
    assert row.value == first[1]


def test_a_level_or_a_vintage_that_is_not_there_is_refused(small: World) -> None:
    for asked in ({"level": "petr"}, {"level": "epci", "vintage": "1492"}):
        with pytest.raises(RequestFault):
            answered(small, "population", **asked)
    with pytest.raises(NotFound, match="nothing_here"):
        answered(small, "nothing_here")


def test_an_unknown_indicator_is_refused(small: World) -> None:
    with pytest.raises(NotFound):
        small[1].finding(HERBIERS, "nothing_of_this_name")
