"""Commune codes of a file brought to those of the reference vintage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

# Overseas collectivities have communes of their own, that the geographic code of the départements leaves out.
_OVERSEAS_COLLECTIVITIES = ("975", "977", "978", "984", "986", "987", "988", "989")


def in_reference(table: ir.Table, column: str, communes: ir.Table) -> ir.Table:
    """Add `commune`: the code of the reference vintage, null when the published one is empty or unknown.

    `communes` has one row per `published` code, present or former, and the `commune` that it is today.
    """
    places = communes.select(published_code=communes["published"], reference_code=communes["commune"])
    joined = table.left_join(places, table[column] == places["published_code"])
    elsewhere = joined[column].re_search(f"^({'|'.join(_OVERSEAS_COLLECTIVITIES)})")
    kept = ibis.ifelse(elsewhere, joined[column], ibis.null("string"))
    commune = ibis.coalesce(joined["reference_code"], kept)
    return joined.mutate(commune=commune).drop("published_code", "reference_code")
