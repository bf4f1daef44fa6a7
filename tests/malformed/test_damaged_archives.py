"""Bytes of an archive changed anywhere, however it is packed: one French refusal, never a fault of Python."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journal.sheets import xlsx_file
from tests.not_empty import not_empty
from vigie.errors import StructureFault
from vigie.services.spreadsheets.reading import read_sheet
from vigie.sources.archives import csv_member, open_bytes

PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
ROWS = [("Entreprise", "Ville"), *((f"Atelier {rank}", "Les Herbiers") for rank in range(200))]


def packed(path: Path, members: dict[str, bytes], how: int) -> bytes:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path.read_bytes()


def damaged(whole: bytes, how: int) -> Iterator[bytes]:
    """Copies with some bytes changed; the first two stay, so that they are still taken for archives."""
    chance = random.Random(how)  # noqa: S311 - a test's dice
    for rank in range(80):
        copy = bytearray(whole)
        for _ in range((1, 3, 20)[rank % 3]):
            copy[chance.randrange(2, len(copy))] = chance.randrange(256)
        yield bytes(copy)


@pytest.mark.parametrize("how", PACKED)
def test_a_damaged_workbook_is_refused(tmp_path: Path, how: int) -> None:
    (tmp_path / "entier.xlsx").write_bytes(xlsx_file(ROWS))
    with zipfile.ZipFile(tmp_path / "entier.xlsx") as origin:
        whole = packed(tmp_path / "a.xlsx", {name: origin.read(name) for name in origin.namelist()}, how)
    refused = 0
    for copy in not_empty(damaged(whole, how)):
        try:
            read_sheet(copy, "suivi.xlsx")
        except StructureFault as fault:
            refused += 1
            assert fault.file == "suivi.xlsx" and fault.remedy
    assert refused > 60


@pytest.mark.parametrize("how", PACKED)
def test_a_damaged_source_is_refused(tmp_path: Path, how: int) -> None:
    text = "\n".join(";".join(row) for row in ROWS).encode()
    whole, place, refused = packed(tmp_path / "entier.zip", {"a.csv": text}, how), tmp_path / "stock.zip", 0
    for copy in not_empty(damaged(whole, how)):
        place.write_bytes(copy)
        try:
            with open_bytes(place, csv_member(place)) as stream:
                stream.read()
        except StructureFault as fault:
            refused += 1
            assert fault.file == "stock.zip" and fault.remedy
    assert refused > 40
