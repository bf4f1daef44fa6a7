"""The table of figures: indicator × territory × vintage, made once in each generation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pyarrow as pa

from vigie.domain.finding_table import Unknown
from vigie.domain.territory import TerritoryKind
from vigie.services.figures import published
from vigie.services.figures.levels import CountryTables
from vigie.services.figures.registered import MEASURES
from vigie.services.figures.rules import LEVELS, rules_in_service
from vigie.services.loaded import INDICATOR
from vigie.services.loaded import SUCCESSION as SUCCESSIONS
from vigie.store.derivation import Derivation, recipe
from vigie.store.derived_tables import BIRTH, FIGURE, SEAT
from vigie.store.published_tables import INPUT_OUTPUT, SECTOR_DIVISION
from vigie.store.tables import (
    ACTIVE_COUNT,
    DEMOGRAPHY,
    ESTABLISHMENT,
    FORMER_COMMUNE,
    INDICATOR_VALUE,
    JOBS,
    MEMBERSHIP,
    PERIOD,
    SUCCESSION,
    TERRITORY,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import ibis.expr.types as ir

    from vigie.domain.finding_table import FindingTable
    from vigie.services.figures.levels import LevelBasis
    from vigie.services.figures.rules import AggregationRule
    from vigie.store.derivation import BuildReader

_SILENT = frozenset({
    Unknown.NOTHING, Unknown.NO_JOBS_HERE, Unknown.NO_JOBS, Unknown.NO_CENSUS, Unknown.UNDATED, Unknown.ALL_CORE,
})  # fmt: skip
"""Reasons that hold of a territory of which nothing is loaded, or of every commune: a row would only repeat that."""
_NUMBERS = ("value", "low", "high", "numerator", "denominator", "coverage")


def figures(tables: Mapping[str, ir.Table], reader: BuildReader) -> ir.Table:
    """Return every figure of a generation, in the shape of the table `figure`."""
    country = CountryTables(tables, reader)
    rules = rules_in_service(card for source, card in reader.cards.items() if source.startswith(INDICATOR))
    measured: list[pa.Table] = []
    follow: list[ir.Table] = []
    for kind in LEVELS:
        basis = country.level(kind)
        measured += _measured(basis, kind)
        follow.append(_published(basis, kind, country, rules))
    made = [ibis.memtable(pa.concat_tables(measured)).cast(FIGURE.schema), *follow]
    rest = tables[INDICATOR_VALUE.name]
    made.append(_shaped(published.own(rest.filter(~rest.kind.isin([kind.value for kind in LEVELS])))))
    return ibis.union(*made)


def _measured(basis: LevelBasis, kind: TerritoryKind) -> Iterator[pa.Table]:
    for measure in MEASURES.values():
        for table in measure(basis):
            yield _rows(table, kind, basis.codes)


def _rows(table: FindingTable, kind: TerritoryKind, codes: tuple[str, ...]) -> pa.Table:
    kept = np.flatnonzero([why not in _SILENT for why in table.why])
    numbers: dict[str, Any] = {
        name: pa.array(getattr(table, name)[kept], pa.float64(), from_pandas=True) for name in _NUMBERS
    }
    text = {
        "indicator": [table.indicator] * kept.size, "kind": [kind.value] * kept.size,
        "code": [codes[row] for row in kept], "vintage": [table.vintage] * kept.size,
        "why": [table.why[row] for row in kept],
    }  # fmt: skip
    columns = numbers | {name: _texts(values) for name, values in text.items()}
    return pa.table({name: columns[name] for name in FIGURE.schema})


def _texts(values: Any) -> Any:
    return pa.array(values, pa.string())


def _published(
    basis: LevelBasis, kind: TerritoryKind, country: CountryTables, rules: Mapping[str, AggregationRule]
) -> ir.Table:
    """Values published for the territories of a kind, then those that follow from their communes."""
    values = country.tables[INDICATOR_VALUE.name]
    found = published.own(values.filter(values.kind == kind.value))
    if kind is TerritoryKind.COMMUNE:
        return _shaped(found)
    sizes = basis.sizes
    made = published.aggregated(
        values, country.tables[TERRITORY.name], rules.values(), basis.placed_later,
        lambda table: table.left_join(sizes, "place").mutate(base=lambda joined: joined.base.fill_null(0)),
    )  # fmt: skip
    if made is None:
        return _shaped(found)
    codes = ibis.memtable(pa.table({
        "place": pa.array(range(len(basis.codes)), pa.int64()), "code": pa.array(basis.codes, pa.string()),
    }))  # fmt: skip
    named = made.inner_join(codes, "place").mutate(kind=ibis.literal(kind.value))
    return ibis.union(_shaped(found), _shaped(named.anti_join(found, ["indicator", "code"])))


def _shaped(table: ir.Table) -> ir.Table:
    """Give rows the columns of the table of figures; published values have no bounds."""
    none = ibis.null("float64")
    return table.mutate(low=none, high=none).select(*FIGURE.schema).cast(FIGURE.schema)


FIGURES = Derivation(
    FIGURE,
    (
        TERRITORY, MEMBERSHIP, FORMER_COMMUNE, ESTABLISHMENT, SUCCESSION, PERIOD, ACTIVE_COUNT, DEMOGRAPHY, JOBS,
        INDICATOR_VALUE, BIRTH, SEAT, INPUT_OUTPUT, SECTOR_DIVISION,
    ),
    recipe(
        "measures/*.py", "measures/capture_activities.yml", "measures/cards/*.yml", "services/figures/*.py",
        "services/places.py", "domain/*.py",
    ),
    figures,
    sources=(INDICATOR, SUCCESSIONS),
)  # fmt: skip
