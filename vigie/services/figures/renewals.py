"""Employers that open and close in a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.domain.actors import SIZE_BANDS
from vigie.store.derived import announced, continued

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis.expr.types as ir

WITH_EMPLOYEES = tuple(code for code, (low, _) in SIZE_BANDS.items() if low)
DAYS_BEFORE_CLOSING = 365
"""A firm lets its employees go before it closes: one that employed in its last year was an employer that closed."""


def openings_and_closures(table_of: Callable[[str], ir.Table], year: ir.Value) -> ir.Table:
    """Return the employers that opened (`opened`) or closed in a year.

    One that opened employs today, or did as far as its size tells. One that closed employed in its last year, by its
    size or by its history; what a succession carries on elsewhere neither opened nor closed.
    """
    table, period = table_of("establishment"), table_of("establishment_period")
    links = continued(table_of("succession"))
    sized = table.size_band.isin(WITH_EMPLOYEES).fill_null(False)
    created = table.filter((table.created.year() == year) & ~announced(table))
    opened = created.filter(sized | (created.employer == "O").fill_null(False))
    opened = opened.anti_join(links.select(siret=links.successor).distinct(), "siret")
    closed = table.filter((table.state == "F") & (table.closed.year() == year))
    closed = closed.anti_join(links.select(siret=links.predecessor).distinct(), "siret")
    ended = (period.state == "A") & (period.employer == "O") & (period.end.year() >= year - 1)
    employed = period.filter(ended).group_by("siret").agg(until=period.end.max())
    known = closed.left_join(employed, "siret").drop("siret_right")
    lately = (known.until >= known.closed - ibis.interval(days=DAYS_BEFORE_CLOSING)).fill_null(False)
    gone = known.filter(lately | known.size_band.isin(WITH_EMPLOYEES).fill_null(False))
    columns = ("siret", "siren", "commune", "name", "sign", "usual_name", "masked", "size_band", "naf")
    return opened.select(*columns).mutate(opened=True).union(gone.select(*columns).mutate(opened=False))
