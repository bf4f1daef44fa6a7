"""Published values in larger territories, as the cards allow: for all those of a kind or one perimeter alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.domain.finding_table import Unknown
from vigie.services.figures import placing
from vigie.services.figures.rules import POPULATION
from vigie.sources.indicator_uses import Aggregation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import ibis.expr.types as ir

    from vigie.services.figures.placing import Placing
    from vigie.services.figures.rules import AggregationRule

COLUMNS = ("place", "indicator", "vintage", "value", "numerator", "denominator", "coverage", "why")


def own(values: ir.Table) -> ir.Table:
    """Values published for the territory itself: known whole, or not at all."""
    none, known = ibis.null("float64"), values.value.notnull()
    return values.select(
        "kind", "code", "indicator", "vintage", "value",
        numerator=none, denominator=none, coverage=known.cast("float64"),
        why=ibis.ifelse(known, ibis.null("string"), _why(values.status == "secret")),
    )  # fmt: skip


def aggregated(
    values: ir.Table,
    territory: ir.Table,
    rules: Collection[AggregationRule],
    placed: Placing,
    sized: Callable[[ir.Table], ir.Table],
) -> ir.Table | None:
    """Return the values that follow from those of communes, by place; `None` when no card allows any.

    `sized` adds `base`, the number of communes of each place. Coverage counts all communes of the territory, those that
    the file leaves out included, or the weights of a mean.
    """
    communes = values.filter(values.kind == "commune").rename(commune="code")
    made: dict[Aggregation, Callable[[list[AggregationRule]], ir.Table]] = {
        Aggregation.SUM: lambda some: _sums(communes, some, placed, sized),
        Aggregation.MEAN: lambda some: _means(communes, territory, some, placed),
        Aggregation.RATIO: lambda some: _ratios(communes, some, placed, sized),
    }
    tables = []
    for aggregation, make in made.items():
        some = sorted((rule for rule in rules if rule.aggregation is aggregation), key=lambda rule: rule.indicator)
        if some:
            tables.append(make(some).select(*COLUMNS))
    return ibis.union(*tables) if len(tables) > 1 else next(iter(tables), None)


def _sums(
    communes: ir.Table, rules: list[AggregationRule], placed: Placing, sized: Callable[[ir.Table], ir.Table]
) -> ir.Table:
    some = communes.filter(communes.indicator.isin([rule.indicator for rule in rules]))
    found = sized(placing.summed(some, placed))
    none, any_known = ibis.null("float64"), found.known > 0
    return found.mutate(
        value=ibis.ifelse(any_known, found.total, none), numerator=none, denominator=none,
        coverage=found.known / ibis.greatest(found.given, found.base),
        why=ibis.ifelse(any_known, ibis.null("string"), _why(found.secret > 0)),
    )  # fmt: skip


def _means(communes: ir.Table, territory: ir.Table, rules: list[AggregationRule], placed: Placing) -> ir.Table:
    some = communes.filter(communes.indicator.isin([rule.indicator for rule in rules]))
    weights = [_weights(communes, territory, rule) for rule in rules]
    table = ibis.union(*weights) if len(weights) > 1 else weights[0]
    found = placing.averaged(some, table, placed)
    some_weight = found.weights > 0
    return found.mutate(
        value=ibis.ifelse(some_weight, found.weighted / found.weights, ibis.null("float64")),
        numerator=found.weighted, denominator=found.weights, coverage=found.weights / found.every_weight,
        why=ibis.ifelse(some_weight, ibis.null("string"), _why(found.secret > 0)),
    )  # fmt: skip


def _weights(communes: ir.Table, territory: ir.Table, rule: AggregationRule) -> ir.Table:
    if rule.weight == POPULATION:
        people = territory.filter(territory.kind == "commune", territory.detail.isnull())
        latest = people.filter(people.vintage == people.vintage.max())
        table = latest.select(commune="code", weight=latest.population.cast("float64"))
    else:
        own_values = communes.filter(communes.indicator == rule.weight)
        latest = own_values.filter(own_values.vintage == own_values.vintage.max())
        table = latest.select("commune", weight=latest.value)
    return table.mutate(indicator=ibis.literal(rule.indicator)).select("commune", "indicator", "weight")


def _ratios(
    communes: ir.Table, rules: list[AggregationRule], placed: Placing, sized: Callable[[ir.Table], ir.Table]
) -> ir.Table:
    pairs = []
    for rule in rules:
        over = communes.filter(communes.indicator == rule.numerator)
        under = communes.filter(communes.indicator == rule.denominator)
        named = under.select("commune", "vintage", under=under.value, hidden=under.status == "secret")
        both = over.inner_join(named, ["commune", "vintage"])
        pairs.append(both.select(
            "commune", "vintage", indicator=ibis.literal(rule.indicator), over=both.value, under=both.under,
            secret=(both.status == "secret") | both.hidden,
        ))  # fmt: skip
    table = ibis.union(*pairs) if len(pairs) > 1 else pairs[0]
    found = sized(placing.divided(table, placed))
    scales = found.indicator.cases(*((rule.indicator, rule.scale) for rule in rules), else_=1.0)
    sure = found.under > 0
    return found.mutate(
        value=ibis.ifelse(sure, found.over / found.under * scales, ibis.null("float64")),
        numerator=found.over, denominator=found.under,
        coverage=found.known / ibis.greatest(found.given, found.base),
        why=ibis.ifelse(sure, ibis.null("string"), _why(found.secret > 0)),
    )  # fmt: skip


def _why(secret: ir.BooleanValue) -> ir.StringValue:
    return ibis.ifelse(secret, Unknown.SECRET.value, Unknown.MISSING.value)
