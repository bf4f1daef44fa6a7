"""Imaginary ties: under the published headers, read by the readers of the real files, stable from month to month."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import pytest

from tests.not_empty import not_empty
from tests.recovery.simulated import ISLAND
from vigie.services.simulate import SimulationRequest, simulate
from vigie.sources.cards_reader import read_card
from vigie.sources.simulation.cooperation import CONTRACTS_FILE, CONTRACTS_HEADER, PROJECTS_FILE
from vigie.sources.ties.groups import Certainty, TiesRead
from vigie.sources.ties.reading import read_ties

CARDS = Path(__file__).parents[2] / "vigie" / "sources" / "cards"


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    out = tmp_path_factory.mktemp("ties")
    request = SimulationRequest(ISLAND, out, format="parquet", establishments=4_000, months=2, country=True)
    return [Path(one.folder) for one in simulate(request).snapshots]


def contracts(month: Path) -> TiesRead:
    return read_ties(month / CONTRACTS_FILE, read_card(CARDS / "decp_consolidees.yml"))


def test_contracts_are_read_without_a_refusal_and_every_certainty_is_there(months: list[Path]) -> None:
    read = contracts(months[0])
    assert read.rejects == ()
    told = {row["certainty"] for row in read.groups.to_pylist()}
    assert told == {Certainty.DECLARED.value, Certainty.DOUBTFUL.value}
    with (months[0] / CONTRACTS_FILE).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == CONTRACTS_HEADER
    told = {row["typeGroupementOperateurs"] for row in rows}
    assert {"Conjoint", "Solidaire"} <= told <= {"Conjoint", "Solidaire", "", "Pas de groupement"}
    assert {row["objet"] for row in rows} == {"Marché (imaginaire)"}


def test_projects_name_their_participants_by_vat_and_have_partners_abroad(months: list[Path]) -> None:
    read = read_ties(months[0] / PROJECTS_FILE, read_card(CARDS / "cordis_organisations.yml"))
    assert read.rejects == ()
    for group in not_empty(read.groups.to_pylist()):
        assert group["members"] == group["resolved"] + 3
        assert group["date"] is not None
    assert read.ties.num_rows > 0


def test_a_month_later_the_groups_are_the_same_but_for_a_few(months: list[Path]) -> None:
    groups = [{row["group"] for row in contracts(month).groups.to_pylist()} for month in months]
    for before, after in not_empty(list(pairwise(groups))):
        assert len(before & after) >= 0.8 * len(before), "what moves one firm moves no other group"


def test_a_sole_trader_holds_nothing(months: list[Path]) -> None:
    import pyarrow.compute as pc  # noqa: PLC0415 - only this test reads the stock
    import pyarrow.parquet as pq  # noqa: PLC0415

    (stock,) = months[0].glob("StockUniteLegale_utf8*.parquet")
    units = pq.read_table(stock, columns=["siren", "categorieJuridiqueUniteLegale"])
    natural = set(units.filter(pc.field("categorieJuridiqueUniteLegale").cast("string") == "1000")["siren"].to_pylist())
    tied = set(contracts(months[0]).ties["siren"].to_pylist())
    assert natural and tied
    assert not {str(one) for one in natural} & tied
