"""Port of the warehouse: Ibis expressions in, Arrow out; only an engine executes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from vigie.store.tables import Table


class Warehouse(Protocol):
    """Read side of one generation; safe to share between threads."""

    def table(self, name: str) -> ir.Table:
        """Return a declared table as an expression."""

    def arrow(self, expression: ir.Table, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Execute an expression; the compiled query is cached by the expression's own structure."""

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """Execute an expression and return plain rows, for small answers."""

    def close(self) -> None:
        """Release the generation."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What saving a table gave: its rows and the fingerprint of its content, whatever their order."""

    table: str
    rows: int
    fingerprint: str


class WarehouseBuilder(Protocol):
    """Write side: one generation under construction; each saved table is durable and skipped on resume."""

    def raw(self, name: str, files: Sequence[Path], columns: Iterable[str] | None = None) -> ir.Table:
        """Present published files as one table of text columns; a zip is streamed, not unpacked."""

    def save(self, table: Table, content: ir.Table, inputs: str) -> Receipt:
        """Write a table sorted by its key, once for a given hash of its inputs."""

    def saved(self, table: Table, inputs: str) -> Receipt | None:
        """Return the receipt of a table already written from the same inputs."""

    def table(self, name: str) -> ir.Table:
        """Return a table already saved."""

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Execute an expression against what is loaded so far."""

    def close(self) -> None:
        """Flush to disk and release."""
