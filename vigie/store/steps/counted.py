"""Tables counted from the others, and the events since the generation in service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.store import derived, event_diff
from vigie.store.event_matter import matter
from vigie.store.snapshot import digest
from vigie.store.steps.notices import noticed
from vigie.store.tables import (
    ACTIVE_COUNT,
    BRIDGE,
    DEMOGRAPHY,
    ESTABLISHMENT,
    EVENT,
    FRANCE_COUNT,
    NOTICE,
    SUCCESSION,
)  # fmt: skip

if TYPE_CHECKING:
    from vigie.store.steps.build_context import BuildContext


def build_counted(context: BuildContext) -> None:
    """Make the bridge between nomenclatures, the counts and the demography."""
    builder = context.builder
    establishment, succession = builder.table(ESTABLISHMENT.name), builder.table(SUCCESSION.name)
    stock, links = context.fingerprint(ESTABLISHMENT), context.fingerprint(SUCCESSION)
    context.ensure(BRIDGE, lambda: derived.activity_bridge(establishment), stock)
    context.ensure(ACTIVE_COUNT, lambda: derived.active_count(establishment), stock)
    context.ensure(FRANCE_COUNT, lambda: derived.france_count(builder.table(ACTIVE_COUNT.name)), stock)
    context.ensure(DEMOGRAPHY, lambda: derived.demography(establishment, succession), stock, links)


def build_events(context: BuildContext, former_name: str, *, comparable: bool) -> int:
    """Make `event`: those already known, those since the former generation, and legal notices; return how many are new.

    Without a former generation there are notices only. When the former one is not `comparable` (another territory, or
    simulated and real data), its successor tells nothing new of the stock.
    """
    builder = context.builder
    key = context.key(
        EVENT, digest(former_name, str(comparable), str(context.plan.today)), context.fingerprint(ESTABLISHMENT),
        context.fingerprint(NOTICE),
    )  # fmt: skip
    former, before = builder.former(EVENT), builder.former(ESTABLISHMENT)
    after, links = builder.table(ESTABLISHMENT.name), builder.table(SUCCESSION.name)
    content = ibis.memtable([], schema=EVENT.schema)
    if former is not None and before is not None:
        known = builder.former(SUCCESSION)
        content = event_diff.kept(former, after)
        if comparable:
            earlier = links.limit(0) if known is None else known
            content = ibis.union(content, event_diff.events(before, after, links, earlier, context.plan.today))
    if context.receipts[NOTICE.name].rows:
        content = noticed(context, content, former)
    weighed = content.mutate(matter=matter(content).cast("int64"))
    receipt = context.note(builder.saved(EVENT, key) or builder.save(EVENT, weighed, key))
    already: int = 0 if former is None else builder.rows(former.aggregate(number=former.count()))[0]["number"]
    return max(0, receipt.rows - already)
