"""Lines that sum others are set apart and brought back by one click; firms whose name looks like a total stay."""

from __future__ import annotations

import json

import pytest

from vigie.services.spreadsheets.grids import ReadSheet, WayOfReading
from vigie.services.spreadsheets.reading import as_json, of_json, read_sheet

TABLE = "Entreprise;Secteur;Code postal;Commune;SIREN;Effectif\n"
MEN = "ATELIER;Menuiserie;85400;Luçon;;12\nFORGE;Bâtiment;85500;Les Herbiers;;9\n"


def cells(sheet: ReadSheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows]


def apart(text: str, *, titles: str = TABLE, above: str = MEN) -> list[str]:
    """Return the lines that are set apart of a table, by their first cell that holds something."""
    sheet = read_sheet(f"{titles}{above}{text}\n".encode(), "suivi.csv")
    return [way.examples[0] for way in sheet.offered.totals]


@pytest.mark.parametrize(
    "line",
    [
        "Total Luçon;;;;;21", "TOTAL HT;;;;;21", "Sous-total Menuiserie;;;;;21", "Sous-total;Menuiserie;;;;21",
        "Total Menuiserie;Menuiserie;;;;21", "Luçon Total;;;Luçon;;21", "Total Luçon;;;Luçon;;21", "S/Total;;;;;21",
        "TOTAL TTC (€);;;;;21,5", "Total général;;;;;21", "Total;;;Luçon;;21", "Total janvier 2026;;;;;21",
        "Grand total;;;;;21", "TOTAL DES EFFECTIFS;;;;;21", "T O T A L;;;;;21", "Total secteur de Luçon;;;;;21",
        "Résultat total;;;;;21", "Total salariés : 21;;;;;", "Total Énergies;;;;;21",
    ],
)  # fmt: skip
def test_every_label_of_a_total_is_set_apart(line: str) -> None:
    assert apart(line) == [line.partition(";")[0]]


@pytest.mark.parametrize("line", [";;;TOTAL;;21", ";Menuiserie;;Sous-total;;21", "2026;TOTAL HT;;;;21", "7;Total;;;;"])
def test_a_label_in_a_later_column_is_one_too(line: str) -> None:
    assert len(apart(line)) == 1


def test_a_label_in_a_later_column_after_a_number_and_without_known_titles() -> None:
    assert len(apart("2;TOTAL;21", titles="Rang;Libellé;Montant\n", above="1;ATELIER;21\n")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "TOTAL GAZ Luçon;;85400;Luçon;;9", "Total Énergies;Énergie;85400;Luçon;;9", "Total Luçon;;85400;Luçon;;9",
        "TOTAL;;85 400;LUCON;;9", "Total Luçon;;;;356000000;9", "Total;;1000;Bourg-en-Bresse;;9",
        "Total Énergies;;;Luçon;;9", "TOTALEMENT BOIS;;;Luçon;;9", "Vivre Ensemble;;;Luçon;;9", "TOTAL GAZ Luçon;;;;;",
    ],
)  # fmt: skip
def test_a_firm_whose_name_begins_so_stays_a_firm(line: str) -> None:
    assert apart(line) == []


@pytest.mark.parametrize(
    "line", ["Ensemble;ensemble@example.org;", "Total;;02 51 00 00 06", "Somme;12 rue du Port 85400 Luçon;"]
)
def test_an_address_or_a_telephone_makes_a_firm(line: str) -> None:
    assert apart(line, titles="Entreprise;Contact;Téléphone\n", above="ATELIER;;\n") == []


def test_a_line_set_apart_is_brought_back_by_its_number_alone() -> None:
    data = f"{TABLE}{MEN}Total Énergies;;;;;21\nTotal;;;;;42\n".encode()
    assert any("mises à part : 4, 5." in note for note in read_sheet(data, "suivi.csv").notes)
    back = read_sheet(data, "suivi.csv", WayOfReading(firms=(4,)))
    assert [row[0] for row in cells(back)] == ["ATELIER", "FORGE", "Total Énergies"]
    assert [way.word for way in back.offered.totals] == ["4", "5"] and back.offered.taken.firms == (4,)
    assert of_json(json.loads(json.dumps(as_json(back)))).offered == back.offered


def test_a_table_of_nothing_but_totals_is_read_whole() -> None:
    assert [row[0] for row in cells(read_sheet(f"{TABLE}Total Luçon;;;;;21\n".encode(), "suivi.csv"))] == [
        "Total Luçon"
    ]


def test_totals_are_set_apart_and_said_and_no_firm_is_taken_for_one() -> None:
    text = (
        "Entreprise;Ville;Effectif\nTOTAL ENERGIES;Luçon;9\nATELIER;Luçon;12\n"
        "Sous-total;;21\nTOTAL;;21\nEnsemble;;21\nTotal général;;21\n"
    )
    sheet = read_sheet(text.encode(), "suivi.csv")
    assert [row[0] for row in cells(sheet)] == ["TOTAL ENERGIES", "ATELIER"]
    assert any("Lignes de total, mises à part : 4, 5, 6, 7" in note for note in sheet.notes)


@pytest.mark.parametrize("first", ["TOTAL 2026", "Total : 21", "Total (2)", "Grand total", "Nombre d’entreprises"])
def test_a_total_with_a_year_or_a_count_is_set_apart(first: str) -> None:
    sheet = read_sheet(f"Entreprise;Ville;Effectif\nATELIER;Luçon;12\n{first};;21\n".encode(), "suivi.csv")
    assert [row[0] for row in cells(sheet)] == ["ATELIER"]


@pytest.mark.parametrize("number", ["356000000", "356 000 000", "35600000000048"])
@pytest.mark.parametrize("name", ["Ensemble", "TOTAL", "Cumul"])
def test_a_line_that_gives_the_number_of_a_firm_is_no_total(name: str, number: str) -> None:
    sheet = read_sheet(f"Entreprise;SIREN;Effectif\nATELIER;;12\n{name};{number};21\n".encode(), "suivi.csv")
    assert [row[0] for row in cells(sheet)] == ["ATELIER", name]
