"""Loading a published file into its table: one pass when all is well, a second one to say what is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from vigie.domain.french import counted
from vigie.errors import InputFault, Reject, Remark, StructureFault
from vigie.sources.base import RECORD, UNDOCUMENTED
from vigie.sources.faults import reason
from vigie.store.rejects import LISTED
from vigie.store.steps.remarks import Unheard, unheard_sentence
from vigie.store.warehouse import Tally

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis.expr.types as ir

    from vigie.sources.base import PreparedTable
    from vigie.store.snapshot import Input
    from vigie.store.steps.build_context import BuildContext
    from vigie.store.tables import Table
    from vigie.store.warehouse import Receipt

_NOMENCLATURE = "nomenclatureActivitePrincipale"


class Loading:
    """One file on its way to one table.

    `prepare` makes the table of the raw rows; `narrow`, if any, keeps the raw rows of a territory first: those are
    then copied, so that they can be counted. `each` tells that a record gives one row: rows left out then show in
    the numbers, and only then is the file read again; otherwise it always is.
    """

    def __init__(
        self,
        context: BuildContext,
        table: Table,
        given: Input,
        prepare: Callable[[ir.Table], PreparedTable],
        *,
        narrow: Callable[[ir.Table], ir.Table] | None = None,
        each: bool = True,
    ) -> None:
        self._context, self._table, self._given = context, table, given
        self._prepare, self._narrow, self._each = prepare, narrow, each

    def run(self, *inputs: str) -> Receipt:
        """Load the file; raises `StructureFault` or `TooManyRejects`."""
        builder, table = self._context.builder, self._table
        key = self._context.key(table, self._given.sha256, self._context.plan.scope, *inputs)
        receipt = builder.saved(table, key) or builder.adopt(table, key) or self._save(key)
        read = receipt.read or 0
        if read == 0:
            raise StructureFault(
                "il n’a aucune ligne après l’en-tête.", file=self._given.file.name, remedy="Téléchargez-le de nouveau."
            )
        if receipt.duplicates or receipt.rows != read or not self._each:
            receipt = self._examine(key, receipt, read)
        self._remark(receipt)
        return self._context.note(receipt)

    def _rows(self, *, numbered: bool) -> tuple[ir.Table, int | None]:
        builder, file = self._context.builder, self._given.file
        raw = builder.raw(file, numbered=numbered)
        if self._narrow is None:
            return raw, None
        copy = builder.stage(f"kept_{self._table.name}{'_numbered' if numbered else ''}", self._narrow(raw))
        return copy, builder.rows(copy.aggregate(rows=copy.count()))[0]["rows"]

    def _save(self, key: str) -> Receipt:
        rows, read = self._rows(numbered=False)
        accepted = self._prepare(rows).accepted
        return self._context.builder.save(self._table, accepted, key, read=read, tally=_tally(accepted))

    def _examine(self, key: str, receipt: Receipt, read: int) -> Receipt:
        """Say which rows are left out, and keep the first of those that bear the same key."""
        builder = self._context.builder
        prepared = self._prepare(self._rows(numbered=True)[0])
        faults = builder.stage(f"faults_{self._table.name}", prepared.faults)
        total: int = builder.rows(faults.aggregate(total=faults.count()))[0]["total"]
        first = builder.rows(faults.order_by(RECORD).limit(LISTED))
        self._context.rejects.add(self._given.file.name, map(self._reject, first), total, read)
        if receipt.rows != read - total and self._each:
            accepted = prepared.accepted
            receipt = builder.save(self._table, accepted, key, read=read, tally=_tally(accepted))
        if receipt.rows != read - total and self._each:
            raise InputFault(
                f"Fichier «\u00a0{self._given.file.name}\u00a0»\u00a0: {counted(read, 'ligne lue', 'lignes lues')}, "
                f"{counted(total, 'écartée')}, mais {counted(receipt.rows, 'gardée')}. "
                "Signalez-le\u00a0: ce compte doit tomber juste."
            )
        return receipt

    def _remark(self, receipt: Receipt) -> None:
        """Say once, for the whole file, which nomenclatures nobody documents; a file without the column says it none.

        Nothing is left out for it.
        """
        column = next((name for name in self._given.file.reads if name.startswith(_NOMENCLATURE)), None)
        groups = [Unheard(*group) for group in json.loads(receipt.told)]
        if column is not None and groups:
            self._context.remarks.append(Remark(self._given.file.name, column, unheard_sentence(groups)))

    def _reject(self, fault: dict[str, object]) -> Reject:
        value = fault["value"]
        column = self._given.file.reads.get(str(fault["column"]), str(fault["column"]))  # as the file names it
        said = reason(str(fault["code"]), None if value is None else str(value))
        return Reject(self._given.file.name, int(str(fault[RECORD])), column, said)


def _tally(accepted: ir.Table) -> Tally | None:
    return Tally((UNDOCUMENTED, "naf_nomenclature"), "naf") if UNDOCUMENTED in accepted.columns else None
