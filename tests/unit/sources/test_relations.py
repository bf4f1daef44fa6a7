"""Occupations and input-output tables: what is kept, what is refused with its line and column."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.not_empty import not_empty
from vigie.errors import StructureFault
from vigie.sources import nomenclature
from vigie.sources.base import discover
from vigie.sources.cards_reader import Card, ColumnRule, read_cards
from vigie.sources.input_output import FLOWS, USED, read_input_output
from vigie.sources.occupations import FAMILIES, read_occupations

CARDS = {card.id: card for card in read_cards()}
HIRINGS, FLOWS_CARD = CARDS["embauches_rome_naf_2017"], CARDS["echanges_wiod"]
HIRED = "rome_id,rome_label,naf_id,naf_label,hirings\n"
FLOWED = "annee,flux,de,vers,musd\n"


def hired(folder: Path, text: str, card: Card = HIRINGS):
    path = folder / "rome_naf_2017.csv"
    path.write_text(text, "utf-8")
    return read_occupations(path, card)


def flowed(folder: Path, text: str, card: Card = FLOWS_CARD):
    path = folder / "wiod_france.csv"
    path.write_text(text, "utf-8")
    return read_input_output(path, card)


def test_hirings_are_read_by_occupation_and_subclass(tmp_path: Path) -> None:
    found = hired(tmp_path, HIRED + "H2901,Ajustage,2562B,Mécanique,12\nA1101,Engins,0111Z,Céréales,3\n")
    assert found.hirings.to_pylist() == [
        {"occupation": "H2901", "naf": "25.62B", "hirings": 12, "vintage": 2017},
        {"occupation": "A1101", "naf": "01.11Z", "hirings": 3, "vintage": 2017},
    ]
    assert found.labels.to_pylist() == [
        {"code": "A1101", "label": "Engins", "family": FAMILIES["A"]},
        {"code": "H2901", "label": "Ajustage", "family": "Industrie"},
    ]
    assert not found.rejects


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("Z1101,X,0111Z,X,3", "rome_id", "n’est pas un code du ROME"),
        ("A1101,X,0199Z,X,3", "naf_id", "n’est pas une sous-classe"),
        ("A1101,X,01,X,3", "naf_id", "n’est pas une sous-classe"),
        ("A1101,X,0111Z,X,beaucoup", "hirings", "n’est pas un nombre"),
        ("A1101,X,0111Z,X,-2", "hirings", "n’est pas un nombre"),
        ("A1101,X,0112Z,X,3", "naf_id", "a déjà"),
        ("A1101,X", "", "autant de cellules"),
    ],
)
def test_a_faulty_line_of_hirings_is_refused_alone(tmp_path: Path, row: str, column: str, words: str) -> None:
    found = hired(tmp_path, HIRED + f"A1101,X,0112Z,X,1\n{row}\nA1101,X,0113Z,X,4\n")
    [reject] = found.rejects
    assert (reject.line, reject.column) == (2, column)
    assert words in reject.reason
    assert found.hirings["hirings"].to_pylist() == [1, 4]


def tree(folder: Path, *lines: tuple[str, str]):
    path = folder / "arbre.parquet"
    pq.write_table(pa.table({"1": [line[0] for line in lines], "2": [line[1] for line in lines]}), path)
    rules = (ColumnRule("1", "occupation"), ColumnRule("2", "label"))
    return read_occupations(path, replace(HIRINGS, columns=rules, layout={"tree": True, "vintage": 2026}))


def test_a_tree_gives_the_divisions_in_which_occupations_are_practised(tmp_path: Path) -> None:
    found = tree(tmp_path, ("Code", "Libellé"), ("1", "Culture"), ("A1101", "Engins"), ("25.0", "Métal"), ("A1101", ""))
    assert [(row["occupation"], row["division"], row["vintage"]) for row in found.divisions.to_pylist()] == [
        ("A1101", "01", 2026), ("A1101", "25", 2026),
    ]  # fmt: skip
    assert found.labels["label"].to_pylist() == ["Engins"]
    assert found.hirings.num_rows == 0 and not found.rejects


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        ((("A1101", "Engins"),), 1, "aucune division"),
        ((("04", "Rien"), ("A1101", "Engins")), 1, "n’existe pas"),
        ((("01", "Culture"), ("Total", "")), 2, "ni une division"),
    ],
)
def test_a_faulty_line_of_a_tree_is_refused(tmp_path: Path, lines: tuple[tuple[str, str], ...], line: int, words: str):
    found = tree(tmp_path, *lines)
    assert found.rejects[0].line == line
    assert words in found.rejects[0].reason
    assert found.divisions.num_rows == 0


def test_flows_are_read_with_their_bridge_to_divisions(tmp_path: Path) -> None:
    found = flowed(tmp_path, FLOWED + "2011,domestique,c1,c3,17.5\n2011,demande_finale,c1,FD_FRA,-2\n")
    assert [(row["flow"], row["supplier"], row["user"], row["value"]) for row in found.flows.to_pylist()] == [
        ("domestic", "c1", "c3", 17.5), ("final_demand", "c1", "FD_FRA", -2.0),
    ]  # fmt: skip
    assert set(found.flows["naf_level"].to_pylist()) == {"wiod35"}
    sectors = dict(zip(found.bridge["division"].to_pylist(), found.bridge["sector"].to_pylist(), strict=True))
    assert (sectors["25"], sectors["62"]) == ("c12", "c30")


def test_every_division_but_international_bodies_is_in_one_sector(tmp_path: Path) -> None:
    bridge = flowed(tmp_path, FLOWED + "2011,domestique,c1,c3,1\n").bridge
    divisions = {node.code for node in nomenclature.tree().values() if node.level == 2}
    assert sorted(bridge["division"].to_pylist()) == sorted(divisions - {"99"})


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2011,troc,c1,c3,1", "« troc » inconnu"),
        ("2011,domestique,c1,c99,1", "« c99 » inconnue"),
        ("2011,domestique,c1,c3,beaucoup", "n’est pas un nombre"),
        ("an,domestique,c1,c3,1", "n’est pas un nombre"),
        ("2011,domestique,c1,c2,1", "déjà"),
        ("2011,domestique", "autant de cellules"),
    ],
)
def test_a_faulty_flow_is_refused_alone(tmp_path: Path, row: str, words: str) -> None:
    found = flowed(tmp_path, FLOWED + f"2011,domestique,c1,c2,5\n{row}\n")
    [reject] = found.rejects
    assert reject.line == 2 and words in reject.reason
    assert found.flows["value"].to_pylist() == [5.0]


@pytest.mark.parametrize(
    ("layout", "key", "words"),
    [
        ({"flows": {"domestique": "barter"}}, "layout.flows", "flux"),
        ({"flows": None}, "layout.flows", "flux"),
        ({"sectors": None}, "layout.sectors", "branches"),
        ({"sectors": {"c1": {"label": "A", "divisions": ["04"]}}}, "layout.sectors", "« 04 »"),
        ({"sectors": {c: {"label": c, "divisions": ["01"]} for c in ("c1", "c2")}}, "layout.sectors", "deux branches"),
    ],
)
def test_a_wrong_card_of_flows_is_refused_with_its_key(tmp_path: Path, layout: dict, key: str, words: str) -> None:
    with pytest.raises(StructureFault, match=words) as caught:
        flowed(tmp_path, FLOWED, replace(FLOWS_CARD, layout={**FLOWS_CARD.layout, **layout}))
    assert (caught.value.file, caught.value.column) == ("echanges_wiod.yml", key)


def test_a_card_of_hirings_says_its_year(tmp_path: Path) -> None:
    with pytest.raises(StructureFault, match="année") as caught:
        hired(tmp_path, HIRED, replace(HIRINGS, layout={}))
    assert (caught.value.file, caught.value.column) == ("embauches_rome_naf_2017.yml", "layout.vintage")


@pytest.mark.parametrize(("year", "pairs"), [(2017, 11_210), (2021, 5_071)])
def test_the_real_hirings_are_read_whole(shared: Path, year: int, pairs: int) -> None:
    [path] = (shared / "data/emploi").glob(f"rome_naf_{year}*.parquet")
    [file] = discover([path], list(CARDS.values()))
    found = read_occupations(path, CARDS[file.card])
    [counted] = (
        duckdb.read_parquet(str(path)).aggregate("count(*), sum(hirings)::BIGINT, count(DISTINCT rome_id)").fetchall()
    )
    assert file.source == f"metiers:embauches_rome_naf_{year}"
    assert (found.hirings.num_rows, sum(found.hirings["hirings"].to_pylist()), found.labels.num_rows) == counted
    assert counted[0] == pairs and not found.rejects


def test_the_real_flows_are_read_whole(shared: Path) -> None:
    path = shared / "data/io/wiod_france_1995_2011.parquet"
    [file] = discover([path], list(CARDS.values()))
    found = read_input_output(path, CARDS[file.card])
    counted = dict(duckdb.read_parquet(str(path)).aggregate("flux, sum(musd)").fetchall())
    totals = dict.fromkeys(FLOWS, 0.0)
    for row in found.flows.to_pylist():
        totals[row["flow"]] += row["value"]
    assert not found.rejects
    assert totals == {FLOWS_CARD.layout["flows"][word]: pytest.approx(total) for word, total in counted.items()}
    assert set(USED) == {"domestic", "imported"}


def test_hirings_without_a_stated_licence_say_so() -> None:
    cards = [card for card in CARDS.values() if card.kind == "metiers" and card.id.startswith("embauches")]
    assert all(card.licence.startswith("non déclarée") and "essais" in card.licence for card in not_empty(cards))
