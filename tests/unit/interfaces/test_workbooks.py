"""Workbooks read back: the same cells, texts that stay texts, days as days, heads, units."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from tests.not_empty import not_empty
from vigie.interfaces.exports import EXCEL, KINDS, PLAIN, csv_lines
from vigie.interfaces.sheets import Sheet, SheetColumn, described

FORMULAS = ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "＝1", '=HYPERLINK("http://x")']
COLUMNS = (
    SheetColumn("SIRET", kind="identifier"),
    SheetColumn("Nom"),
    SheetColumn("Valeur : part", "%", "Lire ainsi."),
    SheetColumn("Création", "jour"),
    SheetColumn("Siège"),
)
ROWS = [
    ("01234567800012", "L'ATELIER <&> 'D'", 12.5, date(2020, 1, 31), True),
    ("01234567800020", None, None, date(1850, 6, 1), False),
    *(("01234567800038", text, 3, None, None) for text in FORMULAS),
]
SHEET = Sheet("Établissements", COLUMNS, ROWS)
BOOK = (SHEET, described(SHEET))
ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
TABLE, TEXT, OFFICE = ODF % "table", ODF % "text", ODF % "office"


def read_ods(content: bytes) -> dict[str, list[list[tuple[str | None, str]]]]:
    """Read the type and the text of every cell."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype").decode() == KINDS["ods"].media_type
        ET.fromstring(archive.read("META-INF/manifest.xml"))
        root = ET.fromstring(archive.read("content.xml"))
    assert not [node for node in root.iter() if f"{TABLE}formula" in node.attrib]
    return {
        table.attrib[f"{TABLE}name"]: [
            [(cell.get(f"{OFFICE}value-type"), "".join(cell.itertext())) for cell in row.iter(f"{TABLE}table-cell")]
            for row in table.iter(f"{TABLE}table-row")
        ]
        for table in root.iter(f"{TABLE}table")
    }


def test_an_xlsx_is_read_back_with_its_types() -> None:
    book = openpyxl.load_workbook(io.BytesIO(KINDS["xlsx"].write(BOOK)))
    assert book.sheetnames == ["Établissements", "Colonnes et unités"]
    rows = list(book["Établissements"].iter_rows())
    assert [cell.value for cell in rows[0]] == ["SIRET", "Nom", "Valeur\u00a0: part", "Création", "Siège"]
    assert [cell.value for cell in rows[1]] == [*ROWS[0][:3], datetime(2020, 1, 31), "oui"]
    assert [cell.value for cell in rows[2]] == ["01234567800020", None, None, "01/06/1850", "non"]
    for cells, text in zip(rows[3:], FORMULAS, strict=True):
        assert (cells[1].data_type, cells[1].value) == ("s", text)
        assert cells[1].quotePrefix and not cells[0].quotePrefix
    assert (rows[0][0].font.bold, book["Établissements"].freeze_panes) == (True, "A2")


def test_no_xlsx_cell_holds_a_formula_or_a_link() -> None:
    with zipfile.ZipFile(io.BytesIO(KINDS["xlsx"].write(BOOK))) as archive:
        for name in not_empty(archive.namelist()):
            content = archive.read(name).decode()
            assert "<f>" not in content and "<hyperlink" not in content, name


def test_an_ods_is_read_back_with_its_types() -> None:
    sheets = read_ods(KINDS["ods"].write(BOOK))
    assert list(sheets) == ["Établissements", "Colonnes et unités"]
    heads, first, second, *others = sheets["Établissements"]
    assert heads[2] == ("string", "Valeur\u00a0: part")
    assert first == [("string", ROWS[0][0]), ("string", "L'ATELIER <&> 'D'"), ("float", "12.5"),
                     ("date", "31/01/2020"), ("string", "oui")]  # fmt: skip
    assert second[1:4] == [(None, ""), (None, ""), ("date", "01/06/1850")]
    assert [cells[1] for cells in others] == [("string", " ".join(text.split("\t"))) for text in FORMULAS]


def test_what_xml_cannot_hold_is_replaced() -> None:
    odd = Sheet("Essai", (SheetColumn("Nom"),), [("a\x00\x0bb\ufffe",)])
    assert read_ods(KINDS["ods"].write([odd]))["Essai"][1] == [("string", "a\ufffd\ufffdb\ufffd")]
    assert openpyxl.load_workbook(io.BytesIO(KINDS["xlsx"].write([odd])))["Essai"]["A2"].value


def test_units_and_meanings_have_their_sheet() -> None:
    told = read_ods(KINDS["ods"].write(BOOK))["Colonnes et unités"]
    assert [text for _, text in told[0]] == ["Feuille", "Colonne", "Unité", "Comment la lire"]
    assert [text for _, text in told[3]] == ["Établissements", "Valeur\u00a0: part", "%", "Lire ainsi."]
    assert told[1][2] == ("string", "sans unité")


@pytest.mark.parametrize("dialect", [PLAIN, EXCEL])
def test_no_csv_cell_begins_a_formula(dialect: object) -> None:
    lines = list(csv_lines(SHEET, dialect))  # type: ignore[arg-type]
    assert len(lines) == len(ROWS) + 1
    for line, text in zip(lines[3:], FORMULAS, strict=True):
        assert f"'{text[:1]}" in line
