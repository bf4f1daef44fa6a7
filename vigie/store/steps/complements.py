"""What may be given beside the stock: succession links, history, jobs, indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from vigie.sources import events, jobs
from vigie.sources.card_uses import INDICATOR, PLACES
from vigie.store.published_tables import PLACE
from vigie.store.steps.loading import Loading
from vigie.store.steps.reference import published_communes
from vigie.store.tables import ESTABLISHMENT, INDICATOR_VALUE, JOBS, PERIOD, SUCCESSION

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from vigie.store.steps.build_context import BuildContext
    from vigie.store.tables import Table

SUCCESSIONS, HISTORY, EMPLOYMENT = "sirene_succession", "sirene_historique", "urssaf_emploi"


def build_beside(context: BuildContext) -> None:
    """Make `succession`, `establishment_period`, `jobs`, `indicator_value` and `place`, empty where nothing was given.

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
    _published(context)


def _published(context: BuildContext) -> None:
    """Make the tables of what files give of territories and places; each file is read once for all its uses."""
    of_values, of_places = context.given(INDICATOR), context.given(PLACES)
    values = [context.uses(item).values.values for item in of_values]
    places = [one.places for item in of_places for one in context.uses(item).places]
    for table, found, items in ((INDICATOR_VALUE, values, of_values), (PLACE, places, of_places)):
        content = ibis.memtable(pa.concat_tables(found)).cast(table.schema) if found else _none(table)
        context.ensure(table, lambda content=content: content, *context.hashes(items))  # type: ignore[misc]


def _none(table: Table) -> ir.Table:
    return ibis.memtable([], schema=table.schema)
