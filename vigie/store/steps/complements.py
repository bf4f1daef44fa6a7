"""What may be given beside the stock: succession links, history, jobs, indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from vigie.sources import events, jobs
from vigie.sources.indicators import read_indicator
from vigie.store.steps.loading import Loading
from vigie.store.steps.reference import published_communes
from vigie.store.tables import ESTABLISHMENT, INDICATOR_VALUE, JOBS, PERIOD, SUCCESSION

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from vigie.store.snapshot import Input
    from vigie.store.steps.build_context import BuildContext
    from vigie.store.tables import Table

SUCCESSIONS, HISTORY, EMPLOYMENT = "sirene_succession", "sirene_historique", "urssaf_emploi"


def build_beside(context: BuildContext) -> None:
    """Make `succession`, `establishment_period`, `jobs` and `indicator_value`, empty where nothing was given.

    Links and periods of a load limited to a territory are those of its establishments; jobs are kept whole, since
    the rest of the country is what a territory is compared to.
    """
    inputs, limited = context.plan.inputs, context.plan.territory is not None
    stock = context.fingerprint(ESTABLISHMENT) if limited else ""

    def links(raw: ir.Table) -> ir.Table:
        kept = context.builder.table(ESTABLISHMENT.name).siret
        former, new = raw.siretEtablissementPredecesseur, raw.siretEtablissementSuccesseur
        return raw.filter(former.isin(kept) | new.isin(kept))

    def history(raw: ir.Table) -> ir.Table:
        return raw.semi_join(context.builder.table(ESTABLISHMENT.name), "siret")

    if SUCCESSIONS in inputs:
        narrow = links if limited else None
        Loading(context, SUCCESSION, inputs[SUCCESSIONS], events.successions, narrow=narrow).run(stock)
    else:
        context.ensure(SUCCESSION, lambda: _none(SUCCESSION))
    if HISTORY in inputs:
        narrow = history if limited else None
        Loading(context, PERIOD, inputs[HISTORY], events.periods, narrow=narrow).run(stock)
    else:
        context.ensure(PERIOD, lambda: _none(PERIOD))
    if EMPLOYMENT in inputs:
        communes = published_communes()
        Loading(context, JOBS, inputs[EMPLOYMENT], lambda raw: jobs.jobs(raw, communes), each=False).run()
    else:
        context.ensure(JOBS, lambda: _none(JOBS))
    _indicators(context)


def _indicators(context: BuildContext) -> None:
    given = [item for source, item in sorted(context.plan.inputs.items()) if source.startswith("indicateur:")]
    values = [_values(context, item) for item in given]
    hashes = [f"{item.file.card}={item.sha256}" for item in given]
    schema = INDICATOR_VALUE.schema
    context.ensure(
        INDICATOR_VALUE,
        lambda: ibis.memtable(pa.concat_tables(values)).cast(schema) if values else _none(INDICATOR_VALUE),
        *hashes,
    )


def _values(context: BuildContext, item: Input) -> pa.Table:
    found = read_indicator(item.file.path, context.plan.cards[item.file.card])
    rejected = len(found.rejects)
    context.rejects.add(item.file.name, found.rejects, rejected, found.values.num_rows + rejected)
    return found.values.select(list(INDICATOR_VALUE.schema))


def _none(table: Table) -> ir.Table:
    return ibis.memtable([], schema=table.schema)
