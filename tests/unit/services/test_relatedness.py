"""Derived tables of relatedness, on tables made by hand: what was planted is found, what is too small says why."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pytest

from tests.not_empty import not_empty
from vigie.services.relatedness import areas, ties
from vigie.services.relatedness.complexity import activity_rows, area_rows, colocation, compared, reach_rows
from vigie.services.relatedness.derivation import RELATEDNESS
from vigie.services.relatedness.derivation import related_activity as derive_related
from vigie.store.tables import ALL, Table

TABLES = {table.name: table for table in ALL}
FAMILIES = (("10.11Z", "10.51A", "10.71A"), ("25.62A", "25.62B", "28.41Z"), ("58.21Z", "62.01Z", "62.02A"))


class Reader:
    """Executes expressions as a build does."""

    cards: Mapping[str, Any] = {}

    def __init__(self) -> None:
        self.engine = ibis.duckdb.connect()

    def arrow(self, expression: ir.Table) -> pa.Table:
        self.engine.to_pyarrow(expression.limit(0))  # makes the tables in memory known
        # The types are the engine's, as in a build: Ibis would cast them to what it expects.
        text = str(ibis.to_sql(expression, dialect="duckdb"))
        return self.engine.con.execute(text).to_arrow_table()

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        return self.arrow(expression).to_pylist()

    def stage(self, _name: str, content: ir.Table) -> ir.Table:
        return content


def table(name: str, rows: Sequence[Mapping[str, Any]]) -> ir.Table:
    """Return a declared table from rows that may leave columns out."""
    declared: Table = TABLES[name]
    whole = [{column.name: row.get(column.name) for column in declared.columns} for row in rows]
    if not whole:
        return ibis.memtable([], schema=declared.schema)
    return ibis.memtable(pa.Table.from_pylist(whole, schema=ibis.schema(declared.schema).to_pyarrow()))


def country(count: int = 24, kind: str = "ze", jobs: int = 1_500) -> dict[str, ir.Table]:
    """Return jobs of areas of one commune each: an area holds the activities of one family, and little of the rest."""
    cells, members = [], []
    for rank in range(count):
        commune, family = f"{rank:05d}", rank % len(FAMILIES)
        members.append({"kind": kind, "code": f"{rank:04d}", "vintage": 2026, "commune": commune})
        for other, codes in enumerate(FAMILIES):
            for place, naf in enumerate(codes):
                # No area is quite like another: which activity leads turns with the area.
                held = jobs + 150 * ((place + rank // 3) % 3) if other == family else 20 + 7 * ((rank + place) % 4)
                cells.append(cell(commune, naf, held))
        cells.append(cell(commune, "47.11F", 4_000))
        cells.append(cell(commune, areas.SET_APART, 900))
    return {"jobs": table("jobs", cells), "membership": table("membership", members)}


def cell(commune: str, naf: str, jobs: int | None, year: int = 2025) -> dict[str, Any]:
    return {"commune": commune, "naf": naf, "naf_nomenclature": "NAFRev2", "year": year, "jobs": jobs}


def empty(*names: str) -> dict[str, ir.Table]:
    return {name: table(name, []) for name in names}


TIES = ("hiring", "input_output", "sector_division", "establishment", "establishment_period")


def test_activities_of_a_family_are_found_together() -> None:
    one = compared(country(), Reader())
    assert one is not None
    first = {row["a"]: row for row in colocation(one) if row["rank"] == 1}
    assert set(first) == {naf for family in FAMILIES for naf in family}
    for family in FAMILIES:
        assert {first[naf]["b"] for naf in family} <= set(family)
    assert json.loads(first["25.62A"]["evidence"]) == {"areas": 8, "of": "ze", "among": 24}


def test_what_serves_those_who_live_there_and_temporary_work_are_left_out() -> None:
    rows = activity_rows(compared(country(), Reader())).to_pylist()
    assert {row["naf"] for row in rows} == {naf for family in FAMILIES for naf in family}
    assert not areas.tradable(areas.SET_APART)
    assert areas.tradable("25.62B")
    assert {"25.62B", "62.01Z"} <= set(areas.all_tradable())
    assert not {areas.SET_APART, "47.11F"} & set(areas.all_tradable())


def test_density_says_what_is_near_what_an_area_holds() -> None:
    tables = country()
    lacking = tables["jobs"].filter(~((tables["jobs"].commune == "00001") & (tables["jobs"].naf == "28.41Z")))
    rows = reach_rows(compared({**tables, "jobs": lacking}, Reader())).to_pylist()
    here = sorted((row for row in rows if row["code"] == "0001" and row["rank"]), key=lambda row: row["rank"])
    assert here[0]["naf"] == "28.41Z"
    assert here[0]["jobs"] == 0
    assert here[0]["density"] > here[1]["density"]
    assert [row["rank"] for row in here] == list(range(1, len(here) + 1))
    held = [row for row in rows if row["code"] == "0001" and row["rank"] is None]
    assert all(row["quotient"] >= 1 for row in not_empty(held))


def test_an_area_or_an_activity_with_few_jobs_says_why() -> None:
    tables = country()
    small = [{"commune": "99999", "naf": "62.01Z"}, {"commune": "00003", "naf": "30.11Z"}]
    more = table("jobs", [cell(one["commune"], one["naf"], 40) for one in small])
    member = table("membership", [{"kind": "ze", "code": "9999", "vintage": 2026, "commune": "99999"}])
    given = {"jobs": tables["jobs"].union(more), "membership": tables["membership"].union(member)}
    one = compared(given, Reader())
    places = {row["code"]: row for row in area_rows(one).to_pylist()}
    assert (places["9999"]["why"], places["9999"]["eci"], places["9999"]["diversity"]) == ("few_jobs", None, None)
    # Families that share nothing have no order; what they hold is counted all the same.
    assert (places["0003"]["why"], places["0003"]["diversity"]) == ("undetermined", 3)
    found = {row["naf"]: row for row in activity_rows(one).to_pylist()}
    assert (found["30.11Z"]["why"], found["30.11Z"]["pci"]) == ("few_jobs", None)
    assert "9999" not in {row["code"] for row in reach_rows(one).to_pylist()}


def test_secret_jobs_lower_the_coverage_and_are_no_zero() -> None:
    tables = country()
    jobs = tables["jobs"]
    hidden = jobs.mutate(jobs=ibis.ifelse((jobs.commune == "00004") & (jobs.naf == "10.11Z"), None, jobs.jobs))
    told = {
        row["code"]: row["coverage"] for row in area_rows(compared({**tables, "jobs": hidden}, Reader())).to_pylist()
    }
    assert told["0004"] == pytest.approx(8 / 9)
    assert told["0003"] == 1


@pytest.mark.parametrize(
    ("kind", "count", "jobs", "found"),
    [
        ("ze", 24, 1_500, "ze"),
        ("epci", 24, 1_500, None),  # 10 000 jobs each: fewer than an employment area's worth
        ("epci", 24, 6_000, "epci"),
        ("departement", 24, 1_500, "departement"),
        ("ze", 19, 1_500, None),
        ("commune", 24, 1_500, None),
    ],
)
def test_areas_are_the_first_kind_of_which_there_are_enough(
    kind: str, count: int, jobs: int, found: str | None
) -> None:
    one = compared(country(count, kind, jobs), Reader())
    assert (one.counted.kind if one else None) == found
    if found is None:
        assert [made(one).num_rows for made in (activity_rows, area_rows, reach_rows)] == [0, 0, 0]


def test_the_latest_year_alone_counts() -> None:
    tables = country()
    old = tables["jobs"].mutate(year=ibis.literal(2020, "int16"), jobs=tables["jobs"].jobs * 100)
    one = compared({**tables, "jobs": tables["jobs"].union(old)}, Reader())
    assert one is not None
    assert one.counted.year == 2025
    assert one.counted.jobs.max() < 3_000


def hiring(occupation: str, naf: str, count: int, vintage: int = 2021) -> dict[str, Any]:
    return {"occupation": occupation, "naf": naf, "hirings": count, "vintage": vintage}


def test_hirings_bring_near_what_hires_the_same_trades_and_say_which() -> None:
    rows = [
        hiring("H2903", "25.62A", 60), hiring("H2901", "25.62A", 40), hiring("H2903", "25.62B", 80),
        hiring("M1805", "62.01Z", 90), hiring("M1805", "58.21Z", 70), hiring("H2901", "25.73A", 51),
        hiring("H2903", "24.31Z", 49), hiring("H2903", areas.SET_APART, 5_000), hiring("H2903", "62.01Z", 900, 2017),
    ]  # fmt: skip
    found = ties.hirings({"hiring": table("hiring", rows)}, Reader())
    near = {(row["a"], row["b"]): row for row in found}
    assert set(near) == {("25.62A", "25.62B"), ("25.62B", "25.62A"), ("25.62A", "25.73A"), ("25.73A", "25.62A"),
                         ("62.01Z", "58.21Z"), ("58.21Z", "62.01Z")}  # fmt: skip
    assert near["25.62A", "25.62B"]["value"] == pytest.approx(0.6 * 1 / 1.6)
    told = json.loads(near["25.62A", "25.62B"]["evidence"])
    assert told == {"occupations": [["H2903", 1.0]], "vintage": 2021}


def flow(supplier: str, user: str, value: float, kind: str = "domestic") -> dict[str, Any]:
    return {"supplier": supplier, "user": user, "flow": kind, "naf_level": "x", "value": value, "unit": "M€",
            "vintage": 2011}  # fmt: skip


def test_flows_are_those_of_the_sector_that_holds_a_division() -> None:
    io = [flow("c1", "c2", 20), flow("c1", "c2", 10, "imported"), flow("c2", "c1", 5)]
    io += [flow("c1", "FD_FRA", 900, "final_demand"), flow("c1", "TOTAL", 100, "output")]
    io += [flow("c2", "TOTAL", 60, "output")]
    bridge = [{"naf_level": "x", "sector": sector, "label": sector, "division": division}
              for sector, division in (("c1", "24"), ("c1", "25"), ("c2", "28"))]  # fmt: skip
    given = {"input_output": table("input_output", io), "sector_division": table("sector_division", bridge)}
    found = {(row["a"], row["b"]): row for row in ties.flows(given, Reader())}
    assert set(found) == {("24", "28"), ("25", "28"), ("28", "24"), ("28", "25")}
    assert found["25", "28"]["value"] == pytest.approx((30 / 60 + 5 / 100) / 2)
    told = json.loads(found["25", "28"]["evidence"])
    assert told == {"sells": 30, "buys": 5, "unit": "M€", "vintage": 2011, "sectors": ["c1", "c2"]}
    assert {row["level"] for row in found.values()} == {"division"}


def site(siren: int, naf: str, state: str = "A") -> dict[str, Any]:
    return {"siren": str(siren), "siret": f"{siren}{naf}", "naf": naf, "naf_nomenclature": "NAFRev2", "state": state}


def period(siret: int, start: str, naf: str) -> dict[str, Any]:
    return {"siret": str(siret), "start": date.fromisoformat(start), "naf": naf, "naf_nomenclature": "NAFRev2"}


def test_what_firms_hold_together_is_counted_from_three() -> None:
    held = [site(n, naf) for n in range(3) for naf in ("25.62A", "25.62B")]
    held += [site(n, naf) for n in (10, 11) for naf in ("62.01Z", "58.21Z")]
    held += [site(20, "10.11Z"), site(20, "10.51A", "F"), site(0, "25.62A")]
    moved = [period(n, "2019-01-01", "62.01Z") for n in range(2)] + [
        period(n, "2020-01-01", "58.21Z") for n in range(2)
    ]
    moved += [period(9, "2019-01-01", "10.11Z"), period(9, "2020-01-01", "10.11Z"), period(9, "2021-01-01", "10.51A")]
    given = {
        "establishment": table("establishment", held),
        "establishment_period": table("establishment_period", moved),
    }
    found = {(row["a"], row["b"]): json.loads(row["evidence"]) for row in ties.together(given, Reader())}
    assert found == {
        ("25.62A", "25.62B"): {"firms": 3, "changes": 0}, ("25.62B", "25.62A"): {"firms": 3, "changes": 0},
        ("62.01Z", "58.21Z"): {"firms": None, "changes": None}, ("58.21Z", "62.01Z"): {"firms": None, "changes": None},
    }  # fmt: skip


def test_nothing_loaded_makes_tables_of_the_declared_shape_and_no_row() -> None:
    given = empty("jobs", "membership", *TIES)
    for derivation in not_empty(RELATEDNESS):
        made = derivation.derive(given, Reader())
        assert isinstance(made, pa.Table)
        assert made.column_names == list(derivation.table.schema)
        assert made.num_rows == 0


def test_the_four_kinds_stand_in_one_table() -> None:
    rows = [hiring("H2903", naf, 60) for naf in ("25.62A", "25.62B")]
    made = derive_related({**country(), **empty(*TIES), "hiring": table("hiring", rows)}, Reader())
    assert {row["kind"] for row in made.to_pylist()} == {"colocation", "hirings"}
    keys = [(row["kind"], row["a"], row["b"]) for row in made.to_pylist()]
    assert len(keys) == len(set(keys))
    assert np.isfinite(made.column("value").to_numpy()).all()
