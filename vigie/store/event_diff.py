"""What happened between two generations, as dated events; a masked value is never told, even by its change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.domain.relations import EventKind, EventSource
from vigie.store.derived import announced, continued
from vigie.store.tables import EVENT

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir

_ASKED = ("O", "P")
"""Statuses that firms choose; losing or finding again the legal unit tells nothing of theirs."""
_NOT_SAID = "NN"
"""Size band that mixes no employee and nothing declared."""
_WEIGHED_LATER = ibis.null("int64")
"""What events of all sources are given together, once they are all there."""
_SEEN = ("siren", "commune", "diffusion", "masked", "state", "naf", "naf_nomenclature", "naf25", "size_band", "name")


def events(before: ir.Table, after: ir.Table, links: ir.Table, known_links: ir.Table, seen: date) -> ir.Table:
    """Return the events that lead from `before` to `after` (tables `establishment`), as rows of `event`.

    `links` and `known_links` are the succession tables of both generations. A move or a transfer is one event,
    borne by the successor, in place of a creation and a closure.
    """
    moved = _moves(before, after, links, known_links, seen)
    sides = ibis.union(moved.select(siret=moved.before), moved.select(siret=moved.after)).distinct()
    both = _both(before, after)
    parts = (_born(before, after, seen).anti_join(sides, "siret"), _ended(both, seen).anti_join(sides, "siret"))
    return _weighed(ibis.union(*parts, moved, *_changes(both, seen)), before, after)


def kept(former: ir.Table, after: ir.Table) -> ir.Table:
    """Return the events that Sirene told, without the names of what is now masked or no longer published.

    Those that only a notice tells are told again from the notices of the day.
    """
    former = former.filter(former.source.isnull() | (former.source != str(EventSource.BODACC)))
    open_ = after.filter(~after.masked).select(open_siret=after.siret)
    rows = former.left_join(open_, former.siret == open_.open_siret)
    silent = (rows.kind == str(EventKind.NAME)) & rows.open_siret.isnull()
    nothing = ibis.null("string")
    return rows.mutate(
        before=ibis.ifelse(silent, nothing, rows.before), after=ibis.ifelse(silent, nothing, rows.after),
        source=ibis.literal(str(EventSource.SIRENE)), notice=nothing, matter=_WEIGHED_LATER,
    ).select(*EVENT.schema)  # fmt: skip


def _weighed(told: ir.Table, before: ir.Table, after: ir.Table) -> ir.Table:
    """Add what tells how much an event matters: activity and size.

    Sirene empties the size of an establishment once it is closed: the former one is taken then.
    """
    now, then = (
        stock.select(
            side_siret=stock.siret,
            side_naf=stock.naf,
            side_nomenclature=stock.naf_nomenclature,
            side_band=stock.size_band.nullif(_NOT_SAID),
        )
        for stock in (after, before)
    )
    joined = told.left_join(now, told.siret == now.side_siret)
    joined = joined.left_join(then, joined.siret == then.side_siret, rname="then_{name}")
    fresh = joined.side_naf.notnull()
    return joined.mutate(
        naf=ibis.coalesce(joined.side_naf, joined.then_side_naf),
        naf_nomenclature=ibis.ifelse(fresh, joined.side_nomenclature, joined.then_side_nomenclature),
        size_band=ibis.coalesce(joined.side_band, joined.then_side_band),
        source=ibis.literal(str(EventSource.SIRENE)),
        notice=ibis.null("string"),
        matter=_WEIGHED_LATER,
    ).select(*EVENT.schema)


def _both(before: ir.Table, after: ir.Table) -> ir.Table:
    old = before.select(siret=before.siret, **{f"old_{name}": before[name] for name in _SEEN})
    return after.select("siret", "closed", *_SEEN).inner_join(old, "siret")


def _born(before: ir.Table, after: ir.Table, seen: date) -> ir.Table:
    """New open establishments, in the départements that the former generation covered."""
    covered = before.select(department=_department(before)).distinct()
    known = before.filter(~announced(before))
    new = after.filter(after.state == "A").anti_join(known, "siret").mutate(department=_department(after))
    return _event(new.semi_join(covered, "department"), EventKind.CREATION, seen, day="created")


def _department(table: ir.Table) -> ir.StringValue:
    return ibis.ifelse(table.commune.startswith("97"), table.commune[:3], table.commune[:2])


def _ended(both: ir.Table, seen: date) -> ir.Table:
    gone = both.filter(both.old_state == "A", both.state == "F")
    return _event(gone, EventKind.CLOSURE, seen, day="closed")


def _moves(before: ir.Table, after: ir.Table, links: ir.Table, known: ir.Table, seen: date) -> ir.Table:
    """New links whose successor is new, or whose predecessor has just closed."""
    fresh = continued(links).anti_join(known, ["predecessor", "successor"])
    now = after.select("siret", "siren", "commune", "state")
    then = before.filter(~announced(before)).select("siret", was="state")
    ends = {
        name: now.left_join(then, "siret").select(
            **{f"{name}_siret": now.siret, f"{name}_siren": now.siren, f"{name}_commune": now.commune},
            **{f"{name}_state": now.state, f"{name}_was": then.was},
        )
        for name in ("left", "reached")
    }
    pairs = fresh.left_join(ends["left"], fresh.predecessor == ends["left"].left_siret)
    pairs = pairs.left_join(ends["reached"], pairs.successor == ends["reached"].reached_siret)
    arrived = pairs.reached_siret.notnull() & pairs.reached_was.isnull()
    departed = (pairs.left_was == "A") & (pairs.left_state == "F")
    told = pairs.filter(arrived | departed.fill_null(False))
    same = told.predecessor[:9] == told.successor[:9]
    here = told.reached_siret.notnull()
    return told.select(
        kind=ibis.ifelse(same, str(EventKind.MOVE), str(EventKind.TRANSFER)),
        siret=ibis.ifelse(here, told.successor, told.predecessor),
        siren=ibis.ifelse(here, told.reached_siren, told.left_siren),
        commune=ibis.ifelse(here, told.reached_commune, told.left_commune),
        date=told.date,
        seen=ibis.literal(seen),
        before=told.predecessor,
        after=told.successor,
        other_commune=ibis.ifelse(here, told.left_commune, ibis.null("string")),
    )


def _changes(both: ir.Table, seen: date) -> tuple[ir.Table, ...]:
    status = both.old_diffusion != both.diffusion
    asked = status & both.diffusion.isin(_ASKED) & both.old_diffusion.isin(_ASKED)
    same = both.filter(~status)
    scheme = same.naf_nomenclature == same.old_naf_nomenclature
    activity = same.mutate(
        own=ibis.ifelse(scheme, same.naf, same.naf25), was=ibis.ifelse(scheme, same.old_naf, same.old_naf25)
    )
    # Sirene empties the size of what closes: that is told by the closure.
    sized = same.filter(same.size_band != same.old_size_band, same.state != "F")
    names = same.filter(~same.masked, ~same.old_masked, same.name != same.old_name)
    return (
        _event(both.filter(asked), EventKind.STATUS, seen),
        _event(both.filter(both.old_state == "F", both.state == "A"), EventKind.REOPENING, seen),
        _event(activity.filter(activity.own != activity.was), EventKind.ACTIVITY, seen, ("was", "own")),
        _event(sized, EventKind.SIZE, seen, ("old_size_band", "size_band")),
        _event(names, EventKind.NAME, seen, ("old_name", "name")),
    )


def _event(
    rows: ir.Table, kind: EventKind, seen: date, values: tuple[str, str] | None = None, *, day: str | None = None
) -> ir.Table:
    nothing = ibis.null("string")
    return rows.select(
        kind=ibis.literal(str(kind)),
        siret=rows.siret,
        siren=rows.siren,
        commune=rows.commune,
        date=rows[day] if day else ibis.null("date"),
        seen=ibis.literal(seen),
        before=rows[values[0]] if values else nothing,
        after=rows[values[1]] if values else nothing,
        other_commune=nothing,
    )
