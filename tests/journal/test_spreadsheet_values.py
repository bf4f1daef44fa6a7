"""Cells that a spreadsheet damaged: formulas without a result, numbers, postal codes, telephones and days."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from xlsxwriter import Workbook

from vigie.domain.spreadsheets import ColumnMeaning
from vigie.services.spreadsheets.columns import propose
from vigie.services.spreadsheets.grids import FAILED, ReadSheet
from vigie.services.spreadsheets.lines import LineInReview, read_lines
from vigie.services.spreadsheets.reading import read_sheet
from vigie.services.spreadsheets.values import read_phone

TODAY = date(2026, 11, 28)


def cells(sheet: ReadSheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows]


def lines(sheet: ReadSheet) -> list[LineInReview]:
    return read_lines(sheet, {one.place: ColumnMeaning(one.column) for one in propose(sheet) if one.column}, TODAY)


@pytest.mark.parametrize(
    "cell",
    ["#N/A", "#REF!", "#VALEUR!", "#DIV/0!", "#NOM?", "#NUL!", "#NOMBRE!", "#NAME?", "Err:502", "#####",
     "#PROPAGATION!", "=RECHERCHEV(A2;Feuil2!A:B;2;FAUX)", "=B7", "=SOMME(A1:A9)"],
)  # fmt: skip
def test_a_formula_without_a_result_empties_its_cell_and_says_so(cell: str) -> None:
    sheet = read_sheet(f'Entreprise;Commune;Contact\nATELIER;Luçon;"{cell}"\n'.encode(), "suivi.csv")
    assert cells(sheet) == [("ATELIER", "Luçon", "")] and sheet.rows[0].marks == ((2, FAILED),)
    assert any("C2" in note for note in sheet.notes)
    assert "aucun résultat" in lines(sheet)[0].notes[0]["sentence"]


@pytest.mark.parametrize("name", ["N/A", "A=B", "#1 CONSEIL", "C#", "E=MC2", "+ DE BOIS", "REF"])
def test_a_name_that_looks_like_one_stays(name: str) -> None:
    assert cells(read_sheet(f"Entreprise;Commune\n{name};Luçon\n".encode(), "suivi.csv")) == [(name, "Luçon")]


def test_a_workbook_tells_errors_and_formulas_never_computed_from_empty_cells() -> None:
    made = io.BytesIO()
    book = Workbook(made)
    page = book.add_worksheet()
    page.write_row(0, 0, ["Entreprise", "Commune", "Contact", "Courriel", "Activité"])
    page.write_row(1, 0, ["ATELIER", "Luçon"])
    page.write_formula(1, 2, "=NA()", None, "#N/A")
    page.write_formula(1, 3, "=A1", None, "")
    page.write_formula(1, 4, '="bois"', None, "bois")
    book.close()
    sheet = read_sheet(made.getvalue(), "suivi.xlsx")
    assert cells(sheet) == [("ATELIER", "Luçon", "", "", "bois")]
    assert sheet.rows[0].marks == ((2, FAILED), (3, FAILED))


def test_an_opendocument_tells_them_too() -> None:
    sheet = read_sheet(opendocument(), "suivi.ods")
    assert cells(sheet)[0][:2] == ("ATELIER", "") and sheet.rows[0].marks == ((1, FAILED), (2, FAILED))


def opendocument() -> bytes:
    spaces = " ".join(
        f'xmlns:{short}="{name}"'
        for short, name in (
            *((one, f"urn:oasis:names:tc:opendocument:xmlns:{one}:1.0") for one in ("office", "table", "text")),
            ("calcext", "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"),
        )
    )
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces} office:version="1.2"><office:body>'
        '<office:spreadsheet><table:table table:name="Suivi">'
        f"<table:table-row>{''.join(map(text.format, ('Entreprise', 'Contact', 'Courriel')))}</table:table-row>"
        f"<table:table-row>{text.format('ATELIER')}"
        '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=[.A1]"/></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("postal", "town", "code", "said"),
    [
        ("85 40 0", "Luçon", "85128", ""), ("1000", "Bourg-en-Bresse", "01053", "lu 01000"),
        ("1000.0", "Bourg-en-Bresse", "01053", "lu 01000"), ("75016", "", "75116", "seul code postal"),
        ("85400", "", "", "5 communes partagent"), ("99999", "", "", "d’aucune commune"),
    ],
)  # fmt: skip
def test_postal_codes_are_read_however_they_were_damaged(postal: str, town: str, code: str, said: str) -> None:
    (line,) = lines(read_sheet(f"Entreprise;Code postal;Commune\nATELIER;{postal};{town}\n".encode(), "suivi.csv"))
    assert line.get(ColumnMeaning.COMMUNE) == code
    assert said in " ".join(note["sentence"] for note in line.notes)
    assert bool(line.notes) is bool(said)


@pytest.mark.parametrize("written", ["9,0005E+08", "9.0005E+13", "1,23E+13", "9,00 E+13"])
def test_a_number_whose_digits_a_spreadsheet_lost_is_said(written: str) -> None:
    (line,) = lines(read_sheet(f"Entreprise;SIRET\nATELIER;{written}\n".encode(), "suivi.csv"))
    assert not line.siren and "derniers chiffres sont perdus" in line.notes[0]["sentence"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("46093", "2026-03-12"), ("46093.0", "2026-03-12"), ("2026/03/12", "2026-03-12"), ("12.03.26", "2026-03-12"),
        ("12 mars 2026", "2026-03-12"), ("20260312", "2026-03-12"), ("12-mars-26", "2026-03-12"),
        ("jeu. 12 mars 2026", "2026-03-12"), ("le 1er févr. 2026", "2026-02-01"), ("12/03/2026 14:30", "2026-03-12"),
        ("2026-03-12T14:30:00", "2026-03-12"), ("jeudi 12 mars 2026 à 14h", "2026-03-12"),
        ("12\u00a0mars 2026", "2026-03-12"),
        ("03/25/2026", ""), ("mars 2026", ""), ("30/02/2026", ""), ("hier", ""), ("12", ""),
    ],
)  # fmt: skip
def test_days_are_read_or_told_with_their_cell(written: str, day: str) -> None:
    (line,) = lines(read_sheet(f"Entreprise;Dernier contact\nATELIER;{written}\n".encode(), "suivi.csv"))
    assert line.get(ColumnMeaning.LAST_CONTACT) == day
    told = " ".join(note["sentence"] for note in line.notes)
    assert (f"« {written} »" in told) is (not day or written.startswith("46093"))


@pytest.mark.parametrize(
    ("written", "phone", "repaired"),
    [
        ("251000006", "0251000006", True), ("33612345678", "+33612345678", True), ("251000006.0", "0251000006", True),
        ("3.3612345678E10", "+33612345678", True), ("2.51000006E+8", "0251000006", True),
        ("02 51 00 00 06", "02 51 00 00 06", False), ("+33 2 51 00 00 06", "+33 2 51 00 00 06", False),
        ("6 12 34 56 78", "0612345678", True), ("poste 12", "poste 12", False), ("", "", False),
        ("0033251000006", "+33251000006", False), ("0033 2 51 00 00 06", "+33 2 51 00 00 06", False),
        ("00 33 (0)2 51 00 00 06", "+33 2 51 00 00 06", False), ("+33 (0) 251000006", "+33251000006", False),
    ],
)  # fmt: skip
def test_a_telephone_stored_as_a_number_is_repaired(written: str, phone: str, repaired: bool) -> None:
    assert read_phone(written) == (phone, repaired)


@pytest.mark.parametrize("cell", [datetime(1900, 1, 1), datetime(9999, 12, 31), 0, "01/01/1900", "31/12/9999"])
def test_days_that_spreadsheets_write_for_none_are_no_days(cell: object) -> None:
    made = io.BytesIO()
    book = Workbook(made, {"default_date_format": "dd/mm/yyyy"})
    page = book.add_worksheet()
    page.write_row(0, 0, ["Entreprise", "Dernier contact", "Relance"])
    page.write_row(1, 0, ["ATELIER", cell, cell])
    book.close()
    (line,) = lines(read_sheet(made.getvalue(), "suivi.xlsx"))
    assert not line.get(ColumnMeaning.LAST_CONTACT) and not line.get(ColumnMeaning.REMINDER)
    assert len([note for note in line.notes if note["field"] in ("last_contact", "reminder")]) == 2
