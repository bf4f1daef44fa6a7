"""What each document of the name index keeps: the record of its establishment, and how it is read back.

`documents.py` writes it; reading needs no Ibis, so that an answer by number does not wait for it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from vigie.sources.nomenclature import SIZE_BANDS
from vigie.store.tables import ESTABLISHMENT

if TYPE_CHECKING:
    from collections.abc import Mapping

SEPARATOR = "\x7f"
RECORD = tuple(ESTABLISHMENT.schema)
SIZE_RANKS: Mapping[str, int] = {code: rank for rank, code in enumerate(SIZE_BANDS, start=1)}
NOT_PUBLISHED = "size:none"


def read_record(text: str) -> dict[str, Any]:
    """Return the public columns of `establishment`, typed, from the text that a document keeps."""
    return {column: read(value) for (column, read), value in zip(_READERS, text.split(SEPARATOR), strict=True)}


def _string(text: str) -> str | None:
    return text or None


def _boolean(text: str) -> bool | None:
    return text == "1" if text else None


def _integer(text: str) -> int | None:
    return int(text) if text else None


def _number(text: str) -> float | None:
    return float(text) if text else None


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


_BY_TYPE = {"string": _string, "boolean": _boolean, "int16": _integer, "float64": _number, "date": _date}
_READERS = tuple((column, _BY_TYPE[kind]) for column, kind in ESTABLISHMENT.schema.items())
