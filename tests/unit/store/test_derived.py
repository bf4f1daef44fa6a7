"""Tables derived from the stock, on a few establishments counted by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import pytest

from vigie.store import derived
from vigie.store.tables import ESTABLISHMENT, SUCCESSION


@pytest.fixture(scope="module")
def execute() -> Any:
    connection = ibis.duckdb.connect()
    return lambda expression: connection.to_pyarrow(expression).to_pylist()


def stock(*rows: dict[str, Any]) -> ibis.Table:
    filled = [
        dict.fromkeys(ESTABLISHMENT.schema)
        | {"siret": f"{n:014d}", "siren": f"{n:09d}", "state": "A", "commune": "85191", "naf_nomenclature": "NAFRev2"}
        | row
        for n, row in enumerate(rows)
    ]
    return ibis.memtable(filled, schema=ESTABLISHMENT.schema)


def links(*rows: dict[str, Any]) -> ibis.Table:
    return ibis.memtable([dict.fromkeys(SUCCESSION.schema) | row for row in rows], schema=SUCCESSION.schema)


def test_bridge_counts_open_establishments_and_shares(execute: Any) -> None:
    pairs = [("25.62B", "25.53Y"), ("25.62B", "25.53Y"), ("25.62B", "25.99X"), ("25.61Z", "25.53Y"), (None, "25.53Y")]
    rows = stock(*({"naf": old, "naf25": new} for old, new in pairs), {"naf": "25.61Z", "naf25": "1", "state": "F"})
    found = {(r["naf"], r["naf25"]): r for r in execute(derived.activity_bridge(rows))}
    assert set(found) == {("25.62B", "25.53Y"), ("25.62B", "25.99X"), ("25.61Z", "25.53Y")}
    both = found["25.62B", "25.53Y"]
    assert (both["establishments"], both["share"], both["share_back"]) == (2, 2 / 3, 2 / 3)


def test_counts_tell_apart_what_is_unknown(execute: Any) -> None:
    bands = ("NN", "00", None, "11", "11")
    rows = stock(*({"size_band": band} for band in bands), {"size_band": "11", "state": "F"})
    counts = derived.active_count(rows)
    assert {r["size_band"]: r["establishments"] for r in execute(counts)} == {"NN": 1, "00": 1, None: 1, "11": 2}
    assert sum(r["establishments"] for r in execute(derived.france_count(counts))) == 5


def test_demography_tells_moves_from_creations_and_closures(execute: Any) -> None:
    rows = stock(
        {"created": date(2020, 5, 1)},
        {"created": date(2020, 6, 1), "commune": "85194"},  # 1: takes up 2, which was elsewhere
        {"created": date(2010, 1, 1), "state": "F", "closed": date(2020, 6, 1)},  # 2
        {"created": date(2010, 1, 1), "state": "F", "closed": date(2020, 7, 1)},
        {"created": None},
    )
    moved = links({"predecessor": f"{2:014d}", "successor": f"{1:014d}", "date": date(2020, 6, 1)})
    found = {(r.pop("commune"), r.pop("year")): r for r in execute(derived.demography(rows, moved))}
    nothing = {"creations": 0, "closures": 0, "arrivals": 0, "departures": 0}
    assert found == {
        ("85191", 2020): nothing | {"creations": 1, "closures": 1, "departures": 1},
        ("85194", 2020): nothing | {"arrivals": 1},
        ("85191", 2010): nothing | {"creations": 2},
    }


def test_a_link_that_breaks_the_activity_is_not_a_move(execute: Any) -> None:
    rows = stock({"created": date(2020, 5, 1)}, {"state": "F", "closed": date(2020, 5, 1), "commune": "85194"})
    broken = links(
        {"predecessor": f"{1:014d}", "successor": f"{0:014d}", "date": date(2020, 5, 1), "continuity": False}
    )
    found = {r["commune"]: r for r in execute(derived.demography(rows, broken))}
    assert found["85191"]["creations"] == 1
    assert found["85194"]["closures"] == 1
    assert found["85191"]["arrivals"] == found["85194"]["departures"] == 0
