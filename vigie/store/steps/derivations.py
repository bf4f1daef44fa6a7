"""The last tables of a build: those that measures derive from the others, each made once from the same recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from vigie.store.snapshot import digest
from vigie.store.tables import DERIVED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir

    from vigie.sources.cards_reader import Card
    from vigie.store.declaring import Table
    from vigie.store.derivation import Derivation
    from vigie.store.steps.build_context import BuildContext
    from vigie.store.warehouse import WarehouseBuilder


@dataclass(frozen=True, slots=True)
class DerivationInputs:
    """The builder as a derivation sees it."""

    builder: WarehouseBuilder
    cards: Mapping[str, Card]

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Execute an expression."""
        return self.builder.arrow(expression)

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """Execute an expression and return plain rows."""
        return self.builder.rows(expression)

    def stage(self, name: str, content: ir.Table) -> ir.Table:
        """Keep a working copy of an expression."""
        return self.builder.stage(name, content)


def build_derived(context: BuildContext, derivations: Sequence[Derivation]) -> str:
    """Make the derived tables in the order given; return the hash of what they were made from and by.

    An input that is itself derived counts by what it was made from, its content being made of floats. Raises
    `ValueError` when a declared table has no derivation, or two.
    """
    made = [derivation.table.name for derivation in derivations]
    if sorted(made) != sorted(table.name for table in DERIVED):
        raise ValueError(f"derivations make {made}, the declared tables are {[table.name for table in DERIVED]}")
    for derivation in derivations:
        _make(context, derivation)
    return digest(*(f"{name}={context.receipts[name].inputs}" for name in sorted(made)))


def _make(context: BuildContext, derivation: Derivation) -> None:
    wanted = [(source, item.file.card) for source, item in sorted(context.plan.inputs.items())]
    cards = {name: context.plan.cards[card] for name, card in wanted if name.startswith(derivation.sources)}
    reader = DerivationInputs(context.builder, cards)
    given = {table.name: context.builder.table(table.name) for table in derivation.inputs}

    def content() -> ir.Table:
        found = derivation.derive(given, reader)
        return ibis.memtable(found).cast(derivation.table.schema) if isinstance(found, pa.Table) else found

    decided = [_mark(context, table) for table in derivation.inputs]
    context.ensure(derivation.table, content, derivation.recipe, *decided, *(f"{card!r}" for card in cards.values()))


def _mark(context: BuildContext, table: Table) -> str:
    receipt = context.receipts[table.name]
    return f"{table.name}={receipt.inputs if table in DERIVED else receipt.fingerprint}"
