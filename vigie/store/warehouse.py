"""Port of the warehouse: Ibis expressions in, Arrow out; only an engine executes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import ibis.expr.types as ir
    import pyarrow as pa

    from vigie.sources.base import SourceFile
    from vigie.store.tables import Table

PARAMETER_OPEN, PARAMETER_CLOSE = "\x02", "\x03"


def parameter(name: str, type_: str = "string") -> ir.Scalar:
    """Return a value given when the expression is executed, so that the expression is compiled only once.

    `warehouse.arrow(units.filter(units.siren == parameter("siren")), {"siren": "123456782"})`.
    """
    import ibis  # takes a second: a reader of records by key does without

    marker = ibis.literal(f"{PARAMETER_OPEN}{name}{PARAMETER_CLOSE}")
    return marker if type_ == "string" else marker.cast(type_)


class Warehouse(Protocol):
    """Read side of one generation; safe to share between threads."""

    def table(self, name: str) -> ir.Table:
        """Return a declared table as an expression."""

    def arrow(self, expression: ir.Table, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Execute an expression; the compiled query is cached by the expression's own structure."""

    def rows(self, expression: ir.Table, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Execute an expression and return plain rows, for small answers."""

    def record(self, table: str, key: str) -> dict[str, Any] | None:
        """Return the row of a declared table by its identifying key, without any expression; `None` without one."""

    def close(self) -> None:
        """Release the generation."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What saving a table gave.

    `fingerprint` is that of the content, whatever the order of its rows. `duplicates` counts the rows whose key
    is that of another. `read` is the number of records read from files on the way, `None` when none was.
    `told` is the tally that was asked for, as JSON: [[values of `by`…, rows, example], …], the largest groups first.
    """

    table: str
    inputs: str
    rows: int
    fingerprint: str
    duplicates: int = 0
    read: int | None = None
    told: str = "[]"


@dataclass(frozen=True, slots=True)
class Tally:
    """What to count of a content as it is written: rows by `by`, where the first of these columns is not null.

    Each group comes with its smallest `example`. Columns that the table does not have are not kept.
    """

    by: tuple[str, ...]
    example: str


class WarehouseBuilder(Protocol):
    """Write side: one generation under construction; each saved table is durable and skipped on resume."""

    def raw(self, file: SourceFile, *, numbered: bool = False) -> ir.Table:
        """Present a published file as a table of text columns, named as its source reads them.

        `numbered` adds `record` (1 for the first after the header), in file order. Executing an expression on
        it raises `StructureFault` when the file breaks off or a line cannot be read.
        """

    def stage(self, name: str, content: ir.Table) -> ir.Table:
        """Keep a working copy of an expression, neither sorted nor durable."""

    def save(
        self, table: Table, content: ir.Table, inputs: str, *, read: int | None = None, tally: Tally | None = None
    ) -> Receipt:
        """Write a table sorted by its key together with its receipt, or nothing if interrupted.

        `tally` is counted on the way, and kept in the receipt. `read` is the number of records that the content was
        made from, where it does not come from `raw` itself.
        """

    def saved(self, table: Table, inputs: str) -> Receipt | None:
        """Return the receipt of a table already written from the same inputs."""

    def against(self, origin: Path) -> None:
        """Open an earlier generation beside this one, for `former` and `adopt`."""

    def former(self, table: Table) -> ir.Table | None:
        """Return a table of the earlier generation; `None` if it has none, or of another shape."""

    def adopt(self, table: Table, inputs: str) -> Receipt | None:
        """Copy a table from the earlier generation if it was built there from the same inputs."""

    def table(self, name: str) -> ir.Table:
        """Return a declared table as an expression; it must have been saved when executed."""

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Execute an expression against what is saved so far."""

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """Execute an expression and return plain rows."""

    def batches(self, expression: ir.Table, size: int = 65_536) -> pa.RecordBatchReader:
        """Execute an expression on saved tables and hand its rows over as they come, in bounded memory."""

    def interrupt(self) -> None:
        """Stop what is being executed, from another thread: it raises; nothing is done when nothing is."""

    def receipts(self) -> Sequence[Receipt]:
        """Return the receipts of the tables saved."""

    def close(self) -> None:
        """Flush to disk and release."""
