"""Urssaf's wide table, read long."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import official_files as official
from tests.official_loading import Loader, raw_table
from vigie.sources import cog, jobs
from vigie.sources.base import discover
from vigie.sources.cards_reader import read_cards
from vigie.sources.cog_lookup import code_book
from vigie.store.steps.reference import published_communes
from vigie.store.tables import JOBS

LABELS = ["Code commune", "Code APE", "Nombre d'établissements 2023", "Effectifs salariés 2023"]


@pytest.fixture(scope="module")
def loader() -> Loader:
    return Loader()


def row(number: int = 0, **changes: str) -> official.Row:
    return official.job(number, code_ape="2562B", **changes)


def test_columns_are_those_of_the_warehouse():
    raw = raw_table("j", ("code_commune", "code_ape", "jobs_2023", "establishments_2024"))
    found = jobs.jobs(raw, published_communes()).accepted
    assert {name: str(kind) for name, kind in found.schema().items()} == JOBS.schema


def test_one_row_a_year(loader):
    rows, faults = loader.load_jobs([row()])
    assert faults == []
    always = {"commune": "85191", "naf": "25.62B", "naf_nomenclature": "NAFRev2"}
    assert rows == [
        always | {"year": 2023, "jobs": 40, "establishments": 3},
        always | {"year": 2024, "jobs": 45, "establishments": 4},
    ]


def test_a_secret_is_null_and_a_pair_without_anything_is_left_out(loader):
    change = {"effectifs_salaries_2023": "", "effectifs_salaries_2024": "0", "nombre_d_etablissements_2024": "0"}
    [found], faults = loader.load_jobs([row(**change)])
    assert (found["year"], found["jobs"], found["establishments"]) == (2023, None, 3)
    assert faults == []


def test_merged_communes_are_summed_and_a_secret_hides_the_sum(loader):
    former, today = next((f, t) for f, t in code_book().former.items() if f != t)
    rows, _ = loader.load_jobs(
        [row(code_commune=former, effectifs_salaries_2024=""), row(code_commune=today), row(code_commune="85191")]
    )
    found = {(r["commune"], r["year"]): (r["jobs"], r["establishments"]) for r in rows}
    assert found[today, 2023] == (80, 6)
    assert found[today, 2024] == (None, 8)
    assert found["85191", 2023] == (40, 3)


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"code_commune": "99999"}, "code_commune", "commune"),
        ({"code_commune": ""}, "code_commune", "commune_empty"),
        ({"code_commune": "1001"}, "code_commune", "commune"),
        ({"code_ape": "25.6"}, "code_ape", "ape"),
        ({"code_ape": ""}, "code_ape", "ape"),
        ({"effectifs_salaries_2023": "-1"}, "jobs_2023", "count"),
        ({"effectifs_salaries_2024": "12,5"}, "jobs_2024", "count"),
        ({"nombre_d_etablissements_2024": "s"}, "establishments_2024", "count"),
    ],
)
def test_faults(loader, change, column, code):
    rows, [fault] = loader.load_jobs([row(), official.job(0, **({"code_ape": "1071C"} | change))])
    assert len(rows) == 2
    assert (fault["record"], fault["column"], fault["code"]) == (2, column, code)


@pytest.mark.parametrize("header", [official.JOBS, LABELS])
def test_both_spellings_of_the_header_are_recognised(tmp_path: Path, header):
    path = official.write(tmp_path / "emploi.csv", header, [], ";")
    [file] = discover([path], read_cards())
    assert file.source == "urssaf_emploi"
    assert {"code_commune", "code_ape", "jobs_2023", "establishments_2023"} <= set(file.reads)


@pytest.mark.parametrize(("city", "district"), [("75056", "75101"), ("69123", "69381"), ("13055", "13201")])
def test_districts_of_the_three_cities_keep_their_code_and_belong_to_their_city(loader, city, district):
    rows, faults = loader.load_jobs([row(code_commune=district)])
    assert faults == []
    assert {found["commune"] for found in rows} == {district}
    latest = cog.memberships([cog.latest_vintage()]).to_pylist()
    members = {one["commune"] for one in latest if (one["kind"], one["code"]) == ("commune", city)}
    assert {city, district} < members
