"""What sectors buy from one another and abroad, in the latest year of the input-output table that is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from vigie.measures.capture import import_content

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import ibis.expr.types as ir

    from vigie.domain.finding_table import Floats
    from vigie.measures.capture import ImportContent


@dataclass(frozen=True, eq=False)
class Exchanges:
    """An input-output table: `sectors` by division of activity with their `labels`, purchases and output by sector.

    Purchases are of shape (suppliers, users).
    """

    year: int
    sectors: Mapping[str, int]
    labels: tuple[str, ...]
    domestic: Floats
    imported: Floats
    output: Floats

    @cached_property
    def content(self) -> ImportContent:
        """Import content of what each sector buys."""
        return import_content(self.domestic, self.imported, self.output)

    @property
    def purchases(self) -> Floats:
        """What each sector buys, at home and abroad."""
        bought: Floats = self.domestic.sum(axis=0) + self.imported.sum(axis=0)
        return bought


def exchanges(
    table_of: Callable[[str], ir.Table], rows: Callable[[ir.Table], list[dict[str, Any]]]
) -> Exchanges | None:
    """Read the latest year of the first nomenclature loaded; `None` where no table is."""
    table, bridge = table_of("input_output"), table_of("sector_division")
    latest = rows(table.group_by("naf_level").agg(year=table.vintage.max()))
    if not latest:
        return None
    chosen = min(latest, key=lambda row: str(row["naf_level"]))
    kept = table.filter(table.naf_level == chosen["naf_level"], table.vintage == chosen["year"])
    held = rows(bridge.filter(bridge.naf_level == chosen["naf_level"]).select("sector", "label", "division"))
    labels = {row["sector"]: str(row["label"]) for row in held}
    place = {sector: rank for rank, sector in enumerate(sorted(labels))}
    amounts = {flow: np.zeros((len(place), len(place))) for flow in ("domestic", "imported")}
    output = np.zeros(len(place))
    for row in rows(kept.select("flow", "supplier", "user", "value")):
        if row["supplier"] in place and row["flow"] == "output":
            output[place[row["supplier"]]] = max(row["value"], 0.0)
        elif row["flow"] in amounts and row["supplier"] in place and row["user"] in place:
            amounts[row["flow"]][place[row["supplier"]], place[row["user"]]] = max(row["value"], 0.0)
    sectors = {row["division"]: place[row["sector"]] for row in held}
    names = tuple(labels[sector] for sector in sorted(labels))
    return Exchanges(int(chosen["year"]), sectors, names, amounts["domestic"], amounts["imported"], output)
