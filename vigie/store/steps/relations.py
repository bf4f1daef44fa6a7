"""What relates activities to one another: the occupations that they hire, what they buy from one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from vigie.sources.input_output import read_input_output
from vigie.sources.occupations import labelled, read_occupations
from vigie.store.published_tables import HIRING, INPUT_OUTPUT, OCCUPATION, OCCUPATION_DIVISION, SECTOR_DIVISION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.errors import Reject
    from vigie.store.declaring import Table
    from vigie.store.snapshot import Input
    from vigie.store.steps.build_context import BuildContext

TRADES, FLOWS = "metiers:", "echanges:"


def build_relations(context: BuildContext) -> None:
    """Make `occupation`, `hiring`, `occupation_division`, `input_output` and `sector_division`.

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


def _given(context: BuildContext, prefix: str) -> list[Input]:
    return [item for source, item in sorted(context.plan.inputs.items()) if source.startswith(prefix)]


def _refuse(context: BuildContext, item: Input, rejects: Sequence[Reject], kept: int) -> None:
    context.rejects.add(item.file.name, rejects, len(rejects), kept + len(rejects))


def _ensure(context: BuildContext, table: Table, found: Sequence[pa.Table], hashes: Sequence[str]) -> None:
    kept = [one.select(list(table.schema)) for one in found]
    content = ibis.memtable(pa.concat_tables(kept) if kept else [], schema=None if kept else table.schema)
    context.ensure(table, lambda: content.cast(table.schema), *hashes)
