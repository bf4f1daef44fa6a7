"""Relatedness that needs no area: occupations that both hire, what they supply one another, firms that hold both."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pyarrow as pa

from vigie.measures.relatedness import RelatednessKind, by_flows, by_shared_occupations, related_by_counts
from vigie.services.relatedness.areas import SET_APART
from vigie.services.relatedness.nearest import nearest
from vigie.store.relatedness_tables import RELATED_ACTIVITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir
    from numpy.typing import NDArray

    from vigie.store.derivation import BuildReader

FEWEST_HIRINGS = 50
"""Hirings below which the profile of an activity is made by a few contracts."""
FEWEST_COUNTED = 3
"""Firms or establishments below which a count is not told: it would speak of somebody."""
_TOLD = 6
_REV2 = "NAFRev2"


def hirings(tables: Mapping[str, ir.Table], reader: BuildReader) -> list[dict[str, Any]]:
    """Return the nearest activities of each, by the occupations that both hire, in the latest file."""
    table = tables["hiring"]
    rows = reader.rows(table.filter(table.vintage == table.vintage.max()).order_by("occupation", "naf"))
    totals: dict[str, int] = {}
    for row in rows:
        totals[row["naf"]] = totals.get(row["naf"], 0) + row["hirings"]
    kept = sorted(naf for naf, total in totals.items() if total >= FEWEST_HIRINGS and naf != SET_APART)
    if not kept:
        return []
    column = {naf: rank for rank, naf in enumerate(kept)}
    occupations = sorted({row["occupation"] for row in rows})
    line = {code: rank for rank, code in enumerate(occupations)}
    counts = np.zeros((len(occupations), len(kept)))
    for row in rows:
        if row["naf"] in column:
            counts[line[row["occupation"]], column[row["naf"]]] += row["hirings"]
    profiles = counts / counts.sum(axis=0)
    sums = profiles.sum(axis=1)
    told = np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0)

    def evidence(here: int, there: int) -> str:
        parts = profiles[:, here] * profiles[:, there] * told
        order = np.argsort(-parts, kind="stable")[:_TOLD]
        shares = [[occupations[one], round(float(parts[one] / parts.sum()), 4)] for one in order if parts[one] > 0]
        return json.dumps({"occupations": shares, "vintage": int(rows[0]["vintage"])})

    return nearest("hirings", "subclass", kept, by_shared_occupations(counts), evidence)


def flows(tables: Mapping[str, ir.Table], reader: BuildReader) -> list[dict[str, Any]]:
    """Return the nearest divisions of each, by what they supply one another; a division has the flows of its sector.

    Two divisions of one sector have no known flow between them: they are not told near.
    """
    table, bridge = tables["input_output"], tables["sector_division"]
    rows = reader.rows(table.filter(table.vintage == table.vintage.max()))
    divisions = reader.rows(bridge.order_by("division"))
    sectors = sorted({row["sector"] for row in divisions})
    place = {code: rank for rank, code in enumerate(sectors)}
    sold, made = np.zeros((len(sectors), len(sectors))), np.zeros(len(sectors))
    for row in rows:
        if row["flow"] in ("domestic", "imported") and {row["supplier"], row["user"]} <= set(place):
            sold[place[row["supplier"]], place[row["user"]]] += row["value"]
        elif row["flow"] == "output" and row["supplier"] in place:
            made[place[row["supplier"]]] += row["value"]
    if not made.any():
        return []
    codes = [row["division"] for row in divisions]
    of = np.array([place[row["sector"]] for row in divisions])
    near = by_flows(sold, made)[np.ix_(of, of)]
    unit, year = rows[0]["unit"], int(rows[0]["vintage"])

    def evidence(here: int, there: int) -> str:
        one, other = int(of[here]), int(of[there])
        told = {"sells": float(sold[one, other]), "buys": float(sold[other, one]), "unit": unit, "vintage": year}
        return json.dumps(told | {"sectors": [sectors[one], sectors[other]]}, ensure_ascii=False)

    return nearest("input_output", "division", codes, near, evidence)


def together(tables: Mapping[str, ir.Table], reader: BuildReader) -> list[dict[str, Any]]:
    """Return the nearest activities of each, by the firms that hold both and the establishments that went between them.

    Pairs seen fewer than three times are left out. Value: cosine of the counts, 0 to 1.
    """
    held, changed = reader.arrow(_held(tables["establishment"])), reader.arrow(_changed(tables["establishment_period"]))
    counts: dict[tuple[str, str], list[int]] = {}
    for rank, found in enumerate((held, changed)):
        for row in found.to_pylist():
            counts.setdefault((row["a"], row["b"]), [0, 0])[rank] = row["seen"]
    kept = {pair: both for pair, both in counts.items() if sum(both) >= FEWEST_COUNTED and SET_APART not in pair}
    codes = sorted({code for pair in kept for code in pair})
    place = {code: rank for rank, code in enumerate(codes)}
    square: NDArray[np.float64] = np.zeros((len(codes), len(codes)))
    for (one, other), both in kept.items():
        square[place[one], place[other]] = square[place[other], place[one]] = sum(both)

    def evidence(here: int, there: int) -> str:
        pair = (min(codes[here], codes[there]), max(codes[here], codes[there]))
        firms, moves = (None if 0 < count < FEWEST_COUNTED else count for count in kept[pair])
        return json.dumps({"firms": firms, "changes": moves})

    return nearest("together", "subclass", codes, related_by_counts(square, RelatednessKind.COSINE), evidence)


def _held(table: ir.Table) -> ir.Table:
    """Count the legal units that hold open establishments of two activities."""
    opened = table.filter(table.state == "A", table.naf_nomenclature == _REV2, table.naf.notnull())
    held = opened.select("siren", "naf").distinct()
    several = held.group_by("siren").agg(activities=held.count()).filter(ibis._.activities > 1)
    kept = held.semi_join(several, "siren")
    other = kept.view()
    pairs = kept.inner_join(other, "siren", rname="{name}_other").filter(ibis._.naf < ibis._.naf_other)
    return pairs.group_by(a=pairs.naf, b=pairs.naf_other).agg(seen=pairs.count())


def _changed(table: ir.Table) -> ir.Table:
    """Count the establishments whose activity became another, both in NAF rev. 2."""
    known = table.filter(table.naf_nomenclature == _REV2, table.naf.notnull())
    order = ibis.window(group_by=known.siret, order_by=known.start)
    after = known.mutate(before=known.naf.lag().over(order))
    moved = after.filter(after.before.notnull(), after.before != after.naf)
    sides = moved.select("siret", a=ibis.least(moved.before, moved.naf), b=ibis.greatest(moved.before, moved.naf))
    return sides.group_by("a", "b").agg(seen=sides.siret.nunique())


def as_table(rows: list[dict[str, Any]]) -> pa.Table:
    """Return rows of `related_activity` as a table, typed even when there is none."""
    return pa.Table.from_pylist(rows, schema=ibis.schema(RELATED_ACTIVITY.schema).to_pyarrow())
