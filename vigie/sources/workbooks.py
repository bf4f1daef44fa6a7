"""Sheets of a workbook (xlsx), in an archive or not: rows of text, as a CSV would give them."""

from __future__ import annotations

import io
import zipfile
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from vigie.errors import StructureFault
from vigie.sources.archives import open_bytes, refuse_unsafe_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from python_calamine import CalamineWorkbook

    from vigie.sources.cards_reader import Card

TITLES = 30
"""Rows among which the header of a sheet is looked for: titles and notes stand above it."""


def sheet_names(path: Path, member: str | None) -> tuple[str, ...]:
    """Return the sheets of a workbook. Raises `StructureFault` when it cannot be opened."""
    with _opened(path, member) as book:
        return tuple(book.sheet_names)


def sheet_rows(path: Path, member: str | None, sheet: str) -> Iterator[list[str]]:
    """Yield the rows of a sheet as text, all of one length: whole numbers without decimals, days as ISO 8601."""
    with _opened(path, member) as book:
        for row in book.get_sheet_by_name(sheet).iter_rows():
            yield [_text(cell) for cell in row]


def header_of(path: Path, member: str | None, sheet: str, card: Card) -> tuple[int, tuple[str, ...]] | None:
    """Return how many rows stand above the data of a sheet, and its header; `None` when it is not the card's.

    The header is the first row that bears all the columns that the card requires; with « header: none » columns are
    named by their number.
    """
    wanted = {rule.name for rule in card.columns if rule.required and rule.pattern is None}
    for number, row in enumerate(sheet_rows(path, member, sheet)):
        if card.layout.get("header") == "none":
            return 0, numbered(len(row))
        if wanted <= set(row):
            last = max(place for place, name in enumerate(row) if name) + 1
            return number + 1, tuple(row[:last])
        if number > TITLES:
            break
    return None


def numbered(width: int) -> tuple[str, ...]:
    """Return the names of the columns of a table without header: 1, 2, 3…"""
    return tuple(str(number + 1) for number in range(width))


@contextmanager
def _opened(path: Path, member: str | None) -> Iterator[CalamineWorkbook]:
    import python_calamine as calamine  # noqa: PLC0415 - reading a CSV does without

    with open_bytes(path, member) as stream:
        content = stream.read()
    try:
        refuse_unsafe_workbook(path, content)
        with calamine.load_workbook(io.BytesIO(content)) as book:
            yield book
    except calamine.PasswordError as error:
        raise StructureFault(
            "ce classeur est protégé par un mot de passe.", file=path.name,
            remedy="Donnez-le tel que le producteur le publie, sans mot de passe.",
        ) from error  # fmt: skip
    except (calamine.CalamineError, zipfile.BadZipFile) as error:
        raise StructureFault(
            "ce classeur ne se lit pas\u202f: il est tronqué, ou ce n’est pas du xlsx.", file=path.name,
            remedy="Téléchargez-le de nouveau, puis comparez sa taille à celle que le producteur annonce.",
        ) from error  # fmt: skip


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()
