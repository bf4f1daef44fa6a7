"""A table handed in to be evaluated, read whole as text: CSV (plain, gzip, zip) or Parquet, columns by name."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from vigie.errors import StructureFault
from vigie.sources.archives import csv_member, open_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SEPARATORS = (",", ";", "\t", "|")
_RIGHT_FILE = "Vérifiez que c’est le bon fichier."


def read_table(path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> pa.Table:
    """Return some columns of a file as trimmed text, an empty cell being null; absent optional columns are left out.

    Raises `StructureFault` when the file cannot be read, is empty, has no row, or lacks a required column.
    """
    table = _parquet(path) if path.suffix == ".parquet" else _csv(path)
    absent = [name for name in required if name not in table.column_names]
    if absent:
        lacking = ", ".join(f"« {name} »" for name in absent)
        held = ", ".join(f"« {name} »" for name in table.column_names[:12])
        raise StructureFault(
            f"il manque {'les colonnes' if len(absent) > 1 else 'la colonne'} {lacking} ; l’en-tête contient {held}.",
            file=path.name,
            remedy=_RIGHT_FILE,
        )
    if not table.num_rows:
        raise StructureFault("il n’y a aucune ligne sous l’en-tête.", file=path.name, remedy=_RIGHT_FILE)
    kept = [name for name in (*required, *optional) if name in table.column_names]
    return pa.table({name: _text(table.column(name)) for name in kept})


def columns_of(path: Path) -> tuple[str, ...]:
    """Return the names of the columns of a file; raises `StructureFault` when it cannot be read."""
    table = _parquet(path) if path.suffix == ".parquet" else _csv(path)
    return tuple(table.column_names)


def _parquet(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except pa.ArrowInvalid as fault:
        raise StructureFault("ce fichier Parquet est abîmé.", file=path.name, remedy=_RIGHT_FILE) from fault


def _csv(path: Path) -> pa.Table:
    member = csv_member(path) if path.suffix == ".zip" else None
    with open_bytes(path, member) as stream:
        data = stream.read().removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        raise StructureFault("ce fichier est vide.", file=path.name, remedy=_RIGHT_FILE)
    first = data.lstrip().splitlines()[0]
    separator = max(SEPARATORS, key=lambda one: first.count(one.encode()))
    names = [cell.strip().strip('"') for cell in first.decode("utf-8", "replace").split(separator)]
    options: dict[str, Any] = {
        "parse_options": csv.ParseOptions(delimiter=separator, newlines_in_values=True),
        "convert_options": csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True),
    }
    try:
        return csv.read_csv(BytesIO(data + b"\n"), **options)
    except pa.ArrowInvalid as fault:
        raise StructureFault(
            "ce n’est pas un tableau CSV en UTF-8 dont toutes les lignes ont les mêmes colonnes.",
            file=path.name,
            remedy="Enregistrez-le au format CSV (UTF-8), puis recommencez.",
        ) from fault


def _text(column: Any) -> Any:
    written = pc.utf8_trim_whitespace(pc.cast(column, pa.string()))
    # "NA" stays as it is written: it is Namibia in a column of countries.
    return pc.if_else(pc.equal(written, pa.scalar("")), pa.scalar(None, pa.string()), written)
