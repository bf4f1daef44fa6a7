"""Telling imaginary files from real ones by what they hold, the stock of Sirene apart (see `sirene.is_simulated`).

Every row of an imaginary file has a cell that ends with « (imaginaire) ».
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vigie.domain.firm_names import IMAGINARY
from vigie.errors import StructureFault
from vigie.sources.archives import open_bytes
from vigie.sources.published_json import json_objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vigie.sources.base import SourceFile

REMEDY = "Données simulées et données réelles ne se mêlent pas : donnez les unes ou les autres."
_MARK = IMAGINARY.encode()
_compute: Any = pc


def is_imaginary(file: SourceFile) -> bool:
    """Tell whether a file is imaginary. Raises `StructureFault` when some of its rows are and others are not.

    A workbook is real: none is ever simulated.
    """
    rows = marked = 0
    for total, found in _counted(file):
        rows, marked = rows + total, marked + found
        if 0 < marked < rows:
            break
    if 0 < marked < rows:
        raise StructureFault("certaines de ses lignes sont imaginaires, les autres non.", file=file.name, remedy=REMEDY)
    return marked > 0


def refusal_beside(file: SourceFile, *, simulated: bool) -> StructureFault:
    """Return the refusal of a file that is not, as the establishments are, imaginary or real."""
    what = "ses lignes sont réelles, mais les établissements sont imaginaires."
    if not simulated:
        what = "ses lignes sont imaginaires, mais les établissements sont réels."
    return StructureFault(what, file=file.name, remedy=REMEDY)


def _counted(file: SourceFile) -> Iterator[tuple[int, int]]:
    """Yield rows read, and those among them that bear the mark, part after part."""
    if file.format == "parquet":
        yield from _of_parquet(file)
    elif file.format == "json":
        rows = [json.dumps(one, ensure_ascii=False) for one in json_objects(file.path)]
        yield len(rows), sum(IMAGINARY in row for row in rows)
    elif file.format != "xlsx" and not str(file.member or "").lower().endswith(".xlsx"):
        with open_bytes(file.path, file.member) as stream:
            stream.readline()
            row = b""
            for line in stream:
                row += line
                if row.count(b'"') % 2:
                    continue  # the row goes on: one of its cells holds a line break
                if row.strip():
                    yield 1, int(_MARK in row)
                row = b""


def _of_parquet(file: SourceFile) -> Iterator[tuple[int, int]]:
    table = pq.ParquetFile(file.path)
    names = [field.name for field in table.schema_arrow if pa.types.is_string(field.type)]
    for batch in table.iter_batches(columns=names):
        found = pa.nulls(batch.num_rows, pa.bool_()).fill_null(False)
        for column in batch.columns:
            found = _compute.or_(found, _compute.ends_with(column, IMAGINARY).fill_null(False))
        yield batch.num_rows, int(_compute.sum(found).as_py() or 0)
