"""What officers really bring: every encoding, merged and hidden cells, titles anywhere, totals, damaged numbers."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from tests.journal.cast import Cast
from tests.not_empty import not_empty
from vigie.domain.days import due, past
from vigie.domain.spreadsheets import ColumnMeaning, Stage
from vigie.errors import Conflict, FieldFaults, StructureFault
from vigie.services.desk import Desk
from vigie.services.spreadsheets.columns import propose
from vigie.services.spreadsheets.encodings import decoded, ranked
from vigie.services.spreadsheets.grids import BYTE, MERGED, QUOTES, ReadSheet, WayOfReading
from vigie.services.spreadsheets.lines import LineInReview, read_lines
from vigie.services.spreadsheets.reading import read_sheet

CASES = Path(__file__).parents[3] / "shared" / "cases" / "spreadsheets"
TODAY = date(2026, 11, 28)
TEXT = (
    "Entreprise;Ville;Commentaire\r\nSociété Générale Fictive;Luçon;Très bien, à revoir\r\n"
    "Métallerie Imaginée;Pouzauges;ok\r\n"
)
READ = ("Société Générale Fictive", "Luçon", "Très bien, à revoir")


def cells(sheet: ReadSheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows]


def lines(sheet: ReadSheet) -> list[LineInReview]:
    return read_lines(sheet, {one.place: ColumnMeaning(one.column) for one in propose(sheet) if one.column}, TODAY)


def workbook(*sheets: tuple[str, Sequence[Sequence[object]]], hidden: str = "", mac: bool = False) -> bytes:
    made = io.BytesIO()
    book = Workbook(made, {"in_memory": True, "default_date_format": "dd/mm/yyyy", "date_1904": mac})
    for name, rows in sheets:
        page = book.add_worksheet(name)
        if name == hidden:
            page.hide()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    if hidden:
        book.get_worksheet_by_name(next(name for name, _ in sheets if name != hidden)).activate()
        book.get_worksheet_by_name(next(name for name, _ in sheets if name != hidden)).set_first_sheet()
    book.close()
    return made.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "cp850", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
def test_the_encoding_that_makes_french_is_found(encoding: str, ends: str) -> None:
    assert cells(read_sheet(TEXT.replace("\r\n", ends).encode(encoding), "suivi.csv"))[0] == READ


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "mac_roman", "cp850"])
def test_words_of_workshops_are_read_in_each_encoding(encoding: str) -> None:
    words = ("Société", "Générale", "Mécanique", "Métallerie", "Chaudronnerie à façon", "Boulangerie Brûlée", "Luçon",
             "Forêt", "Côté cuir", "Maçonnerie", "Où ça ?", "Pâtisserie", "Hôtel", "Fenêtres", "Évènement")  # fmt: skip
    chance = random.Random(7)  # noqa: S311
    wrong = []
    for _ in range(200):
        text = "\n".join(";".join(chance.sample(words, 3)) for _ in range(6))
        if decoded(text.encode(encoding), ranked(text.encode(encoding))[0]) != text:
            wrong.append(text)
    assert wrong == []


def test_a_text_encoded_twice_is_put_right() -> None:
    twice = TEXT.encode().decode("cp1252").encode()
    sheet = read_sheet(twice, "suivi.csv")
    assert cells(sheet)[0] == READ and "deux fois" in sheet.notes[0]


def test_one_bad_byte_is_one_cell_not_the_file() -> None:
    data = TEXT.encode().replace(b"Pouzauges", b"Pouz\xe9")
    sheet = read_sheet(data, "suivi.csv")
    assert cells(sheet) == [READ, ("Métallerie Imaginée", "Pouzé", "ok")]
    assert [row.marks for row in sheet.rows] == [(), ((1, BYTE),)]
    assert any("ne se lisait pas" in note["sentence"] for note in lines(sheet)[1].notes)


def test_the_encodings_offered_show_three_cells_and_another_can_be_chosen() -> None:
    data = TEXT.encode("mac_roman")
    sheet = read_sheet(data, "suivi.csv")
    assert sheet.offered.taken.encoding == "mac_roman" and len(sheet.offered.encodings) > 1
    assert all(1 <= len(way.examples) <= 3 for way in not_empty(sheet.offered.encodings))
    other = read_sheet(data, "suivi.csv", WayOfReading(encoding="cp1252"))
    assert cells(other)[0][0] == "SociŽtŽ GŽnŽrale Fictive"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("sep=;\nEntreprise;Ville\nATELIER;Luçon\n", ("ATELIER", "Luçon")),
        ("Entreprise|Ville\nATELIER|Luçon\n", ("ATELIER", "Luçon")),
        ("Entreprise\tVille\nA, B, C\tLuçon\nD, E\tLuçon\n", ("A, B, C", "Luçon")),
        ('Entreprise;Ville\n"LE "PETIT" COIN";Luçon\n', ('LE "PETIT" COIN', "Luçon")),
    ],
)
def test_separators_and_quotes_are_borne(text: str, first: tuple[str, ...]) -> None:
    sheet = read_sheet(text.encode(), "suivi.csv")
    assert cells(sheet)[0] == first
    assert (sheet.rows[0].marks == ((0, QUOTES),)) == ('"LE' in text)


def test_a_quote_never_closed_is_refused_at_its_line() -> None:
    with pytest.raises(StructureFault, match="ligne 3"):
        read_sheet('Entreprise;Ville\nA;Luçon\n"B;Luçon\nC;Luçon\n'.encode(), "suivi.csv")


def test_the_visible_sheet_is_read_and_another_can_be_chosen() -> None:
    lists, suivi = [["Civilité", "Statut"], ["Mme", "En cours"]], [["Entreprise", "Commune"], ["ATELIER", "Luçon"]]
    data = workbook(("Listes", lists), ("Suivi", suivi), hidden="Listes")
    sheet = read_sheet(data, "suivi.xlsx")
    assert (sheet.sheet, cells(sheet)) == ("Suivi", [("ATELIER", "Luçon")])
    assert any("« Listes » (masquée)" in note for note in sheet.notes)
    assert [way.word for way in sheet.offered.sheets] == ["Listes", "Suivi"]
    assert read_sheet(data, "suivi.xlsx", WayOfReading(sheet="Listes")).sheet == "Listes"


def test_a_merged_cell_gives_each_of_its_lines_its_value_and_says_so() -> None:
    made = io.BytesIO()
    book = Workbook(made)
    page = book.add_worksheet()
    page.write_row(0, 0, ["Commune", "Entreprise"])
    page.merge_range(1, 0, 3, 0, "Les Herbiers")
    for number in (1, 2, 3):
        page.write(number, 1, f"ATELIER {number}")
    book.close()
    sheet = read_sheet(made.getvalue(), "suivi.xlsx")
    assert [row.cells[0] for row in sheet.rows] == ["Les Herbiers"] * 3
    assert [row.marks for row in sheet.rows] == [(), ((0, MERGED),), ((0, MERGED),)]
    told = lines(sheet)
    assert {line.get(ColumnMeaning.COMMUNE) for line in told} == {"85109"}
    assert "fusionnée" in told[1].notes[0]["sentence"]


def test_hidden_lines_and_columns_are_left_and_said_and_can_be_read() -> None:
    made = io.BytesIO()
    book = Workbook(made)
    page = book.add_worksheet()
    for number, row in enumerate(
        [["Entreprise", "Note", "Ville"], ["NEUF", "secret", "Luçon"], ["DIX", "secret", "Luçon"]]
    ):
        page.write_row(number, 0, row)
    page.set_row(2, None, None, {"hidden": True})
    page.set_column(1, 1, None, None, {"hidden": True})
    book.close()
    sheet = read_sheet(made.getvalue(), "suivi.xlsx")
    assert cells(sheet) == [("NEUF", "", "Luçon")]
    assert any("ligne 3, colonne B" in note for note in sheet.notes) and sheet.offered.masks
    whole = read_sheet(made.getvalue(), "suivi.xlsx", WayOfReading(hidden=True))
    assert cells(whole) == [("NEUF", "secret", "Luçon"), ("DIX", "secret", "Luçon")]


@pytest.mark.parametrize(
    "above", [["Suivi des entreprises;;"], ["Suivi;;", "Mis à jour le;12/11/2026;"], ["Entreprise;;Contact", ""], []]
)
def test_the_titles_are_found_below_what_stands_above(above: list[str]) -> None:
    text = "\n".join([*above, "Raison sociale;Commune;Courriel", "ATELIER;Luçon;a@example.org"])
    sheet = read_sheet(text.encode(), "suivi.csv")
    assert sheet.header == ("Raison sociale", "Commune", "Courriel")
    assert cells(sheet) == [("ATELIER", "Luçon", "a@example.org")]


def test_the_line_of_the_titles_can_be_moved() -> None:
    data = "Nom;Ville\nTitre;Lieu précis\nATELIER;Luçon\n".encode()
    assert [way.word for way in read_sheet(data, "suivi.csv").offered.headers] == ["1", "2", "3"]
    assert read_sheet(data, "suivi.csv", WayOfReading(header=2)).header == ("Titre", "Lieu précis")


def test_a_workbook_of_an_old_mac_gives_its_true_days() -> None:
    day = datetime(2026, 11, 2)
    data = workbook(("Suivi", [["Entreprise", "Dernier contact"], ["MAC", day]]), mac=True)
    (line,) = lines(read_sheet(data, "suivi.xlsx"))
    assert line.get(ColumnMeaning.LAST_CONTACT) == "2026-11-02"


def test_one_rule_of_days_for_forms_and_spreadsheets() -> None:
    assert past(date(1900, 1, 1), TODAY) and past(date(2027, 1, 1), TODAY) and not past(TODAY, TODAY)
    assert due(date(9999, 12, 31), TODAY) and due(date(1900, 1, 1), TODAY) and not due(TODAY, TODAY)


def test_a_file_is_read_again_until_its_columns_are_confirmed(desk: Desk, cast: Cast) -> None:
    imports, data = desk.spreadsheets.imports, TEXT.encode("mac_roman")
    record = imports.bring(cast.officer, "suivi.csv", data)
    assert record.offered is not None and record.columns[0].examples[0] == "Société Générale Fictive"
    again = imports.read_again(cast.officer, record.line.id, WayOfReading(encoding="cp1252"))
    assert again.stage is Stage.READ and again.columns[0].examples[0] == "SociŽtŽ GŽnŽrale Fictive"
    imports.read_again(cast.officer, record.line.id, WayOfReading())
    imports.match(cast.officer, record.line.id, {0: "name", 1: "commune"}, None)
    assert imports.read(cast.officer, record.line.id).offered is None
    with pytest.raises(Conflict):
        imports.read_again(cast.officer, record.line.id, WayOfReading())


def test_a_wrong_number_is_said_beside_its_line_and_nothing_is_chosen(desk: Desk, cast: Cast) -> None:
    imports = desk.spreadsheets.imports
    record = imports.bring(cast.officer, "suivi.csv", TEXT.encode())
    imports.match(cast.officer, record.line.id, {0: "name", 1: "commune"}, None)
    with pytest.raises(FieldFaults) as fault:
        imports.choose_numbers(cast.officer, record.line.id, {2: "123", 3: ""}, None)
    assert list(fault.value.faults) == ["ligne-2"]
    assert imports.read(cast.officer, record.line.id).stage is Stage.NUMBERS


@pytest.mark.skipif(not CASES.is_dir(), reason="les exemples de ../shared/cases ne sont pas là")
def test_every_example_is_read() -> None:
    files = sorted(CASES.iterdir())
    assert len(files) > 20
    for file in not_empty(files):
        sheet = read_sheet(file.read_bytes(), file.name)
        assert sheet.rows and not any("\ufffd" in cell or "Ž" in cell for row in sheet.rows for cell in row.cells), (
            file.name
        )
