"""What a generation says of itself: `generation.json`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vigie.sources import cog
from vigie.sources.card_uses import INDICATOR
from vigie.sources.origins import read_origin
from vigie.store.steps.complements import EMPLOYMENT, HISTORY, SUCCESSIONS
from vigie.store.steps.notices import NOTICES
from vigie.store.steps.stock import ESTABLISHMENTS, UNITS
from vigie.store.tables import ESTABLISHMENT, INDICATOR_VALUE, JOBS, LEGAL_UNIT, NOTICE, PERIOD, SUCCESSION

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from vigie.store.snapshot import Input
    from vigie.store.steps.build_context import BuildContext
    from vigie.store.tables import Table

# Files do not say of when they are: the latest date that they bear does.
_DATED: dict[str, tuple[Table, str]] = {
    ESTABLISHMENTS: (ESTABLISHMENT, "processed"), UNITS: (LEGAL_UNIT, "processed"), SUCCESSIONS: (SUCCESSION, "date"),
    HISTORY: (PERIOD, "start"), EMPLOYMENT: (JOBS, "year"), NOTICES: (NOTICE, "published"),
}  # fmt: skip


def describe(site: BuildContext) -> dict[str, Any]:
    """Return what `generation.json` tells of a build: when, from which files, with how many rows."""
    plan = site.plan
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "territory": plan.scope,
        "cog_vintage": cog.latest_vintage(),
        "vintage": {source: _vintage(site, source, item) for source, item in sorted(plan.inputs.items())},
        "tables": {r.table: {"rows": r.rows, "fingerprint": r.fingerprint} for r in site.receipts.values()},
        "inputs": [_input(site, source, item) for source, item in sorted(plan.inputs.items())],
        "rejected_total": site.rejects.total,
    }


def _input(site: BuildContext, source: str, item: Input) -> dict[str, Any]:
    table, _ = _DATED.get(source, (None, ""))
    receipt = site.receipts[table.name] if table else None
    return {
        "source": source,
        "file": item.file.name,
        "sha256": item.sha256,
        "published": read_origin(item.file.path).get("published"),
        "rows": receipt.read if receipt else None,
        "imaginary": source in site.imaginary,
        "rejected": site.rejects.by_file.get(item.file.name, 0),
    }


def _vintage(site: BuildContext, source: str, item: Input) -> str | None:
    if source in _DATED:
        table, column = _DATED[source]
        return _latest(site, site.builder.table(table.name), column)
    card = site.plan.cards[item.file.card]
    indicators = [use.id for use in card.all_uses if use.kind == INDICATOR]
    if indicators:
        values = site.builder.table(INDICATOR_VALUE.name)
        return _latest(site, values.filter(values.indicator.isin(indicators)), "vintage")
    told = card.layout.get("vintage")
    return None if told is None else str(told)


def _latest(site: BuildContext, rows: ir.Table, column: str) -> str | None:
    latest = site.builder.rows(rows.aggregate(latest=rows[column].max()))[0]["latest"]
    return None if latest is None else str(latest)
