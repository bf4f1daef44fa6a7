"""The table of figures: indicator × territory × vintage, made once in each generation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.domain.finding_table import Unknown
from vigie.services.loaded import INDICATOR
from vigie.store.derivation import Derivation, recipe
from vigie.store.derived_tables import FIGURE
from vigie.store.tables import INDICATOR_VALUE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir

    from vigie.store.derivation import BuildReader


def figures(tables: Mapping[str, ir.Table], _reader: BuildReader) -> ir.Table:
    """Return every figure of a generation, in the shape of the table `figure`."""
    return _published(tables[INDICATOR_VALUE.name])


def _published(values: ir.Table) -> ir.Table:
    """Values as published, of the territory itself: known whole, or not at all."""
    none = ibis.null("float64")
    known = values.value.notnull()
    secret = ibis.ifelse(values.status == "secret", Unknown.SECRET.value, Unknown.MISSING.value)
    return values.select(
        "indicator", "kind", "code", "vintage", "value",
        low=none, high=none, numerator=none, denominator=none,
        coverage=known.cast("float64"),
        why=ibis.ifelse(known, ibis.null("string"), secret),
    )  # fmt: skip


FIGURES = Derivation(
    FIGURE,
    (INDICATOR_VALUE,),
    recipe("measures/*.py", "measures/cards/*.yml", "services/figures/*.py", "domain/finding_table.py"),
    figures,
    sources=(INDICATOR,),
)
