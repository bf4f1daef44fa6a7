"""What relates activities (the occupations that they hire, what they buy from one another) and firms (known ties)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from vigie.sources.input_output import read_input_output
from vigie.sources.occupations import labelled, read_occupations
from vigie.sources.ties.reading import read_ties
from vigie.store.published_tables import HIRING, INPUT_OUTPUT, OCCUPATION, OCCUPATION_DIVISION, SECTOR_DIVISION
from vigie.store.tables import LEGAL_UNIT
from vigie.store.tie_tables import TIE, TIE_GROUP

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

    from vigie.errors import Reject
    from vigie.store.declaring import Table
    from vigie.store.snapshot import Input
    from vigie.store.steps.build_context import BuildContext

# Contracts are keyed by thousands of buyers: one holder in seventy has no number. Above this, the reading is wrong.
TYPED_BY_HAND = 0.2
TRADES, FLOWS, LINKS = "metiers:", "echanges:", "liens:"


def build_relations(context: BuildContext) -> None:
    """Make `occupation`, `hiring`, `occupation_division`, `input_output`, `sector_division`, `tie_group` and `tie`.

    They are empty where nothing was given. An occupation is labelled by the first file that names it, in the order of
    their cards.
    """
    given = _given(context, TRADES)
    read = [read_occupations(item.file.path, context.plan.cards[item.file.card]) for item in given]
    for item, one in zip(given, read, strict=True):
        _refuse(context, item, one.rejects, max(map(len, (one.labels, one.hirings, one.divisions))))
    labels: dict[str, str] = {}
    for one in reversed(read):
        labels |= {row["code"]: row["label"] for row in one.labels.to_pylist()}
    hashes = context.hashes(given)
    _ensure(context, OCCUPATION, [labelled(labels)], hashes)
    _ensure(context, HIRING, [one.hirings for one in read], hashes)
    _ensure(context, OCCUPATION_DIVISION, [one.divisions for one in read], hashes)
    _build_flows(context)
    _build_ties(context)


def _build_flows(context: BuildContext) -> None:
    given = _given(context, FLOWS)
    read = [read_input_output(item.file.path, context.plan.cards[item.file.card]) for item in given]
    for item, one in zip(given, read, strict=True):
        _refuse(context, item, one.rejects, len(one.flows))
    hashes = context.hashes(given)
    _ensure(context, INPUT_OUTPUT, [one.flows for one in read], hashes)
    bridges = [one.bridge for one in read]
    once = [pa.concat_tables(bridges).group_by(bridges[0].column_names).aggregate([])] if bridges else []
    _ensure(context, SECTOR_DIVISION, once, hashes)


def _build_ties(context: BuildContext) -> None:
    """Make `tie_group` and `tie`; a firm that asked for discretion and a natural person enter by no tie."""
    given = _given(context, LINKS)
    read = [read_ties(item.file.path, context.plan.cards[item.file.card]) for item in given]
    for item, one in zip(given, read, strict=True):
        context.rejects.add(item.file.name, one.rejects, len(one.rejects), one.rows, TYPED_BY_HAND)
    hashes = context.hashes(given)
    _ensure(context, TIE_GROUP, [one.groups for one in read], hashes)
    kept = [one.ties.select(list(TIE.schema)) for one in read]
    found = ibis.memtable(pa.concat_tables(kept) if kept else [], schema=None if kept else TIE.schema)
    units = context.builder.table(LEGAL_UNIT.name)
    hidden = units.filter((units.diffusion == "P") | units.natural_person.fill_null(False)).siren

    def content() -> ir.Table:
        return found.cast(TIE.schema).filter(found.siren.notin(hidden) & found.partner.notin(hidden))

    context.ensure(TIE, content, context.fingerprint(LEGAL_UNIT), *hashes)


def _given(context: BuildContext, prefix: str) -> list[Input]:
    return [item for source, item in sorted(context.plan.inputs.items()) if source.startswith(prefix)]


def _refuse(context: BuildContext, item: Input, rejects: Sequence[Reject], kept: int) -> None:
    context.rejects.add(item.file.name, rejects, len(rejects), kept + len(rejects))


def _ensure(context: BuildContext, table: Table, found: Sequence[pa.Table], hashes: Sequence[str]) -> None:
    kept = [one.select(list(table.schema)) for one in found]
    content = ibis.memtable(pa.concat_tables(kept) if kept else [], schema=None if kept else table.schema)
    context.ensure(table, lambda: content.cast(table.schema), *hashes)
