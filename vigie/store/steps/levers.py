"""What helps firms: catalogues of schemes, wastes that sites declare, documented exchanges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from vigie.errors import Reject
from vigie.sources.aids import read_aids
from vigie.sources.card_uses import AIDS, PRECEDENTS, WASTES
from vigie.sources.declared_wastes import read_declared_wastes
from vigie.sources.precedents import read_precedents
from vigie.store.lever_tables import DECLARED_WASTE, EXCHANGE_PRECEDENT, SCHEME, SCHEME_CONDITION
from vigie.store.tables import ESTABLISHMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

    from vigie.sources.aids import AidsRead
    from vigie.store.declaring import Table
    from vigie.store.snapshot import Input
    from vigie.store.steps.build_context import BuildContext

# Sites that closed keep their number in the register, and numbers are typed by hand. Above this, the reading is wrong.
UNATTACHED = 0.5


def build_levers(context: BuildContext) -> None:
    """Make the tables of what helps firms, empty where no file was given."""
    _build_schemes(context)
    _build_wastes(context)
    given = _given(context, PRECEDENTS)
    read = [read_precedents(item.file.path, context.plan.cards[item.file.card]) for item in given]
    for item, one in zip(given, read, strict=True):
        context.rejects.add(item.file.name, one.rejects, len(one.rejects), len(one.precedents) + len(one.rejects))
    _ensure(context, EXCHANGE_PRECEDENT, [one.precedents for one in read], context.hashes(given))


def _build_wastes(context: BuildContext) -> None:
    """Make `declared_waste`: sites loaded alone, none of a sole trader or of a firm that asked for discretion."""
    given = _given(context, WASTES)
    read = [read_declared_wastes(item.file.path, context.plan.cards[item.file.card]) for item in given]
    for item, one in zip(given, read, strict=True):
        lines = len(one.wastes) + len(one.rejects)
        context.rejects.add(item.file.name, one.rejects, len(one.rejects), lines, UNATTACHED)
    kept = [one.wastes.select(list(DECLARED_WASTE.schema)) for one in read]
    found = ibis.memtable(pa.concat_tables(kept) if kept else [], schema=None if kept else DECLARED_WASTE.schema)
    sites = context.builder.table(ESTABLISHMENT.name)
    open_ones = sites.filter((sites.diffusion == "O") & ~sites.natural_person.fill_null(True))

    def content() -> ir.Table:
        return found.cast(DECLARED_WASTE.schema).semi_join(open_ones, "siret")

    context.ensure(DECLARED_WASTE, content, context.fingerprint(ESTABLISHMENT), *context.hashes(given))


def _given(context: BuildContext, kind: str) -> list[Input]:
    return [item for source, item in sorted(context.plan.inputs.items()) if source.startswith(f"{kind}:")]


def _build_schemes(context: BuildContext) -> None:
    """Make `scheme` and `scheme_condition`.

    A scheme that two files give under one identifier is that of the first, in the order of their cards; the other is a
    reject.
    """
    given = _given(context, AIDS)
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
