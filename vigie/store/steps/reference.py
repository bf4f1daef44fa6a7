"""Reference tables: territories of all vintages, zonings given beside them, former codes, activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from vigie.errors import Remark
from vigie.sources import cog, nomenclature
from vigie.sources.card_uses import ZONING
from vigie.sources.cog_lookup import code_book
from vigie.sources.contours import with_centres
from vigie.store.snapshot import content_hash
from vigie.store.tables import ACTIVITY, FORMER_COMMUNE, MEMBERSHIP, TERRITORY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import ibis.expr.types as ir

    from vigie.sources.cards_reader import Card
    from vigie.sources.zonings import Zoning
    from vigie.store.snapshot import Input
    from vigie.store.steps.build_context import BuildContext


def build_reference(context: BuildContext) -> None:
    """Make the reference tables; rows of zonings that cannot be read are rejects."""
    given = context.given(ZONING)
    zonings = _chosen(context, given)
    hashes = sorted(context.hashes(given))
    outlines = context.plan.outlines
    centres = [content_hash(path) for path in sorted(outlines.glob("*.parquet"))] if outlines else []
    context.ensure(TERRITORY, lambda: _territories(zonings, outlines), *hashes, *centres)
    context.ensure(MEMBERSHIP, lambda: _memberships(zonings), *hashes)
    context.ensure(FORMER_COMMUNE, lambda: _shaped(cog.former_communes(), FORMER_COMMUNE.schema))
    context.ensure(ACTIVITY, lambda: _shaped(nomenclature.activities(), ACTIVITY.schema))


def _chosen(context: BuildContext, given: Sequence[Input]) -> list[Zoning]:
    """Return the zonings to keep: one file alone gives the zones of a kind and vintage, the others are told.

    Preferred are the files whose codes are of the latest vintage, then those that name their zones.
    """
    ranked = sorted(
        ((context.plan.cards[item.file.card], item) for item in given), key=lambda pair: _rank(pair[0]), reverse=True
    )
    owners: dict[tuple[str, int, str], str] = {}
    kept = []
    for _, item in ranked:
        for zoning in context.uses(item).zonings:
            context.remarks += zoning.remarks
            zones = [(row["kind"], row["vintage"], row["code"]) for row in zoning.territories.to_pylist()]
            other = next((owners[zone] for zone in zones if owners.get(zone, item.file.name) != item.file.name), None)
            if other is None:
                owners |= dict.fromkeys(zones, item.file.name)
                kept.append(zoning)
            else:
                what = f"zones non reprises ({zoning.kind.label})\u00a0: «\u00a0{other}\u00a0» les donne déjà."
                context.remarks.append(Remark(item.file.name, "", what))
    return kept


def _rank(card: Card) -> tuple[int, bool, str]:
    names = any("label" in use.columns for use in card.all_uses) or any(rule.as_ == "label" for rule in card.columns)
    return int(card.layout.get("vintage", cog.latest_vintage())), names, card.id


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
