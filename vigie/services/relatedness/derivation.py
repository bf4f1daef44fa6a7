"""Derivations of relatedness: what each table is made of, by which function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.services.relatedness.complexity import activity_rows, area_rows, colocation, compared, reach_rows
from vigie.services.relatedness.ties import as_table, flows, hirings, together
from vigie.store.derivation import Derivation, recipe
from vigie.store.published_tables import HIRING, INPUT_OUTPUT, SECTOR_DIVISION
from vigie.store.relatedness_tables import ACTIVITY_COMPLEXITY, AREA_COMPLEXITY, REACH, RELATED_ACTIVITY
from vigie.store.tables import ESTABLISHMENT, JOBS, MEMBERSHIP, PERIOD

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir
    import pyarrow as pa

    from vigie.store.derivation import BuildReader

_AREAS = (JOBS, MEMBERSHIP)
_TIES = (HIRING, INPUT_OUTPUT, SECTOR_DIVISION, ESTABLISHMENT, PERIOD)
_CODE = ("measures/complexity.py", "measures/relatedness.py", "measures/concentration.py", "services/relatedness/*.py")


def related_activity(tables: Mapping[str, ir.Table], reader: BuildReader) -> pa.Table:
    """Return the nearest activities of each, of the four kinds, in the shape of `related_activity`."""
    one = compared(tables, reader)
    near = colocation(one) if one else []
    return as_table([*near, *hirings(tables, reader), *flows(tables, reader), *together(tables, reader)])


RELATEDNESS = (
    Derivation(RELATED_ACTIVITY, (*_AREAS, *_TIES), recipe(*_CODE), related_activity),
    Derivation(
        ACTIVITY_COMPLEXITY, _AREAS, recipe(*_CODE), lambda tables, reader: activity_rows(compared(tables, reader))
    ),
    Derivation(AREA_COMPLEXITY, _AREAS, recipe(*_CODE), lambda tables, reader: area_rows(compared(tables, reader))),
    Derivation(REACH, _AREAS, recipe(*_CODE), lambda tables, reader: reach_rows(compared(tables, reader))),
)
