"""Directories to search in tests, made by the same expressions as a refresh makes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from vigie.sources import cog
from vigie.store.documents import documents
from vigie.store.engines.tantivy import TantivyBuilder, TantivyDirectory
from vigie.store.tables import ESTABLISHMENT

_DEFAULTS: Mapping[str, Any] = {
    "diffusion": "O",
    "masked": False,
    "state": "A",
    "head_office": True,
    "naf_nomenclature": "NAFRev2",
}


def from_rows(
    rows: Iterable[Mapping[str, Any]], folder: Path, zones: Sequence[Mapping[str, Any]] = ()
) -> TantivyDirectory:
    """Index rows of `establishment`; what is left out is open, public, a head office, unknown for the rest.

    `zones` are rows of `membership` beside those of the reference.
    """
    complete = [
        {name: row.get(name, _DEFAULTS.get(name)) for name in ESTABLISHMENT.schema}
        | {"siret": row["siret"], "siren": row["siret"][:9]}
        for row in rows
    ]
    schema = ibis.schema(ESTABLISHMENT.schema).to_pyarrow()
    connection = ibis.duckdb.connect()
    table = connection.create_table("establishment", pa.Table.from_pylist(complete, schema=schema))
    return from_table(connection, table, folder, zones)


def from_table(
    connection: ibis.BaseBackend, establishment: ir.Table, folder: Path, zones: Sequence[Mapping[str, Any]] = ()
) -> TantivyDirectory:
    """Index a table of establishments with the territories of the reference that ships with Vigie."""
    reference = cog.memberships([cog.latest_vintage()])
    more = pa.Table.from_pylist(list(zones), schema=reference.schema)
    membership = connection.create_table("membership", pa.concat_tables([reference, more]))
    batches = connection.to_pyarrow_batches(documents(establishment, membership), chunk_size=50_000)
    TantivyBuilder(threads=1, heap_mib=64).build(batches, folder)
    return TantivyDirectory(folder)
