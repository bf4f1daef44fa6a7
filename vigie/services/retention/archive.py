"""A zip of tables, each as JSON and as CSV, with a page in French that explains it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from vigie.domain.formulas import shielded

if TYPE_CHECKING:
    from vigie.store.journal.base import Base

SECRETS = frozenset({"key_hash", "password_hash", "email_key", "bucket", "request_key", "request_content"})
"""Columns that are never taken away: what is kept of secrets."""
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Archive:
    """A file to hand over."""

    name: str
    content: bytes
    tables: Mapping[str, int]


def record(row: Base) -> Record:
    """Return a row as people may take it away, its secrets left out."""
    names = [column.key for column in row.__table__.columns if column.key not in SECRETS]
    return {name: _plain(getattr(row, name)) for name in names}


def packed(name: str, readme: str, tables: Mapping[str, Sequence[Record]], *, sheets: bool) -> Archive:
    """Write the tables in a zip; `sheets` adds a CSV beside each JSON. A table without row is written too."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("LISEZMOI.txt", readme)
        for table, rows in tables.items():
            archive.writestr(f"json/{table}.json", json.dumps(list(rows), ensure_ascii=False, indent=1))
            if sheets and rows:
                archive.writestr(f"csv/{table}.csv", _csv(rows))
    return Archive(name, buffer.getvalue(), {table: len(rows) for table, rows in tables.items()})


def _csv(rows: Sequence[Record]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer.writerow(names)
    writer.writerows([[_cell(row.get(name)) for name in names] for row in rows])
    return "\ufeff" + buffer.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return shielded(text) if isinstance(value, str) else text


def _words(value: list[Any]) -> bool:
    return all(isinstance(one, str) for one in value)


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it; what events tell of secrets is left out too."""
    if isinstance(value, dict):
        return {name: _plain(kept) for name, kept in value.items() if name not in SECRETS}
    if isinstance(value, list):
        return [_plain(kept) for kept in value if kept not in SECRETS] if _words(value) else [*map(_plain, value)]
    return value.isoformat() if isinstance(value, date | datetime) else value
