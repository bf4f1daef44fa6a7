"""What helps firms: catalogues of schemes, whole or not at all row by row, an identifier once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from vigie.errors import Reject
from vigie.sources.aids import read_aids
from vigie.sources.card_uses import AIDS
from vigie.store.lever_tables import SCHEME, SCHEME_CONDITION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.sources.aids import AidsRead
    from vigie.store.declaring import Table
    from vigie.store.steps.build_context import BuildContext


def build_levers(context: BuildContext) -> None:
    """Make `scheme` and `scheme_condition`, empty where no catalogue was given.

    A scheme that two files give under one identifier is that of the first, in the order of their cards; the other is a
    reject.
    """
    prefix = f"{AIDS}:"
    given = [item for source, item in sorted(context.plan.inputs.items()) if source.startswith(prefix)]
    schemes, conditions = list[pa.Table](), list[pa.Table]()
    seen: set[str] = set()
    for item in given:
        read = read_aids(item.file.path, context.plan.cards[item.file.card])
        twice = _twice(read, seen, item.file.name)
        again = pa.array([one for one, _ in twice], pa.string())
        schemes.append(read.schemes.filter(pc.invert(pc.is_in(read.schemes["id"], again))))
        conditions.append(read.conditions.filter(pc.invert(pc.is_in(read.conditions["scheme"], again))))
        seen |= {str(one) for one in schemes[-1]["id"].to_pylist()}
        rejects = (*read.rejects, *(fault for _, fault in twice))
        context.rejects.add(item.file.name, rejects, len(rejects), len(schemes[-1]) + len(rejects))
    hashes = context.hashes(given)
    _ensure(context, SCHEME, schemes, hashes)
    _ensure(context, SCHEME_CONDITION, conditions, hashes)


def _twice(read: AidsRead, seen: set[str], file: str) -> list[tuple[str, Reject]]:
    what = "un autre fichier donne déjà ce numéro : gardez l’un des deux."
    return [
        (row["id"], Reject(file, row["rank"], "id", f"« {row['id'][:40]} » : {what}"))
        for row in read.schemes.select(["id", "rank"]).to_pylist()
        if row["id"] in seen
    ]


def _ensure(context: BuildContext, table: Table, found: Sequence[pa.Table], hashes: Sequence[str]) -> None:
    kept = [one.select(list(table.schema)) for one in found]
    content = ibis.memtable(pa.concat_tables(kept) if kept else [], schema=None if kept else table.schema)
    context.ensure(table, lambda: content.cast(table.schema), *hashes)
