"""The default examination of every level, made with the generation: no request computes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ibis
import pyarrow as pa

from vigie.services.laboratory.country import LEVELS, NothingToExamine
from vigie.services.laboratory.examining import LaboratoryAsked, examined
from vigie.services.laboratory.kept import written
from vigie.services.loaded import INDICATOR, Loaded
from vigie.store.derivation import Derivation, recipe
from vigie.store.derived_tables import FIGURE, LABORATORY
from vigie.store.tables import MEMBERSHIP, TERRITORY
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir

    from vigie.services.questions import DataInService
    from vigie.store.derivation import BuildReader


class _Tables:
    """The tables of a build, asked as those of a generation are: with parameters, which are texts here."""

    def __init__(self, tables: Mapping[str, ir.Table], reader: BuildReader) -> None:
        self._tables, self._reader = tables, reader

    def table(self, name: str) -> ir.Table:
        return self._tables[name]

    def arrow(self, expression: ir.Table, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        return self._reader.arrow(_bound(expression, parameters or {}))

    def rows(self, expression: ir.Table, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        return self._reader.rows(_bound(expression, parameters or {}))


class _Build:
    """What is asked of data in service and examinations need: tables, and the cards of the files given."""

    def __init__(self, tables: Mapping[str, ir.Table], reader: BuildReader) -> None:
        self.warehouse = _Tables(tables, reader)
        self.loaded = Loaded("", False, "", dict.fromkeys(reader.cards, ""), cards=reader.cards)


def _bound(expression: ir.Table, parameters: Mapping[str, Any]) -> ir.Table:
    given = {parameter(name).op(): ibis.literal(value).op() for name, value in parameters.items()}
    found: ir.Table = expression.op().replace(given).to_expr() if given else expression
    return found


def laboratory(tables: Mapping[str, ir.Table], reader: BuildReader) -> pa.Table:
    """Return the examination of each level under the default settings, or what is lacking for it."""
    data = cast("DataInService", _Build(tables, reader))
    rows = []
    for level in LEVELS:
        try:
            content = written(examined(data, LaboratoryAsked(level=level)))
        except NothingToExamine as lacking:
            content = written(lacking)
        rows.append({"level": level, "content": content})
    return pa.Table.from_pylist(rows, schema=ibis.schema(LABORATORY.schema).to_pyarrow())


EXAMINED = Derivation(
    LABORATORY, (FIGURE, TERRITORY, MEMBERSHIP),
    recipe(
        "measures/hypotheses/*.py", "measures/cards/*.yml", "services/laboratory/*.py",
        "services/comparing/level_figures.py", "services/portrait/imported.py",
    ),
    laboratory, sources=(INDICATOR,),
)  # fmt: skip
