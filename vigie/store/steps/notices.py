"""Legal notices: loaded for the firms of the stock, then told among the events of their establishments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.domain.french import counted
from vigie.domain.relations import EventKind, EventSource
from vigie.errors import Remark
from vigie.sources import notices
from vigie.store.steps.loading import Loading
from vigie.store.tables import ESTABLISHMENT, EVENT, NOTICE

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from vigie.sources.base import PreparedTable
    from vigie.store.steps.build_context import BuildContext

NOTICES = "bodacc"
_SAME_CLOSURE = 120
"""Days between the closing that Sirene dates and its striking off: registries publish it within a quarter."""


def build_notices(context: BuildContext) -> None:
    """Make `notice`, empty where nothing was given: a notice is kept for each firm of the stock that it is about.

    Those that name no firm, or one that is not loaded, are counted and said.
    """
    given = context.plan.inputs.get(NOTICES)
    if given is None:
        context.ensure(NOTICE, lambda: ibis.memtable([], schema=NOTICE.schema))
        return
    stock = context.builder.table(ESTABLISHMENT.name).select("siren").distinct()

    def prepare(raw: ir.Table) -> PreparedTable:
        found = notices.notices(raw, context.plan.today)
        return found._replace(accepted=found.accepted.semi_join(stock, "siren"))

    today = context.plan.today.isoformat()
    Loading(context, NOTICE, given, prepare, each=False).run(context.fingerprint(ESTABLISHMENT), today)
    raw = context.builder.raw(given.file)
    unknown = notices.notices(raw, context.plan.today).accepted.anti_join(stock, "siren")
    said = (
        (notices.firmless(raw), "annonce sans SIREN n’est pas gardée", "annonces sans SIREN ne sont pas gardées"),
        (
            unknown,
            "annonce d’une entreprise qui n’est pas chargée n’est pas gardée",
            "annonces d’entreprises qui ne sont pas chargées ne sont pas gardées",
        ),
    )
    for rows, one, many in said:
        number: int = context.builder.rows(rows.agg(number=rows.count()))[0]["number"]
        if number:
            context.remarks.append(Remark(given.file.name, "registre", f"{counted(number, one, many)}."))


def noticed(context: BuildContext, happened: ir.Table, former: ir.Table | None) -> ir.Table:
    """Return events with the notices among them: those that tell alone, and those that prove what Sirene tells.

    A notice is told at the head office of its firm or, where it is not loaded, at its largest establishment. It was
    seen on the day of the refresh that first loaded it, on that of its publication when nothing was loaded before.
    """
    told = _placed(context.builder.table(NOTICE.name), context.builder.table(ESTABLISHMENT.name))
    closed = happened.filter(happened.kind == str(EventKind.CLOSURE))
    proofs = _proofs(closed, told)
    proved = happened.drop("notice").left_join(proofs, ["siret", "kind", "seen"]).select(*EVENT.schema)
    alone = told.anti_join(proofs, told.id == proofs.notice)
    return ibis.union(proved, _seen(alone, former, context).select(*EVENT.schema).cast(EVENT.schema))


def _placed(told: ir.Table, stock: ir.Table) -> ir.Table:
    """Give each notice the establishment that bears it."""
    order = [(~stock.head_office.fill_null(False)), (stock.state != "A"), ibis.desc(stock.size_band), stock.siret]
    ranked = stock.mutate(place=ibis.row_number().over(group_by=stock.siren, order_by=order))
    first = ranked.filter(ranked.place == 0).select("siren", "siret", "commune", "naf", "naf_nomenclature", "size_band")
    return told.inner_join(first, "siren")


def _proofs(closed: ir.Table, told: ir.Table) -> ir.Table:
    """Return the first striking off of the firm within a quarter of each closure of the establishment that bears it."""
    struck = told.filter(told.kind == str(EventKind.STRIKING_OFF)).select("id", "published", "siret")
    pairs = closed.inner_join(struck, "siret")
    near = pairs.filter(ibis.coalesce(pairs.date, pairs.seen).delta(pairs.published, unit="day").abs() <= _SAME_CLOSURE)
    return near.group_by("siret", "kind", "seen").agg(notice=near.id.argmin(near.published))


def _seen(told: ir.Table, former: ir.Table | None, context: BuildContext) -> ir.Table:
    seen: ir.Value = told.published
    rows = told
    if former is not None:
        before = former.filter(former.source == str(EventSource.BODACC)).select(notice=former.notice, then=former.seen)
        rows = told.left_join(before.distinct(), told.id == before.notice).drop("notice")
        today = ibis.literal(context.plan.today)
        loaded = before.count().as_scalar() > 0
        seen = ibis.coalesce(rows.then, ibis.ifelse(loaded, today, rows.published))
    nothing = ibis.null("string")
    return rows.mutate(
        seen=seen, date=ibis.coalesce(rows.date, rows.published), before=nothing, after=nothing, other_commune=nothing,
        source=ibis.literal(str(EventSource.BODACC)), notice=rows.id, matter=ibis.null("int64"),
    )  # fmt: skip
