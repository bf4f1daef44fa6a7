"""History and links of succession to the columns of the warehouse."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import ibis
import pytest

from tests import official_files as official
from tests.official_loading import Loader, raw_table
from vigie.sources import events
from vigie.sources.base import UNDOCUMENTED, discover
from vigie.sources.cards_reader import read_cards
from vigie.store.engines.duckdb.builder import DuckBuilder
from vigie.store.tables import PERIOD, SUCCESSION


@pytest.fixture(scope="module")
def loader() -> Loader:
    return Loader()


def test_columns_are_those_of_the_warehouse():
    for found, expected in (
        (events.periods(raw_table("h", official.HISTORY)), PERIOD.schema | {UNDOCUMENTED: "string"}),
        (events.successions(raw_table("l", official.SUCCESSION)), SUCCESSION.schema),
    ):
        assert {name: str(kind) for name, kind in found.accepted.schema().items()} == expected


def test_a_period(loader):
    rows, faults = loader.load_periods([official.period(1, dateFin="2020-12-31")])
    assert faults == []
    assert rows == [
        {"siret": official.siret(1), "start": date(2015, 3, 1), "end": date(2020, 12, 31), "state": "A",
         "naf": "25.62B", "naf_nomenclature": "NAFRev2", "employer": "O", UNDOCUMENTED: None}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "start", "nomenclature"),
    [
        ("25.62B", "2015-01-01", "NAFRev2"),
        ("80.1Z", "2004-01-01", "NAFRev1"),
        ("80.1Z", "1994-12-25", "NAF1993"),
        ("80.1Z", "1900-01-01", "NAFRev1"),
        ("54.05", "1985-01-01", "NAP"),
        ("25.53B", "2027-01-01", "NAF2025"),
        ("", "1985-01-01", None),
    ],
)
def test_a_code_without_its_nomenclature_is_told_by_form_and_date(loader, code, start, nomenclature):
    row = official.period(
        1, activitePrincipaleEtablissement=code, nomenclatureActivitePrincipaleEtablissement="", dateDebut=start
    )
    [found], _ = loader.load_periods([row])
    assert (found["naf"], found["naf_nomenclature"]) == (code or None, nomenclature)


def test_a_declared_nomenclature_wins_over_the_form(loader):
    [found], _ = loader.load_periods([official.period(1, nomenclatureActivitePrincipaleEtablissement="NAF2025")])
    assert found["naf_nomenclature"] == "NAF2025"


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"dateDebut": "2015-13-01"}, "dateDebut", "day"),
        ({"dateFin": "2014-12-31"}, "dateFin", "days_order"),
        ({"etatAdministratifEtablissement": "C"}, "etatAdministratifEtablissement", "state"),
        ({"activitePrincipaleEtablissement": "25.6"}, "activitePrincipaleEtablissement", "naf"),
        ({"siret": "9000000190001"}, "siret", "siret_short"),
        ({"caractereEmployeurEtablissement": "X"}, "caractereEmployeurEtablissement", "employer"),
    ],
)
def test_faults_of_a_period(loader, change, column, code):
    rows, [fault] = loader.load_periods([official.period(2), official.period(1, **change)])
    assert len(rows) == 1
    assert (fault["record"], fault["column"], fault["code"]) == (2, column, code)


def test_periods_and_links_seen_twice(loader):
    rows, faults = loader.load_periods([official.period(1), official.period(1)])
    assert (len(rows), [fault["code"] for fault in faults]) == (1, ["period_again"])
    rows, faults = loader.load_links(
        [official.link(1), official.link(1), official.link(1, dateLienSuccession="2025-01-01")]
    )
    assert (len(rows), [(fault["record"], fault["code"]) for fault in faults]) == (2, [(2, "link_again")])


def test_a_link(loader):
    rows, faults = loader.load_links([official.link(1, continuiteEconomique="")])
    assert faults == []
    assert rows == [
        {"predecessor": official.siret(1), "successor": official.siret(1, 2), "date": date(2024, 5, 1),
         "head_office_moved": True, "continuity": None}
    ]  # fmt: skip


def test_the_history_of_a_real_commune_loads_through_its_card(shared: Path, tmp_path: Path):
    [file] = discover([shared / "data" / "sirene_rhone_histo"], read_cards())
    assert (file.source, file.card) == ("sirene_historique", "sirene_historique_extrait")
    builder = DuckBuilder(tmp_path / "w.duckdb", threads=2, memory_mib=512, scratch=tmp_path)
    prepared = events.periods(builder.raw(file))
    receipt = builder.save(PERIOD, prepared.accepted, "real")
    assert receipt.rows == 58_228
    saved = builder.table(PERIOD.name)
    active = saved.filter(saved.state == "A", saved.end.isnull())
    old = saved.filter(saved.naf_nomenclature.isin(("NAFRev1", "NAF1993", "NAP")))
    assert builder.rows(saved.aggregate(n=saved.siret.nunique())) == [{"n": 26_614}]
    assert builder.rows(old.aggregate(n=old.count(), last=old.start.max())) == [
        {"n": 16_073, "last": date(2009, 11, 9)}
    ]
    assert builder.rows(active.aggregate(n=active.siret.nunique())) == [{"n": 9_094}]
    faults = builder.rows(prepared.faults.aggregate(n=prepared.faults.count()))
    assert faults == [{"n": 0}]
    builder.close()


def test_expressions_do_not_need_an_engine():
    assert isinstance(events.periods(raw_table("h", official.HISTORY)).faults, ibis.Table)
