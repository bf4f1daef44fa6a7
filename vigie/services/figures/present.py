"""The latest figures of some territories, read from the table where each is computed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vigie.store.warehouse import Warehouse


def present_figures(
    warehouse: Warehouse, kind: str, indicators: Iterable[str], codes: Iterable[str]
) -> Mapping[tuple[str, str], float | None]:
    """Return the latest figure of each indicator and territory of a kind, by both; `None` where it is unknown."""
    table = warehouse.table("figure")
    wanted = parameter("indicators", "array<string>").unnest().name("indicator").as_table()
    asked = parameter("codes", "array<string>").unnest().name("code").as_table()
    chosen = table.filter(table.kind == parameter("kind")).semi_join(wanted, "indicator").semi_join(asked, "code")
    rows = warehouse.rows(
        chosen.select("indicator", "code", "vintage", "value"),
        {"kind": kind, "indicators": list(indicators), "codes": list(codes)},
    )
    return {(row["indicator"], row["code"]): row["value"] for row in sorted(rows, key=lambda row: str(row["vintage"]))}
