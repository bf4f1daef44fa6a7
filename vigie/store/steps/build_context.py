"""The site of a build: what each step is given, and how a table is made once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vigie.sources.uses_reader import FileUses, read_uses
from vigie.store.rejects import Rejects
from vigie.store.snapshot import digest, foundation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date
    from pathlib import Path

    import ibis.expr.types as ir

    from vigie.domain.territory import Territory
    from vigie.errors import Remark
    from vigie.sources.cards_reader import Card
    from vigie.store.snapshot import Input
    from vigie.store.tables import Table
    from vigie.store.warehouse import Receipt, WarehouseBuilder


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of a build: files by source, the cards that describe them, the territory kept, the day."""

    inputs: Mapping[str, Input]
    cards: Mapping[str, Card]
    territory: Territory | None
    outlines: Path | None
    today: date

    @property
    def scope(self) -> str:
        """Key of the territory that the load is limited to, empty when it is not."""
        return self.territory.key if self.territory else ""


@dataclass(slots=True)
class BuildContext:
    """A generation under construction, and what its steps have found so far.

    `simulated` tells of the establishments, `imaginary` which sources are so.
    """

    plan: Plan
    builder: WarehouseBuilder
    rejects: Rejects = field(default_factory=Rejects)
    remarks: list[Remark] = field(default_factory=list)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    simulated: bool = False
    imaginary: frozenset[str] = frozenset()
    _read: dict[str, FileUses] = field(default_factory=dict)

    def given(self, kind: str) -> list[Input]:
        """Return the files of which a use is of a kind, in the order of their sources."""
        cards = self.plan.cards
        found = [(source, item) for source, item in self.plan.inputs.items() if item.file.card in cards]
        return [
            item for _, item in sorted(found, key=lambda pair: pair[0])
            if any(use.kind == kind for use in cards[item.file.card].all_uses)
        ]  # fmt: skip

    def uses(self, item: Input) -> FileUses:
        """Read a file for all that its card draws from it, once; what it refuses is counted then."""
        known = self._read.get(item.file.source)
        if known is None:
            known = self._read[item.file.source] = read_uses(item.file.path, self.plan.cards[item.file.card])
            rejects = known.all_rejects
            kept = known.values.values.num_rows + sum(one.memberships.num_rows for one in known.zonings)
            self.rejects.add(item.file.name, rejects, len(rejects), max(kept, known.rows) + len(rejects))
        return known

    def hashes(self, items: Iterable[Input]) -> list[str]:
        """Return what decides what is read of files: their content, and what their cards say of it."""
        cards = self.plan.cards
        return [f"{item.file.card}={item.sha256}={cards[item.file.card].reading}" for item in items]

    def ensure(self, table: Table, content: Callable[[], ir.Table], *inputs: str) -> Receipt:
        """Make a table unless it was made from the same inputs, by this build or by the generation in service."""
        key = self.key(table, *inputs)
        receipt = self.builder.saved(table, key) or self.builder.adopt(table, key)
        if receipt is None:
            receipt = self.builder.save(table, content(), key)
        return self.note(receipt)

    def note(self, receipt: Receipt) -> Receipt:
        """Keep the receipt of a table."""
        self.receipts[receipt.table] = receipt
        return receipt

    def key(self, table: Table, *inputs: str) -> str:
        """Return the hash of all that decides a table's content."""
        return digest(foundation(), table.name, str(table.schema), *inputs)

    def fingerprint(self, table: Table) -> str:
        """Return the content fingerprint of a table already made, for what is derived from it."""
        return self.receipts[table.name].fingerprint
