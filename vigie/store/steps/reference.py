"""Reference tables: territories of all vintages, zonings given beside them, former codes, activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from vigie.sources import cog, nomenclature
from vigie.sources.cog_lookup import code_book
from vigie.sources.contours import with_centres
from vigie.sources.zonings import read_zoning
from vigie.store.snapshot import content_hash
from vigie.store.tables import ACTIVITY, FORMER_COMMUNE, MEMBERSHIP, TERRITORY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import ibis.expr.types as ir

    from vigie.sources.zonings import Zoning
    from vigie.store.snapshot import Input
    from vigie.store.steps.build_context import BuildContext


def build_reference(context: BuildContext) -> None:
    """Make the reference tables; rows of zonings that cannot be read are rejects."""
    given = [item for source, item in context.plan.inputs.items() if source.startswith("zonage:")]
    zonings = [_zoning(context, item) for item in given]
    hashes = sorted(f"{item.file.card}={item.sha256}" for item in given)
    outlines = context.plan.outlines
    centres = [content_hash(path) for path in sorted(outlines.glob("*.parquet"))] if outlines else []
    context.ensure(TERRITORY, lambda: _territories(zonings, outlines), *hashes, *centres)
    context.ensure(MEMBERSHIP, lambda: _memberships(zonings), *hashes)
    context.ensure(FORMER_COMMUNE, lambda: _shaped(cog.former_communes(), FORMER_COMMUNE.schema))
    context.ensure(ACTIVITY, lambda: _shaped(nomenclature.activities(), ACTIVITY.schema))


def _zoning(context: BuildContext, item: Input) -> Zoning:
    zoning = read_zoning(item.file.path, context.plan.cards[item.file.card])
    rejected = len(zoning.rejects)
    context.remarks += zoning.remarks
    context.rejects.add(item.file.name, zoning.rejects, rejected, zoning.memberships.num_rows + rejected)
    return zoning


def published_communes() -> ir.Table:
    """Return, for each commune code that a file may bear, the `commune` of the reference vintage."""
    codes = code_book().by_published()
    return ibis.memtable(pa.table({"published": list(codes), "commune": list(codes.values())}))


def latest_membership(membership: ir.Table) -> ir.Table:
    """Return the membership of the reference vintage."""
    return membership.filter(membership.vintage == cog.latest_vintage())


def _territories(zonings: Sequence[Zoning], outlines: Path | None) -> ir.Table:
    names = [name for name in TERRITORY.schema if name not in {"longitude", "latitude", "area"}]
    found = [table.select(names) for table in (cog.territories(), *(z.territories for z in zonings))]
    return _shaped(with_centres(pa.concat_tables(found), outlines), TERRITORY.schema)


def _memberships(zonings: Sequence[Zoning]) -> ir.Table:
    found = [table.select(list(MEMBERSHIP.schema)) for table in (cog.memberships(), *(z.memberships for z in zonings))]
    return _shaped(pa.concat_tables(found), MEMBERSHIP.schema)


def _shaped(table: pa.Table, schema: dict[str, str]) -> ir.Table:
    return ibis.memtable(table.select(list(schema))).cast(schema)
